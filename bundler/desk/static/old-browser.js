// A browser that is too old for the desk is shown a page that says so. Written for such browsers: no arrow functions, no const.
(function () {
  "use strict";
  var dialog = window.HTMLDialogElement && HTMLDialogElement.prototype.showModal;
  var isNew = dialog && Element.prototype.replaceChildren && window.Promise && window.fetch && window.URLSearchParams;
  if (!isNew) window.location.replace("/static/old-browser.html");
}());
