"use strict";
// The case list: its dialog, and a swap of the table when the cases change.
(() => {
  document.addEventListener("click", (event) => {
    const opens = event.target.closest("[data-opens]");
    if (opens) document.getElementById(opens.dataset.opens).showModal();
    const closes = event.target.closest("[data-closes]");
    if (closes) document.getElementById(closes.dataset.closes).close();
    if (event.target.closest("[data-prints]")) window.print();
  });
  // While an input method composes, what stands in the field is no word yet.
  document.addEventListener("input", (event) => { if (event.isComposing) event.stopImmediatePropagation(); }, true);
  document.addEventListener("compositionend", (event) => {
    const element = event.target;
    setTimeout(() => element.dispatchEvent(new Event("input", { bubbles: true })));
  });
  const list = () => document.getElementById("list");
  let late = false;
  const refresh = () => {
    late = document.hidden;
    if (late || !list()) return;
    window.htmx.ajax("GET", location.pathname + location.search, { target: "#list", swap: "outerHTML" });
  };
  document.addEventListener("visibilitychange", () => { if (late) refresh(); });
  document.addEventListener("DOMContentLoaded", () => {
    if (!list()) return;
    window.Desk.on("list", refresh);
  });
})();
