// A list of lots is never renewed by itself: when it is old it says so, and no "may be injected" stands in it any more.
// Without this script it says when it was made.
"use strict";
(() => {
  const OLD = 30000;          // milliseconds, away or not: a lot may be recalled at any moment
  const opened = Date.now();  // this clock's, because the registry's may differ

  function old() {
    for (const said of document.querySelectorAll(".old-list[hidden]")) {
      const list = said.nextElementSibling;
      said.hidden = false;
      list.classList.add("old");
      // A "must not" stays: it is the safe one.
      for (const chip of list.querySelectorAll("td:first-of-type .chip.may")) {
        const words = document.createElement("span");
        words.className = "soft";
        words.textContent = said.dataset.saidOld;
        chip.replaceWith(words);
      }
    }
  }

  function look() { if (Date.now() - opened > OLD) old(); }
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", look);
  setInterval(look, 1000);
})();
