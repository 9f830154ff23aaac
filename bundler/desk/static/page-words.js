"use strict";
// What was read on the page that the viewer shows: its words over the picture on demand, warnings and hits at their places.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const SHARE = 0.82; // of the height of a line that its letters take
  const states = new WeakMap();
  const imageOf = (viewer) => [...viewer.querySelectorAll(".sheet img")].find((img) => !img.hidden);
  const numberOf = (img) => Number((/\/pages\/(\d+)/.exec(img.dataset.page) || [])[1]);
  const make = (name, values) => {
    const element = document.createElementNS(SVG, name);
    Object.entries(values).forEach(([key, value]) => element.setAttribute(key, value));
    return element;
  };
  const frame = ([left, top, right, bottom], kind, title) => {
    const rect = make("rect", { x: left, y: top, width: right - left, height: bottom - top, class: kind });
    if (title) rect.append(Object.assign(make("title", {}), { textContent: title }));
    return rect;
  };
  // A line of a page that lies on its side runs along that side.
  const line = ([left, top, right, bottom, text], turn) => {
    const group = make("g", { class: "word" });
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const [length, height] = turn % 180 ? [bottom - top, right - left] : [right - left, bottom - top];
    const letters = make("text", { x: x - length / 2, y: y + height * 0.32, "font-size": height * SHARE, textLength: length, lengthAdjust: "spacingAndGlyphs" });
    if (turn) letters.setAttribute("transform", `rotate(${-turn} ${x} ${y})`);
    letters.textContent = text;
    group.append(frame([left, top, right, bottom], "paper"), letters);
    return group;
  };
  const tell = (viewer, state, page, number) => {
    const box = viewer.querySelector(".page-told");
    const texts = page ? page.warnings.map((one) => one.text) : [];
    if (page && page.is_unclear) texts.push("这一页识读不了。");
    if (state.shows && !page) texts.push(state.scans.includes(number) ? "这一页还没有识读。" : "这一页是空白页，或者本来带有文字，不识读。");
    const shown = texts.map((text) => {
      const row = document.createElement("p");
      row.className = "finding warning";
      row.textContent = text;
      return row;
    });
    box.replaceChildren(...shown);
  };
  const draw = (viewer) => {
    const state = states.get(viewer);
    const img = imageOf(viewer);
    if (!state || !img) return;
    const number = numberOf(img);
    const page = state.pages.get(number);
    tell(viewer, state, page, number);
    if (state.layer) state.layer.remove();
    state.layer = null;
    if (!page) return;
    const layer = make("svg", { class: "page-layer", viewBox: `0 0 ${page.width} ${page.height}`, preserveAspectRatio: "none" });
    if (state.shows) page.lines.forEach((one) => layer.append(line(one, page.turn)));
    else layer.setAttribute("aria-hidden", "true");
    page.warnings.forEach((one) => one.boxes.forEach((box) => layer.append(frame(box, box[2] - box[0] === page.width ? "warned whole" : "warned", one.text))));
    page.found.forEach((box) => layer.append(frame(box, "found")));
    if (!layer.childNodes.length) return;
    img.after(layer);
    state.layer = layer;
    lay(viewer);
    const found = layer.querySelector(".found");
    if (found && state.reveals) reveal(found, layer.closest(".sheet"));
    if (found && img.complete) state.reveals = false;
  };
  // Only the sheet scrolls: the form beside it stays where the clerk is.
  const reveal = (mark, sheet) => {
    const [place, view] = [mark.getBoundingClientRect(), sheet.getBoundingClientRect()];
    sheet.scrollTop += place.top + place.height / 2 - view.top - view.height / 2;
    sheet.scrollLeft += place.left + place.width / 2 - view.left - view.width / 2;
  };
  const lay = (viewer) => {
    const state = states.get(viewer);
    const img = imageOf(viewer);
    if (!state || !state.layer || !img) return;
    const place = { left: img.offsetLeft, top: img.offsetTop, width: img.offsetWidth, height: img.offsetHeight };
    Object.entries(place).forEach(([key, value]) => { state.layer.style[key] = `${value}px`; });
  };
  const watch = (viewer) => {
    const sheet = viewer.querySelector(".sheet");
    const redraw = () => draw(viewer);
    new MutationObserver((changes) => {
      if (changes.some((one) => one.target.tagName === "IMG")) redraw();
    }).observe(sheet, { attributes: true, subtree: true, attributeFilter: ["hidden"] });
    sheet.addEventListener("load", redraw, true);
    if (window.ResizeObserver) new ResizeObserver(() => lay(viewer)).observe(sheet);
    new MutationObserver(() => lay(viewer)).observe(viewer, { attributes: true, attributeFilter: ["class"] });
  };
  // Until they are there, the scan is shown without its words.
  const fetchWords = (viewer, use) => {
    const address = viewer.dataset.words;
    window.Desk.fetchInBackground(`words ${address}`, address, viewer, () => fetchWords(viewer, use))
      .then((answer) => (answer ? answer.json() : null))
      .then((read) => { if (read && viewer.isConnected) use(read); });
  };
  const start = (viewer) => {
    if (!viewer || !viewer.dataset.words || states.has(viewer)) return;
    const state = { pages: new Map(), scans: [], shows: false, layer: null, reveals: true };
    states.set(viewer, state);
    fetchWords(viewer, (read) => {
      read.pages.forEach((page) => state.pages.set(page.number, page));
      state.scans = read.scans;
      watch(viewer);
      if (state.wanted) light(viewer, ...state.wanted);
      draw(viewer);
    });
  };
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    if (target && target.querySelector) start(target.querySelector(".viewer"));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-words-toggle]");
    const viewer = button && button.closest(".viewer");
    const state = viewer && states.get(viewer);
    if (!state) return;
    state.shows = !state.shows;
    button.setAttribute("aria-pressed", String(state.shows));
    draw(viewer);
  });
  // The place of a proposed value is lit up on the scan beside the form.
  const light = (viewer, number, box) => {
    const state = states.get(viewer);
    if (!state) return;
    state.wanted = [number, box];
    const page = state.pages.get(number);
    if (!page) return;
    page.found = [box];
    state.reveals = true;
    draw(viewer);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-light]");
    if (!button) return;
    const box = button.dataset.box.split(",").map(Number);
    const toggle = document.getElementById("scan-toggle");
    if (toggle && toggle.getAttribute("aria-expanded") === "false") toggle.click();
    const choice = document.getElementById("scan-choice");
    const same = choice && [...choice.options].find((one) => one.value && button.dataset.light.startsWith(one.value));
    if (same) choice.value = same.value;
    window.Desk.inTurn(() => window.htmx.ajax("GET", button.dataset.light, { target: "#scan-view", swap: "innerHTML" })).then(() => {
      const viewer = document.querySelector("#scan-view .viewer");
      if (viewer) light(viewer, Number(button.dataset.page), box);
    });
  });
  // A link from the search opens the viewer with the page.
  document.addEventListener("DOMContentLoaded", () => {
    const opens = document.querySelector("[data-opens-viewer]");
    if (opens) window.htmx.ajax("GET", opens.dataset.opensViewer, { target: "#dialog" });
  });
})();
