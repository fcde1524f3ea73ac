// Submitting: a file may be dropped, and what it says is shown at once; the server checks it and keeps nothing.
// Without this script the form's own button "Check" does the same on a page of its own.
"use strict";
(() => {
  const form = document.getElementById("submission");
  const preview = document.getElementById("preview");
  if (!form || !preview) return;
  const file = form.elements.file, pasted = form.elements.pasted;
  const progress = document.getElementById("sending");
  const said = document.getElementById("preview-said");
  let timer, running;

  function show(text) {
    const page = new DOMParser().parseFromString(text, "text/html").getElementById("main");
    for (const heading of page.querySelectorAll("h1")) {
      const lower = document.createElement("h2");
      lower.append(...heading.childNodes);
      heading.replaceWith(lower);
    }
    for (const field of page.querySelectorAll("form#submission, section[aria-labelledby=example]")) field.remove();
    preview.replaceChildren(...page.childNodes);
    const verdicts = [...preview.querySelectorAll("h2 .chip, .refusal h2")].map((one) => one.textContent.trim());
    said.textContent = `${form.dataset.checked} ${verdicts.join(", ")}`;
  }

  function check() {
    if (running) running.abort();
    if (!file.files.length && !pasted.value.trim()) { preview.replaceChildren(); said.textContent = ""; return; }
    const data = new FormData(form);
    data.set("do", "check");
    if (!file.files.length) data.delete("file");
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

  file.addEventListener("change", () => { if (file.files.length) { pasted.value = ""; check(); } });
  pasted.addEventListener("input", () => {
    if (pasted.value.trim()) file.value = "";
    clearTimeout(timer);
    timer = setTimeout(check, 600);
  });
  const drop = document.getElementById("drop");
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length !== 1) { said.textContent = form.dataset.one; return; }
    file.files = event.dataTransfer.files;
    file.dispatchEvent(new Event("change"));
  });
})();
