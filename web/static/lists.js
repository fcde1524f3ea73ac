// A list of lots is never renewed by itself: when it is old, or was looked away from for a while, it says so.
// Without this script it says when it was made.
"use strict";
(() => {
  const OLD = 300000, AWAY = 60000;  // milliseconds: five minutes, one minute
  const opened = Date.now();         // this clock's, because the registry's may differ
  let left = document.hidden ? opened : NaN;

  function old() {
    for (const said of document.querySelectorAll(".old-list")) {
      said.hidden = false;
      said.nextElementSibling.classList.add("old");
    }
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) left = Date.now();
    else if (Date.now() - left > AWAY) old();
  });
  setInterval(() => { if (Date.now() - opened > OLD) old(); }, 1000);
})();
