"use strict";
// The page of one case: the dialog, the viewer, files dropped, progress, and what others change meanwhile.
(() => {
  const dialog = () => document.getElementById("dialog");

  // Whoever works by keyboard stays where they were when what is around them is shown anew: found by its id, by what it
  // is called, or in the nearest part that is still there. A row that was just added gets the focus itself.
  const ENTERED = 'input:not([type="hidden"]):not(:disabled), select:not(:disabled), textarea:not(:disabled)';
  const REACHED = `${ENTERED}, button:not(:disabled), summary, a[href]`;
  const rowsOf = (list) => (list ? [...list.children].filter((one) => one.classList.contains("row")) : []);
  const spotOf = (one) => {
    const around = [];
    for (let box = one; box; box = box.parentElement) if (box.id) around.push(box.id);
    const list = one.closest(".rows");
    return { one, id: one.id, label: one.getAttribute("aria-label"), around, list: list && list.id, rows: rowsOf(list).length };
  };
  const addedTo = (spot) => {
    const rows = rowsOf(spot.list && document.getElementById(spot.list));
    return rows.length > spot.rows ? rows[rows.length - 1].querySelector(`.field :is(${ENTERED})`) : null;
  };
  const calledSo = (label) => label && [...document.querySelectorAll("[aria-label]")]
    .find((one) => one.getAttribute("aria-label") === label && one.matches(REACHED));
  const near = (spot) => {
    const box = spot.around.map((id) => document.getElementById(id)).find((one) => one && one.id !== "main");
    return box && box.querySelector(REACHED);
  };
  const reach = (spot) => {
    const same = spot.one.isConnected ? spot.one : spot.id && document.getElementById(spot.id);
    const one = same || addedTo(spot) || calledSo(spot.label) || near(spot);
    if (one) one.focus();
  };
  let lost = null;
  const lose = (event) => {
    const one = document.activeElement;
    if (one && one !== document.body && event.detail.target && event.detail.target.contains(one)) lost = spotOf(one);
  };
  document.addEventListener("focusin", () => { lost = null; });
  document.addEventListener("htmx:beforeSwap", lose);
  document.addEventListener("htmx:oobBeforeSwap", lose);
  document.addEventListener("htmx:afterSettle", () => {
    if (lost && document.activeElement === document.body) reach(lost);
  });

  // A part that was opened stays open when it is shown anew.
  let opened = [];
  const noteOpened = (event) => {
    const target = event.detail.target;
    opened = target ? [...target.querySelectorAll("details[open][id]")].map((one) => one.id) : [];
  };
  const reopen = () => {
    opened.forEach((id) => { const part = document.getElementById(id); if (part) part.open = true; });
    opened = [];
  };
  document.addEventListener("htmx:beforeSwap", noteOpened);
  document.addEventListener("htmx:oobBeforeSwap", noteOpened);
  document.addEventListener("htmx:afterSwap", reopen);
  document.addEventListener("htmx:oobAfterSwap", reopen);

  // A day that is typed is another with each digit, and a choice another with each arrow: what was meant is known when
  // the field is left.
  let typing = null;
  const isStepped = (one) => one.matches && one.matches('input[type="date"], input[type="datetime-local"], input[type="number"], select');
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" && isStepped(event.target)) typing = event.target;
  }, true);
  document.addEventListener("pointerdown", () => { typing = null; }, true);
  document.addEventListener("change", (event) => {
    if (!event.isTrusted || event.target !== typing) return;
    event.stopImmediatePropagation();
    event.target.dataset.typed = "yes";
  }, true);

  // The dialog opens when something is put into it, and gives the focus back when it closes.
  let opener = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const target = event.detail.target;
    if (target && target.id === "dialog" && !target.open) opener = spotOf(document.activeElement);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    if (!target || target.id !== "dialog") return;
    if (!target.firstElementChild) {
      if (target.open) target.close();
      return;
    }
    if (!target.open) target.showModal();
    const viewer = target.querySelector(".viewer");
    target.classList.toggle("wide", viewer !== null);
    if (viewer) show(viewer, Number(viewer.dataset.first) - 1);
  });
  const ready = () => {
    const box = dialog();
    if (!box) return;
    box.addEventListener("close", () => {
      box.replaceChildren();
      if (opener) reach(opener);
      opener = null;
    });
    watch(document);
    listen();
    reveal();
  };
  // A link to a field opens the parts in which it lies, and puts the focus there.
  const reveal = () => {
    const field = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!field || !field.closest(".section") || field.matches(".section")) return;
    for (let part = field.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    field.scrollIntoView({ block: "center" });
    const first = field.querySelector('input:not([type="hidden"]), select, textarea, summary, button');
    if (first) first.focus({ preventScroll: true });
  };
  window.addEventListener("hashchange", reveal);
  document.addEventListener("close-dialog", () => { if (dialog() && dialog().open) dialog().close(); });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    const viewer = button.closest(".viewer");
    act(button.dataset.do, viewer);
  });

  // The viewer.
  const shown = (viewer) => [...viewer.querySelectorAll(".sheet img")].findIndex((img) => !img.hidden);
  const show = (viewer, place) => {
    const pages = [...viewer.querySelectorAll(".sheet img")];
    if (place < 0 || place >= pages.length) return;
    pages.forEach((img, at) => { img.hidden = at !== place; });
    [place, place + 1].forEach((at) => {
      if (pages[at] && !pages[at].getAttribute("src")) pages[at].src = pages[at].dataset.page;
    });
    viewer.querySelector("output").textContent = String(place + 1);
    viewer.querySelectorAll('[name="page"]').forEach((one) => { one.value = pages[place].dataset.number; });
    viewer.querySelector('[data-do="previous"]').disabled = place === 0;
    viewer.querySelector('[data-do="next"]').disabled = place === pages.length - 1;
    viewer.querySelector(".sheet").scrollTop = 0;
  };
  const zoom = (viewer, more) => {
    const now = [1, 2, 3].find((step) => viewer.classList.contains(`zoom-${step}`)) || 0;
    const next = Math.min(3, Math.max(0, now + more));
    viewer.classList.remove(`zoom-${now}`);
    if (next) viewer.classList.add(`zoom-${next}`);
    if (next >= 2) {
      const img = viewer.querySelectorAll(".sheet img")[shown(viewer)];
      const fine = img.dataset.page + (img.dataset.page.includes("?") ? "&" : "?") + "size=fine";
      if (img.getAttribute("src") !== fine) img.src = fine;
    }
  };
  const act = (what, viewer) => {
    if (what === "close") dialog().close();
    if (what === "dismiss") document.getElementById("changed").replaceChildren();
    if (what === "previous") show(viewer, shown(viewer) - 1);
    if (what === "next") show(viewer, shown(viewer) + 1);
    if (what === "larger") zoom(viewer, 1);
    if (what === "smaller") zoom(viewer, -1);
  };
  const KEYS = { ArrowLeft: "previous", PageUp: "previous", ArrowRight: "next", PageDown: "next", "+": "larger", "=": "larger", "-": "smaller" };
  document.addEventListener("keydown", (event) => {
    const viewer = dialog() && dialog().open && dialog().querySelector(".viewer");
    if (!viewer || !KEYS[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    act(KEYS[event.key], viewer);
  });

  // Files dropped on a place go into its own form; anywhere else, into the page's.
  const zone = (event) => event.target.closest && event.target.closest("[data-drop]");
  const hasFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  const clear = () => document.querySelectorAll(".over").forEach((one) => one.classList.remove("over"));
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    clear();
    const over = zone(event);
    if (over) over.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) clear(); });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    clear();
    const over = zone(event);
    const form = (over && over.dataset.drop !== "page" && over.querySelector("form.upload")) || document.getElementById("page-drop");
    const input = form && form.querySelector('input[type="file"]');
    if (!input) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("htmx:xhr:progress", (event) => {
    const bar = event.target.querySelector && event.target.querySelector("progress.sending");
    if (!bar || !event.detail.lengthComputable || event.detail.total < 1) return;
    bar.hidden = false;
    bar.value = (100 * event.detail.loaded) / event.detail.total;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest && event.target.closest("form");
    const bar = form && form.querySelector("progress.sending");
    if (!bar) return;
    bar.hidden = true;
    const input = form.querySelector('input[type="file"]');
    if (input) input.value = "";
  });

  // A bundle on its way tells how far it is.
  const watch = (root) => {
    const box = root.querySelector ? root.querySelector("[data-watch]") : null;
    if (!box || box.dataset.watched) return;
    box.dataset.watched = "yes";
    const source = new EventSource(box.dataset.watch);
    const over = () => {
      source.close();
      if (box.isConnected) htmx.ajax("GET", box.dataset.then, { target: "#bundle-panel", swap: "outerHTML" });
    };
    source.addEventListener("progress", (event) => { box.innerHTML = event.data; });
    source.addEventListener("over", over);
    source.addEventListener("error", () => setTimeout(over, 1000));
  };
  // A field beside which an error stands is marked as wrong, also when the error came from what was saved elsewhere.
  const mark = () => document.querySelectorAll(".form .field").forEach((field) => {
    const wrong = field.querySelector(".notes .finding.error") !== null;
    field.querySelectorAll('[name="value"]').forEach((one) => {
      if (wrong) one.setAttribute("aria-invalid", "true");
      else one.removeAttribute("aria-invalid");
    });
  });
  document.addEventListener("htmx:afterSettle", () => { watch(document); mark(); });

  // What others change while the page is open: a notice, and the parts anew in which nobody is writing.
  const head = () => document.getElementById("case-head");
  const fetchNews = (since = head().dataset.version) => {
    const path = location.pathname.split("/")[3];
    const tab = path === undefined || path === "" ? "form" : path;
    const box = document.getElementById("changed");
    htmx.ajax("GET", `${box.dataset.changed}?since=${since}&tab=${tab}`, { target: "#changed", swap: "innerHTML" });
  };
  const listen = () => {
    const box = document.getElementById("changed");
    if (!box || !box.dataset.changes) return;
    const shownHere = new Map();
    const source = new EventSource(box.dataset.changes);
    let known = "";
    source.addEventListener("changed", (event) => {
      const version = JSON.parse(event.data).version;
      const mine = head().dataset.version;
      // A change of our own may still be on its way back to us, or have been followed by the next.
      const tell = () => {
        if (document.querySelector(".htmx-request")) {
          setTimeout(tell, 500);
          return;
        }
        if (version === known || head().dataset.version === version || Date.now() - (shownHere.get(version) || 0) < 10000) return;
        known = version;
        fetchNews(mine);
      };
      setTimeout(tell, 1500);
    });
    document.addEventListener("htmx:afterSettle", () => shownHere.set(head().dataset.version, Date.now()));
    window.addEventListener("pagehide", () => source.close());
  };
  const isDirty = (root) => [...root.querySelectorAll("input, textarea, select")].some((one) => {
    if (one.type === "hidden" || one.type === "file") return false;
    if (one === document.activeElement && one.tagName !== "SELECT") return true;
    if (one.type === "checkbox" || one.type === "radio") return one.checked !== one.defaultChecked;
    if (one.tagName === "SELECT") return false;
    return one.value !== one.defaultValue;
  });
  // What is being typed outlives a section that is shown anew. What was seen before stays with it, so that the server
  // can tell when it is somebody else's text that would be overwritten. Rows may have moved, so they are left alone.
  let typed = [];
  let focused = "";
  const keep = (section) => {
    typed = [];
    focused = document.activeElement ? document.activeElement.id : "";
    section.querySelectorAll(".field").forEach((field) => {
      field.querySelectorAll('[name="value"], [name="unknown"]').forEach((one) => {
        if (!one.id || one.type === "checkbox" || one.tagName === "SELECT" || one.value === one.defaultValue) return;
        typed.push({ id: one.id, value: one.value, before: field.querySelector('[name="before"]').value });
      });
    });
  };
  const restore = () => {
    typed.forEach((was) => {
      const one = document.getElementById(was.id);
      if (!one) return;
      one.value = was.value;
      one.dataset.typed = "yes";
      one.closest(".field").querySelector('[name="before"]').value = was.before;
    });
    typed = [];
    const back = focused && document.getElementById(focused);
    if (back && document.activeElement !== back) back.focus({ preventScroll: true });
    focused = "";
  };
  // A browser tells no change of what a script has put back; whoever leaves the field has nevertheless typed it.
  document.addEventListener("change", (event) => { delete event.target.dataset.typed; });
  document.addEventListener("focusout", (event) => {
    const one = event.target;
    if (!one.dataset || !one.dataset.typed || !one.isConnected) return;
    delete one.dataset.typed;
    typing = null;
    if (one.value !== one.defaultValue) one.dispatchEvent(new Event("change", { bubbles: true }));
  });
  const isTypedInRow = (section) => [...section.querySelectorAll(".row")].some(isDirty);
  const isSection = (target) => target && target.classList && target.classList.contains("section");
  let ours = "";
  document.addEventListener("htmx:beforeRequest", (event) => { ours = event.target.id || ""; });
  // Somebody who is choosing a file, typing a day or sending something keeps the places as they are until that is done.
  const isBusy = (places) => places.querySelector(".htmx-request") !== null
    || (places.contains(document.activeElement) && document.activeElement.matches("input"));
  let late = false;
  const catchUp = () => setTimeout(() => {
    const places = document.getElementById("places");
    if (!late || !places || isBusy(places)) return;
    late = false;
    fetchNews();
  });
  document.addEventListener("focusout", catchUp);
  document.addEventListener("htmx:afterRequest", catchUp);
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const target = event.detail.target;
    if (target.id === "places" && isBusy(target)) {
      event.detail.shouldSwap = false;
      late = true;
    }
    if (!isSection(target)) return;
    if (isTypedInRow(target)) event.detail.shouldSwap = false;
    else keep(target);
  });
  document.addEventListener("htmx:oobAfterSwap", restore);
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isSection(event.detail.target)) return;
    keep(event.detail.target);
    typed = typed.filter((one) => one.id !== ours);
  });
  document.addEventListener("htmx:afterSwap", restore);

  // What the server refuses is said.
  const failed = (text) => {
    const box = document.getElementById("failed");
    if (!box) return;
    const line = document.createElement("p");
    line.className = "finding error";
    line.textContent = text;
    box.replaceChildren(line);
    if (dialog() && dialog().open) dialog().prepend(line.cloneNode(true));
  };
  document.addEventListener("htmx:responseError", (event) => {
    const xhr = event.detail.xhr;
    const plain = (xhr.getResponseHeader("content-type") || "").startsWith("text/plain");
    failed(plain ? xhr.responseText : "没有办成，请刷新页面后再试。");
  });
  document.addEventListener("htmx:sendError", () => failed("连不上工作台，没有办成；请检查网络后再试。"));
  document.addEventListener("htmx:beforeRequest", () => { const box = document.getElementById("failed"); if (box) box.replaceChildren(); });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
