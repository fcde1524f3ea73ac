"""The species that a panel names, held against the one of the product: mouse and dog panels look alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from registry.domain import Intake, Result, RowError
from registry.identifiers import OBO
from registry.intake.shown_text import shown
from registry.vocabulary import Terms
from registry.vocabulary.printed_names import folded

HUMAN = f"{OBO}NCBITaxon_9606"
"""Without a product to ask, panels are of human cells: what the shipped specifications are for."""
_PRINTED = {HUMAN: ("human", "Homo sapiens", "H. sapiens")}


def hold_to_species(intake: Intake, species: Callable[[str], str | None], terms: Terms) -> Intake:
    """The intake, less the results of lots that are of another species than the one a row names; each such row is an
    error. ``species`` gives a lot's species (an IRI of NCBITaxon), or None when nobody recorded one: a panel cannot
    say it instead, so a row that names one is then an error too.
    """
    errors: list[RowError] = []
    fitting: list[Result] = []
    for result in intake.results:
        printed = dict(result.details).get("species")
        expected = species(result.lot) if printed is not None else None
        if printed is None or (expected is not None and _names(printed, expected, terms)):
            fitting.append(result)
        else:
            errors.append(_other(result, printed, expected, terms))
    return replace(intake, results=tuple(fitting), errors=(*intake.errors, *errors))


def _names(printed: str, species: str, terms: Terms) -> bool:
    known = (species, terms.curie(species), *_PRINTED.get(species, ()))
    return folded(printed) in map(folded, known)


def _other(result: Result, printed: str, species: str | None, terms: Terms) -> RowError:
    if species is None:
        expected, why = "no species", "none is recorded for this lot"
    else:
        names = _PRINTED.get(species, ())
        expected = " or ".join((*names[:1], terms.curie(species)))
        why = f"the lot is of {names[0] if names else expected}"
    message = (
        f"The row names the species '{shown(printed)}', and {why}: is this another animal's panel? The species "
        "belongs to the product; correct the column or leave it empty."
    )
    where = result.source
    return RowError(result.lot, where.file, where.row, "species", expected, shown(printed), message)
