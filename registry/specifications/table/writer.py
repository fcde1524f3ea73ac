"""From a specification to a sheet: what it says and nothing that would be understood without being said."""

from __future__ import annotations

from registry.domain import Criterion, Specification
from registry.identifiers import CPR
from registry.specifications.limits import limit_text
from registry.specifications.table.names import Naming
from registry.specifications.table.sheet import Cell, Sheet
from registry.specifications.vocabulary import decimal_text
from registry.vocabulary import Characteristic, Terms
from registry.vocabulary.durations import printed


def sheet_of(specification: Specification, terms: Terms) -> Sheet:
    """The sheet that says the specification. Raises Unknown for a term that no table can name."""
    names = Naming(terms)
    facts = {
        "specification": specification.id,
        "version": specification.version,
        "title": specification.title,
        "description": specification.description if specification.description != specification.title else "",
        "source": specification.source,
        "cell type": terms.curie(specification.cell_type or ""),
        "species": terms.curie(specification.species or ""),
        "scope": specification.scope,
        "rounding": specification.rounding if specification.rounding != "none" else "",
        "drafted by": specification.drafted_by,
        "illustrative": "yes" if specification.illustrative else "",
        "published": "yes" if specification.published else "",
    }
    return Sheet(
        f"{specification.id}@{specification.version}",
        {name: Cell(text) for name, text in facts.items() if text},
        tuple((Cell(names.characteristic_text(iri)), Cell(why)) for iri, why in specification.omissions),
        tuple(_row(criterion, specification, names) for criterion in specification.criteria),
    )


def _row(criterion: Criterion, specification: Specification, names: Naming) -> dict[str, Cell]:
    symbol, known = _known(criterion, names)
    plain = names.message(criterion, known)
    cells = {
        "id": criterion.id,
        "characteristic": names.characteristic_text(criterion.characteristic),
        "operator": criterion.operator,
        "limit": _limit(criterion, names, known),
        "unit": names.unit_text(criterion.unit, known) if criterion.unit else "",
        "population": names.population_text(criterion.population) if criterion.population else "",
        "confidence": decimal_text(criterion.confidence) if criterion.confidence is not None else "",
        "least events": str(criterion.least_events) if criterion.least_events is not None else "",
        "stage": names.stage_text(criterion.stage) if criterion.stage else "",
        "standing": criterion.standing,
        "group": criterion.group or "",
        "method": criterion.method or "",
        "duration": printed(criterion.duration) if criterion.duration is not None else "",
        "due": criterion.due if criterion.due != "before release" else "",
        "window": printed(criterion.window) if criterion.window is not None else "",
        "inherited from": names.stage_text(criterion.inherited_from) if criterion.inherited_from else "",
        "claim": criterion.claim or "",
        "source": criterion.source,
        "note": criterion.note or "",
        "justification": criterion.justification or "",
        "label": criterion.label if criterion.label != symbol else "",
        "name": criterion.name if criterion.name != criterion.label else "",
        "description": criterion.description if criterion.description != names.description(symbol, known) else "",
        "message": criterion.message if criterion.message != plain else "",
    }
    return {name: Cell(text) for name, text in cells.items() if text}


def _known(criterion: Criterion, names: Naming) -> tuple[str, Characteristic]:
    terms = names.terms
    for cocktail in terms.cocktails:
        if cocktail.iri == criterion.characteristic:
            return cocktail.label, terms.characteristics[CPR + "Cocktail"]
    names.characteristic_text(criterion.characteristic)
    known = terms.characteristics[criterion.characteristic]
    return known.symbol, known


def _limit(criterion: Criterion, names: Naming, known: Characteristic) -> str:
    if criterion.operator != "one of":
        return limit_text(criterion)
    return " | ".join(names.outcome_text(outcome, known) for outcome in criterion.outcomes)
