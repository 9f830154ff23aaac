"use strict";
// Signing in over the page, so that the end of a session takes nothing away; and the token that a change carries.
(() => {
  const Desk = window.Desk = window.Desk || {};
  const headers = { "HX-Request": "true" };
  Desk.csrf = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];
  const take = (csrf) => {
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRF-Token": csrf }));
    document.querySelectorAll('input[name="csrf"]').forEach((element) => { element.value = csrf; });
  };
  // Resolves to whether this page's account has a session, whose token the page has then.
  Desk.renew = () => fetch("/session", { headers }).then((answer) => (answer.ok ? answer.json() : null)).then((session) => {
    if (!session || session.actor !== document.body.dataset.actor) return false;
    take(session.csrf);
    return true;
  }).catch(() => false);

  let waiting = null;
  const element = (name, attributes, ...children) => {
    const made = document.createElement(name);
    Object.keys(attributes).forEach((key) => made.setAttribute(key, attributes[key]));
    made.append(...children);
    return made;
  };
  const dialogFor = (actor) => {
    const said = element("p", { class: "finding error", role: "alert" });
    said.hidden = true;
    const parts = [element("h2", { id: "again-title" }, "登录已经过期")];
    if (document.body.dataset.accounts) {
      parts.push(
        element("p", {}, "写的内容都还在这一页。请重新登录，登录后自动保存。"),
        said,
        element("p", {}, element("label", { for: "again-name" }, "账号"), element("input", { id: "again-name", value: actor, readonly: "", autocomplete: "username" })),
        element("p", {}, element("label", { for: "again-word" }, "口令"), element("input", { id: "again-word", type: "password", required: "", autocomplete: "current-password", autofocus: "" })),
        element("p", { class: "actions" }, element("button", { type: "submit", class: "primary" }, "登录"), element("button", { type: "button", "data-later": "" }, "以后再登录")),
      );
    } else {
      parts.push(
        element("p", {}, "写的内容都还在这一页。请打开运行 bundler serve 的终端里最后给出的链接（会开在另一个标签页），再回到这里。"),
        said,
        element("p", { class: "actions" }, element("button", { type: "submit", class: "primary" }, "已经打开，继续"), element("button", { type: "button", "data-later": "" }, "以后再说")),
      );
    }
    const form = element("form", { class: "login" }, ...parts);
    const dialog = element("dialog", { id: "again", "aria-labelledby": "again-title" }, form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const word = form.querySelector("#again-word");
      const entered = !word ? Promise.resolve("") : fetch("/login", {
        method: "POST", headers, body: new URLSearchParams({ name: actor, password: word.value }),
      }).then((answer) => (answer.ok ? "" : answer.text()));
      entered.then((refused) => (refused ? refused : Desk.renew().then((is) => (is ? "" : "还没有登录，或者登录的是别的账号。"))))
        .catch(() => "连不上工作台，请检查网络后再试。")
        .then((refused) => {
          if (!refused) { finish(dialog, true); return; }
          said.hidden = false;
          said.textContent = refused;
          if (word) { word.value = ""; word.focus(); }
        });
    });
    dialog.addEventListener("cancel", () => finish(dialog, false));
    form.querySelector("[data-later]").addEventListener("click", () => finish(dialog, false));
    return dialog;
  };
  const finish = (dialog, is) => {
    const { resolve, focused } = waiting;
    waiting = null;
    if (dialog.open) dialog.close();
    dialog.remove();
    if (focused && focused.isConnected) focused.focus();
    resolve(is);
  };
  // Asks for the password over the page; resolves to whether the account has a session again.
  Desk.signIn = () => {
    if (waiting) return waiting.promise;
    const mine = waiting = {};
    mine.promise = new Promise((resolve) => { mine.resolve = resolve; });
    Desk.whenPaused().then(() => {
      mine.focused = document.activeElement;
      const dialog = dialogFor(document.body.dataset.actor);
      document.body.append(dialog);
      dialog.showModal();
    });
    return mine.promise;
  };
})();
