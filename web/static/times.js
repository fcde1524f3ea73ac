// Beside a time that a person acts on, the same time in the zone of whoever reads it; on every other time, as a hint.
// Times stay as the registry says them: without this script, and in a zone that is UTC, nothing is added.
"use strict";
(() => {
  const two = (number) => String(number).padStart(2, "0");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

  function local(at) {
    const ahead = -at.getTimezoneOffset(), size = Math.abs(ahead);
    const offset = `${ahead < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())} ${offset}`;
  }

  function add(within) {
    for (const time of within.querySelectorAll("time[datetime]:not([data-seen])")) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      time.dataset.seen = "";
      if (at.getTimezoneOffset() === 0) continue;
      if (!time.closest("[data-local]")) { if (!time.title) time.title = `${local(at)}, ${zone}`; continue; }
      const whole = document.createElement("span");  // stays on one line, as the registry's own time does
      whole.className = "date";
      whole.textContent = `(${local(at)},`;
      time.after(" ", whole, ` ${zone})`);
    }
  }

  add(document);
  const answer = document.getElementById("answer");
  if (answer) new MutationObserver(() => add(answer)).observe(answer, { childList: true });
})();
