// A lot's page stays true while it is open: it asks what the answer is now, and counts down to its end.
// Without this script the page says when it was made, and that it has to be loaded again.
"use strict";
(() => {
  const answer = document.getElementById("answer");
  if (!answer || !answer.dataset.live) return;
  const said = document.getElementById("live-said");
  const checked = document.getElementById("checked-at");
  let mark = answer.dataset.mark;
  let timer;

  const two = (number) => String(number).padStart(2, "0");
  const moment = (at) => `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())} `
    + `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +00:00`;

  function countDown() {
    const left = document.querySelector("[data-until]");
    if (!left) return;
    const seconds = Math.floor((new Date(left.dataset.until) - Date.now()) / 1000);
    if (seconds <= 0) { left.textContent = left.dataset.saidOver; ask(); return; }
    const days = Math.floor(seconds / 86400), rest = seconds % 86400;
    const clock = `${two(Math.floor(rest / 3600))}:${two(Math.floor(rest % 3600 / 60))}:${two(rest % 60)}`;
    left.textContent = left.dataset.saidLeft.replace("{days}", days).replace("{clock}", clock);
  }

  async function show() {
    const page = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
    if (!page.ok) throw new Error(page.statusText);
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html").getElementById("answer");
    answer.replaceChildren(...fresh.childNodes);
    answer.className = fresh.className;
    mark = fresh.dataset.mark;
    document.title = answer.dataset.saidTitle.replace("{answer}", () => answer.querySelector(".word").textContent);
  }

  // What the answer says in the page's language, each of its lines a sentence: into whom and until when, or why not.
  const sentences = () => [...answer.querySelectorAll(".answer p")]
    .map((line) => line.textContent.replace(/\s+/g, " ").trim().replace(/[^.]$/, "$&.")).join(" ");

  function tell(words, kind) {
    said.textContent = words;
    said.className = kind;
    said.hidden = false;
  }

  async function ask() {
    clearTimeout(timer);
    try {
      const response = await fetch(answer.dataset.live, { headers: { Accept: "application/json" } });
      if (response.status === 401) { tell(answer.dataset.saidEnded, "live-said old"); return; }
      if (!response.ok) throw new Error(response.statusText);
      const now = await response.json();
      if (now.mark !== mark) {
        await show();
        const at = moment(new Date(now.at));
        tell(answer.dataset.saidChanged.replace("{time}", at).replace("{answer}", sentences), "live-said");
      } else if (said.classList.contains("old")) {
        said.hidden = true;
      }
      checked.textContent = moment(new Date(now.at));
    } catch (error) {
      tell(answer.dataset.saidLost, "live-said old");
    }
    timer = setTimeout(ask, (document.hidden ? 30 : Number(answer.dataset.every)) * 1000);
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  countDown();
  setInterval(countDown, 1000);
  timer = setTimeout(ask, Number(answer.dataset.every) * 1000);
})();
