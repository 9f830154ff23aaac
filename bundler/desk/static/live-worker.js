"use strict";
// One event stream for all tabs of this browser: it may open six connections to the desk, and a tab must not hold one.
const tabs = new Map();
const versions = new Map();
let revision = "";
let source = null;
let opened = "";
let timer = 0;

const wanted = () => {
  const keys = new Set();
  let list = false;
  tabs.forEach((tab) => {
    tab.cases.forEach((key) => keys.add(key));
    list = list || tab.list;
  });
  return { keys: [...keys].sort(), list };
};
const tell = (message, is) => tabs.forEach((tab, port) => { if (is(tab)) port.postMessage(message); });
const open = () => {
  const { keys, list } = wanted();
  if (source) source.close();
  source = null;
  opened = JSON.stringify([keys, list]);
  if (!keys.length && !list) return;
  const query = new URLSearchParams();
  keys.forEach((key) => query.append("case", `${key}@${versions.get(key) || ""}`));
  if (list) query.append("list", revision);
  const stream = new EventSource(`/live?${query}`);
  source = stream;
  stream.addEventListener("open", () => tell({ type: "reached" }, () => true));
  stream.addEventListener("changed", (event) => {
    const said = JSON.parse(event.data);
    versions.set(said.case, said.version);
    tell({ type: "changed", key: said.case, version: said.version }, (tab) => tab.cases.includes(said.case));
  });
  stream.addEventListener("list", (event) => {
    revision = JSON.parse(event.data).list;
    tell({ type: "list" }, (tab) => tab.list);
  });
  // A stream that was refused, as after the end of a session, is not opened again by the browser itself.
  stream.addEventListener("error", () => {
    if (stream.readyState === EventSource.CLOSED && stream === source) later(5000);
  });
};
const later = (wait) => {
  clearTimeout(timer);
  timer = setTimeout(open, wait);
};
const hear = (port, message) => {
  if (message.leaves) {
    tabs.delete(port);
    if (JSON.stringify([wanted().keys, wanted().list]) !== opened) later(500);
    return;
  }
  tabs.set(port, { cases: message.cases.map((one) => one.key), list: message.list !== null });
  message.cases.forEach((one) => versions.set(one.key, one.version));
  if (message.list) revision = message.list;
  later(50);
};
self.addEventListener("connect", (event) => {
  const port = event.ports[0];
  port.addEventListener("message", (said) => hear(port, said.data));
  port.start();
});
