"use strict";
// The case list: its dialog, and a swap of the table when the cases change.
(() => {
  document.addEventListener("click", (event) => {
    const opens = event.target.closest("[data-opens]");
    if (opens) document.getElementById(opens.dataset.opens).showModal();
    const closes = event.target.closest("[data-closes]");
    if (closes) document.getElementById(closes.dataset.closes).close();
    if (event.target.closest("[data-prints]")) window.print();
    if (event.target.closest("[data-find-papers]")) location.href = `/find?q=${encodeURIComponent(document.getElementById("q").value.trim())}`;
  });
  // While an input method composes, what stands in the field is no word yet.
  document.addEventListener("input", (event) => { if (event.isComposing) event.stopImmediatePropagation(); }, true);
  document.addEventListener("compositionend", (event) => {
    const element = event.target;
    setTimeout(() => element.dispatchEvent(new Event("input", { bubbles: true })));
  });
  // Chosen cases stay chosen when the table is swapped, and on its other pages.
  const chosen = new Map();
  const showChosen = () => {
    document.querySelectorAll(".pick").forEach((box) => { box.checked = chosen.has(box.value); });
    const form = document.getElementById("chosen");
    if (!form) return;
    form.hidden = chosen.size === 0;
    document.getElementById("chosen-count").textContent = `选了 ${chosen.size} 件`;
    form.querySelectorAll(".elsewhere").forEach((element) => element.remove());
    const shown = new Set([...document.querySelectorAll(".pick")].map((box) => box.value));
    [...chosen.keys()].filter((key) => !shown.has(key)).forEach((key) => {
      const element = document.createElement("input");
      element.type = "hidden";
      element.className = "elsewhere";
      element.name = "case";
      element.value = key;
      form.append(element);
    });
  };
  document.addEventListener("change", (event) => {
    if (!event.target.matches(".pick")) return;
    if (event.target.checked) chosen.set(event.target.value, true);
    else chosen.delete(event.target.value);
    showChosen();
  });
  document.addEventListener("htmx:afterSwap", showChosen);
  document.addEventListener("htmx:configRequest", (event) => {
    const cause = event.detail.triggeringEvent;
    if (cause && cause.type === "input" && cause.target.id === "q") event.detail.headers["X-Desk-Typed"] = "yes";
  });
  const list = () => document.getElementById("list");
  let late = false;
  const shown = () => location.pathname + location.search;
  const refresh = () => {
    late = document.hidden;
    if (late || !list()) return;
    const headers = window.Desk.inBackground("list", document.body, refresh);
    window.htmx.ajax("GET", shown(), { target: "#list", swap: "outerHTML", headers }).catch(() => {});
  };
  // Another search was made while its answer was under way.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { headers, path } = event.detail.requestConfig;
    if (headers["X-Desk-Background"] !== "list" || path === shown()) return;
    event.detail.shouldSwap = false;
    refresh();
  });
  document.addEventListener("visibilitychange", () => { if (late) refresh(); });
  document.addEventListener("DOMContentLoaded", () => {
    if (!list()) return;
    window.Desk.on("list", refresh);
  });
})();
