"use strict";
// The scan beside the form: which one, how wide, and whether it is shown at all; the browser remembers the last two.
(() => {
  const WIDTH = "desk-scan-width";
  const SHOWN = "desk-scan-shown";
  const MIN = 25;
  const MAX = 60;
  const byId = (id) => document.getElementById(id);
  // A browser may refuse to store anything.
  const stored = (name) => { try { return window.localStorage.getItem(name); } catch (_) { return null; } };
  const store = (name, value) => { try { window.localStorage.setItem(name, value); } catch (_) { /* then it is forgotten */ } };

  const setWidth = (percent) => {
    const width = Math.round(Math.min(Math.max(percent, MIN), MAX));
    byId("beside").style.setProperty("--scan-width", `${width}%`);
    byId("splitter").setAttribute("aria-valuenow", String(width));
    store(WIDTH, String(width));
  };
  const width = () => Number(byId("splitter").getAttribute("aria-valuenow"));
  const load = () => {
    const address = byId("scan-choice").value;
    if (!address) { byId("scan-view").replaceChildren(); return; }
    window.Desk.inTurn(() => window.htmx.ajax("GET", address, { target: "#scan-view", swap: "innerHTML" }));
  };
  const show = (is) => {
    byId("scan-side").hidden = !is;
    byId("splitter").hidden = !is;
    byId("beside").classList.toggle("shows-scan", is);
    byId("main").classList.toggle("whole-width", is);
    byId("scan-toggle").setAttribute("aria-expanded", String(is));
    byId("scan-toggle").textContent = is ? "收起扫描件" : "旁边看扫描件";
    store(SHOWN, is ? "yes" : "");
    const choice = byId("scan-choice");
    if (is && !choice.value && choice.options.length > 1) { choice.selectedIndex = 1; load(); }
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("#scan-toggle")) show(byId("scan-side").hidden);
  });
  document.addEventListener("change", (event) => { if (event.target.id === "scan-choice") load(); });
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "splitter") return;
    const by = { ArrowLeft: 2, ArrowRight: -2 }[event.key];
    if (!by) return;
    event.preventDefault();
    setWidth(width() + by);
  });
  document.addEventListener("pointerdown", (event) => {
    if (event.target.id !== "splitter") return;
    event.preventDefault();
    const splitter = event.target;
    splitter.setPointerCapture(event.pointerId);
    const box = byId("beside").getBoundingClientRect();
    const move = (moved) => setWidth((100 * (box.right - moved.clientX)) / box.width);
    splitter.addEventListener("pointermove", move);
    splitter.addEventListener("pointerup", () => splitter.removeEventListener("pointermove", move), { once: true });
    splitter.addEventListener("pointercancel", () => splitter.removeEventListener("pointermove", move), { once: true });
  });
  document.addEventListener("DOMContentLoaded", () => {
    if (!byId("beside")) return;
    setWidth(Number(stored(WIDTH)) || width());
    if (stored(SHOWN) && !byId("scan-toggle").disabled && window.matchMedia("(min-width: 70rem)").matches) show(true);
  });
})();
