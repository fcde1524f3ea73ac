// Submitting: a file may be dropped, and what it says is shown at once; the server checks it and keeps nothing.
// Without this script the form's own button "Check" does the same on a page of its own.
"use strict";
(() => {
  const form = document.getElementById("submission");
  const preview = document.getElementById("preview");
  if (!form || !preview) return;
  const { file, gates, pasted, mapping } = form.elements;
  const progress = document.getElementById("sending");
  const said = document.getElementById("preview-said");
  let timer, running;

  function show(text) {
    const page = new DOMParser().parseFromString(text, "text/html").getElementById("main");
    const refused = page.querySelector("form#submission");
    page.querySelector("#typed")?.remove(); // the rows stand in the form above
    const nodes = refused ? [...page.querySelectorAll(".refusal")] : [...page.childNodes];
    for (const heading of page.querySelectorAll("h1")) {
      const lower = document.createElement("h2");
      lower.append(...heading.childNodes);
      heading.replaceWith(lower);
    }
    const typed = namesTyped();
    preview.replaceChildren(...(refused ? nodes : page.childNodes));
    for (const one of preview.querySelectorAll("a[href='#file'], a[href='#gates'], a[href='#mapping']")) {
      one.addEventListener("click", () => { if (one.hash === "#gates") form.querySelector("#machine").open = true; });
    }
    again();
    fillIn(typed);
    const verdicts = [...preview.querySelectorAll("h2 .chip, .refusal h2, .faults caption")].map((one) => one.textContent.trim().replace(/\.$/, ""));
    said.textContent = `${form.dataset.checked} ${verdicts.join(", ")}`;
  }

  // What was typed of a name stays with that name, whatever else the file says now.
  function* fieldsOfNames() {
    const names = preview.querySelector("form#names");
    for (const one of names ? names.elements : []) {
      const [, number, field] = /^line-(\d+)-(lot|stage|characteristic|parent|unit|value)$/.exec(one.name) || [];
      if (field) yield [`${field} ${names.elements[`line-${number}-name`].value}`, one];
    }
  }
  const namesTyped = () => new Map([...fieldsOfNames()].map(([key, one]) => [key, one.value]));
  function fillIn(typed) {
    for (const [key, one] of fieldsOfNames()) if (!one.value && typed.get(key)) one.value = typed.get(key);
  }

  // A file too large to wait in the page stands in the form above: nobody has to choose it again.
  function again() {
    for (const field of preview.querySelectorAll(".field.again input[type=file]")) {
      const source = field.name === "gates" ? gates : file;
      if (!source.files.length) continue;
      field.files = source.files;
      field.closest(".field").hidden = true;
    }
    const names = preview.querySelector("form#names");
    if (names) names.addEventListener("submit", (event) => { event.preventDefault(); send(new FormData(names)); });
  }

  function check() {
    if (running) running.abort();
    if (!file.files.length && !pasted.value.trim()) { preview.replaceChildren(); said.textContent = ""; return; }
    const data = new FormData(form);
    if (!file.files.length) data.delete("file");
    if (!gates.files.length) data.delete("gates");
    send(data);
  }

  function send(data) {
    data.set("do", "check");
    if (running) running.abort();
    running = new XMLHttpRequest();
    running.open("POST", form.action);
    running.setRequestHeader("Accept", "text/html");
    running.upload.onprogress = (event) => {
      progress.hidden = false;
      if (event.lengthComputable) progress.value = event.loaded / event.total; else progress.removeAttribute("value");
    };
    running.upload.onload = () => progress.removeAttribute("value");
    running.onload = () => { progress.hidden = true; show(running.responseText); };
    running.onerror = () => { progress.hidden = true; said.textContent = form.dataset.lost; };
    said.textContent = form.dataset.checking;
    running.send(data);
  }

  // A chosen file is sent instead of pasted rows: these stay as they are, and can be taken again.
  const kept = document.getElementById("pasted-kept");
  function chosenOrPasted() {
    pasted.disabled = file.files.length > 0;
    kept.hidden = !pasted.disabled || !pasted.value.trim();
  }
  kept.querySelector("button").addEventListener("click", () => {
    file.value = gates.value = "";
    chosenOrPasted();
    pasted.focus();
    check();
  });

  const isEvents = (name) => /\.(fcs|lmd)$/i.test(name);
  file.addEventListener("change", () => {
    chosenOrPasted();
    if (!file.files.length) return;
    if (isEvents(file.files[0].name)) form.querySelector("#machine").open = true;
    check();
  });
  gates.addEventListener("change", check);
  if (mapping) mapping.addEventListener("change", check);
  pasted.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(check, 600);
  });

  function put(field, one) {
    const list = new DataTransfer();
    list.items.add(one);
    field.files = list.files;
  }
  const drop = document.getElementById("drop");
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    const dropped = [...event.dataTransfer.files], events = dropped.filter((one) => isEvents(one.name));
    if (dropped.length === 2 && events.length === 1) {
      put(gates, dropped.find((one) => one !== events[0]));
      put(file, events[0]);
    } else if (dropped.length === 1) {
      put(file, dropped[0]);
    } else { said.textContent = form.dataset.one; return; }
    file.dispatchEvent(new Event("change"));
  });
})();
