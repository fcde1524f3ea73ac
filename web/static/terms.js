// Names of terms are offered while one is typed. Without this script the form finds them all the same.
"use strict";
(() => {
  const box = document.querySelector("input[data-terms]");
  const near = document.getElementById("near");
  if (!box || !near) return;
  const kinds = JSON.parse(box.dataset.saidKinds);
  let timer;
  let newest = 0;

  async function offer() {
    const asked = box.value.trim();
    const mine = ++newest;
    if (asked.length < 2) { near.replaceChildren(); return; }
    const answer = await fetch(`${box.dataset.terms}?q=${encodeURIComponent(asked)}`, { redirect: "error" });
    if (!answer.ok || mine !== newest) return;
    const { terms } = await answer.json();
    near.replaceChildren(...terms.map((term) => {
      const option = document.createElement("option");
      option.value = term.id;
      option.label = `${term.label} (${kinds[term.kind] ?? term.kind}${term.matched === term.label ? "" : `, ${term.matched}`})`;
      return option;
    }));
  }

  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => offer().catch(() => {}), 150); });
})();
