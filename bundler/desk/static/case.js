"use strict";
// The pages of one case: dialog, viewer, dropped files, progress, and live updates of what others change.
(() => {
  const dialog = () => document.getElementById("dialog");

  // What is done by keys comes faster than answers: each action waits for the one before. htmx would drop those between.
  let turn = Promise.resolve();
  window.Desk.inTurn = (task) => {
    const done = turn.then(task);
    turn = done.catch(() => {});
    return done;
  };

  // When a swap replaces the focused element, the focus goes to the element with the same id or the same label, or to
  // the nearest ancestor that still exists. After a row was added, its first input gets the focus.
  const INPUT_KINDS = ['input:not([type="hidden"]):not(:disabled)', "select:not(:disabled)", "textarea:not(:disabled)"];
  const INPUTS = INPUT_KINDS.join(", ");
  const FOCUSABLE = `${INPUTS}, button:not(:disabled), summary, a[href]`;
  const rowsOf = (list) => (list ? [...list.children].filter((element) => element.classList.contains("row")) : []);
  const focusPosition = (element) => {
    const ancestorIds = [];
    for (let box = element; box; box = box.parentElement) if (box.id) ancestorIds.push(box.id);
    const list = element.closest(".rows");
    return { element, id: element.id, isOnCard: element.closest(".card") !== null, label: element.getAttribute("aria-label"), ancestorIds, list: list && list.id, rows: rowsOf(list).length };
  };
  const inputOfNewRow = (position) => {
    const rows = rowsOf(position.list && document.getElementById(position.list));
    return rows.length > position.rows ? rows[rows.length - 1].querySelector(INPUT_KINDS.map((kind) => `.field ${kind}`).join(", ")) : null;
  };
  const sameLabel = (label) => label && [...document.querySelectorAll("[aria-label]")]
    .find((element) => element.getAttribute("aria-label") === label && element.matches(FOCUSABLE));
  const nearestFocusable = (position) => {
    const box = position.ancestorIds.map((id) => document.getElementById(id)).find((element) => element && element.id !== "main");
    return box && box.querySelector(FOCUSABLE);
  };
  // The same button of the same paper, which another slot has now.
  const sameOnCard = (id) => {
    const parts = id.split("-");
    const [kind, hash] = [parts[0], parts[parts.length - 1]];
    return [...document.querySelectorAll(`.card [id^="${kind}-"]`)].find((element) => element.id.endsWith(`-${hash}`) && element.matches(FOCUSABLE));
  };
  const restoreFocus = (position) => {
    const same = position.element.isConnected ? position.element : position.id && document.getElementById(position.id);
    const moved = !same && position.isOnCard && sameOnCard(position.id);
    // A paper that is gone is not followed by another one of its name: its button would turn or remove that.
    const named = position.isOnCard ? null : sameLabel(position.label);
    const element = same || moved || inputOfNewRow(position) || named || nearestFocusable(position);
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

  // A select changes with each arrow key, so its change event is held back until it loses the focus; fields that save
  // themselves wait in their own way.
  let steppedInput = null;
  const changesInSteps = (element) => element.matches && element.matches("select") && !element.closest("[data-saves]");
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
    const open = () => { if (!target.open && target.firstElementChild) target.showModal(); };
    if (window.Desk.isSave(event.detail)) window.Desk.whenPaused().then(open);
    else open();
    const viewer = target.querySelector(".viewer");
    target.classList.toggle("wide", viewer !== null);
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
    revealFirst();
  };
  // A link to a field opens the <details> around it and focuses the field.
  const revealField = () => reveal(document.getElementById(decodeURIComponent(location.hash.slice(1))));
  // Without such a link, the form opens at the first field that is due and empty.
  const revealFirst = () => {
    const form = document.getElementById("form");
    if (form && form.dataset.first && !location.hash && document.activeElement === document.body) reveal(document.getElementById(form.dataset.first));
  };
  // F8, or the button in the head, goes on to the next field that is due, and from the last one to the first.
  const revealNext = () => {
    const due = [...document.querySelectorAll(".form .notes .finding.error")].map((one) => one.closest(".field, .rows, .part")).filter((one) => one);
    const here = document.activeElement;
    const isBehind = (field) => !field.contains(here) && Boolean(here.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING);
    const next = due.find(isBehind) || due[0];
    const materials = document.querySelector('.tabs a[href$="/materials"]');
    if (next) reveal(next);
    else if (materials) materials.click(); // what is still due are papers
  };
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F8" || !document.getElementById("form") || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    revealNext();
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-next]")) revealNext(); });
  const reveal = (field) => {
    if (!field || !field.closest(".section") || field.matches(".section")) return;
    for (let part = field.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    field.scrollIntoView({ block: "center" });
    const controls = 'input:not([type="hidden"]), select, textarea, summary, button';
    const grid = field.matches("details") && field.querySelector(".grid");
    const first = (grid && grid.querySelector(controls)) || field.querySelector(controls);
    if (first) first.focus({ preventScroll: true });
  };
  window.addEventListener("hashchange", revealField);
  document.addEventListener("close-dialog", () => { if (dialog() && dialog().open) dialog().close(); });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    if (button.dataset.do === "close" && dialog().contains(button)) dialog().close();
    if (button.dataset.do === "dismiss") document.getElementById("changed").replaceChildren();
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
    const form = (over && over.dataset.drop !== "page" && over.querySelector("form.upload")) || document.getElementById("page-drop") || document.querySelector("form.upload");
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
    const over = () => window.Desk.inTurn(() => {
      const headers = window.Desk.inBackground("bundle", box, over);
      return box.isConnected ? htmx.ajax("GET", box.dataset.then, { target: "#bundle-panel", swap: "outerHTML", headers }) : null;
    }).catch(() => {});
    const look = () => {
      if (!box.isConnected) return;
      window.Desk.fetchInBackground("progress", box.dataset.watch, box, look).then((answer) => {
        if (!answer) return;
        if (answer.status === 204) { over(); return; }
        answer.text().then((html) => { box.innerHTML = html; }).catch(() => {}).then(() => setTimeout(look, 400));
      });
    };
    look();
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

  // Changes by others while the page is open: a notice, and the parts of the page that they concern.
  const head = () => document.getElementById("case-head");
  window.Desk.fetchChanges = (since) => {
    const path = location.pathname.split("/")[3];
    const tab = path === undefined || path === "" ? "form" : path;
    const box = document.getElementById("changed");
    const address = `${box.dataset.changed}?since=${since}&tab=${tab}`;
    const headers = window.Desk.inBackground(address, box, () => window.Desk.fetchChanges(since));
    return window.Desk.inTurn(() => htmx.ajax("GET", address, { target: "#changed", swap: "innerHTML", headers })).catch(() => {});
  };
  // What the page asks for by itself neither takes away what was said of the last action, nor says that one failed.
  const isInBackground = (detail) => window.Desk.isSave(detail) || window.Desk.isInBackground(detail);
  const listenForChanges = () => {
    const box = document.getElementById("changed");
    if (!box || !box.dataset.changes) return;
    const ownVersions = new Map();
    let announced = "";
    window.Desk.on("changed", (version) => {
      const mine = head().dataset.version;
      // The version may be that of this page's own change, whose response has not arrived yet.
      const announce = () => {
        if (document.querySelector(".htmx-request")) {
          setTimeout(announce, 500);
          return;
        }
        if (version === announced || head().dataset.version === version || Date.now() - (ownVersions.get(version) || 0) < 10000) return;
        announced = version;
        window.Desk.fetchChanges(mine);
      };
      setTimeout(announce, 1500);
    });
    document.addEventListener("htmx:afterSettle", () => ownVersions.set(head().dataset.version, Date.now()));
  };
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.detail.elt && event.detail.elt.matches("form.conflict")) window.Desk.chosen();
  });

  // Error responses of the server: beside what was being done, and in view.
  const ERRORS_IN_DIALOG = ".work-failed, .dialog-failed";
  const errorBox = () => {
    const shown = dialog() && dialog().open ? dialog() : null;
    if (!shown) return document.getElementById("sort-failed") || document.getElementById("failed");
    const there = shown.querySelector(ERRORS_IN_DIALOG);
    if (there) return there;
    const made = document.createElement("div");
    made.className = "dialog-failed";
    made.setAttribute("role", "alert");
    const buttons = [...shown.querySelectorAll(".actions")].pop();
    if (buttons) buttons.before(made);
    else shown.append(made);
    return made;
  };
  const clearErrors = () => {
    document.querySelectorAll(`#failed, #sort-failed, ${ERRORS_IN_DIALOG}`).forEach((box) => box.replaceChildren());
  };
  const showError = (text) => {
    const box = errorBox();
    if (!box) return;
    const line = document.createElement("p");
    line.className = "finding error";
    line.textContent = text;
    box.replaceChildren(line);
    line.scrollIntoView({ block: "nearest" });
  };
  window.Desk.showError = showError;
  document.addEventListener("desk-warning", (event) => {
    const box = document.getElementById("failed");
    const line = document.createElement("p");
    line.className = "finding warning";
    line.textContent = event.detail.text;
    if (box) box.replaceChildren(line);
  });

  // A placed paper is dragged by its picture to another slot.
  const CARD = "application/x-bundler-card";
  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest && event.target.closest(".card .thumb[data-place]");
    if (!card) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData(CARD, JSON.stringify({ address: card.dataset.place, from: card.closest(".place").dataset.drop }));
  });
  const cardPlace = (event) => (event.dataTransfer && [...event.dataTransfer.types].includes(CARD) && event.target.closest ? event.target.closest(".place") : null);
  document.addEventListener("dragover", (event) => {
    const place = cardPlace(event);
    if (!place) return;
    event.preventDefault();
    clearHighlight();
    place.classList.add("over");
  });
  document.addEventListener("dragend", () => clearHighlight());
  document.addEventListener("drop", (event) => {
    const place = cardPlace(event);
    if (!place) return;
    event.preventDefault();
    clearHighlight();
    const { address, from } = JSON.parse(event.dataTransfer.getData(CARD));
    const to = place.dataset.drop;
    if (to === from) return;
    window.Desk.inTurn(() => window.htmx.ajax("POST", address, { target: "#places", swap: "outerHTML", values: { from, to, version: document.getElementById("version").value } }));
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (isInBackground(event.detail)) return;
    const xhr = event.detail.xhr;
    if (xhr.status === 401) {
      window.Desk.signIn().then((is) => showError(is ? "已经重新登录，请再做一次。" : "没有登录，没有办成。"));
      return;
    }
    showError(window.Desk.reasonOf(xhr));
  });
  document.addEventListener("htmx:sendError", (event) => { if (!isInBackground(event.detail)) showError("连不上工作台，没有办成；请检查网络后再试。"); });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isInBackground(event.detail)) clearErrors();
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", init);
  else init();
})();
