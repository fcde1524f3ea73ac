// A specification in the table editor: while it is written it is checked, and what the check says of a row stands
// beneath it. Nothing is kept. Without this script the form's button does the same.
"use strict";
(() => {
  const form = document.getElementById("criteria");
  if (!form) return;
  const said = document.getElementById("criteria-said");
  let timer, newest = 0;

  async function check() {
    const mine = ++newest;
    const data = new FormData(form);
    data.set("do", "check");
    said.textContent = form.dataset.checking;
    let text;
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/html" }, redirect: "error" });
      text = await answer.text();
    } catch { said.textContent = form.dataset.lost; return; }
    if (mine !== newest) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    const answered = page.getElementById("criteria");
    said.textContent = page.querySelector("#checked-in-short, .refusal h2")?.textContent.trim() ?? "";
    if (!answered) return;
    for (const field of form.elements) {
      if (!field.name || field.type === "submit") continue;
      const other = answered.elements[field.name];
      const isWrong = Boolean(other && other.getAttribute("aria-invalid"));
      if (isWrong) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
      // A sentence of an earlier limit was left behind; what is typed stays as it is typed.
      if (other && /-(message|was|own)$/.test(field.name) && field !== document.activeElement) field.value = other.value;
    }
    for (const note of form.querySelectorAll(".said-of-row")) {
      const other = page.getElementById(note.id);
      note.replaceChildren(...(other ? other.childNodes : []));
    }
    const old = document.getElementById("answered"), fresh = page.getElementById("answered");
    if (old && fresh) old.replaceWith(fresh);
  }

  // What stands below is of the table as it was checked: nobody signs it while another one is typed above.
  form.addEventListener("input", () => {
    document.getElementById("answered")?.setAttribute("inert", "");
    clearTimeout(timer);
    timer = setTimeout(check, 900);
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.value === "more") return;
    event.preventDefault();
    clearTimeout(timer);
    check();
  });
})();
