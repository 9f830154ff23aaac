"use strict";
// Sorting what came in: the pictures are marked and given a place by dragging, by key or by a click.
(() => {
  const PARTS = "application/x-bundler-parts";
  const content = () => document.getElementById("sorting-content");
  const tilesOf = () => (content() ? [...content().querySelectorAll(".tile")] : []);
  const chosen = new Set();
  let current = "";
  let anchor = "";
  let page = 0;

  const nameOf = (tile) => tile.dataset.part;
  const tileOf = (name) => tilesOf().find((tile) => nameOf(tile) === name);
  const chosenTiles = () => tilesOf().filter((tile) => chosen.has(nameOf(tile)));
  const say = (id, text) => { const box = document.getElementById(id); if (box) box.textContent = text; };
  const told = (text) => say("sort-told", text);

  // Marks are kept by name, so that they outlive a swap of the page's content.
  const paint = () => {
    const tiles = tilesOf();
    const names = tiles.map(nameOf);
    [...chosen].filter((name) => !names.includes(name)).forEach((name) => chosen.delete(name));
    if (tiles.length && !names.includes(current)) current = names[0];
    tiles.forEach((tile) => {
      tile.setAttribute("aria-selected", String(chosen.has(nameOf(tile))));
      tile.tabIndex = nameOf(tile) === current ? 0 : -1;
    });
    const upright = content() && content().querySelector('[data-sort="upright"]');
    const turned = tiles.reduce((sum, tile) => sum + Number(tile.dataset.turned || 0), 0);
    if (upright) {
      upright.hidden = !turned;
      upright.textContent = turned ? `放正 ${turned} 页` : "";
    }
    say("sort-chosen", chosen.size ? `选了 ${chosen.size} 份` : "没有选");
    preview();
  };
  const preview = () => {
    const image = document.getElementById("preview-image");
    if (!image) return;
    const tile = tileOf(current);
    const first = tile && tile.dataset.base ? Number(tile.dataset.first) : 0;
    const last = first ? Number(tile.dataset.last) : 0;
    page = Math.min(Math.max(page, first), last);
    image.hidden = !first;
    document.getElementById("preview-count").textContent = first ? `${tile.dataset.name}，第 ${page} 页（${first}–${last}）` : "";
    content().querySelector('[data-sort="previous"]').disabled = !first || page <= first;
    content().querySelector('[data-sort="next"]').disabled = !first || page >= last;
    if (!first) return;
    const address = `${tile.dataset.base}/pages/${page}?v=${tile.dataset.version}`;
    if (image.getAttribute("src") !== address) image.src = address;
    image.alt = `${tile.dataset.name}，第 ${page} 页`;
  };
  const makeCurrent = (tile) => {
    if (nameOf(tile) !== current) page = 0;
    current = nameOf(tile);
  };
  const chooseOnly = (tile) => {
    chosen.clear();
    chosen.add(nameOf(tile));
    anchor = nameOf(tile);
  };
  const toggle = (tile) => {
    if (!chosen.delete(nameOf(tile))) chosen.add(nameOf(tile));
    anchor = nameOf(tile);
  };
  const chooseTo = (tile) => {
    const names = tilesOf().map(nameOf);
    const [from, to] = [names.indexOf(anchor), names.indexOf(nameOf(tile))].sort((one, other) => one - other);
    chosen.clear();
    names.slice(Math.max(from, 0), to + 1).forEach((name) => chosen.add(name));
  };
  const chooseAll = () => tilesOf().forEach((tile) => { if (!tile.dataset.rest) chosen.add(nameOf(tile)); });

  // Actions.
  const send = (action, parts, more) => {
    const box = content();
    const at = tilesOf().findIndex((tile) => nameOf(tile) === current);
    const had = box.contains(document.activeElement) && document.activeElement.matches(".tile");
    return window.Desk.inTurn(() => window.htmx.ajax("POST", `${box.dataset.act}/${action}`, {
      target: "#sorting-content", swap: "outerHTML", values: { parts: parts.join(" "), ...more },
    })).then(() => {
      const tiles = tilesOf();
      if (!tileOf(current) && tiles.length) current = nameOf(tiles[Math.min(Math.max(at, 0), tiles.length - 1)]);
      paint();
      const tile = tileOf(current);
      if (had && tile) tile.focus();
    });
  };
  const acted = () => {
    const tiles = chosenTiles();
    const tile = tileOf(current);
    return tiles.length || !tile ? tiles : [tile];
  };
  const nothing = (tiles) => {
    if (tiles.length) return false;
    window.Desk.showError("没有选扫描件。请先点一份，或者按空格选几份。");
    return true;
  };
  // The dates for the papers that are placed now: what is typed while they are on their way is meant for the next ones.
  const takeDates = () => {
    const found = {};
    content().querySelectorAll("#sort-dates input").forEach((field) => {
      if (!field.value) return;
      found[field.name] = field.value;
      field.value = "";
    });
    return found;
  };
  const putBack = (dates) => content().querySelectorAll("#sort-dates input").forEach((field) => {
    if (dates[field.name] && !field.value && !field.validity.badInput) field.value = dates[field.name];
  });
  const place = (item) => {
    const tiles = acted();
    const button = document.getElementById(`sort-place-${item}`);
    if (nothing(tiles) || !button) return;
    const dates = takeDates();
    send("place", tiles.map((tile) => `${nameOf(tile)}:${item}`), dates).then(() => {
      if (tiles.some((tile) => tileOf(nameOf(tile)))) putBack(dates);
      else told(`${tiles.length} 份放到“${button.dataset.label}”了；不对的按 Ctrl+Z。`);
    }, () => putBack(dates));
  };
  const accept = () => {
    const proposed = tilesOf().filter((tile) => tile.dataset.proposed);
    const tiles = proposed.filter((tile) => !tile.dataset.doubtful);
    const left = proposed.length - tiles.length ? `，${proposed.length - tiles.length} 份拿不准的没有放` : "";
    if (!tiles.length) {
      window.Desk.showError("没有看得出是哪一项的。请看着图，一份一份放。");
      return;
    }
    send("place", tiles.map((tile) => `${nameOf(tile)}:${tile.dataset.proposed}`)).then(() => {
      if (!tiles.some((tile) => tileOf(nameOf(tile)))) told(`按建议放好了 ${tiles.length} 份${left}，请核对；不对的按 Ctrl+Z。`);
    });
  };
  const open = () => {
    const tile = tileOf(current);
    if (!tile || !tile.dataset.base) return;
    window.Desk.inTurn(() => window.htmx.ajax("GET", `${tile.dataset.base}/view?at=${tile.dataset.first}`, { target: "#dialog" }));
  };
  const act = (what) => {
    if (what === "all") { chooseAll(); paint(); return; }
    if (what === "previous" || what === "next") { page += what === "next" ? 1 : -1; preview(); return; }
    if (what === "accept") { accept(); return; }
    if (what === "open") { open(); return; }
    if (what === "place") {
      const item = document.getElementById("sort-item").value;
      if (item) place(item);
      else window.Desk.showError("没有选放在哪一项。");
      return;
    }
    const tiles = what === "upright" && !chosen.size ? tilesOf() : acted();
    if (nothing(tiles)) return;
    const names = tiles.map((tile) => `“${tile.dataset.name}”`).filter((name, at, all) => all.indexOf(name) === at);
    if (what === "discard" && !window.confirm(`不要${names.slice(0, 3).join("、")}${names.length > 3 ? `等 ${names.length} 份` : ""}？会移到回收箱，以后可以在“历史”里恢复。`)) return;
    send(what, tiles.map(nameOf));
  };
  document.addEventListener("click", (event) => {
    if (!content() || !content().contains(event.target)) return;
    const button = event.target.closest("[data-sort]");
    if (button) { act(button.dataset.sort); return; }
    const target = event.target.closest(".sort-place");
    if (target) { place(target.dataset.item); return; }
    const tile = event.target.closest(".tile");
    if (!tile) return;
    makeCurrent(tile);
    if (event.shiftKey) chooseTo(tile);
    else if (event.ctrlKey || event.metaKey || event.target.closest(".tick")) toggle(tile);
    else chooseOnly(tile);
    paint();
    tile.focus();
  });
  document.addEventListener("dblclick", (event) => {
    if (content() && content().contains(event.target) && event.target.closest(".tile")) open();
  });

  // Keys; an input method that is on sends the place of the key and not its letter.
  const keyOf = (event) => {
    if (event.key !== "Process" && !event.isComposing) return event.key;
    const found = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(event.code);
    return found ? (found[1] || found[2]).toLowerCase() : event.key;
  };
  const columns = (tiles) => {
    const top = tiles[0].getBoundingClientRect().top;
    const more = tiles.findIndex((tile) => tile.getBoundingClientRect().top > top + 4);
    return more < 1 ? tiles.length : more;
  };
  const move = (event, tile, key) => {
    const tiles = tilesOf();
    const at = tiles.indexOf(tile);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - columns(tiles), ArrowDown: at + columns(tiles), Home: 0, End: tiles.length - 1 }[key];
    if (to === undefined) return false;
    event.preventDefault();
    const next = tiles[to];
    if (!next) return true;
    makeCurrent(next);
    if (event.shiftKey) chooseTo(next);
    else if (!event.ctrlKey) chooseOnly(next);
    paint();
    next.focus();
    return true;
  };
  document.addEventListener("keydown", (event) => {
    const tile = event.target.closest && event.target.closest(".tile");
    if (!tile || !content() || !content().contains(tile)) return;
    const key = keyOf(event);
    if (move(event, tile, key)) return;
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.ctrlKey && key.toLowerCase() === "a") { event.preventDefault(); act("all"); }
    else if (event.ctrlKey && key === "Enter") { event.preventDefault(); accept(); }
    else if (!plain) return;
    else if (key === " ") { event.preventDefault(); toggle(tile); paint(); }
    else if (key === "Enter") { event.preventDefault(); open(); }
    else if (key === "Delete") { event.preventDefault(); act("discard"); }
    else if (key === "[") act("turn-left");
    else if (key === "]") act("turn-right");
    else {
      const target = [...content().querySelectorAll(".sort-place")].find((one) => one.dataset.key === key.toLowerCase());
      if (target) { event.preventDefault(); place(target.dataset.item); }
    }
  });
  document.addEventListener("focusin", (event) => {
    if (!event.target.matches || !event.target.matches(".tile") || nameOf(event.target) === current) return;
    makeCurrent(event.target);
    paint();
  });

  // Dragging.
  document.addEventListener("dragstart", (event) => {
    const tile = event.target.closest && event.target.closest(".tile");
    if (!tile) return;
    makeCurrent(tile);
    if (!chosen.has(nameOf(tile))) chooseOnly(tile);
    paint();
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData(PARTS, [...chosen].join(" "));
  });
  const dropPlace = (event) => (event.dataTransfer && [...event.dataTransfer.types].includes(PARTS) && event.target.closest
    ? event.target.closest(".sort-place") : null);
  const clear = () => document.querySelectorAll(".sort-place.over").forEach((one) => one.classList.remove("over"));
  document.addEventListener("dragover", (event) => {
    const target = dropPlace(event);
    if (!target) return;
    event.preventDefault();
    clear();
    target.classList.add("over");
  });
  document.addEventListener("drop", (event) => {
    const target = dropPlace(event);
    clear();
    if (!target) return;
    event.preventDefault();
    place(target.dataset.item);
  });
  document.addEventListener("dragend", clear);

  document.addEventListener("desk-files-received", paint);
  document.addEventListener("htmx:afterSettle", () => { if (content()) paint(); });
  document.addEventListener("DOMContentLoaded", () => { if (content()) paint(); });
})();
