// Browsers that cannot run the page are told so, in ES5 that they can read. The module sets
// data-ready; where it never does, either the browser is too old or the network cut the page short.

(function () {
  var root = document.documentElement;
  var modern =
    "noModule" in document.createElement("script") &&
    "replaceChildren" in document.documentElement &&
    typeof BigInt === "function" &&
    typeof fetch === "function" &&
    typeof TextDecoder === "function" &&
    typeof crypto === "object" &&
    typeof crypto.getRandomValues === "function";

  function reveal(id: string) {
    var element = document.getElementById(id);
    var screen = document.getElementById("screen");
    if (element) element.hidden = false;
    if (screen) screen.hidden = true;
  }

  function check() {
    if (!modern) reveal("old-browser");
    else if (!root.getAttribute("data-ready")) window.setTimeout(slow, 12000);
  }

  function slow() {
    if (!root.getAttribute("data-ready")) reveal("not-loaded");
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", check);
  else check();
})();
