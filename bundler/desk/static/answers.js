"use strict";
// What every page does with the desk's answers: none takes a button away under the mouse, and none that fails is silent.
(() => {
  const Desk = window.Desk = window.Desk || {};

  // A click begins and ends on the same element: a part that is shown anew in between would lose it. Where the release
  // is not told, as over the list of a select, nothing waits longer than this.
  const LONGEST = 2000;
  let isPressed = false;
  let timer = 0;
  const waiting = [];
  const release = () => {
    clearTimeout(timer);
    isPressed = false;
    setTimeout(() => { if (!isPressed) waiting.splice(0).forEach((resolve) => resolve()); }); // after the click
  };
  document.addEventListener("pointerdown", () => {
    isPressed = true;
    clearTimeout(timer);
    timer = setTimeout(release, LONGEST);
  }, true);
  ["pointerup", "pointercancel", "dragend"].forEach((name) => document.addEventListener(name, release, true));
  Desk.whenReleased = () => (isPressed ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve());
  document.addEventListener("htmx:beforeSend", (event) => {
    const { xhr } = event.detail;
    const { onload } = xhr;
    xhr.onload = () => {
      if (isPressed) Desk.whenReleased().then(() => onload.call(xhr));
      else onload.call(xhr);
    };
  });

  // The same as htmx's own, whose promise is also kept for an answer that the desk could not give; this one is not.
  Desk.request = (verb, address, context) => {
    let xhr = null;
    const take = (event) => { xhr = event.detail.xhr; };
    document.addEventListener("htmx:beforeSend", take);
    const answered = window.htmx.ajax(verb, address, context);
    document.removeEventListener("htmx:beforeSend", take);
    return answered.then(() => { if (xhr && xhr.status >= 400 && Desk.isPassing(xhr.status)) throw new Error(xhr.status); });
  };

  // Pages without a place of their own for errors show them at the bottom, until something is done.
  const OWN_PLACES = "#failed, #register-report";
  const say = (text) => {
    const box = document.getElementById("notices");
    if (document.querySelector(OWN_PLACES) || box.textContent === text) return;
    box.textContent = text;
  };
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    // What the page asked for by itself is asked for again; that nobody is logged in does not pass without anyone's doing.
    if (xhr.status === 401 || !Desk.isPassing(xhr.status) || !Desk.isInBackground(event.detail)) say(Desk.reasonOf(xhr));
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (!Desk.isInBackground(event.detail)) say("连不上工作台，没有办成；请检查网络后再试。");
  });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) say(""); });
})();
