"""The field's own words as the pages show them: marked for the catalogue, and said in the reader's language.

The registry's values are these words themselves, in English; a page says them by the filter ``said``.
"""

from __future__ import annotations

from registry.services.accounts import SCOPES as TOKEN_SCOPES
from registry.services.upkeep.inspection import ENTRY_KINDS
from web.language import _, marked

VERDICTS = (marked("pass"), marked("fail"), marked("missing"), marked("undetermined"), marked("incomplete"))
STATES = (
    marked("released"),
    marked("not released"),
    marked("on hold"),
    marked("rejected"),
    marked("recalled"),
    marked("expired"),
    marked("suspended"),
)
KINDS = (marked("product lot"), marked("cell bank"), marked("cell line"), marked("donor"))
DECISIONS = (
    marked("release"),
    marked("conditional release"),
    marked("rejection"),
    marked("hold"),
    marked("hold lifted"),
    marked("recall"),
    marked("OOS supply"),
)
STANDINGS = (marked("gating"), marked("reference"), marked("informative"))
SEXES = (marked("female"), marked("male"), marked("mixed"), marked("ambiguous"), marked("unspecified"))
CONTAINERS = (
    marked("in stock"),
    marked("reserved"),
    marked("administered"),
    marked("returned"),
    marked("destroyed"),
    marked("retained"),
)
STUDIES = (marked("actual"), marked("estimated"), marked("primary"), marked("secondary"), marked("other"))
SUPPLY = (marked("suffices"), marked("does not suffice"), marked("not known"))
CLAIMS = (
    marked("lot result"),
    marked("study"),
    marked("studies"),
    marked("literature"),
    marked("nothing"),
    marked("result of this lot"),
    marked("shown"),
    marked("not shown"),
    marked("not measured"),
    marked("judged by no criterion"),
)
RELATIONS = (marked("allogeneic"), marked("autologous"))
RESULTS = (marked("replicate"), marked("retest"), marked("correction"), marked("not evaluable"), marked("not tested"))
DUE = (marked("before release"), marked("after release"))
DEPARTURES = (marked("left out"), marked("wrong side"), marked("weaker limit"))
ROLES = (
    marked("submitter"),
    marked("quality unit"),
    marked("clinician"),
    marked("analyst"),
    marked("inspector"),
    marked("administrator"),
)
TERMS = (
    marked("cell type"),
    marked("disease"),
    marked("surface marker"),
    marked("intracellular marker"),
    marked("composite marker"),
    marked("test"),
)
REPORTED = (
    marked("positive"),
    marked("negative"),
    marked("identity"),
    marked("reported"),
    marked("disputed"),
    marked("reported both ways"),
    marked("mouse marker"),
    marked("several molecules"),
    marked("identity, and reported both ways"),
)
ENTRIES = ENTRY_KINDS  # a row of the registry's table each: the catalogue takes them from there
AUDITED = (
    marked("guards"),
    marked("entries"),
    marked("records"),
    marked("files"),
    marked("receipts"),
    marked("index rows"),
    marked("quads"),
    marked("signatures"),
    marked("keys"),
    marked("keys replaced without the old one's consent"),
    marked("accounts"),
    marked("tokens"),
    marked("sessions"),
    marked("second factors"),
    marked("passkeys"),
    marked("tree nodes"),
    marked("checkpoints"),
    marked("entries under no checkpoint"),
    marked("time-stamps"),
    marked("time-stamps by no named service"),
    marked("signed records resolved"),
    marked("rows of lists"),
)
FACTORS = (marked("one-time code"), marked("passkey"))
SCOPES = tuple(word for scope in TOKEN_SCOPES.items() for word in scope)
DIFFERENCES = (
    marked("looser"),
    marked("partly looser"),
    marked("stricter"),
    marked("added"),
    marked("removed"),
    marked("changed"),
)
ASPECTS = (
    marked("id"),
    marked("title"),
    marked("description"),
    marked("source"),
    marked("cell type"),
    marked("species"),
    marked("scope"),
    marked("rounding"),
    marked("leaves out"),
    marked("published"),
    marked("illustrative"),
    marked("characteristic"),
    marked("limit"),
    marked("standing"),
    marked("either/or group"),
    marked("stage"),
    marked("inherited from"),
    marked("method"),
    marked("duration"),
    marked("window"),
    marked("due"),
    marked("supports the claim"),
    marked("justification"),
    marked("note"),
    marked("name"),
    marked("message"),
    marked("label"),
)
IDENTIFIERS = (
    marked("GS1 product number (GTIN)"),
    marked("GS1 lot or serial number"),
    marked("ISBT 128 donation number"),
    marked("Single European Code"),
    marked("Chain of Identity"),
    marked("A house's own number"),
)
WORDS = frozenset(
    word
    for words in (
        *(VERDICTS, STATES, KINDS, DECISIONS, STANDINGS, STUDIES, SUPPLY, RELATIONS, RESULTS, DUE, DEPARTURES, ROLES),
        *(TERMS, REPORTED, ENTRIES, AUDITED, DIFFERENCES, ASPECTS, SEXES, CONTAINERS, CLAIMS),
        *(FACTORS, SCOPES, IDENTIFIERS),
    )
    for word in words
)


def said(word: str) -> str:
    """A word of the field in the reader's language; any other text as it is."""
    return _(word) if word in WORDS else word
