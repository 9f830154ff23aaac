"use strict";
// What a field of a case holds, what of it is saved, and how the desk's values are put into it.
(() => {
  const Desk = window.Desk = window.Desk || {};
  const FIRST_YEAR = 1900;

  const boxOf = (element) => (element && element.closest ? element.closest("[data-saves]") : null);
  const inputsOf = (box) => [...box.querySelectorAll('[name="value"], [name="unknown"]')];
  const isTick = (element) => element.type === "checkbox" || element.type === "radio";
  const savedValue = (element) => {
    if (element.tagName !== "SELECT") return element.defaultValue;
    const chosen = [...element.options].find((option) => option.defaultSelected);
    return chosen ? chosen.value : element.options[0].value;
  };
  const pairs = (box) => inputsOf(box).filter((one) => !isTick(one) || one.checked).map((one) => [one.name, one.value]);
  const savedPairs = (box) => inputsOf(box).filter((one) => !isTick(one) || one.defaultChecked)
    .map((one) => [one.name, isTick(one) ? one.value : savedValue(one)]);
  const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const fill = (box, values) => inputsOf(box).forEach((element) => {
    if (isTick(element)) {
      element.checked = values.some(([name, value]) => name === element.name && value === element.value);
      return;
    }
    const value = (values.find(([name]) => name === element.name) || ["", ""])[1];
    if (element.value !== value) element.value = value;
  });
  const hidden = (box, name) => box.querySelector(`input[type="hidden"][name="${name}"]`);
  const beforeOf = (box) => (hidden(box, "before") ? hidden(box, "before").value : "");
  const labelOf = (box) => {
    if (box.dataset.label) return box.dataset.label;
    const first = inputsOf(box)[0];
    const legend = box.querySelector("legend") || box.querySelector("label");
    return (legend || first).textContent.replace(/\s+/g, " ").trim();
  };
  // A date that is not finished or does not exist has no value at all, and would be taken for an emptied field.
  const isEarly = (one) => one.type.startsWith("date") && one.value !== "" && Number(one.value.split("-")[0]) < FIRST_YEAR;
  const faultOf = (box) => {
    const wrong = inputsOf(box).find((one) => (one.validity && one.validity.badInput) || isEarly(one));
    if (!wrong) return "";
    const kept = savedValue(wrong).replace("T", " ");
    const what = wrong.type === "number" ? "不是数字" : isEarly(wrong) ? "年份没有写完" : "日期没有写完，或者没有这一天";
    return `${what}，没有保存；${kept ? `案件里还是“${kept}”` : "案件里还是空的"}。`;
  };

  // The values that the desk shows anew; what is typed stays.
  const adoptValues = (box, freshInputs, isTyped) => inputsOf(box).forEach((element, number) => {
    const now = freshInputs[number];
    if (!now) return;
    const invalid = now.getAttribute("aria-invalid");
    if (invalid) element.setAttribute("aria-invalid", invalid);
    else element.removeAttribute("aria-invalid");
    if (isTick(element)) {
      element.defaultChecked = now.defaultChecked;
      if (!isTyped && element.checked !== now.defaultChecked) element.checked = now.defaultChecked;
      return;
    }
    if (element.tagName === "SELECT") {
      const { value } = element;
      [...element.options].forEach((option, at) => { option.defaultSelected = Boolean(now.options[at] && now.options[at].defaultSelected); });
      const kept = isTyped ? value : savedValue(now);
      if (element.value !== kept) element.value = kept;
      return;
    }
    // Even the value that it has, set again, would clear the digits of an unfinished date.
    const { value } = element;
    if (element.defaultValue !== now.defaultValue) element.defaultValue = now.defaultValue;
    const kept = isTyped ? value : now.defaultValue;
    if (element.value !== kept) element.value = kept;
  });
  Desk.fields = { boxOf, inputsOf, isTick, savedValue, pairs, savedPairs, isSame, fill, hidden, beforeOf, labelOf, faultOf, adoptValues };
})();
