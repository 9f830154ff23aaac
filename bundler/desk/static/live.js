"use strict";
// Tells the page what others change: by the stream that all tabs share, or where there is none by asking now and then.
(() => {
  const Desk = window.Desk = window.Desk || {};
  const POLL = 5000;
  const listeners = { changed: [], list: [], batch: [], reached: [] };
  const tell = (type, detail) => listeners[type].forEach((listener) => listener(detail));
  Desk.on = (type, listener) => listeners[type].push(listener);

  const subscription = () => {
    const box = document.querySelector("[data-changes]");
    if (!box) return null;
    const query = new URL(box.dataset.changes, location.href).searchParams;
    const head = document.getElementById("case-head");
    const cases = query.getAll("case").map((one) => {
      const [key, version] = one.split("@");
      return { key, version: head && head.dataset.key === key ? head.dataset.version : version };
    });
    return { cases, list: query.get("list"), batch: query.get("batch") };
  };
  const ask = (shown) => {
    const query = new URLSearchParams();
    shown.cases.forEach((one) => query.append("case", `${one.key}@${one.version}`));
    ["list", "batch"].filter((name) => shown[name] !== null).forEach((name) => query.append(name, shown[name]));
    return fetch(`/live/now?${query}`, { headers: { "HX-Request": "true" } }).then((answer) => {
      if (!answer.ok) throw new Error(answer.status);
      tell("reached");
      return answer.json();
    });
  };
  const poll = () => {
    const shown = subscription();
    if (!shown) return;
    let failures = 0;
    const round = () => {
      const next = () => setTimeout(round, failures ? Desk.pauseAfter(failures) : POLL);
      if (document.hidden) { next(); return; }
      ask(shown).then((events) => {
        failures = 0;
        return events;
      }).then((events) => events.forEach((event) => {
        const said = JSON.parse(event.data);
        if (event.event in said) { // the state of the list, or of the batch
          shown[event.event] = said[event.event];
          tell(event.event, said[event.event]);
          return;
        }
        shown.cases.filter((one) => one.key === said.case).forEach((one) => { one.version = said.version; });
        tell("changed", said.version);
      })).catch(() => { failures += 1; }).then(next);
    };
    setTimeout(round, POLL);
  };
  const share = (address) => {
    const worker = new SharedWorker(address);
    const port = worker.port;
    let polls = false;
    worker.addEventListener("error", () => { if (!polls) { polls = true; poll(); } });
    port.addEventListener("message", (event) => {
      const said = event.data;
      if (said.type === "changed") tell("changed", said.version);
      else tell(said.type, said.state);
    });
    port.start();
    const enter = () => { const shown = subscription(); if (shown) port.postMessage(shown); };
    enter();
    window.addEventListener("pagehide", () => port.postMessage({ leaves: true }));
    window.addEventListener("pageshow", (event) => { if (event.persisted) enter(); });
  };
  document.addEventListener("DOMContentLoaded", () => {
    const address = document.body.dataset.liveWorker;
    if (!subscription()) return;
    if (window.SharedWorker && address) share(address);
    else poll();
  });
})();
