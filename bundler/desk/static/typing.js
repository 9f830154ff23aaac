"use strict";
// Whether someone is typing: what composes a word is no value yet, and a dialog that opens by itself waits for a pause.
(() => {
  const Desk = window.Desk = window.Desk || {};
  const PAUSE = 1000;
  const { boxOf, faultOf } = Desk.fields;
  let composing = null;

  const isComposing = () => Boolean(composing) && composing.isConnected;
  document.addEventListener("compositionstart", (event) => { composing = event.target; });
  document.addEventListener("compositionend", () => { composing = null; });
  // Whether an input method composes a word, anywhere or in an element.
  Desk.isComposing = (box) => isComposing() && (!box || box.contains(composing));

  // A dialog that opens by itself would take the keys that are meant for a field: it waits for a second without typing,
  // and for the end of a word that is composed or of a date that is not finished.
  let typing = 0;
  const pauses = [];
  const isTyping = () => {
    const box = boxOf(document.activeElement);
    return Boolean(typing) || isComposing() || Boolean(box && faultOf(box));
  };
  const tellPause = () => { if (!isTyping()) pauses.splice(0).forEach((resolve) => resolve()); };
  Desk.whenPaused = () => (isTyping() ? new Promise((resolve) => pauses.push(resolve)) : Promise.resolve());
  // Not every input method and keyboard on a screen tells its keys.
  ["keydown", "input", "compositionend"].forEach((name) => document.addEventListener(name, () => {
    clearTimeout(typing);
    typing = setTimeout(() => {
      typing = 0;
      tellPause();
    }, PAUSE);
  }, true));
  document.addEventListener("focusout", () => setTimeout(tellPause));
})();
