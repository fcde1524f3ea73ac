// The SPARQL editor: YASGUI, kept to this site. Endpoint, prefixes, completion and questions are the registry's own;
// nothing is fetched from anywhere else (its own completions ask foreign servers, so they are replaced).
"use strict";

(async () => {
  const root = document.getElementById("editor");
  const Yasgui = window.Yasgui;
  const { csrf, completion, query, ...words } = root.dataset;
  const endpoint = new URL(root.dataset.endpoint, window.location.href).href;
  const offered = await (await fetch(completion, { headers: { Accept: "application/json" } })).json();
  const prologue = offered.prefixes
    .filter(({ prefix }) => ["cpr", "dcterms", "obo", "prov", "rdfs"].includes(prefix))
    .map(({ prefix, iri }) => `PREFIX ${prefix}: <${iri}>`)
    .join("\n");
  const start = `${prologue}\n\nSELECT ?lot ?verdict WHERE {\n  ?batch a cpr:Lot ; dcterms:identifier ?lot .\n` +
    "  OPTIONAL { ?batch cpr:verdict/rdfs:label ?verdict }\n}\nORDER BY ?lot\n";

  // By IRI, by short form or by label: "cd105" finds the marker.
  const terms = (_editor, token) => {
    const typed = (token?.autocompletionString ?? "").toLowerCase().replace(/^</, "");
    return offered.terms
      .filter((one) => [one.iri, one.curie, one.label].some((name) => name.toLowerCase().includes(typed)))
      .map((one) => one.iri);
  };
  // The list says what each is called; what is put in is the term.
  const called = new Map(offered.terms.flatMap(({ iri, curie, label }) =>
    [iri, `<${iri}>`, curie].map((name) => [name, `${label} (${curie})`])));
  const named = (_editor, hints) =>
    hints.map((hint) => ({ ...hint, displayText: called.get(hint.text) ?? hint.text }));
  const prefixes = () => offered.prefixes.map(({ prefix, iri }) => `${prefix}: <${iri}>`);
  const shown = { get: terms, bulk: false, postprocessHints: named };
  Yasgui.Yasqe.forkAutocompleter("property", { ...shown, name: "registry-property" }, false);
  Yasgui.Yasqe.forkAutocompleter("class", { ...shown, name: "registry-class" }, false);
  Yasgui.Yasqe.forkAutocompleter("prefixes", { name: "registry-prefixes", get: prefixes, bulk: true, persistenceId: null }, false);

  // Tab moves on, as everywhere: a text that keeps it holds whoever has no mouse (WCAG 2.1.2).
  const defaults = Yasgui.Yasqe.defaults;
  defaults.extraKeys = { ...defaults.extraKeys, Tab: false, "Shift-Tab": false };

  // A refusal of this registry in its own words, where the stock editor shows the bytes of its envelope.
  const refusal = (error) => {
    let said;
    try { said = JSON.parse(error.text).error; } catch { return undefined; }
    if (!said?.message) return undefined;
    const named = (label, text) => text && label.replace("{}", text);
    const shown = document.createElement("section");
    const lines = [
      said.message, said.where, named(words.saidExpected, said.expected), named(words.saidFound, said.found), said.todo,
    ];
    for (const line of lines.filter(Boolean)) shown.appendChild(document.createElement("p")).textContent = line;
    return shown;
  };
  Yasgui.Yasr.defaults.errorRenderers = [refusal];

  // The handles between columns bring an inline style, which the policy refuses: its rules stand in editor.css.
  const append = document.head.appendChild.bind(document.head);
  document.head.appendChild = (one) => ("gripid" in one ? one : append(one));

  const request = { endpoint, method: "POST", headers: () => ({ "X-CSRF-Token": csrf }), withCredentials: false };
  const yasgui = new Yasgui(root, {
    requestConfig: request,
    endpointCatalogueOptions: { getData: () => [{ endpoint }] },
    copyEndpointOnNewTab: false,
    populateFromUrl: false,
    persistenceId: null,
    yasqe: {
      value: start,
      autocompleters: ["variables", "registry-prefixes", "registry-property", "registry-class"],
      createShareableLink: null,
      prefixCcApi: null,
      persistenceId: null,
    },
    yasr: { prefixes: Object.fromEntries(offered.prefixes.map(({ prefix, iri }) => [prefix, iri])), persistenceId: null },
  });
  const tab = () => yasgui.getTab();
  if (query) tab().setQuery(query);

  document.getElementById("questions").addEventListener("change", async (event) => {
    const name = event.target.value;
    if (!name) return;
    const answer = await fetch(`/questions/${encodeURIComponent(name)}.rq`);
    if (answer.ok) tab().setQuery(await answer.text());
  });

  // What the stock editor leaves unnamed for a screen reader, now and whenever it draws anew.
  const names = [
    [".yasqe .CodeMirror textarea, .yasr .CodeMirror textarea", "aria-label", "SPARQL"],
    [".yasqe_queryButton", "aria-label", words.saidRun],
    [".tableFilter, .dataTables_filter input", "aria-label", words.saidFilter],
    [".tableSizer, .dataTables_length select", "aria-label", words.saidSizes],
    [".autocomplete", "aria-label", words.saidEndpoint],
  ];
  const mend = () => {
    for (const [selector, attribute, text] of names) {
      for (const one of root.querySelectorAll(selector)) if (!one.hasAttribute(attribute)) one.setAttribute(attribute, text);
    }
    // A list of tabs holds tabs alone: the one that opens another says it is one, not selected.
    for (const one of root.querySelectorAll("[role=tablist] button:not([role])")) {
      one.setAttribute("role", "tab");
      one.setAttribute("aria-selected", "false");
    }
    for (const one of root.querySelectorAll("th:not([aria-label])")) {
      if (!one.textContent.trim()) one.setAttribute("aria-label", words.saidRow);
    }
    for (const one of root.querySelectorAll("button, a[role=button], [role=tab]")) {
      if (!one.textContent.trim() && !one.hasAttribute("aria-label")) one.setAttribute("aria-label", one.title || words.saidMenu);
    }
  };
  new MutationObserver(mend).observe(root, { childList: true, subtree: true });
  mend();
})();
