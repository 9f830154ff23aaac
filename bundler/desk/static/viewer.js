"use strict";
// The viewer of a material, a waiting scan or a document: pages, zoom, the strip of pages, and the work on pages.
(() => {
  const ORDER_WAIT = 1200;
  const dialog = () => document.getElementById("dialog");
  const imagesOf = (viewer) => [...viewer.querySelectorAll(".sheet img")];
  const stripOf = (viewer) => [...viewer.querySelectorAll(".strip-page")];
  const shown = (viewer) => imagesOf(viewer).findIndex((img) => !img.hidden);
  const isChosen = (page) => page.getAttribute("aria-selected") === "true";
  const choose = (page, is) => page.setAttribute("aria-selected", String(is));

  const show = (viewer, place) => {
    const pages = imagesOf(viewer);
    if (place < 0 || place >= pages.length) return;
    pages.forEach((img, at) => { img.hidden = at !== place; });
    [place, place + 1].forEach((at) => {
      if (pages[at] && !pages[at].getAttribute("src")) pages[at].src = pages[at].dataset.page;
    });
    const number = viewer.querySelector(".jump input");
    if (number) number.value = String(place + 1);
    viewer.querySelector(".count").textContent = `第 ${place + 1} 页，共 ${pages.length} 页`;
    viewer.querySelector('[data-do="previous"]').disabled = place === 0;
    viewer.querySelector('[data-do="next"]').disabled = place === pages.length - 1;
    viewer.querySelector(".sheet").scrollTop = 0;
    stripOf(viewer).forEach((page, at) => {
      page.tabIndex = at === place ? 0 : -1;
      page.classList.toggle("current", at === place);
      if (at === place) page.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
  };
  // A picture that did not come, because the session had ended or the network was cut, is fetched again once it can be.
  const MOST_ATTEMPTS = 6; // a picture that the desk cannot draw is not asked for for ever
  const LOST = "（没有取到；连上以后自动再取）";
  const lost = new Set();
  let isAsking = false;
  let failures = 0;
  const fetchAgain = () => [...lost].filter((img) => img.isConnected).forEach((img) => {
    const address = img.getAttribute("src");
    img.dataset.again = Number(img.dataset.again || 0) + 1;
    img.removeAttribute("src");
    img.src = address;
  });
  const recover = () => fetch("/session", { headers: { "HX-Request": "true" } })
    .then((answer) => {
      if (answer.status === 401) return window.Desk.signIn();
      return answer.ok || Promise.reject(new Error(answer.status));
    }).then((is) => {
      isAsking = false;
      failures = 0;
      if (is) fetchAgain();
      lost.clear();
    }).catch(() => {
      lost.forEach((img) => { if (img.alt && !img.alt.endsWith(LOST)) img.alt += LOST; });
      failures += 1;
      setTimeout(recover, window.Desk.pauseAfter(failures));
    });
  document.addEventListener("error", (event) => {
    const img = event.target;
    if (!img.matches || !img.matches('img[src*="/pages/"]')) return;
    const attempts = Number(img.dataset.again || 0);
    if (attempts >= MOST_ATTEMPTS) {
      img.alt = img.alt.replace(LOST, "");
      return;
    }
    lost.add(img);
    if (isAsking) return;
    isAsking = true;
    if (attempts) setTimeout(recover, window.Desk.pauseAfter(attempts));
    else recover();
  }, true);
  document.addEventListener("load", (event) => {
    const img = event.target;
    if (!img.dataset || !img.dataset.again) return;
    delete img.dataset.again;
    img.alt = img.alt.replace(LOST, "");
  }, true);

  // Consecutive numbers are written as ranges.
  const rangesOf = (numbers) => numbers.reduce((runs, number) => {
    const last = runs[runs.length - 1];
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
    return runs;
  }, []).map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join("，");
  const chosenOf = (viewer) => stripOf(viewer).map((page, at) => (isChosen(page) ? at + 1 : 0)).filter(Boolean);
  const tellChosen = (viewer) => {
    const field = viewer.querySelector(".chosen-pages");
    if (field) field.value = rangesOf(chosenOf(viewer));
  };
  const chooseOnly = (viewer, place) => {
    stripOf(viewer).forEach((page, at) => choose(page, at === place));
    tellChosen(viewer);
  };
  const chooseRange = (viewer, from, to) => {
    stripOf(viewer).forEach((page, at) => choose(page, at >= Math.min(from, to) && at <= Math.max(from, to)));
    tellChosen(viewer);
  };
  const go = (viewer, place) => {
    if (place < 0 || place >= imagesOf(viewer).length) return;
    show(viewer, place);
    if (viewer.dataset.work) chooseOnly(viewer, place);
  };
  const start = (viewer) => {
    const first = Number(viewer.dataset.first) - 1;
    viewer.dataset.anchor = String(first);
    show(viewer, first);
    if (viewer.dataset.work) chooseOnly(viewer, first);
  };
  document.addEventListener("htmx:afterSwap", (event) => {
    const viewer = event.detail.target && event.detail.target.querySelector ? event.detail.target.querySelector(".viewer") : null;
    if (!viewer || viewer.dataset.started) return;
    viewer.dataset.started = "yes";
    start(viewer);
    if (chosenWanted) {
      stripOf(viewer).forEach((page, at) => choose(page, chosenWanted.includes(at + 1)));
      tellChosen(viewer);
    }
    const wanted = focusWanted && viewer.querySelector(focusWanted);
    if (wanted) wanted.focus();
    focusWanted = "";
  });

  const zoom = (viewer, more) => {
    const now = [1, 2, 3].find((step) => viewer.classList.contains(`zoom-${step}`)) || 0;
    const next = Math.min(3, Math.max(0, now + more));
    viewer.classList.remove(`zoom-${now}`);
    if (next) viewer.classList.add(`zoom-${next}`);
    if (next >= 2) {
      const img = imagesOf(viewer)[shown(viewer)];
      const fine = img.dataset.page + (img.dataset.page.includes("?") ? "&" : "?") + "size=fine";
      if (img.getAttribute("src") !== fine) img.src = fine;
    }
  };
  const act = (what, viewer) => {
    if (what === "previous") go(viewer, shown(viewer) - 1);
    if (what === "next") go(viewer, shown(viewer) + 1);
    if (what === "larger") zoom(viewer, 1);
    if (what === "smaller") zoom(viewer, -1);
  };

  // Work on pages.
  let focusWanted = "";
  let chosenWanted = null;
  let timer = 0;
  let unsaved = null;
  let saving = null; // the order that is on its way: until its answer the pages have other numbers at the desk
  const told = (viewer, text) => { const box = viewer.querySelector(".work-told"); if (box) box.textContent = text; };
  const send = (viewer, action, values) => {
    const at = String(shown(viewer) + 1);
    told(viewer, "正在做……");
    return window.Desk.inTurn(() => {
      const { version } = document.getElementById("case-head").dataset;
      const { work: address } = (document.querySelector("#dialog .viewer") || viewer).dataset;
      return window.Desk.request("POST", `${address}/${action}`, { target: "#dialog", values: { version, at, ...values } });
    }).then(() => {
      if (viewer.isConnected) told(viewer, "");
    });
  };
  const orderOf = (viewer) => stripOf(viewer).map((page) => page.dataset.index).join(",");
  const saveOrder = (viewer, more) => {
    clearTimeout(timer);
    timer = 0;
    unsaved = null;
    focusWanted = `.strip-page[data-index="${shown(viewer) + 1}"]`;
    chosenWanted = chosenOf(viewer);
    const own = saving = send(viewer, "order", { pages: orderOf(viewer), ...more });
    const over = () => {
      if (saving === own) saving = null;
      chosenWanted = null;
    };
    own.then(over, () => {
      over();
      if (!viewer.isConnected) return;
      unsaved = viewer;
      told(viewer, "次序还没有保存；关闭时再存一次。");
    });
    return own;
  };
  const relabel = (viewer) => stripOf(viewer).forEach((page, at) => {
    page.setAttribute("aria-label", `第 ${at + 1} 页`);
    page.querySelector("span").textContent = String(at + 1);
  });
  // Moves the chosen pages before the page at a place, in the strip and in the sheet; saved when she pauses.
  const moveBefore = (viewer, place) => {
    if (saving) { told(viewer, "正在保存前面的次序，请稍后再挪。"); return; }
    const pages = stripOf(viewer);
    const images = imagesOf(viewer);
    const current = images[shown(viewer)];
    const moved = pages.map((page, at) => (isChosen(page) ? at : -1)).filter((at) => at >= 0);
    const before = orderOf(viewer);
    const rest = pages.map((_, at) => at).filter((at) => !moved.includes(at));
    const cut = rest.filter((at) => at < place).length;
    const order = [...rest.slice(0, cut), ...moved, ...rest.slice(cut)];
    order.forEach((at) => { pages[at].parentElement.append(pages[at]); images[at].parentElement.append(images[at]); });
    relabel(viewer);
    tellChosen(viewer);
    show(viewer, imagesOf(viewer).indexOf(current));
    if (orderOf(viewer) === before) return;
    told(viewer, "次序还没有保存……");
    clearTimeout(timer);
    unsaved = viewer;
    timer = setTimeout(() => saveOrder(viewer), ORDER_WAIT);
  };
  const shift = (viewer, by) => {
    if (saving) {
      const again = () => { const now = document.querySelector("#dialog .viewer"); if (now) shift(now, by); };
      saving.then(again, () => {});
      return;
    }
    const chosen = chosenOf(viewer).map((number) => number - 1);
    if (!chosen.length) return;
    if (by < 0 && chosen[0] > 0) moveBefore(viewer, chosen[0] - 1);
    if (by > 0 && chosen[chosen.length - 1] < stripOf(viewer).length - 1) moveBefore(viewer, chosen[chosen.length - 1] + 2);
    const page = stripOf(viewer)[shown(viewer)];
    if (page) page.focus();
  };
  const work = (viewer, what) => {
    if (what === "earlier") { shift(viewer, -1); return; }
    if (what === "later") { shift(viewer, 1); return; }
    const pages = viewer.querySelector(".chosen-pages").value;
    const values = what === "merge" ? { with: viewer.querySelector(".merge-with").value } : { pages };
    focusWanted = `[data-work-do="${what}"]`;
    const next = () => {
      const shownNow = document.querySelector("#dialog .viewer") || viewer;
      return send(shownNow, what, values).catch(() => told(shownNow, ""));
    };
    if (unsaved) saveOrder(viewer).then(next, () => {});
    else next();
  };
  document.addEventListener("click", (event) => {
    const viewer = event.target.closest(".viewer");
    if (!viewer) return;
    const button = event.target.closest("[data-do], [data-work-do]");
    if (button && button.dataset.workDo) work(viewer, button.dataset.workDo);
    else if (button) act(button.dataset.do, viewer);
    const page = event.target.closest(".strip-page");
    if (!page) return;
    const place = stripOf(viewer).indexOf(page);
    page.focus();
    if (viewer.dataset.work && event.shiftKey) chooseRange(viewer, Number(viewer.dataset.anchor), place);
    else if (viewer.dataset.work && (event.ctrlKey || event.metaKey)) { choose(page, !isChosen(page)); tellChosen(viewer); }
    else { viewer.dataset.anchor = String(place); go(viewer, place); return; }
    show(viewer, place);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-jump]")) return;
    event.preventDefault();
    const viewer = event.target.closest(".viewer");
    const number = Number(event.target.querySelector("input").value.normalize("NFKC").trim());
    if (Number.isInteger(number)) go(viewer, Math.min(Math.max(number, 1), imagesOf(viewer).length) - 1);
    else show(viewer, shown(viewer));
  });

  const KEYS = { ArrowLeft: "previous", PageUp: "previous", ArrowRight: "next", PageDown: "next", "+": "larger", "=": "larger", "-": "smaller" };
  const stripKey = (event, viewer) => {
    const pages = stripOf(viewer);
    const place = pages.indexOf(event.target);
    const to = { ArrowUp: place - 1, ArrowDown: place + 1, ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: pages.length - 1 }[event.key];
    const works = Boolean(viewer.dataset.work);
    if (event.altKey && works && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      shift(viewer, event.key === "ArrowUp" ? -1 : 1);
      return true;
    }
    if (event.ctrlKey && works && event.key.toLowerCase() === "a") {
      event.preventDefault();
      chooseRange(viewer, 0, pages.length - 1);
      return true;
    }
    if (event.key === " " && works) {
      event.preventDefault();
      choose(event.target, !isChosen(event.target));
      tellChosen(viewer);
      return true;
    }
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return false;
    event.preventDefault();
    if (!pages[to]) return true;
    if (event.shiftKey && works) {
      chooseRange(viewer, Number(viewer.dataset.anchor), to);
      show(viewer, to);
    } else {
      viewer.dataset.anchor = String(to);
      go(viewer, to);
    }
    pages[to].focus();
    return true;
  };
  document.addEventListener("keydown", (event) => {
    const viewer = (dialog() && dialog().open && dialog().querySelector(".viewer"))
      || (event.target.closest && event.target.closest(".viewer"));
    if (!viewer || (event.target.matches && event.target.matches("input, select, textarea"))) return;
    if (event.target.closest && event.target.closest(".strip-page") && stripKey(event, viewer)) return;
    if (!KEYS[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    act(KEYS[event.key], viewer);
  });

  // Pages dragged in the strip.
  let dragged = null;
  document.addEventListener("dragstart", (event) => {
    const page = event.target.closest && event.target.closest(".strip-page");
    const viewer = page && page.closest(".viewer");
    if (!viewer || !viewer.dataset.work) return;
    if (!isChosen(page)) go(viewer, stripOf(viewer).indexOf(page));
    dragged = viewer;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  const stripPlace = (event) => {
    const page = dragged && event.target.closest && event.target.closest(".strip-page");
    if (!page || page.closest(".viewer") !== dragged) return -1;
    const box = page.getBoundingClientRect();
    const at = stripOf(dragged).indexOf(page);
    const across = getComputedStyle(page.parentElement).flexDirection === "row";
    const isBehind = across ? event.clientX > box.left + box.width / 2 : event.clientY > box.top + box.height / 2;
    return isBehind ? at + 1 : at;
  };
  document.addEventListener("dragover", (event) => {
    const place = stripPlace(event);
    if (place < 0) return;
    event.preventDefault();
    stripOf(dragged).forEach((page, at) => {
      page.classList.toggle("drop-before", at === place);
      page.classList.toggle("drop-behind", at === place - 1 && place === stripOf(dragged).length);
    });
  });
  document.addEventListener("drop", (event) => {
    const place = stripPlace(event);
    if (place < 0) return;
    event.preventDefault();
    moveBefore(dragged, place);
  });
  document.addEventListener("dragend", () => {
    document.querySelectorAll(".drop-before, .drop-behind").forEach((page) => page.classList.remove("drop-before", "drop-behind"));
    dragged = null;
  });

  // An order that is not saved yet is saved when the dialog closes.
  document.addEventListener("DOMContentLoaded", () => {
    const box = dialog();
    if (!box) return;
    box.addEventListener("close", () => {
      if (unsaved) saveOrder(unsaved, { closed: "yes" });
    });
  });
})();
