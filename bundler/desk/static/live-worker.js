"use strict";
// One event stream for all tabs of this browser: it may open six connections to the desk, and a tab must not hold one.
const tabs = new Map();
const versions = new Map();
const STATES = ["list", "batch"];
const states = { list: "", batch: "" }; // which revision of the list, and which state of the batch, the tabs show
const PAUSES = [1000, 2000, 4000, 8000, 15000, 30000];
let failures = 0;
let source = null;
let opened = "";
let timer = 0;

const wanted = () => {
  const keys = new Set();
  tabs.forEach((tab) => tab.cases.forEach((key) => keys.add(key)));
  return { keys: [...keys].sort(), states: STATES.filter((name) => [...tabs.values()].some((tab) => tab[name])) };
};
const tell = (message, is) => tabs.forEach((tab, port) => { if (is(tab, port)) port.postMessage(message); });
const open = () => {
  const shown = wanted();
  if (source) source.close();
  source = null;
  opened = JSON.stringify(shown);
  if (!shown.keys.length && !shown.states.length) return;
  const query = new URLSearchParams();
  shown.keys.forEach((key) => query.append("case", `${key}@${versions.get(key) || ""}`));
  shown.states.forEach((name) => query.append(name, states[name]));
  const stream = new EventSource(`/live?${query}`);
  source = stream;
  stream.addEventListener("open", () => {
    failures = 0;
    tell({ type: "reached" }, () => true);
  });
  stream.addEventListener("changed", (event) => {
    const said = JSON.parse(event.data);
    versions.set(said.case, said.version);
    tell({ type: "changed", key: said.case, version: said.version }, (tab) => tab.cases.includes(said.case));
  });
  STATES.forEach((name) => stream.addEventListener(name, (event) => {
    states[name] = JSON.parse(event.data)[name];
    tell({ type: name, state: states[name] }, (tab) => tab[name]);
  }));
  // A stream that was refused, by a proxy or after the end of a session, is not opened again by the browser itself.
  stream.addEventListener("error", () => {
    if (stream.readyState !== EventSource.CLOSED || stream !== source) return;
    later(PAUSES[Math.min(failures, PAUSES.length - 1)]);
    failures += 1;
  });
};
const later = (wait) => {
  clearTimeout(timer);
  timer = setTimeout(open, wait);
};
const hear = (port, message) => {
  if (message.leaves) {
    tabs.delete(port);
    if (JSON.stringify(wanted()) !== opened) later(500);
    return;
  }
  tabs.set(port, { cases: message.cases.map((one) => one.key), list: message.list !== null, batch: message.batch !== null });
  message.cases.forEach((one) => versions.set(one.key, one.version));
  STATES.filter((name) => message[name]).forEach((name) => {
    // What this tab has seen already, the stream will tell to nobody.
    if (states[name] && states[name] !== message[name]) tell({ type: name, state: message[name] }, (tab, other) => tab[name] && other !== port);
    states[name] = message[name];
  });
  later(50);
};
self.addEventListener("connect", (event) => {
  const port = event.ports[0];
  port.addEventListener("message", (said) => hear(port, said.data));
  port.start();
});
