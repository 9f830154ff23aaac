"use strict";
// In a date field, T is today, eight digits are year, month and day in whatever order the browser shows, and a pasted date may have any usual form: 20261130, 2026.11.30, 2026/11/30, 2026年11月30日, 11-30.
(() => {
  const FIRST_YEAR = 1900;
  const FULL = /^(\d{4})[.\/\-年](\d{1,2})[.\/\-月](\d{1,2})日?$/;
  const DIGITS = /^(\d{4})(\d{2})(\d{2})$/;
  const SHORT = /^(\d{1,2})[.\/\-月](\d{1,2})日?$/;
  const halfWidth = (text) => text.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0)).replace(/[。．]/g, ".").replace(/\s+/g, "");
  const day = (written) => {
    const text = halfWidth(written);
    const full = FULL.exec(text) || DIGITS.exec(text);
    const short = SHORT.exec(text);
    if (!full && !short) return "";
    const parts = full ? full.slice(1) : [String(new Date().getFullYear()), short[1], short[2]];
    return `${parts[0]}-${parts[1].padStart(2, "0")}-${parts[2].padStart(2, "0")}`;
  };
  const put = (field, value) => {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const exists = (written) => {
    const found = new Date(`${written}T00:00:00Z`);
    return Number(written.slice(0, 4)) >= FIRST_YEAR && !Number.isNaN(found.getTime()) && found.toISOString().startsWith(written);
  };
  // Eight digits that are no date from 1900 on, year first, are what the browser takes them for.
  let typed = "";
  document.addEventListener("focusin", () => { typed = ""; });
  document.addEventListener("mousedown", () => { typed = ""; });
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!field.matches || !field.matches('input[type="date"]') || !/^\d$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) {
      typed = "";
      return;
    }
    typed += event.key;
    if (typed.length < 8) return;
    const written = day(typed);
    typed = "";
    if (!exists(written)) return;
    event.preventDefault();
    put(field, written);
  });
  // T is today, by the desk's own clock.
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key.toLowerCase() !== "t" || event.ctrlKey || event.altKey || event.metaKey || !field.matches('input[type="date"]')) return;
    event.preventDefault();
    put(field, document.body.dataset.today);
  });
  document.addEventListener("paste", (event) => {
    const field = event.target;
    if (!field.matches || !field.matches('input[type="date"]') || !event.clipboardData) return;
    const pasted = day(event.clipboardData.getData("text"));
    if (!pasted) return;
    event.preventDefault();
    put(field, pasted);
  });
})();
