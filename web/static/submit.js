// Submitting: a file may be dropped, and what it says is shown at once where it was dropped; the server checks it and
// keeps nothing. Without this script the form's own button "Check" does the same on a page of its own.
"use strict";
(() => {
  const form = document.getElementById("submission");
  const preview = document.getElementById("preview");
  if (!form || !preview) return;
  const { file, gates, pasted, mapping } = form.elements;
  const progress = document.getElementById("sending");
  const said = document.getElementById("preview-said");
  const drop = document.getElementById("drop");
  const paste = document.getElementById("paste");
  let timer, slow, running;

  // A file's answer stands where it was dropped, that of rows beneath them; an answer to a form of its own stays.
  function show(text, isOfFile, moveFocus) {
    const page = new DOMParser().parseFromString(text, "text/html").getElementById("main");
    const refused = page.querySelector("#drop");
    page.querySelector("#typed")?.remove(); // the rows stand in the form above
    for (const heading of page.querySelectorAll("h1")) {
      const lower = document.createElement("h2");
      lower.id = heading.id;
      lower.tabIndex = -1;
      lower.append(...heading.childNodes);
      heading.replaceWith(lower);
    }
    const typed = namesTyped();
    preview.replaceChildren(...(refused ? page.querySelectorAll(".refusal, #mend-table") : page.childNodes));
    (isOfFile ? drop : paste).after(preview);
    for (const one of preview.querySelectorAll("a[href='#file'], a[href='#gates'], a[href='#mapping']")) {
      one.addEventListener("click", () => { if (one.hash === "#gates") document.getElementById("machine").open = true; });
    }
    again(isOfFile);
    fillIn(typed);
    const summary = preview.querySelector("#summary, .refusal h2, p.refusal");
    said.textContent = `${form.dataset.checked} ${summary ? summary.textContent.trim() : ""}`;
    if (moveFocus) focusOn(preview.querySelector("#answer, .refusal"));
  }

  function focusOn(target) {
    if (!target) return;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "start" });
  }

  // What was typed of a name stays with that name, whatever else the file says now.
  function* fieldsOfNames() {
    const names = preview.querySelector("form#names");
    for (const one of names ? names.elements : []) {
      const [, number, field] = /^line-(\d+)-(kind|lot|stage|characteristic|parent|unit|value|yes)$/.exec(one.name) || [];
      if (field) yield [`${field} ${names.elements[`line-${number}-name`].value}`, one];
    }
  }
  const isChanged = (one) => (one.type === "checkbox" ? one.checked : one.value && one.value !== one.defaultValue);
  const namesTyped = () => new Map([...fieldsOfNames()].filter(([, one]) => isChanged(one)).map(([key, one]) => [key, one.value]));
  function fillIn(typed) {
    for (const [key, one] of fieldsOfNames()) {
      if (!typed.has(key)) continue;
      if (one.type === "checkbox") one.checked = true; else one.value = typed.get(key);
    }
  }

  // A file too large to wait in the page stands in the form above: nobody has to choose it again.
  function again(isOfFile) {
    for (const field of preview.querySelectorAll(".field.again input[type=file]")) {
      const source = field.name === "gates" ? gates : file;
      if (!source.files.length) continue;
      field.files = source.files;
      field.closest(".field").hidden = true;
    }
    for (const one of preview.querySelectorAll("form#names, form#mend, form#again")) {
      one.addEventListener("submit", (event) => { event.preventDefault(); send(new FormData(one), isOfFile, true, one.action); });
    }
  }

  function check(moveFocus) {
    if (running) running.abort();
    if (!file.files.length && !pasted.value.trim()) { idle(); preview.replaceChildren(); said.textContent = ""; return; }
    const data = new FormData(form), isOfFile = file.files.length > 0;
    if (!isOfFile) data.delete("file");
    if (!gates.files.length) data.delete("gates");
    send(data, isOfFile, moveFocus);
  }

  function idle() { progress.hidden = true; clearTimeout(slow); drop.removeAttribute("aria-busy"); }

  function send(data, isOfFile, moveFocus, address = form.action) {
    data.set("do", "check");
    if (running) running.abort();
    idle();
    const name = isOfFile && file.files.length ? file.files[0].name : form.dataset.rows;
    running = new XMLHttpRequest();
    running.open("POST", address);
    running.setRequestHeader("Accept", "text/html");
    running.upload.onprogress = (event) => {
      if (event.lengthComputable) progress.value = event.loaded / event.total; else progress.removeAttribute("value");
    };
    running.upload.onload = () => progress.removeAttribute("value");
    running.onload = () => { idle(); show(running.responseText, isOfFile, moveFocus); };
    running.onerror = () => { idle(); said.textContent = form.dataset.lost; };
    said.textContent = form.dataset.checking.replace("{}", name);
    progress.value = 0;
    progress.hidden = false;
    drop.setAttribute("aria-busy", "true");
    slow = setTimeout(() => { said.textContent = form.dataset.slow.replace("{}", name); }, 3000);
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
    check(false);
  });

  const isEvents = (name) => /\.(fcs|lmd)$/i.test(name);
  file.addEventListener("change", () => {
    chosenOrPasted();
    if (!file.files.length) return;
    if (isEvents(file.files[0].name)) document.getElementById("machine").open = true;
    check(true);
  });
  gates.addEventListener("change", () => check(true));
  if (mapping) mapping.addEventListener("change", () => check(false));
  pasted.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => check(false), 600);
  });

  function put(field, one) {
    const list = new DataTransfer();
    list.items.add(one);
    field.files = list.files;
  }
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
