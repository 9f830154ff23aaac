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

  // Pages without a place of their own for errors show them at the bottom, until something is done.
  const OWN_PLACES = "#failed, #register-report";
  const say = (text) => {
    const box = document.getElementById("notices");
    if (document.querySelector(OWN_PLACES) || box.textContent === text) return;
    box.textContent = text;
  };
  const isPolled = ({ elt, requestConfig }) => (elt.getAttribute("hx-trigger") || "").startsWith("every") || Boolean(requestConfig.headers["X-Desk-Refresh"]);
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    const plain = (xhr.getResponseHeader("content-type") || "").startsWith("text/plain");
    say(plain ? xhr.responseText : "没有办成，请刷新页面后再试。");
  });
  document.addEventListener("htmx:sendError", (event) => {
    say(isPolled(event.detail) ? "连不上工作台；连上以后这一页自己接着更新。" : "连不上工作台，没有办成；请检查网络后再试。");
  });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) say(""); });
})();
