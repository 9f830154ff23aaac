"use strict";
// A part of the page that is shown anew is merged around what someone writes in: a field put in its place would have lost
// the caret, the digits of an unfinished date, what an input method composes and the list that is open.
(() => {
  const Desk = window.Desk = window.Desk || {};
  const INPUTS = 'input:not([type="hidden"]), select, textarea';

  // What stays the same element: fields that are written in or wait to be saved, what has the focus, what only this page has.
  const isFilled = (part) => part.contains(document.activeElement) || [...part.querySelectorAll(INPUTS)].some((one) => one.value || one.validity.badInput);
  const keptIn = (target, isAnswer) => {
    const kept = new Set([...target.querySelectorAll("[data-keep]")].filter(isFilled));
    const boxes = [...target.querySelectorAll("[data-saves]")];
    if (target.matches("[data-saves]")) {
      boxes.push(target);
      if (isAnswer) kept.add(target);
    }
    boxes.filter((box) => Desk.isWritten(box, isAnswer)).forEach((box) => kept.add(box));
    const active = document.activeElement;
    const box = active.closest("[data-saves]");
    if (target.contains(active) && active.matches(INPUTS) && ![...kept].some((one) => one.contains(active))) kept.add(target.contains(box) ? box : active);
    return [...kept];
  };
  const counterpart = (child, old, fresh) => {
    if (child.id) return [...fresh.children].find((one) => one.id === child.id);
    const alike = (parent) => [...parent.children].filter((one) => !one.id && one.tagName === child.tagName);
    return alike(fresh)[alike(old).indexOf(child)];
  };
  // The pairs of what stays and what it is merged with, from the outside to the kept elements; null where one has no place.
  const plan = (old, fresh, kept) => {
    if (kept.includes(old)) return [[old, fresh]];
    const staying = [...old.children].filter((child) => kept.some((one) => child.contains(one)));
    const places = staying.map((child) => counterpart(child, old, fresh));
    const order = places.map((place) => [...fresh.children].indexOf(place));
    if (order.some((place, at) => place < 0 || (at > 0 && place < order[at - 1]))) return null;
    const inner = staying.map((child, at) => plan(child, places[at], kept));
    return inner.includes(null) ? null : [[old, fresh], ...inner.flat()];
  };
  const copyAttributes = (old, fresh) => {
    const own = old.matches("details") ? ["open"] : [];
    [...old.attributes].filter((one) => !fresh.hasAttribute(one.name) && !own.includes(one.name)).forEach((one) => old.removeAttribute(one.name));
    [...fresh.attributes].filter((one) => one.name !== "hx-swap-oob" && old.getAttribute(one.name) !== one.value).forEach((one) => old.setAttribute(one.name, one.value));
  };
  const fill = (old, fresh, staying) => {
    [...old.childNodes].filter((node) => !staying.has(node)).forEach((node) => node.remove());
    const places = new Map([...old.children].map((child) => [staying.get(child), child]));
    let next = old.firstChild;
    [...fresh.childNodes].forEach((node) => {
      if (places.has(node)) {
        next = places.get(node).nextSibling;
        return;
      }
      const made = document.importNode(node, true);
      old.insertBefore(made, next);
      if (made.nodeType === Node.ELEMENT_NODE) window.htmx.process(made);
    });
  };
  const merge = (target, fresh, kept, isAnswer) => {
    const pairs = plan(target, fresh, kept);
    if (!pairs) return false;
    const staying = new Map(pairs);
    pairs.forEach(([old, now]) => {
      if (!kept.includes(old)) {
        copyAttributes(old, now);
        fill(old, now, staying);
      } else if (old.matches("[data-saves]")) {
        Desk.adopt(old, now, isAnswer);
      }
    });
    return true;
  };

  // A row may have become another one under what is typed in it.
  const isAnotherRow = (box, fresh) => {
    const row = box.closest(".row");
    const now = row && fresh.querySelector(`[id="${CSS.escape(row.id)}"]`);
    const valueOf = (one) => { const button = one.querySelector(".actions [hx-vals*='\"drop\"']"); return button ? button.getAttribute("hx-vals") : ""; };
    return Boolean(row) && (!now || valueOf(row) !== valueOf(now));
  };
  // What was left unsaved, because it was refused or did not get through, holds nothing up: it is put back into its field.
  const isUnderHands = (box) => Desk.isWritten(box) && (box.dataset.save !== "failed" || box.contains(document.activeElement));
  // Whether the fresh content was merged, is shown once nothing is written in the target, or may take the target's place.
  const show = (target, fresh, mayWait, isAnswer = false) => {
    const kept = keptIn(target, isAnswer);
    const written = kept.filter((one) => one.matches("[data-saves]"));
    const isMoved = written.some((box) => target !== box && isAnotherRow(box, fresh));
    if (kept.length && !isMoved && merge(target, fresh, kept, isAnswer)) return "merged";
    return mayWait && written.some(isUnderHands) ? "postponed" : "";
  };

  const version = () => document.getElementById("case-head").dataset.version;
  let since = "";
  const postpone = () => { since = since || version(); };
  const showPostponed = () => setTimeout(() => {
    if (!since || [...document.querySelectorAll("[data-saves]")].some(isUnderHands) || isBusy(document.getElementById("part"))) return;
    const from = since;
    since = "";
    Desk.fetchChanges(from);
  });
  document.addEventListener("focusout", showPostponed);
  document.addEventListener("htmx:afterRequest", showPostponed);

  // A part stays while the user chooses a file in it, or a request of one of its buttons is under way: the answer would
  // not find the place of a button that is gone.
  let answered = null;
  document.addEventListener("htmx:beforeOnLoad", (event) => { answered = event.detail.elt; });
  const isBusy = (part) => [...part.querySelectorAll('.htmx-request:not([data-saves]):not([hx-trigger="load"])')].some((one) => one !== answered)
    || (part.contains(document.activeElement) && document.activeElement.matches('[type="file"]'));
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment, shouldSwap } = event.detail;
    const fresh = fragment.firstElementChild;
    if (!shouldSwap || !fresh || fresh.id !== target.id) return;
    const how = isBusy(target) ? "postponed" : show(target, fresh, true);
    if (how) event.detail.shouldSwap = false;
    if (how === "postponed") postpone();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, serverResponse, shouldSwap, swapOverride } = event.detail;
    if (!shouldSwap || swapOverride === "none" || !target.id) return;
    const fresh = new DOMParser().parseFromString(serverResponse, "text/html").getElementById(target.id);
    const isAnswer = Desk.isSave(event.detail);
    const how = fresh ? show(target, fresh, isAnswer, isAnswer) : "";
    if (how) event.detail.swapOverride = "none";
    if (how === "postponed") postpone();
  });
})();
