"use strict";
// Undo and redo, by their buttons and keys; in a field that is being written in, the key takes back what is typed there.
(() => {
  const Desk = window.Desk = window.Desk || {};
  const byId = (id) => document.getElementById(id);
  let isTypedSinceFocus = false;
  document.addEventListener("focusin", () => { isTypedSinceFocus = false; });
  document.addEventListener("input", () => { isTypedSinceFocus = true; });

  const undo = (id) => Desk.flushAll().then(() => Desk.inTurn(() => {
    const button = byId(id);
    if (!button || button.disabled) return null;
    return window.htmx.ajax("POST", button.dataset.undo, { source: byId("save-bar"), target: byId("save-bar"), swap: "none", values: { numbers: button.value } });
  }));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-undo]");
    if (button) undo(button.id);
  });
  const isText = (element) => element.matches('textarea, input:not([type="checkbox"]):not([type="radio"]):not([type="file"])');
  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing || (key !== "z" && key !== "y")) return;
    const dialog = document.querySelector("dialog[open]");
    if ((dialog && !dialog.querySelector("[data-work]")) || !byId("undo") || (isText(event.target) && isTypedSinceFocus)) return;
    event.preventDefault();
    undo(key === "y" || event.shiftKey ? "redo" : "undo");
  });
})();
