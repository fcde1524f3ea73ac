"""Names in a table: what a printed name means, and how each thing is printed so that it is read back."""

from __future__ import annotations

import re

from registry.domain import Criterion
from registry.errors import RegistryError, Unknown, WrongUsage
from registry.identifiers import CPR
from registry.specifications.limits import words
from registry.vocabulary import Characteristic, Outcome, Terms, Unit, expanded, folded, folded_unit, folded_word

_SPECIES = re.compile(r"http://purl\.obolibrary\.org/obo/NCBITaxon_[0-9]+")
_CELL = re.compile(r"http://purl\.obolibrary\.org/obo/CL_[0-9]{7}")


class Naming:
    """Reads and prints names by the ontology's terms."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms

    def characteristic(self, name: str) -> tuple[str, str, Characteristic]:
        """(IRI, symbol, description) of what a name means; a declared cocktail is one too. Raises as ``Terms``."""
        for cocktail in self.terms.cocktails:
            if (
                folded(name) == folded(cocktail.label)
                or expanded(name) == cocktail.iri
                or self._members(name) == cocktail.members
            ):
                return cocktail.iri, cocktail.label, self.terms.characteristics[CPR + "Cocktail"]
        known = self.terms.characteristic(name)
        return known.iri, known.symbol, known

    def _members(self, name: str) -> frozenset[str]:
        parts = re.split(r"[|+]", name)
        try:
            return frozenset(self.terms.characteristic(part).iri for part in parts) if len(parts) > 1 else frozenset()
        except RegistryError:
            return frozenset()

    def characteristic_text(self, iri: str) -> str:
        """The symbol where it is read back, else the short form of the IRI."""
        for cocktail in self.terms.cocktails:
            if cocktail.iri == iri:
                return cocktail.label
        known = self.terms.characteristics.get(iri)
        if known is None:
            raise Unknown("A table cannot name this characteristic.", expected="one of the ontology's", found=iri)
        try:
            return known.symbol if self.terms.characteristic(known.symbol).iri == iri else self.terms.curie(iri)
        except RegistryError:
            return self.terms.curie(iri)

    def unit(self, printed: str, characteristic: Characteristic) -> Unit:
        """One of the characteristic's units, else any known one: ``lint`` says that it does not fit."""
        try:
            return self.terms.unit(printed, characteristic)
        except WrongUsage:
            wanted, iri = folded_unit(printed), expanded(printed)
            units = self.terms.units.values()
            unit = next((unit for unit in units if unit.iri == iri or wanted in map(folded_unit, unit.names)), None)
            if unit is None or not wanted:
                raise
            return unit

    def unit_text(self, iri: str, characteristic: Characteristic) -> str:
        """The printed form where it is read back, else the short form of the IRI."""
        known = self.terms.units.get(iri)
        if known is None:
            raise Unknown("A table cannot name this unit.", expected="one of the ontology's", found=iri)
        return known.label if self.unit(known.label, characteristic).iri == iri else self.terms.curie(iri)

    def outcome(self, printed: str, characteristic: Characteristic) -> Outcome:
        """One of the characteristic's outcomes; raises WrongUsage."""
        iri = expanded(printed)
        for outcome in characteristic.outcomes:
            if outcome.iri == iri or folded_word(printed) in map(folded_word, outcome.names):
                return outcome
        expected = " | ".join(outcome.label for outcome in characteristic.outcomes) or "a numeric limit"
        raise WrongUsage(f"{characteristic.symbol} has no such outcome.", expected=expected, found=printed)

    def outcome_text(self, iri: str, characteristic: Characteristic) -> str:
        """The outcome's label where it is read back, else the short form of its IRI."""
        for outcome in characteristic.outcomes:
            if outcome.iri == iri and self.outcome(outcome.label, characteristic).iri == iri:
                return outcome.label
        return self.terms.curie(iri)

    def stage_text(self, iri: str) -> str:
        """The stage's label where it is read back, else the short form of its IRI."""
        label = self.terms.stages.get(iri)
        return label if label is not None and self.terms.stage(label) == iri else self.terms.curie(iri)

    def population_text(self, iri: str) -> str:
        """The population's label where it is read back, else the short form of its IRI."""
        label = self.terms.label(iri)
        try:
            return label if self.terms.population(label) == iri else self.terms.curie(iri)
        except Unknown:
            return self.terms.curie(iri)

    def cell_type(self, printed: str) -> str:
        """The IRI of a Cell Ontology term; raises WrongUsage."""
        return _iri(printed, _CELL, "a Cell Ontology term, such as CL:0000134")

    def species(self, printed: str) -> str:
        """The IRI of a species; raises WrongUsage."""
        return _iri(printed, _SPECIES, "an NCBI Taxonomy term, such as NCBITaxon:9606")

    def description(self, label: str, known: Characteristic) -> str:
        """What is said of a criterion of which its author says nothing else."""
        if known.is_marker:
            return f"Percent of cells that carry {label}."
        return f"{label[:1].upper()}{label[1:]}."

    def message(self, criterion: Criterion, known: Characteristic) -> str:
        """What a criterion asks for in one sentence, where its author says nothing else."""
        if criterion.operator == "one of":
            asked = " or ".join(self.outcome_text(outcome, known) for outcome in criterion.outcomes)
            return f"{criterion.label} must be: {asked}."
        unit = self.unit_text(criterion.unit, known) if criterion.unit else ""
        return f"{criterion.label} must be {words(criterion, unit)}."


def _iri(printed: str, form: re.Pattern[str], expected: str) -> str:
    iri = expanded(printed)
    if not form.fullmatch(iri):
        raise WrongUsage("This is no such term.", expected=expected, found=printed)
    return iri
