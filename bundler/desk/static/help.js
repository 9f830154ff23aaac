"use strict";
// The help of the page, and the keys that work outside of fields: ? for help, / for the search, digits for a case's pages.
(() => {
  const box = () => document.getElementById("help");
  const isTyping = (element) => element.matches("input, select, textarea, [contenteditable]") && !element.matches('[type="checkbox"], [type="radio"]');
  const toggle = () => {
    if (!box()) return;
    if (box().open) box().close();
    else if (!document.querySelector("dialog[open]")) box().showModal();
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-help]")) toggle();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTyping(event.target)) return;
    if (event.key === "?" || event.key === "？") {
      event.preventDefault();
      toggle();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    const search = document.getElementById("q");
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    // On the sorting page the digits are places.
    if (document.getElementById("sorting-content") || event.target.closest('[role="option"]')) return;
    const page = /^[1-9]$/.test(event.key) && document.querySelectorAll(".tabs a")[Number(event.key) - 1];
    if (page) page.click();
  });
})();
