"use strict";
// The register import: a register is imported only after it was looked at, and errors are shown where the report comes.
(() => {
  const button = () => document.getElementById("register-import");
  const report = () => document.getElementById("register-report");
  document.addEventListener("change", (event) => {
    if (event.target.id !== "register-file") return;
    button().disabled = true;
    report().textContent = "";
  });
  document.addEventListener("htmx:afterSwap", () => {
    const result = report().querySelector("[data-readable]");
    button().disabled = !result || result.classList.contains("done") || result.dataset.readable === "0";
  });
  const show = (text) => {
    const line = document.createElement("p");
    line.className = "finding error";
    line.textContent = text;
    report().textContent = "";
    report().append(line);
  };
  document.addEventListener("htmx:responseError", (event) => {
    show(window.Desk.reasonOf(event.detail.xhr));
  });
  document.addEventListener("htmx:sendError", () => show("连不上工作台，没有办成；请检查网络后再试。"));
})();
