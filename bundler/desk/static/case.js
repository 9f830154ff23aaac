"use strict";
// The pages of one case: dialog, viewer, dropped files, progress, and live updates of what others change.
(() => {
  const dialog = () => document.getElementById("dialog");

  // When a swap replaces the focused element, the focus goes to the element with the same id or the same label, or to
  // the nearest ancestor that still exists. After a row was added, its first input gets the focus.
  const INPUTS = 'input:not([type="hidden"]):not(:disabled), select:not(:disabled), textarea:not(:disabled)';
  const FOCUSABLE = `${INPUTS}, button:not(:disabled), summary, a[href]`;
  const rowsOf = (list) => (list ? [...list.children].filter((element) => element.classList.contains("row")) : []);
  const focusPosition = (element) => {
    const ancestorIds = [];
    for (let box = element; box; box = box.parentElement) if (box.id) ancestorIds.push(box.id);
    const list = element.closest(".rows");
    return { element, id: element.id, label: element.getAttribute("aria-label"), ancestorIds, list: list && list.id, rows: rowsOf(list).length };
  };
  const inputOfNewRow = (position) => {
    const rows = rowsOf(position.list && document.getElementById(position.list));
    return rows.length > position.rows ? rows[rows.length - 1].querySelector(`.field :is(${INPUTS})`) : null;
  };
  const sameLabel = (label) => label && [...document.querySelectorAll("[aria-label]")]
    .find((element) => element.getAttribute("aria-label") === label && element.matches(FOCUSABLE));
  const nearestFocusable = (position) => {
    const box = position.ancestorIds.map((id) => document.getElementById(id)).find((element) => element && element.id !== "main");
    return box && box.querySelector(FOCUSABLE);
  };
  const restoreFocus = (position) => {
    const same = position.element.isConnected ? position.element : position.id && document.getElementById(position.id);
    const element = same || inputOfNewRow(position) || sameLabel(position.label) || nearestFocusable(position);
    if (element) element.focus();
  };
  let lostFocus = null;
  const rememberFocus = (event) => {
    const element = document.activeElement;
    if (element && element !== document.body && event.detail.target && event.detail.target.contains(element)) lostFocus = focusPosition(element);
  };
  document.addEventListener("focusin", () => { lostFocus = null; });
  document.addEventListener("htmx:beforeSwap", rememberFocus);
  document.addEventListener("htmx:oobBeforeSwap", rememberFocus);
  document.addEventListener("htmx:afterSettle", () => {
    if (lostFocus && document.activeElement === document.body) restoreFocus(lostFocus);
  });

  // A <details> that is open stays open when a swap replaces it.
  let openParts = [];
  const rememberOpenParts = (event) => {
    const target = event.detail.target;
    openParts = target ? [...target.querySelectorAll("details[open][id]")].map((element) => element.id) : [];
  };
  const reopenParts = () => {
    openParts.forEach((id) => { const part = document.getElementById(id); if (part) part.open = true; });
    openParts = [];
  };
  document.addEventListener("htmx:beforeSwap", rememberOpenParts);
  document.addEventListener("htmx:oobBeforeSwap", rememberOpenParts);
  document.addEventListener("htmx:afterSwap", reopenParts);
  document.addEventListener("htmx:oobAfterSwap", reopenParts);

  // A date input changes with each digit and a select with each arrow key, so their change event is held back until
  // the field loses the focus.
  let steppedInput = null;
  const changesInSteps = (element) => element.matches && element.matches('input[type="date"], input[type="datetime-local"], input[type="number"], select');
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" && changesInSteps(event.target)) steppedInput = event.target;
  }, true);
  document.addEventListener("pointerdown", () => { steppedInput = null; }, true);
  document.addEventListener("change", (event) => {
    if (!event.isTrusted || event.target !== steppedInput) return;
    event.stopImmediatePropagation();
    event.target.dataset.typed = "yes";
  }, true);

  // The dialog opens when htmx puts content into it, and returns the focus when it closes.
  let opener = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const target = event.detail.target;
    if (target && target.id === "dialog" && !target.open) opener = focusPosition(document.activeElement);
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
  const init = () => {
    const box = dialog();
    if (!box) return;
    box.addEventListener("close", () => {
      box.replaceChildren();
      if (opener) restoreFocus(opener);
      opener = null;
    });
    watchProgress(document);
    listenForChanges();
    revealField();
  };
  // A link to a field opens the <details> around it and focuses the field.
  const revealField = () => {
    const field = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!field || !field.closest(".section") || field.matches(".section")) return;
    for (let part = field.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    field.scrollIntoView({ block: "center" });
    const first = field.querySelector('input:not([type="hidden"]), select, textarea, summary, button');
    if (first) first.focus({ preventScroll: true });
  };
  window.addEventListener("hashchange", revealField);
  document.addEventListener("close-dialog", () => { if (dialog() && dialog().open) dialog().close(); });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    const viewer = button.closest(".viewer");
    runAction(button.dataset.do, viewer);
  });

  // The viewer of a material or document.
  const shown = (viewer) => [...viewer.querySelectorAll(".sheet img")].findIndex((img) => !img.hidden);
  const show = (viewer, place) => {
    const pages = [...viewer.querySelectorAll(".sheet img")];
    if (place < 0 || place >= pages.length) return;
    pages.forEach((img, at) => { img.hidden = at !== place; });
    [place, place + 1].forEach((at) => {
      if (pages[at] && !pages[at].getAttribute("src")) pages[at].src = pages[at].dataset.page;
    });
    viewer.querySelector("output").textContent = String(place + 1);
    viewer.querySelectorAll('[name="page"]').forEach((element) => { element.value = pages[place].dataset.number; });
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
  const runAction = (what, viewer) => {
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
    runAction(KEYS[event.key], viewer);
  });

  // Files dropped on a slot are uploaded by the slot's form; anywhere else, by that of the page.
  const dropZone = (event) => event.target.closest && event.target.closest("[data-drop]");
  const hasFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  const clearHighlight = () => document.querySelectorAll(".over").forEach((element) => element.classList.remove("over"));
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    clearHighlight();
    const over = dropZone(event);
    if (over) over.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) clearHighlight(); });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    clearHighlight();
    const over = dropZone(event);
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

  // The progress of a build job.
  const watchProgress = (root) => {
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
  // A field with an error is marked as invalid, even when saving another field caused the error.
  const markErrors = () => document.querySelectorAll(".form .field").forEach((field) => {
    const wrong = field.querySelector(".notes .finding.error") !== null;
    field.querySelectorAll('[name="value"]').forEach((element) => {
      if (wrong) element.setAttribute("aria-invalid", "true");
      else element.removeAttribute("aria-invalid");
    });
  });
  document.addEventListener("htmx:afterSettle", () => { watchProgress(document); markErrors(); });

  // Changes by others while the page is open: a notice, and a swap of the sections that the user is not writing in.
  const head = () => document.getElementById("case-head");
  const fetchChanges = (since = head().dataset.version) => {
    const path = location.pathname.split("/")[3];
    const tab = path === undefined || path === "" ? "form" : path;
    const box = document.getElementById("changed");
    htmx.ajax("GET", `${box.dataset.changed}?since=${since}&tab=${tab}`, { target: "#changed", swap: "innerHTML" });
  };
  const listenForChanges = () => {
    const box = document.getElementById("changed");
    if (!box || !box.dataset.changes) return;
    const ownVersions = new Map();
    const source = new EventSource(box.dataset.changes);
    let announced = "";
    source.addEventListener("changed", (event) => {
      const version = JSON.parse(event.data).version;
      const mine = head().dataset.version;
      // The version may be that of this page's own change, whose response has not arrived yet.
      const announce = () => {
        if (document.querySelector(".htmx-request")) {
          setTimeout(announce, 500);
          return;
        }
        if (version === announced || head().dataset.version === version || Date.now() - (ownVersions.get(version) || 0) < 10000) return;
        announced = version;
        fetchChanges(mine);
      };
      setTimeout(announce, 1500);
    });
    document.addEventListener("htmx:afterSettle", () => ownVersions.set(head().dataset.version, Date.now()));
    window.addEventListener("pagehide", () => source.close());
  };
  const isDirty = (root) => [...root.querySelectorAll("input, textarea, select")].some((element) => {
    if (element.type === "hidden" || element.type === "file") return false;
    if (element === document.activeElement && element.tagName !== "SELECT") return true;
    if (element.type === "checkbox" || element.type === "radio") return element.checked !== element.defaultChecked;
    if (element.tagName === "SELECT") return false;
    return element.value !== element.defaultValue;
  });
  // Text that is typed but not saved survives the swap of its section, together with the value seen before, so that
  // the server detects a conflict. A section with text typed in a row is not swapped, because rows may have moved.
  let typed = [];
  let focused = "";
  const keepTyped = (section) => {
    typed = [];
    focused = document.activeElement ? document.activeElement.id : "";
    section.querySelectorAll(".field").forEach((field) => {
      field.querySelectorAll('[name="value"], [name="unknown"]').forEach((element) => {
        if (!element.id || element.type === "checkbox" || element.tagName === "SELECT" || element.value === element.defaultValue) return;
        typed.push({ id: element.id, value: element.value, before: field.querySelector('[name="before"]').value });
      });
    });
  };
  const restoreTyped = () => {
    typed.forEach((saved) => {
      const element = document.getElementById(saved.id);
      if (!element) return;
      element.value = saved.value;
      element.dataset.typed = "yes";
      element.closest(".field").querySelector('[name="before"]').value = saved.before;
    });
    typed = [];
    const back = focused && document.getElementById(focused);
    if (back && document.activeElement !== back) back.focus({ preventScroll: true });
    focused = "";
  };
  // A browser fires no change event for a value that a script restored, so it is fired when the field loses the focus.
  document.addEventListener("change", (event) => { delete event.target.dataset.typed; });
  document.addEventListener("focusout", (event) => {
    const element = event.target;
    if (!element.dataset || !element.dataset.typed || !element.isConnected) return;
    delete element.dataset.typed;
    steppedInput = null;
    if (element.value !== element.defaultValue) element.dispatchEvent(new Event("change", { bubbles: true }));
  });
  const isTypedInRow = (section) => [...section.querySelectorAll(".row")].some(isDirty);
  const isSection = (target) => target && target.classList && target.classList.contains("section");
  let requesterId = "";
  document.addEventListener("htmx:beforeRequest", (event) => { requesterId = event.target.id || ""; });
  // The slots are not swapped while the user chooses a file, types a date or sends a request; they are fetched later.
  const isBusy = (places) => places.querySelector(".htmx-request") !== null
    || (places.contains(document.activeElement) && document.activeElement.matches("input"));
  let isPostponed = false;
  const fetchPostponed = () => setTimeout(() => {
    const places = document.getElementById("places");
    if (!isPostponed || !places || isBusy(places)) return;
    isPostponed = false;
    fetchChanges();
  });
  document.addEventListener("focusout", fetchPostponed);
  document.addEventListener("htmx:afterRequest", fetchPostponed);
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const target = event.detail.target;
    if (target.id === "places" && isBusy(target)) {
      event.detail.shouldSwap = false;
      isPostponed = true;
    }
    if (!isSection(target)) return;
    if (isTypedInRow(target)) event.detail.shouldSwap = false;
    else keepTyped(target);
  });
  document.addEventListener("htmx:oobAfterSwap", restoreTyped);
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isSection(event.detail.target)) return;
    keepTyped(event.detail.target);
    typed = typed.filter((element) => element.id !== requesterId);
  });
  document.addEventListener("htmx:afterSwap", restoreTyped);

  // Error responses of the server.
  const showError = (text) => {
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
    showError(plain ? xhr.responseText : "没有办成，请刷新页面后再试。");
  });
  document.addEventListener("htmx:sendError", () => showError("连不上工作台，没有办成；请检查网络后再试。"));
  document.addEventListener("htmx:beforeRequest", () => { const box = document.getElementById("failed"); if (box) box.replaceChildren(); });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", init);
  else init();
})();
