"""Of which cells a percentage is, as laboratories print it.

live singlets                    the population of that name
Singlets/Live, live > singlets   a path of gates: live singlets
cells, parent                    nothing is told: every percentage is of cells, and of a parent
CD73+ cells, Lymphocytes/Live    told, and no population of the vocabulary: a part of the lot that somebody chose
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from registry.identifiers import CPR
from registry.vocabulary import term_files
from registry.vocabulary.printed_names import folded
from registry.vocabulary.values import Population

_OF = re.compile(
    r"\s*(?:%|per ?cent|pct)\s*(?:of|in|von|among|de|des|der)\s+(?:the\s+|all\s+the\s+)?(?P<of>\S.*)", re.I
)
_SIGN = re.compile(
    r"[A-Za-z0-9](?:[+\u2212\u207a\u207b-](?=$|[\s/|,;)&A-Z])|\s?(?:pos|neg|positive|negative|low|dim|high|bright)\b)"
)
_STEPS = re.compile(r"\s*(?:/|>|→|\|)\s*")
_TELLS_NOTHING = frozenset(
    map(folded, ("", "parent", "parent population", "parent gate", "cells", "the cells", "cell"))
)


@cache
def populations() -> dict[str, Population]:
    """Every population of ``ontology/populations.ttl`` by IRI."""
    facts = term_files.own()
    by_iri = {}
    for iri in sorted(facts.of_type(CPR + "Population")):
        label = facts.text(iri, term_files.LABEL)
        by_iri[iri] = Population(
            iri=iri,
            label=label,
            names=(label, *sorted(facts.values(iri, CPR + "printedAs"))),
            kind=facts.text(iri, CPR + "populationKind"),
            within=tuple(sorted(facts.values(iri, CPR + "partOfPopulation"))),
            definition=facts.text(iri, term_files.DEFINITION),
        )
    return by_iri


@cache
def _by_name() -> dict[str, Population]:
    return {folded(name): population for population in populations().values() for name in population.names}


def of_unit(unit: str) -> str:
    """What a printed unit says that it is a percentage of: ``live cells`` of ``% of live cells``; else empty."""
    match = _OF.fullmatch(unit)
    told = match["of"].strip() if match is not None else ""
    return "" if folded(told) in _TELLS_NOTHING else told


def tells(printed: str) -> bool:
    """Whether a printed population says anything: ``parent`` and ``cells`` do not."""
    return folded(printed) not in _TELLS_NOTHING


def population(printed: str) -> Population | None:
    """The population that a printed name or path of gates means; None for one that the vocabulary does not hold."""
    whole = _by_name().get(folded(printed)) or populations().get(term_files.expanded(printed))
    if whole is not None:
        return whole
    steps = [step for step in _STEPS.split(printed.strip()) if tells(step)]
    return _path([_by_name().get(folded(step)) for step in steps]) if len(steps) > 1 else None


def _path(steps: Iterable[Population | None]) -> Population | None:
    """Gates one within the other: alive when one of them is, single when one of them is; a part of it is no whole."""
    known = list(steps)
    if any(step is None or step.kind == "part" for step in known):
        return None
    labels = {step.label for step in known if step is not None}
    is_live = any(step is not None and step.kind == "live" for step in known)
    is_single = bool(labels & {"live singlets", "singlets"})
    if is_live:
        return _by_name()[folded("live singlets" if is_single else "viable cells")]
    return _by_name()[folded("singlets")] if is_single else known[-1]


def shows(told: Population, asked: str) -> bool:
    """Whether a percentage of ``told`` is one of the population asked for (an IRI): live singlets are live cells."""
    return told.iri == asked or asked in told.within


def named_by_markers(printed: str) -> bool:
    """Whether markers name the population: ``CD73+ cells``, ``CD45-``, ``Lin−/CD34neg``."""
    return _SIGN.search(printed) is not None
