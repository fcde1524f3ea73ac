// Names of terms and of lots are offered while one is typed. Without this script the form finds them all the same.
"use strict";
(() => {
  for (const box of document.querySelectorAll("input[data-terms], input[data-lots]")) {
    const near = document.getElementById(box.getAttribute("list"));
    if (near) attach(box, near);
  }

  function attach(box, near) {
    const kinds = JSON.parse(box.dataset.saidKinds ?? "{}");
    const { kind, terms: ofTerms, lots: ofLots } = box.dataset;
    let timer;
    let newest = 0;

    async function found(asked) {
      const address = `${ofTerms ?? ofLots}?q=${encodeURIComponent(asked)}${kind ? `&kind=${encodeURIComponent(kind)}` : ""}`;
      const answer = await fetch(address, { redirect: "error", headers: { Accept: "application/json" } });
      return answer.ok ? answer.json() : null;
    }

    async function offer() {
      const asked = (ofLots ? box.value.split(",").pop() : box.value).trim();
      const mine = ++newest;
      if (asked.length < 2) { near.replaceChildren(); return; }
      const said = await found(asked);
      if (!said || mine !== newest) return;
      near.replaceChildren(...(ofTerms ? said.terms.map(termOption) : said.lots.slice(0, 20).map(lotOption)));
    }

    // A form takes the name with its id; the page that finds terms takes the id alone.
    function termOption(term) {
      const option = document.createElement("option");
      const matched = term.matched === term.label ? "" : `, ${term.matched}`;
      option.value = kind ? `${term.label} (${term.id})` : term.id;
      option.label = kind ? `${term.label} (${term.id}${matched})` : `${term.label} (${kinds[term.kind] ?? term.kind}${matched})`;
      return option;
    }

    function lotOption(line) {
      const option = document.createElement("option");
      const before = box.value.includes(",") ? `${box.value.slice(0, box.value.lastIndexOf(",") + 1)} ` : "";
      option.value = `${before}${line.lot}`;
      option.label = [line.lot, line.product_label ?? line.product].filter(Boolean).join(", ");
      return option;
    }

    box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => offer().catch(() => {}), 150); });
  }
})();
