"use strict";
// Saves each field by itself: a second after the last key, and when it is left. What fails stays marked, is kept as a
// draft and tried again; a page that is left sends what it still has.
(() => {
  const Desk = window.Desk = window.Desk || {};
  const PAUSE = 1000;
  const WAITS = [2000, 4000, 8000, 15000, 30000];
  const TIMEOUT = 30000;
  const WORDS = { dirty: "未保存", sending: "保存中", saved: "已保存", failed: "未保存" };
  const units = new Map();
  const queue = [];
  let running = null;
  let attempts = 0;
  let retryTimer = 0;
  let sequence = 0;
  let reason = "";

  const { boxOf, inputsOf, isTick, savedValue, pairs, savedPairs, isSame, fill, hidden, beforeOf, labelOf, faultOf, adoptValues } = Desk.fields;
  const byId = (id) => document.getElementById(id);
  // The unit of a field: what is being written in it, and how far that is.
  const unitOf = (box) => {
    if (!units.has(box.id)) {
      units.set(box.id, { id: box.id, label: labelOf(box), state: "", pairs: null, base: savedPairs(box), before: null, trigger: "", message: "", kind: "", timer: 0 });
    }
    return units.get(box.id);
  };
  const isOpen = (unit) => unit.state === "dirty" || unit.state === "sending" || unit.state === "failed";
  const draftOf = (unit) => ({ label: unit.label, pairs: unit.pairs, before: unit.before, trigger: unit.trigger });

  const show = (unit) => {
    const box = byId(unit.id);
    if (!box) return;
    if (unit.state) box.dataset.save = unit.state;
    else delete box.dataset.save;
    let mark = box.querySelector(".save-mark");
    if (!mark) {
      mark = document.createElement("span");
      mark.className = "save-mark";
      mark.setAttribute("aria-hidden", "true");
      box.append(mark);
    }
    mark.textContent = WORDS[unit.state] || "";
    const refused = box.querySelector(".refused");
    if (!refused || unit.kind === "refused") return;
    const text = unit.state === "failed" && unit.kind === "invalid" ? unit.message : "";
    if (refused.textContent === text) return;
    refused.textContent = "";
    if (!text) return;
    const line = document.createElement("p");
    line.className = "finding error";
    line.textContent = text;
    refused.append(line);
  };
  let told = "";
  let isResumed = false; // before that, a draft may wait to be put back
  const showBar = () => {
    const bar = byId("save-bar");
    if (!bar) return;
    const open = [...units.values()].filter(isOpen);
    const failed = open.filter((unit) => unit.state === "failed");
    const retried = failed.filter((unit) => unit.kind === "retry");
    let text = isResumed ? "已保存" : "";
    if (open.some((unit) => unit.state === "dirty")) text = "未保存";
    if (running) text = "保存中……";
    if (failed.length) text = `${failed.length} 处未保存`;
    const more = retried.length ? `${reason}，连上以后自动保存` : "";
    bar.dataset.state = failed.length ? "failed" : open.length || !isResumed ? "open" : "saved";
    byId("save-state").textContent = more ? `${text}：${more}` : text;
    byId("save-retry").hidden = !retried.length;
    const list = byId("save-failed");
    list.textContent = "";
    failed.forEach((unit) => {
      const link = document.createElement("a");
      link.href = `#${unit.id}`;
      link.textContent = unit.label;
      list.append(link);
    });
    const aloud = failed.length ? `${text}${more ? `：${more}` : ""}` : told ? "已全部保存" : "";
    if (byId("save-told").textContent !== aloud) byId("save-told").textContent = aloud;
    told = failed.length ? aloud : "";
  };
  const refresh = (unit) => { show(unit); showBar(); };

  const touch = (box, trigger) => {
    const unit = unitOf(box);
    if (!isOpen(unit)) {
      unit.before = beforeOf(box);
      unit.kind = "";
    }
    unit.pairs = pairs(box);
    unit.isUnfinished = faultOf(box) !== "";
    unit.trigger = trigger;
    if (unit.state !== "sending") unit.state = "dirty";
    if (["refused", "invalid", "choice"].includes(unit.kind)) unit.kind = "";
    // An unfinished date has no value: put back, it would empty the field.
    if (unit.isUnfinished) Desk.drafts.drop(unit.id);
    else Desk.drafts.put(unit.id, draftOf(unit));
    clearTimeout(unit.timer);
    refresh(unit);
    return unit;
  };
  const settle = (unit) => {
    unit.state = "saved";
    unit.kind = "";
    unit.message = "";
    Desk.drafts.drop(unit.id);
    refresh(unit);
  };
  const fail = (unit, kind, message) => {
    unit.state = "failed";
    unit.kind = kind;
    unit.message = message;
    refresh(unit);
  };
  // Asks for a save of what the unit holds; nothing is sent where it is what the case holds already.
  const flush = (unit) => {
    clearTimeout(unit.timer);
    if (!isOpen(unit) || (running && running.unit === unit)) return;
    const box = byId(unit.id);
    // What an input method composes is no word yet; its end asks again.
    if (box && Desk.isComposing(box)) return;
    const fault = box ? faultOf(box) : "";
    if (fault) { fail(unit, "invalid", fault); return; }
    if (unit.kind === "refused" || unit.kind === "choice") return;
    if (isSame(unit.pairs, unit.base)) { settle(unit); return; }
    if (!queue.includes(unit)) queue.push(unit);
    pump();
  };

  const pump = () => {
    // One choice between two values at a time: the next would take the place of its dialog.
    if (running || !queue.length || document.querySelector("#dialog form.conflict")) { showBar(); return; }
    const unit = queue.shift();
    const box = byId(unit.id);
    if (!box) {
      fail(unit, "gone", "");
      pump();
      return;
    }
    // While it waited for its turn, its date may have been begun anew: there is no value to send.
    if (faultOf(box)) {
      fail(unit, "invalid", faultOf(box));
      pump();
      return;
    }
    unit.state = "sending";
    running = { unit, id: String(++sequence), sent: unit.pairs, xhr: null, version: "" };
    refresh(unit);
    const values = { before: unit.before };
    if (hidden(box, "path")) values.path = hidden(box, "path").value;
    const version = byId(box.dataset.version);
    values.version = version ? version.value : "";
    unit.pairs.forEach(([name, value]) => { values[name] = name in values ? [].concat(values[name], value) : value; });
    const own = running;
    const done = () => { if (running === own) finish(own); };
    window.htmx.ajax("POST", box.dataset.saves, {
      source: box, target: box.dataset.target || box, swap: "outerHTML", values,
      headers: { "X-Desk-Save": own.id, "HX-Trigger-Name": unit.trigger },
    }).then(done, done);
  };
  document.addEventListener("close", (event) => { if (event.target.id === "dialog") setTimeout(pump); }, true);
  const isOwn = (detail) => running && detail.requestConfig && detail.requestConfig.headers["X-Desk-Save"] === running.id;
  Desk.isSave = (detail) => Boolean(detail.requestConfig && detail.requestConfig.headers["X-Desk-Save"]);
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.headers["X-Desk-Save"]) event.detail.timeout = TIMEOUT;
  });
  document.addEventListener("htmx:beforeRequest", (event) => { if (isOwn(event.detail)) running.xhr = event.detail.xhr; });

  const finish = (own) => {
    const { unit, sent, xhr } = own;
    running = null;
    const status = xhr ? xhr.status : 0;
    const outcome = xhr && status === 200 ? xhr.getResponseHeader("X-Desk-Outcome") : "";
    if (outcome === "saved") {
      attempts = 0;
      unit.base = sent;
      const box = byId(unit.id);
      if (box) unit.before = beforeOf(box);
      if (isSame(unit.pairs, sent)) {
        settle(unit);
      } else {
        unit.state = "dirty";
        Desk.drafts.put(unit.id, draftOf(unit));
        unit.timer = setTimeout(() => flush(unit), PAUSE);
        refresh(unit);
      }
      retryFailed();
    } else if (outcome) {
      fail(unit, outcome === "refused" ? "refused" : "choice", "");
      if (outcome === "refused" && !isSame(unit.pairs, sent)) {
        unit.kind = "";
        flush(unit);
      }
    } else {
      recover(unit, status, xhr);
    }
    pump();
    if (!running && !queue.length) idle.splice(0).forEach((resolve) => resolve());
  };
  const recover = (unit, status, xhr) => {
    if (status === 401) {
      reason = "登录已经过期，重新登录";
      fail(unit, "retry", "");
      queue.splice(0).forEach((one) => fail(one, "retry", ""));
      Desk.signIn().then((is) => (is ? retryFailed() : schedule()));
    } else if (status === 403 && !unit.renewed) {
      unit.renewed = true;
      reason = "正在重新核对登录";
      fail(unit, "retry", "");
      Desk.renew().then((is) => (is ? retryFailed() : schedule()));
    } else if (status === 0 || status === 408 || status === 429 || status >= 500) {
      reason = status === 0 || [502, 503, 504].includes(status) ? "连不上工作台" : "工作台没有收下";
      fail(unit, "retry", "");
      queue.splice(0).forEach((one) => fail(one, "retry", ""));
      schedule();
    } else {
      const isTold = xhr && xhr.getResponseHeader("x-bundler-desk");
      fail(unit, "invalid", `没有保存：${isTold ? xhr.responseText : "工作台没有收下"}`);
    }
  };
  const schedule = () => {
    clearTimeout(retryTimer);
    retryTimer = setTimeout(retryFailed, WAITS[Math.min(attempts, WAITS.length - 1)]);
    attempts += 1;
  };
  const retryFailed = () => {
    clearTimeout(retryTimer);
    units.forEach((unit) => { if (unit.state === "failed" && unit.kind === "retry") flush(unit); });
  };
  // Whether a field holds what is not saved yet, but for what this answer saved. A choice between values has its dialog.
  Desk.isWritten = (box, isAnswer = false) => {
    if (isAnswer && isAnswered(box) && isSame(running.unit.pairs, running.sent)) return false;
    const unit = units.get(box.id);
    return Boolean(unit && isOpen(unit) && !["choice", "gone"].includes(unit.kind)) || faultOf(box) !== "";
  };
  const isAnswered = (box) => Boolean(running) && running.unit.id === box.id;
  const idle = [];
  const openUnits = () => [...units.values()].filter(isOpen);
  // Saves everything that can be saved now; resolves when that was tried.
  Desk.flushAll = () => {
    openUnits().forEach(flush);
    return running || queue.length ? new Promise((resolve) => idle.push(resolve)) : Promise.resolve();
  };

  // Typing, choosing, leaving.
  const isChosen = (element) => isTick(element);
  document.addEventListener("compositionend", (event) => {
    const box = boxOf(event.target);
    if (box) schedulePause(touch(box, event.target.name));
  });
  const schedulePause = (unit) => { unit.timer = setTimeout(() => flush(unit), PAUSE); };
  document.addEventListener("input", (event) => {
    const box = boxOf(event.target);
    if (!box) return;
    const unit = touch(box, event.target.name);
    if (isChosen(event.target)) flush(unit);
    // A date that is being typed is complete by chance at every digit of its year, or not at all.
    else if (!Desk.isComposing() && !faultOf(box)) schedulePause(unit);
  });
  // A date that becomes incomplete is told by no `input` event in every browser.
  document.addEventListener("keyup", (event) => {
    const box = boxOf(event.target);
    if (box && event.target.validity && event.target.validity.badInput && !unitOf(box).timer) touch(box, event.target.name);
  });
  document.addEventListener("focusout", (event) => {
    const box = boxOf(event.target);
    if (!box) return;
    const unit = unitOf(box);
    const fault = faultOf(box);
    if (fault && !isOpen(unit)) touch(box, event.target.name);
    if (isOpen(unit)) flush(unit);
    else if (!isTick(event.target) && event.target.value !== savedValue(event.target)) event.target.value = savedValue(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.target.tagName !== "INPUT") return;
    const box = boxOf(event.target);
    if (box && !isTick(event.target)) flush(unitOf(box));
  });

  // What a field shows anew is put into the field that is there: whoever is writing in it goes on writing. A value that is
  // not saved stays, with the value that was seen before.
  Desk.adopt = (box, fresh, isAnswer) => {
    const isSaved = isAnswer && isAnswered(box);
    const isTyped = Desk.isWritten(box, isAnswer) || (isSaved && box.contains(document.activeElement));
    if (isSaved || !isTyped) adoptValues(box, inputsOf(fresh), isTyped);
    if ((isSaved || !isTyped) && hidden(box, "before")) hidden(box, "before").value = beforeOf(fresh);
    ["wrong", "asked"].forEach((name) => box.classList.toggle(name, fresh.classList.contains(name)));
    const parts = isSaved ? [".notes", ".refused"] : [".notes"];
    parts.forEach((part) => {
      const [to, from] = [box.querySelector(part), fresh.querySelector(part)];
      if (to && from && to.innerHTML !== from.innerHTML) to.innerHTML = from.innerHTML;
    });
  };
  // What is typed and not saved survives that others' changes are shown, with the value that was seen before, so that
  // the desk notices where both wrote. A row may have become another one; then its text waits at the bar.
  let caret = null;
  document.addEventListener("htmx:beforeSwap", () => rememberCaret());
  document.addEventListener("htmx:oobBeforeSwap", () => rememberCaret());
  const rememberCaret = () => {
    const element = document.activeElement;
    const box = boxOf(element);
    caret = box && element.id ? { id: element.id, start: readSelection(element, "selectionStart"), end: readSelection(element, "selectionEnd") } : null;
  };
  const readSelection = (element, name) => { try { return element[name]; } catch (_) { return null; } };
  const restore = () => {
    units.forEach((unit) => {
      const box = byId(unit.id);
      if (!box) return;
      if (isOpen(unit) && unit.isUnfinished && !faultOf(box)) {
        // The field is another one, and the digits of its unfinished date are gone with the one before.
        unit.isUnfinished = false;
        unit.pairs = unit.base = savedPairs(box);
        fail(unit, "invalid", "没有写完的日期没有保存，请再写一次。");
      } else if (isOpen(unit) && unit.kind !== "choice" && !isSame(pairs(box), unit.pairs) && !Desk.isComposing(box) && !faultOf(box)) {
        if (box.closest(".row") && beforeOf(box) !== unit.before) fail(unit, "gone", "");
        else {
          fill(box, unit.pairs);
          if (hidden(box, "before")) hidden(box, "before").value = unit.before;
        }
      } else if (!isOpen(unit)) {
        unit.base = savedPairs(box);
      }
      show(unit);
    });
    const back = caret && byId(caret.id);
    if (back && document.activeElement === document.body) {
      back.focus({ preventScroll: true });
      if (caret.start !== null && caret.start !== undefined) { try { back.setSelectionRange(caret.start, caret.end); } catch (_) { /* no text */ } }
    }
    showBar();
  };
  document.addEventListener("htmx:afterSwap", restore);
  document.addEventListener("htmx:oobAfterSwap", restore);
  // The choice between two values was made: the form shows what stands now.
  Desk.chosen = () => units.forEach((unit) => { if (unit.kind === "choice") { settle(unit); } });

  // Other changes of the case wait until what is typed is saved, for they may move the rows that it stands in.
  document.addEventListener("htmx:confirm", (event) => {
    const detail = event.detail;
    if (detail.verb !== "post" || boxOf(detail.elt) === detail.elt || detail.elt.matches("form.conflict") || !openUnits().some((unit) => !unit.kind)) return;
    event.preventDefault();
    Desk.flushAll().then(() => {
      if (detail.elt.isConnected) detail.issueRequest(true);
      else Desk.showError("这一部分刚换成新的，没有办成，请再按一次。");
    });
  });

  // Leaving.
  const params = (unit, box) => {
    const sent = new URLSearchParams({ csrf: Desk.csrf(), before: unit.before, trigger: unit.trigger });
    if (hidden(box, "path")) sent.set("path", hidden(box, "path").value);
    const version = byId(box.dataset.version);
    sent.set("version", version ? version.value : "");
    unit.pairs.forEach(([name, value]) => sent.append(name, value));
    return sent;
  };
  const sendLast = () => openUnits().forEach((unit) => {
    const box = byId(unit.id);
    if (!box || faultOf(box) || ["refused", "choice", "gone"].includes(unit.kind)) return;
    Desk.drafts.put(unit.id, draftOf(unit));
    navigator.sendBeacon(box.dataset.saves, params(unit, box));
  });
  window.addEventListener("pagehide", sendLast);
  document.addEventListener("visibilitychange", () => { if (document.hidden) openUnits().forEach(flush); });
  window.addEventListener("beforeunload", (event) => {
    const isLost = openUnits().some((unit) => { const box = byId(unit.id); return box && faultOf(box); }) || (openUnits().length > 0 && !Desk.drafts.works());
    if (!isLost) return;
    event.preventDefault();
    event.returnValue = "";
  });
  window.addEventListener("online", () => { attempts = 0; retryFailed(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) retryFailed(); });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form.leave") || !openUnits().length || form.dataset.flushed) return;
    event.preventDefault();
    form.dataset.flushed = "yes";
    Desk.flushAll().then(() => form.submit());
  });

  // Drafts were looked for; whether a field holds what is not saved; and what puts a draft back into its field, if it is here.
  Desk.resumed = () => {
    isResumed = true;
    showBar();
  };
  Desk.isUnsaved = (id) => units.has(id) && isOpen(units.get(id));
  Desk.putBack = (draft) => {
    const box = byId(draft.id);
    if (!box || !box.dataset.saves) return false;
    fill(box, draft.pairs);
    for (let part = box.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    const unit = touch(box, draft.trigger);
    unit.before = draft.before;
    Desk.drafts.put(unit.id, draftOf(unit));
    flush(unit);
    return true;
  };
  // A browser may have put text back into a field that it had before the page was left: what counts is the draft.
  const forgetRestored = () => document.querySelectorAll("[data-saves]").forEach((box) => {
    if (!units.has(box.id) && !isSame(pairs(box), savedPairs(box)) && !box.contains(document.activeElement)) fill(box, savedPairs(box));
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("#save-retry")) { attempts = 0; retryFailed(); }
    const fix = event.target.closest("[data-fix]");
    if (fix) put(fix);
  });
  // A value that the desk proposes is put into its field with a click.
  const put = (button) => {
    const box = boxOf(button);
    const input = box && inputsOf(box)[0];
    if (!input) return;
    input.value = button.dataset.fix;
    input.focus();
    flush(touch(box, input.name));
  };

  // What was typed before this script came was told by no event that it heard.
  const isFresh = () => { const [entry] = performance.getEntriesByType("navigation"); return Boolean(entry) && entry.type === "navigate"; };
  const takeEarly = () => document.querySelectorAll("[data-saves]").forEach((box) => {
    if (isSame(pairs(box), savedPairs(box)) || !(isFresh() || box.contains(document.activeElement))) return;
    schedulePause(touch(box, inputsOf(box)[0].name));
  });

  const begin = () => {
    if (!byId("save-bar")) return;
    Desk.on("reached", () => { attempts = 0; retryFailed(); });
    setTimeout(forgetRestored);
    showBar();
  };
  if (byId("save-bar")) takeEarly();
  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin);
})();
