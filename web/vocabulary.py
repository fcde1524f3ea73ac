"""The field's own words as the pages show them: marked for the catalogue, and said in the reader's language.

The registry's values are these words themselves, in English; a page says them by the filter ``said``.
"""

from __future__ import annotations

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
WORDS = frozenset((*VERDICTS, *STATES, *KINDS, *DECISIONS, *STANDINGS, *RELATIONS, *RESULTS, *DUE, *DEPARTURES, *ROLES))


def said(word: str) -> str:
    """A word of the field in the reader's language; any other text as it is."""
    return _(word) if word in WORDS else word
