// The grid of results: keys move between cells, a block from a spreadsheet is pasted, rows grow, and what was typed is
// checked beneath it. Without this script the same fields are sent by the form's own buttons.
"use strict";
(() => {
  const form = document.getElementById("grid");
  const preview = document.getElementById("preview");
  if (!form) return;
  const body = form.querySelector("tbody");
  const said = document.getElementById("grid-said");
  const most = Number(form.dataset.most);
  const rows = () => [...body.rows];
  const fields = (row) => [...row.querySelectorAll("input")];

  function place(field) {
    const row = field.closest("tbody tr");
    return row ? { row: rows().indexOf(row), column: fields(row).indexOf(field) } : null;
  }

  function grow(count) {
    while (body.rows.length < Math.min(count, most)) {
      const number = body.rows.length;
      const row = body.rows[0].cloneNode(true);
      for (const field of fields(row)) {
        field.name = field.name.replace(/^(lot|cell)-\d+/, `$1-${number}`);
        field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+$/, String(number + 1)));
        field.value = "";
        field.removeAttribute("value");
        field.removeAttribute("aria-invalid");
        field.removeAttribute("title");
      }
      body.append(row);
    }
  }

  function go(row, column) {
    if (row >= body.rows.length) grow(row + 1);
    const field = body.rows[row] && fields(body.rows[row])[column];
    if (field) { field.focus(); field.select(); }
  }

  body.addEventListener("keydown", (event) => {
    const at = place(event.target);
    if (!at || event.altKey || event.ctrlKey || event.metaKey) return;
    const { selectionStart: start, selectionEnd: end, value } = event.target;
    const step = {
      Enter: [event.shiftKey ? -1 : 1, 0], ArrowDown: [1, 0], ArrowUp: [-1, 0],
      ArrowLeft: start === 0 && end === 0 ? [0, -1] : null,
      ArrowRight: start === value.length ? [0, 1] : null,
    }[event.key];
    if (!step || (event.target.list && /^Arrow(Up|Down)$/.test(event.key))) return;
    event.preventDefault();
    if (at.row + step[0] >= 0 && at.column + step[1] >= 0) go(at.row + step[0], at.column + step[1]);
  });

  body.addEventListener("paste", (event) => {
    const at = place(event.target);
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n+$/, "");
    if (!at || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const block = text.split("\n").map((line) => line.split("\t"));
    const wide = Math.max(...block.map((line) => line.length));
    const room = fields(body.rows[0]).length - at.column;
    if (wide > room) { said.textContent = form.dataset.wide.replace("{wide}", wide).replace("{room}", room); return; }
    if (at.row + block.length > most) { said.textContent = form.dataset.long; return; }
    grow(at.row + block.length);
    let count = 0;
    block.forEach((line, down) => line.forEach((value, right) => {
      fields(body.rows[at.row + down])[at.column + right].value = value.trim();
      count += 1;
    }));
    said.textContent = form.dataset.pasted.replace("{num}", count);
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (event.submitter && event.submitter.value === "more") { grow(body.rows.length + 4); return; }
    const data = new FormData(form);
    data.set("do", "check");
    said.textContent = form.dataset.checking;
    let text;
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/html" }, redirect: "error" });
      text = await answer.text();
    } catch { said.textContent = form.dataset.lost; return; }
    show(new DOMParser().parseFromString(text, "text/html").getElementById("main"));
  });

  function show(page) {
    mark(page.querySelector("form#grid"));
    page.querySelector("#typed")?.remove(); // the grid stands above
    for (const gone of page.querySelectorAll("form#grid, form.filters, h1 + p > a[href='/submit']")) gone.remove();
    for (const heading of page.querySelectorAll("h1")) {
      const lower = document.createElement("h2");
      lower.id = heading.id;
      lower.append(...heading.childNodes);
      heading.replaceWith(lower);
    }
    preview.replaceChildren(...page.childNodes);
    const summary = preview.querySelector("#summary, .refusal");
    said.textContent = `${form.dataset.checked} ${summary ? summary.textContent.trim() : ""}`;
    const target = preview.querySelector("#answer, .refusal");
    if (!target) return;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "start" });
  }

  // What is wrong with a cell is marked in the cell where it was typed.
  function mark(answer) {
    for (const field of form.querySelectorAll("tbody input")) {
      const wrong = answer && answer.elements[field.name];
      const text = wrong && wrong.getAttribute("aria-invalid") ? wrong.title : "";
      if (text) { field.setAttribute("aria-invalid", "true"); field.title = text; }
      else { field.removeAttribute("aria-invalid"); field.removeAttribute("title"); }
    }
  }
})();
