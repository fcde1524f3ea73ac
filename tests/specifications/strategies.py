"""Specifications made by chance: of every operator, with everything that a criterion may ask for."""

from __future__ import annotations

import os
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from registry import specifications as specification
from registry.domain import Criterion, Specification
from registry.specifications.table.names import Naming
from registry.specifications.wording import claims
from registry.vocabulary.durations import exactly
from registry.vocabulary.populations import populations
from tests.lots import TERMS

EXAMPLES = int(os.environ.get("CELL_REGISTRY_EXAMPLES", "200"))
"""How many of each are made. A longer run: CELL_REGISTRY_EXAMPLES=10000 pytest tests/specification."""
NAMES = Naming(TERMS)
SHIPPED = specification.load("msc-identity")
KNOWN = [one for one in TERMS.characteristics.values() if one.kind != "composite marker"]
NUMERIC = [one for one in KNOWN if one.units]
WORDED = [one for one in KNOWN if one.outcomes]
STAGES = sorted(TERMS.stages)
IDS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
PRINTABLE = st.characters(categories=["L", "N", "P", "S"], include_characters=" \n\u00b5\u2265")
TEXTS = st.text(PRINTABLE, min_size=1, max_size=40).map(str.strip).filter(lambda text: bool(text) and not claims(text))
PERCENT = "http://purl.obolibrary.org/obo/UO_0000187"
TIMES = st.sampled_from(["7 d", "14 d", "2 h", "90 min", "36 h", "0.5 h", "1 d"]).map(exactly)


@st.composite
def numbers(draw: st.DrawFn, decimals: int | None) -> Decimal:
    places = draw(st.integers(0, 3)) if decimals is None else decimals
    return draw(st.decimals(-100, 10_000, allow_nan=False, allow_infinity=False, places=places))


@st.composite
def counting(draw: st.DrawFn) -> dict[str, Any]:
    """Of what and of how many a percentage must be."""
    return {
        "population": draw(st.none() | st.sampled_from(sorted(populations()))),
        "confidence": draw(st.none() | st.sampled_from([Decimal(text) for text in ("0.5", "0.9", "0.95", "0.999999")])),
        "least_events": draw(st.none() | st.sampled_from([1, 200, 50_000])),
    }


@st.composite
def criteria(draw: st.DrawFn, identifier: str, rounds: bool, gating: bool) -> Criterion:
    operator = draw(st.sampled_from([">=", ">", "<=", "<", "range", "one of"]))
    known = draw(st.sampled_from(WORDED if operator == "one of" else NUMERIC))
    decimals = draw(st.integers(0, 3)) if rounds and operator != "one of" else None
    low, high = sorted((draw(numbers(decimals)), draw(numbers(decimals))))
    opens = st.booleans() if low < high else st.just(False)
    both = operator == "range"
    after = not gating and draw(st.booleans())
    optional = st.none() | TEXTS
    found = Criterion(
        id=identifier,
        iri="",
        characteristic=known.iri,
        label=draw(st.just(known.symbol) | TEXTS),
        operator=operator,  # type: ignore[arg-type]
        standing="gating" if gating else draw(st.sampled_from(["gating", "reference", "informative"])),
        name="",
        description=draw(st.just(NAMES.description(known.symbol, known)) | TEXTS),
        message="",
        source=draw(st.just("somewhere") | TEXTS),
        low=low if operator in (">=", ">") or both else None,
        high=high if operator in ("<=", "<") or both else None,
        low_open=both and draw(opens),
        high_open=both and draw(opens),
        outcomes=tuple(draw(st.sets(st.sampled_from([one.iri for one in known.outcomes]), min_size=1)))
        if operator == "one of"
        else (),
        unit=draw(st.sampled_from(known.units)) if operator != "one of" else None,
        stage=draw(st.none() | st.sampled_from(STAGES)),
        method=draw(optional),
        justification=draw(optional),
        duration=draw(st.none() | TIMES),
        window=draw(st.none() | TIMES),
        due="after release" if after else "before release",
        inherited_from=draw(st.none() | st.sampled_from(STAGES)),
        note=draw(optional),
        claim=draw(st.none() | st.sampled_from(["msc-angiogenesis", "A.1_b"])),
        decimals=decimals,
        **(draw(counting()) if operator != "one of" and PERCENT in known.units else {}),
    )
    if found.confidence or found.population or found.least_events:
        found = replace(found, unit=PERCENT)
    found = replace(found, outcomes=tuple(sorted(found.outcomes)), name=draw(st.just(found.label) | TEXTS))
    return replace(found, message=draw(st.just(NAMES.message(found, known)) | TEXTS))


@st.composite
def specifications(draw: st.DrawFn) -> Specification:
    """A specification that does not contradict itself, compiled."""
    rounds = draw(st.booleans())
    ids = draw(st.lists(IDS, min_size=1, max_size=4, unique=True))
    made = [draw(criteria(identifier, rounds, gating=place == 0)) for place, identifier in enumerate(ids)]
    free = sorted({one.iri for one in KNOWN} - {one.characteristic for one in made})[:5]
    draft = replace(
        SHIPPED,
        id=draw(IDS),
        version=draw(IDS),
        title=draw(TEXTS),
        description=draw(TEXTS),
        source=draw(st.just("somewhere") | TEXTS),
        criteria=tuple(made),
        illustrative=draw(st.booleans()),
        published=draw(st.booleans()),
        drafted_by=draw(TEXTS),
        omissions=tuple(sorted((iri, draw(TEXTS)) for iri in draw(st.sets(st.sampled_from(free), max_size=2)))),
        cell_type=draw(st.none() | st.just("http://purl.obolibrary.org/obo/CL_0000134")),
        species=draw(st.none() | st.just("http://purl.obolibrary.org/obo/NCBITaxon_9606")),
        scope=draw(st.just("") | TEXTS),
        rounding="round to limit" if rounds else "none",
    )
    if specification.problems(replace(draft, iri="x:x", criteria=tuple(replace(c, iri="x:x") for c in made))):
        draft = replace(draft, criteria=tuple(replace(one, id=f"{place}c") for place, one in enumerate(made)))
    return specification.build(draft)
