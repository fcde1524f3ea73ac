// A lot's page stays true while it is open: it asks what the answer is now, and counts down to its end. Without an
// answer of the registry no "may be injected" stands there: UNKNOWN takes its place, or MUST NOT when its time is over.
// Without this script the page says when it was made, and that it has to be loaded again.
"use strict";
(() => {
  const answer = document.getElementById("answer");
  if (!answer || !answer.dataset.live) return;
  const said = document.getElementById("live-said");
  const checked = document.getElementById("checked-at");
  const every = Number(answer.dataset.every) * 1000, asleep = 30000;
  let mark = answer.dataset.mark;
  let instead = "";      // the template that is shown instead of the true answer: lost, ended or over
  let kept, title;       // the true answer and its page's title, while something else is shown
  let until = ends();    // when the true answer ends, in milliseconds; NaN when it has no end
  let ahead = 0;         // the registry's clock less this one's, in milliseconds
  let heard = Date.now();
  let asking = null, timer;

  // What is printed at the top of every page says what the answer says, whatever stands there.
  const head = () => {
    document.getElementById("running-word").textContent = answer.querySelector(".word").textContent;
    document.getElementById("running-at").textContent = checked.textContent;
  };
  for (const part of [answer, checked]) new MutationObserver(head).observe(part, { childList: true });

  const two = (number) => String(number).padStart(2, "0");
  const moment = (at) => `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())} `
    + `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +00:00`;

  function ends() {
    const left = answer.querySelector("[data-until]");
    return left ? Date.parse(left.dataset.until) : NaN;
  }

  // Each time of a text is an element, so that it stays on one line, as it does in the page's own words.
  function whole(text) {
    const pieces = text.split(/(\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)? [+-]\d\d:\d\d)/);
    const line = document.createDocumentFragment();
    pieces.forEach((piece, place) => {
      const one = place % 2 ? document.createElement("time") : document.createTextNode(piece);
      if (place % 2) one.textContent = piece;
      line.append(one);
    });
    return line;
  }

  function tell(words, kind) {
    if (said.textContent !== words.textContent && said.textContent !== words) said.replaceChildren(words);
    said.className = kind;
    said.hidden = false;
  }

  // A "must not" stays when nobody answers: it is the safe one. Only a "may" is taken away.
  function put(name, heading) {
    if (instead === name || instead === "over") return;
    if (!instead && !answer.querySelector(".answer.may, .answer.differs")) return;
    if (!instead) { kept = [...answer.childNodes]; title = document.title; }
    answer.replaceChildren(document.getElementById(name).content.cloneNode(true));
    document.title = heading;
    instead = name;
  }

  function restore() {
    if (!instead) return;
    answer.replaceChildren(...kept);
    document.title = title;
    instead = "";
  }

  function lost() {
    put("lost", answer.dataset.saidUnknown);
    tell(answer.dataset.saidLost, "live-said old");
  }

  function signedOut() {
    put("ended", answer.dataset.saidUnknown);
    tell(document.getElementById("said-ended").content.cloneNode(true), "live-said old");
  }

  function tick() {
    const seconds = Math.floor((until - ahead - Date.now()) / 1000), silent = Date.now() - heard;
    if (seconds <= 0 && instead !== "over") {
      put("over", answer.dataset.saidOver);
      tell(answer.dataset.saidOver, "live-said");
      if (silent > 1000) ask();
    }
    if (silent > asleep + 2 * every && !document.hidden && instead !== "ended") lost();  // this machine was asleep
    const left = answer.querySelector("[data-until]");
    if (!left) return;
    const days = Math.floor(seconds / 86400), rest = seconds % 86400;
    const clock = `${two(Math.floor(rest / 3600))}:${two(Math.floor(rest % 3600 / 60))}:${two(rest % 60)}`;
    left.textContent = left.dataset.saidLeft.replace("{days}", days).replace("{clock}", clock);
  }

  async function show(signal) {
    const page = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error", signal });
    if (!page.ok) throw new Error(page.statusText);
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html").getElementById("answer");
    const before = (instead ? kept : [...answer.childNodes]).flatMap(reasons);
    answer.replaceChildren(...fresh.childNodes);
    answer.className = fresh.className;
    mark = fresh.dataset.mark;
    until = ends();
    instead = "";
    document.title = answer.dataset.saidTitle.replace("{answer}", () => answer.querySelector(".word").textContent);
    document.querySelector(".done")?.remove();
    older();
    return reasons(answer).filter((one) => !before.includes(one));
  }

  // What stands below the answer is never renewed: it says that it is older.
  function older() {
    document.getElementById("older").hidden = false;
    for (const part of document.querySelectorAll("[data-older]")) part.classList.add("older");
  }

  // Why the lot must not be injected, each reason as it is said.
  function reasons(within) {
    return [...(within.querySelectorAll?.(".reasons li > p:first-child") ?? [])].map((one) => one.textContent.trim());
  }

  // What the answer says in the page's language, each of its lines a sentence: into whom and until when, or why not.
  const told = (line) => { const copy = line.cloneNode(true); copy.querySelector("[data-until]")?.remove(); return copy; };
  const sentences = () => [...answer.querySelectorAll(".answer p")]
    .map((line) => told(line).textContent.replace(/\s+/g, " ").trim().replace(/[^.]$/, "$&.")).join(" ");

  async function ask() {
    clearTimeout(timer);
    asking?.abort();
    const mine = asking = new AbortController(), sent = Date.now();
    const limit = setTimeout(() => mine.abort(), 2 * every);
    try {
      const asked = { headers: { Accept: "application/json" }, cache: "no-store", signal: mine.signal };
      const response = await fetch(answer.dataset.live, asked);
      if (response.status === 401) {
        if (mine === asking) signedOut();
        heard = Date.now();
      } else {
        if (!response.ok) throw new Error(response.statusText);
        const now = await response.json();
        const changed = now.mark !== mark;
        const since = changed ? await show(mine.signal) : [];
        if (mine !== asking) return;
        if (now.below !== answer.dataset.below) older();
        heard = Date.now();
        ahead = Date.parse(now.at) - sent;  // too much rather than too little: the time ends early, never late
        const news = Boolean(instead) || said.classList.contains("old");
        restore();
        tick();
        if (changed) {
          const words = answer.dataset.saidChanged.replace("{time}", moment(new Date(now.at)));
          tell(whole(words.replace("{answer}", () => [sentences(), ...since.slice(0, 1)].join(" "))),
            answer.querySelector(".answer.may") ? "live-said good" : "live-said");
        } else if (news && !instead) {
          said.hidden = true;
        }
        checked.textContent = moment(new Date(now.at));
      }
    } catch (error) {
      if (mine === asking) lost();
    } finally {
      clearTimeout(limit);
    }
    if (mine === asking) timer = setTimeout(ask, document.hidden ? asleep : every);
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  tick();
  setInterval(tick, 1000);
  timer = setTimeout(ask, every);
})();
