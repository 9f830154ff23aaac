"use strict";
// What a page asks for by itself, without a click of anyone, is asked for again where the desk or a proxy before it gave no
// answer: with growing pauses, and soon after the desk was reached again. What is written on the page is not touched by it.
(() => {
  const Desk = window.Desk = window.Desk || {};
  const PAUSES = [1000, 2000, 4000, 8000, 15000, 30000];
  const TOLD_AFTER = 3;
  const TOLD = "工作台暂时没有答复，这一页上可能不是最新的；连上以后自己更新。";
  const HEADER = "X-Desk-Background";
  const LOGGED_OUT = 401;
  const pending = new Map();

  // Errors that pass by themselves: no connection, no session, too much at once, a fault of the desk or of a proxy.
  Desk.isPassing = (status) => [0, LOGGED_OUT, 408, 429].includes(status) || status >= 500;
  // Of those, the ones by which nobody has reached the desk.
  Desk.isUnreached = (status) => [0, 502, 503, 504].includes(status);
  Desk.pauseAfter = (failures) => PAUSES[Math.min(failures, PAUSES.length) - 1];

  const tell = () => {
    const box = document.getElementById("behind");
    const isLong = [...pending.values()].some((one) => one.failures >= TOLD_AFTER && one.status !== LOGGED_OUT);
    if (box && (box.textContent !== "") !== isLong) box.textContent = isLong ? TOLD : "";
  };
  const forget = (key) => {
    const one = pending.get(key);
    if (!one) return;
    clearTimeout(one.timer);
    pending.delete(key);
    tell();
  };
  const askAgain = (key) => {
    const one = pending.get(key);
    if (!one || !one.timer) return;
    clearTimeout(one.timer);
    one.timer = 0;
    if (one.within.isConnected) one.again();
    else forget(key);
  };
  // An attempt to get `key` ended with a status. Where that is an error that passes, `again` is called after a pause, unless
  // the element `within` is gone by then.
  Desk.attempted = (key, status, within, again) => {
    if (!Desk.isPassing(status)) { forget(key); return; }
    const before = pending.get(key);
    if (before) clearTimeout(before.timer);
    const failures = (before ? before.failures : 0) + 1;
    pending.set(key, { failures, status, within, again, timer: setTimeout(() => askAgain(key), Desk.pauseAfter(failures)) });
    tell();
  };
  // Fetches an address, and again until it is answered; resolves to the answer, or to null where there was none this time.
  Desk.fetchInBackground = (key, address, within, again) => fetch(address, { headers: { "HX-Request": "true" } }).then((answer) => {
    Desk.attempted(key, answer.status, within, again);
    return answer.ok ? answer : null;
  }, () => {
    Desk.attempted(key, 0, within, again);
    return null;
  });
  const hurry = () => [...pending].filter(([, one]) => Desk.isUnreached(one.status) || one.status === LOGGED_OUT).forEach(([key]) => askAgain(key));

  // The same for requests by htmx: those with these headers, and those of elements that ask when they appear, or every few seconds.
  const callers = new Map();
  Desk.inBackground = (key, within, again) => {
    callers.set(key, { within, again });
    return { [HEADER]: key };
  };
  const isOfPage = (element) => /^(load|every)\b/.test(element.getAttribute("hx-trigger") || "");
  Desk.isInBackground = ({ requestConfig }) => Boolean(requestConfig.headers[HEADER]) || isOfPage(requestConfig.elt);
  const keyOf = (detail) => `${detail.verb} ${detail.path}`;
  let repeated = "";
  const repeat = (element, verb, path) => {
    repeated = `${verb} ${path}`;
    window.htmx.ajax(verb, path, { source: element }).catch(() => {});
    repeated = "";
  };
  // While an answer is waited for, the clock of an element does not ask besides.
  document.addEventListener("htmx:confirm", (event) => {
    const key = keyOf(event.detail);
    if (isOfPage(event.detail.elt) && pending.has(key) && repeated !== key) event.preventDefault();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, requestConfig } = event.detail;
    const { elt, headers } = requestConfig; // of the event it is another one, where the answer has replaced that which asked
    const key = headers[HEADER];
    if (key) {
      const { within, again } = callers.get(key);
      Desk.attempted(key, xhr.status, within, again);
    } else if (isOfPage(elt)) {
      const { verb, path } = requestConfig;
      Desk.attempted(keyOf(requestConfig), xhr.status, elt, () => repeat(elt, verb, path));
    } else if (event.detail.successful) {
      hurry();
    }
  });
  window.addEventListener("online", hurry);
  document.addEventListener("DOMContentLoaded", () => { if (Desk.on) Desk.on("reached", hurry); });

  // Why an action was not carried out, to show it: the desk's own words, but not those of a proxy.
  Desk.reasonOf = (xhr) => {
    if (xhr.getResponseHeader("x-bundler-desk")) return xhr.responseText;
    return Desk.isUnreached(xhr.status) ? "工作台暂时没有答复，没有办成；请稍后再试。" : "没有办成，请刷新页面后再试。";
  };
})();
