"use strict";
// Drafts that were left: those of this tab are put back at once, those of closed tabs are offered until they are saved.
(() => {
  const Desk = window.Desk = window.Desk || {};
  const { savedPairs, isSame, beforeOf } = Desk.fields;
  const byId = (id) => document.getElementById(id);

  const describe = (draft) => {
    const text = draft.pairs.map(([, value]) => value).filter((value) => value).join("；");
    return `${draft.label}：${text ? `“${text.length > 60 ? `${text.slice(0, 60)}……` : text}”` : "（清空）"}`;
  };
  let offered = [];
  const offer = (drafts) => {
    const box = byId("drafts");
    offered = drafts;
    box.textContent = "";
    if (!drafts.length) return;
    const head = document.createElement("p");
    head.textContent = `上次离开时有 ${drafts.length} 处没有保存：`;
    const list = document.createElement("ul");
    drafts.forEach((draft) => {
      const line = document.createElement("li");
      line.textContent = byId(draft.id) ? describe(draft) : `${describe(draft)}（不在这一页）`;
      list.append(line);
    });
    const button = (label, is) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = label;
      made.addEventListener("click", () => { offer([]); is(); });
      return made;
    };
    const actions = document.createElement("p");
    actions.className = "actions";
    if (drafts.some((draft) => !byId(draft.id)) && !document.querySelector(".form")) {
      const link = document.createElement("a");
      link.className = "button";
      link.href = `/cases/${byId("case-head").dataset.key}`;
      link.textContent = "到表单去";
      actions.append(link);
    }
    const here = drafts.filter((draft) => byId(draft.id));
    if (here.length) actions.append(button("填回并保存", () => { offer(drafts.filter((draft) => !Desk.putBack(draft))); }));
    actions.append(button("不要了", () => drafts.forEach((draft) => Desk.drafts.drop(draft.id))));
    box.append(head, list, actions);
  };
  // What a closed page sent last may be saved after its draft was offered here.
  const isHeld = (draft) => { const box = byId(draft.id); return box && isSame(draft.pairs, savedPairs(box)); };
  const withdrawHeld = () => {
    const held = offered.filter(isHeld);
    if (!held.length) return;
    held.forEach((draft) => Desk.drafts.drop(draft.id));
    offer(offered.filter((draft) => !held.includes(draft)));
  };
  const offerFound = () => Desk.drafts.found().then(({ own, left }) => {
    const open = [...own, ...left].filter((draft) => {
      if (Desk.isUnsaved(draft.id)) return false;
      if (!isHeld(draft)) return true;
      Desk.drafts.drop(draft.id);
      return false;
    });
    const isUnchanged = (draft) => own.includes(draft) && byId(draft.id) && beforeOf(byId(draft.id)) === draft.before;
    offer(open.filter((draft) => !(isUnchanged(draft) && Desk.putBack(draft))));
  });
  // A browser may forbid to look for them.
  const begin = () => { if (byId("save-bar")) setTimeout(() => Promise.resolve().then(offerFound).catch(() => {}).then(Desk.resumed)); };
  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin);
  document.addEventListener("htmx:afterSwap", withdrawHeld);
  document.addEventListener("htmx:oobAfterSwap", withdrawHeld);
})();
