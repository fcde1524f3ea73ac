// The box of a query: a term is found by its name and put in where the cursor was. Without this script the box is the
// same, and terms are typed.
"use strict";

(() => {
  const row = document.getElementById("insert");
  const box = document.getElementById("query");
  const typed = document.getElementById("term");
  const list = document.getElementById("terms");
  let offered;

  const offer = async () => {
    if (offered) return;
    offered = new Map();
    const answer = await fetch(row.dataset.completion, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    for (const { curie, label } of (await answer.json()).terms) {
      const text = `${label} (${curie})`;
      offered.set(text, curie);
      list.append(new Option(text));
    }
  };
  const insert = () => {
    const curie = offered?.get(typed.value);
    if (!curie) return;
    const [start, end] = [box.selectionStart, box.selectionEnd];
    const space = /\s$|^$/.test(box.value.slice(0, start)) ? "" : " ";
    box.setRangeText(`${space}${curie} `, start, end, "end");
    typed.value = "";
    box.focus();
  };
  row.hidden = false;
  typed.addEventListener("focus", offer);
  typed.addEventListener("input", insert);
  typed.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); insert(); } });
})();
