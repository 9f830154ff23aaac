"use strict";
// Files that come in are sent one by one: the picture of the first is there while the others are still on their way.
(() => {
  const AT_ONCE = 2;
  const content = () => document.getElementById("sorting-content");
  let waiting = [];
  let sending = 0;
  let sent = 0;
  let refused = 0;
  let total = 0;
  const form = () => document.getElementById("page-drop");
  const tellQueue = (part) => {
    const box = form();
    if (!box) return;
    const bar = box.querySelector("progress");
    const left = waiting.length + sending;
    bar.hidden = !left;
    bar.value = total ? (100 * (sent + (part || 0))) / total : 0;
    document.getElementById("queue-told").textContent = left ? `正在收：${sent} / ${total} 份`
      : refused ? `收下 ${sent - refused} 份，${refused} 份没有收下` : total ? `收完了：${sent} 份` : "";
  };
  const countTiles = () => {
    const box = document.getElementById("waiting-count");
    if (!box) return;
    box.textContent = String(document.querySelectorAll("#tiles .waiting-file").length);
    const tiles = document.getElementById("tiles");
    if (!tiles.querySelector(".tile")) return;
    tiles.setAttribute("role", "listbox");
    tiles.setAttribute("aria-multiselectable", "true");
    document.getElementById("sort-empty").hidden = true;
  };
  const failed = (file, text) => {
    const box = document.getElementById("queue-failed");
    if (!box) return;
    const line = document.createElement("p");
    line.className = "finding error";
    line.append(`“${file.name}”${text} `);
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "再试";
    button.addEventListener("click", () => {
      line.remove();
      add([file]);
    });
    line.append(button);
    box.append(line);
  };
  // Files that the network did not carry stay in the page, and are sent again by themselves.
  let unsent = [];
  let attempts = 0;
  let retryTimer = 0;
  const tellUnsent = () => {
    const box = document.getElementById("queue-unsent");
    if (!box) return;
    box.hidden = !unsent.length;
    const text = unsent.length ? `${unsent.length} 份还没有传上：连不上工作台。文件还在这一页，连上以后自动再传。` : "";
    if (box.firstElementChild.textContent !== text) box.firstElementChild.textContent = text;
  };
  const keep = (files) => {
    unsent = unsent.concat(files);
    tellUnsent();
    attempts += 1;
    wait();
  };
  const wait = () => {
    clearTimeout(retryTimer);
    retryTimer = setTimeout(sendAgain, window.Desk.pauseAfter(Math.max(attempts, 1)));
  };
  const sendAgain = () => {
    clearTimeout(retryTimer);
    if (!unsent.length) return;
    if (sending) {
      wait();
      return;
    }
    const files = unsent;
    unsent = [];
    receive(files);
  };
  const received = (html) => {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    parsed.querySelectorAll("[data-refusal]").forEach((line) => {
      refused += 1;
      document.getElementById("queue-failed").append(line);
    });
    const tiles = document.getElementById("tiles");
    if (!tiles) return;
    parsed.querySelectorAll(".waiting-file").forEach((file) => {
      const old = document.getElementById(file.id);
      const name = file.getAttribute("aria-label");
      const after = [...tiles.children].find((one) => one.matches(".waiting-file") && one.getAttribute("aria-label") > name);
      if (old) old.replaceWith(file);
      else tiles.insertBefore(file, after || null);
      window.htmx.process(file);
    });
    countTiles();
    document.dispatchEvent(new CustomEvent("desk-files-received"));
  };
  const transmit = (file) => new Promise((resolve) => {
    const data = new FormData();
    data.append("tiles", "yes");
    data.append("files", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form().dataset.queue);
    request.setRequestHeader("X-CSRF-Token", window.Desk.csrf());
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) tellQueue(event.loaded / event.total / 2); });
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => resolve(null));
    request.addEventListener("abort", () => resolve(null));
    request.send(data);
  });
  const next = () => {
    tellQueue();
    if (!waiting.length || sending >= AT_ONCE) return;
    const file = waiting.shift();
    sending += 1;
    transmit(file).then((request) => {
      sending -= 1;
      if (request && request.status === 200) {
        sent += 1;
        attempts = 0;
        received(request.responseText);
      } else if (request && request.status === 401) {
        window.Desk.signIn().then((is) => { if (is) add([file]); else failed(file, "没有收下：没有登录。"); });
        total -= 1;
      } else if (request && request.getResponseHeader("x-bundler-desk")) {
        sent += 1;
        refused += 1;
        failed(file, `没有收下：${request.responseText}`);
      } else {
        // The others would not get through either.
        const left = [file, ...waiting];
        total -= left.length;
        waiting = [];
        keep(left);
      }
      if (!waiting.length && !sending) tellUnsent();
      next();
    });
    next();
  };
  const add = (files) => {
    if (!waiting.length && !sending) { sent = 0; refused = 0; total = 0; }
    waiting = waiting.concat(files);
    total += files.length;
    next();
    next();
  };
  const receive = (files) => {
    if (!files.length) return;
    if (content()) { add(files); return; }
    const show = () => window.htmx.ajax("GET", form().dataset.sorting, { target: "#part", select: "#part", swap: "outerHTML" });
    window.Desk.inTurn(show).catch(() => {}).then(() => {
      if (!content()) { keep(files); return; }
      window.history.pushState({}, "", form().dataset.sorting);
      add(files);
    });
  };
  window.addEventListener("popstate", () => window.location.reload());
  window.addEventListener("beforeunload", (event) => {
    if (!waiting.length && !sending && !unsent.length) return;
    event.preventDefault();
    event.returnValue = "";
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches || !event.target.matches('#page-drop input[type="file"]')) return;
    const files = [...event.target.files];
    event.target.value = "";
    receive(files);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-unsent]");
    if (!button) return;
    if (button.dataset.unsent === "drop") unsent = [];
    tellUnsent();
    sendAgain();
  });
  window.addEventListener("online", sendAgain);

  document.addEventListener("htmx:afterSettle", () => { if (content()) countTiles(); });
})();
