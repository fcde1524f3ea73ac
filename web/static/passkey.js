// Passkeys: what the server asks is handed to the authenticator, and its answer goes with the form that asked for it.
// Without this script a form is sent without an answer, and the server says that one is due.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const keys = (list) => (list || []).map((key) => ({ ...key, id: bytes(key.id) }));

  function readable(question) {
    const asked = { ...question, challenge: bytes(question.challenge) };
    if (question.user) asked.user = { ...question.user, id: bytes(question.user.id) };
    if (question.excludeCredentials) asked.excludeCredentials = keys(question.excludeCredentials);
    if (question.allowCredentials) asked.allowCredentials = keys(question.allowCredentials);
    return asked;
  }

  function written({ id, rawId, type, response }) {
    const answer = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[name]) answer[name] = text(response[name]);
    }
    return JSON.stringify({ id, rawId: text(rawId), type, response: answer, clientExtensionResults: {} });
  }

  async function questionOf(field) {
    if (field.dataset.create) return JSON.parse(field.dataset.create);
    const headers = { "X-CSRF-Token": field.form.elements.csrf.value, Accept: "application/json" };
    const answer = await fetch(field.dataset.question, { method: "POST", headers, redirect: "error" });
    const said = await answer.json();
    if (!answer.ok) throw new Error([said.error.message, said.error.todo].filter(Boolean).join(" "));
    return said;
  }

  async function answerTo(field) {
    if (field.dataset.origin !== location.origin) throw new Error(field.dataset.saidElsewhere);
    if (!window.PublicKeyCredential) throw new Error(field.dataset.saidUnable);
    const publicKey = readable(await questionOf(field));
    const make = Boolean(field.dataset.create);
    try {
      return written(await (make ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey })));
    } catch (error) {
      throw new Error(error.name === "InvalidStateError" ? field.dataset.saidHeld : field.dataset.saidNothing);
    }
  }

  for (const field of document.querySelectorAll("input[name=passkey]")) {
    const { form } = field;
    if (field.dataset.origin === location.origin && window.PublicKeyCredential) form.hidden = false;
    let running = false;
    form.addEventListener("submit", async (event) => {
      if (field.value || form.elements.code?.value.trim() || event.submitter?.formNoValidate) return;
      event.preventDefault();
      if (running) return;
      running = true;
      const told = form.querySelector(".passkey-told");
      told.hidden = false;
      told.textContent = field.dataset.saidWaits;
      try {
        field.value = await answerTo(field);
        told.hidden = true;
        form.requestSubmit(event.submitter);
      } catch (error) {
        told.textContent = error.message;
      } finally {
        running = false;
      }
    });
  }
  // A page that comes back from the browser's memory must not send an answer that was given once.
  window.addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("input[name=passkey]")) field.value = "";
  });
})();
