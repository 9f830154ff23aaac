"use strict";
// What was typed and is not saved yet, kept in this browser: for the account, the case and the field that it belongs to.
(() => {
  const Desk = window.Desk = window.Desk || {};
  const DAYS = 14;
  const PREFIX = "desk-draft:";
  const tab = () => {
    if (!sessionStorage.getItem("desk-tab")) sessionStorage.setItem("desk-tab", `${Date.now()}-${Math.random()}`);
    return sessionStorage.getItem("desk-tab");
  };
  const caseKey = () => { const head = document.getElementById("case-head"); return head ? head.dataset.key : ""; };
  const prefix = () => `${PREFIX}${document.body.dataset.actor}:${caseKey()}:`;
  const read = (key) => {
    try { return JSON.parse(localStorage.getItem(key)); } catch (_) { return null; }
  };
  // By the desk's calendar: the clock of this computer may be years off, and be put right later.
  const today = () => document.body.dataset.today;
  const age = (draft) => (Date.parse(today()) - (typeof draft.at === "number" ? draft.at : Date.parse(draft.at))) / 86400000;
  // Storage may be full or forbidden; then the page warns before it is left.
  let works = true;
  const put = (id, draft) => {
    try {
      localStorage.setItem(prefix() + id, JSON.stringify({ ...draft, id, tab: tab(), at: today() }));
    } catch (_) {
      works = false;
    }
  };
  const drop = (id) => { try { localStorage.removeItem(prefix() + id); } catch (_) { works = false; } };
  const all = () => {
    try {
      const keys = [...Array(localStorage.length).keys()].map((number) => localStorage.key(number)).filter((key) => key.startsWith(PREFIX));
      const old = keys.filter((key) => { const draft = read(key); return !draft || age(draft) > DAYS; });
      old.forEach((key) => localStorage.removeItem(key));
      return keys.filter((key) => !old.includes(key) && key.startsWith(prefix())).map(read);
    } catch (_) {
      works = false;
      return [];
    }
  };

  // A draft of another tab that is still open is that tab's own affair.
  const channel = window.BroadcastChannel ? new BroadcastChannel("desk-tabs") : null;
  const heard = new Set();
  if (channel) {
    channel.addEventListener("message", (event) => {
      if (event.data.asks && event.data.asks !== tab()) channel.postMessage({ here: tab() });
      if (event.data.here) heard.add(event.data.here);
    });
  }
  const openTabs = () => new Promise((resolve) => {
    heard.clear();
    if (channel) channel.postMessage({ asks: tab() });
    setTimeout(() => resolve(new Set(heard)), channel ? 600 : 0);
  });
  // The drafts of this case that no open tab is about to save: those of this tab itself, and those of closed ones.
  const found = () => {
    const drafts = all();
    const own = drafts.filter((draft) => draft.tab === tab());
    if (own.length === drafts.length) return Promise.resolve({ own, left: [] });
    return openTabs().then((open) => ({ own, left: drafts.filter((draft) => draft.tab !== tab() && !open.has(draft.tab)) }));
  };
  Desk.drafts = { put, drop, found, works: () => works };
})();
