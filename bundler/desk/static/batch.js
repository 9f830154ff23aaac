"use strict";
// The batch page: a batch that another tab, another person or a command has begun, or whose results are new, is shown.
(() => {
  const shown = () => new URL(document.querySelector("[data-changes]").dataset.changes, location.href).searchParams.get("batch");
  const isWriting = () => document.activeElement.matches("input") && document.activeElement.value !== "";
  const refresh = () => {
    const run = document.getElementById("run");
    if (run.hasAttribute("hx-trigger")) return; // the panel of a running batch asks by itself
    run.toggleAttribute("data-late", isWriting()); // with new results the answer loads the whole page again
    if (isWriting()) return;
    const headers = window.Desk.inBackground("batch", document.body, refresh);
    window.htmx.ajax("GET", "/centre/run", { target: "#run", swap: "outerHTML", headers }).catch(() => {});
  };
  document.addEventListener("focusout", () => { if (document.querySelector("#run[data-late]")) setTimeout(refresh); });
  document.addEventListener("DOMContentLoaded", () => {
    window.Desk.on("batch", (state) => { if (state !== shown()) refresh(); });
  });
})();
