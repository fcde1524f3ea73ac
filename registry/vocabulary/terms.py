"""Printed names resolved, and refused when they do not say enough."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, localcontext
from functools import cache, cached_property

from registry.errors import Unknown, WrongUsage
from registry.identifiers import OBO
from registry.vocabulary import populations, term_files
from registry.vocabulary.hierarchy import Hierarchy
from registry.vocabulary.printed_names import folded, folded_unit, nearest, negative_stem
from registry.vocabulary.values import Characteristic, Cocktail, IdentityMarker, Term, Unit

PERCENT = f"{OBO}UO_0000187"


class Terms:
    """What ``ontology/`` says, ready to be asked. Get it from ``load()``."""

    def __init__(self) -> None:
        self.slices: Mapping[str, bytes] = {}
        self.units: Mapping[str, Unit] = {unit.iri: unit for unit in term_files.units()}
        self.characteristics: Mapping[str, Characteristic] = {c.iri: c for c in term_files.characteristics()}
        self.cocktails: tuple[Cocktail, ...] = tuple(term_files.cocktails())
        stages = list(term_files.stages())
        self.stages: Mapping[str, str] = {iri: label for iri, label, _ in stages}
        self._stage_names = {folded(name): iri for iri, _, names in stages for name in names}
        ambiguous = list(term_files.ambiguous_names())
        self._ambiguous = {folded(name): (why, choices) for names, why, choices in ambiguous for name in names}
        printed = [c for c in self.characteristics.values() if c.kind != "composite marker"]
        self._named = {folded(name): c for c in printed for name in c.names}
        self._identity = term_files.identity()

    def characteristic(self, name: str) -> Characteristic:
        """The characteristic that a printed name means (design section 6, Names). An IRI or CURIE is a name too.

        One final ``+`` on a marker means percent positive. Raises ``WrongUsage`` for a name that means several
        characteristics (CD79), or the fraction without a marker (CD45-), and ``Unknown`` with the nearest names.
        """
        known = self.characteristics.get(term_files.expanded(name)) or self._by_printed_name(name)
        if known:
            return known
        if negative := self.negative_fraction(name):
            raise WrongUsage(
                f"{name.strip()} is the fraction of cells without {negative.symbol}, not with it.",
                expected=f"{negative.symbol}, in percent positive",
                found=name.strip(),
                todo=f"Report the percent positive: 100 minus this, under the name {negative.symbol}.",
            )
        raise Unknown(
            f"No characteristic is called {name.strip()!r}.",
            expected="a marker or test that the ontology knows",
            found=name.strip(),
            todo=nearest(name, {folded(n): n for c in self._named.values() for n in c.names}),
        )

    def characteristic_called(self, name: str) -> Characteristic | None:
        """As ``characteristic``, for whoever asks whether there is one: None, and no search for the nearest names."""
        try:
            return self.characteristics.get(term_files.expanded(name)) or self._by_printed_name(name)
        except WrongUsage:
            return None

    def _by_printed_name(self, name: str) -> Characteristic | None:
        key = folded(name)
        stem = key[:-1] if key.endswith("+") and not key.endswith("++") else key
        for candidate in (key, stem):
            if candidate in self._ambiguous:
                why, choices = self._ambiguous[candidate]
                expected = " or ".join(self.characteristics[choice].symbol for choice in choices)
                raise WrongUsage(f"{name.strip()} does not say enough. {why}", expected=expected, found=name.strip())
            named = self._named.get(candidate)
            if named and (candidate == key or named.is_marker):
                return named
        return None

    def negative_fraction(self, name: str) -> Characteristic | None:
        """The marker whose absence a printed name states: CD45 for ``CD45-``, ``CD45−``, ``CD45neg``; else None."""
        stem = negative_stem(name)
        named = self._named.get(folded(stem)) if stem else None
        return named if named and named.is_marker and folded(name) not in self._named else None

    def unit(self, printed: str, characteristic: Characteristic) -> Unit:
        """The unit that a printed one means for this characteristic. Never guessed: ``WrongUsage`` says which.

        ``% of live singlets`` is percent: of which cells is for ``populations.of_unit`` to say.
        """
        admitted = [self.units[iri] for iri in characteristic.units]
        wanted = folded_unit(printed)
        for unit in admitted:
            if printed == unit.iri or (wanted and wanted in map(folded_unit, unit.names)):
                return unit
        of = populations.of_unit(printed)
        if of and PERCENT in characteristic.units and (populations.population(of) or populations.named_by_markers(of)):
            return self.units[PERCENT]
        expected = " or ".join(unit.label for unit in admitted) or "no unit: the result is a word"
        problem = f"is not measured in {printed.strip()}" if wanted else "needs its unit"
        raise WrongUsage(f"{characteristic.symbol} {problem}.", expected=expected, found=printed.strip())

    def convert(self, value: Decimal, from_iri: str, to_iri: str) -> Decimal | None:
        """The same amount in another unit of the same quantity, to 50 digits; None when the quantities differ."""
        source, target = self.units.get(from_iri), self.units.get(to_iri)
        if source is None or target is None or source.quantity != target.quantity:
            return None
        if source.factor == target.factor:
            return value
        with localcontext() as context:
            context.prec = 50
            converted = (value * source.factor / target.factor).normalize()
            return converted.quantize(Decimal(1)) if converted == converted.to_integral_value() else converted

    def stage(self, printed: str) -> str:
        """The IRI of the stage that a printed name means; raises ``Unknown`` with the stages there are."""
        iri = term_files.expanded(printed)
        stage_iri = iri if iri in self.stages else self._stage_names.get(folded(printed))
        if stage_iri is None:
            known = ", ".join(self.stages.values())
            raise Unknown(f"No stage is called {printed.strip()!r}.", expected=known, found=printed.strip())
        return stage_iri

    def population(self, printed: str) -> str:
        """The IRI of the population that a printed name means; raises ``Unknown`` with the populations there are."""
        population = populations.population(printed)
        if population is None:
            known = ", ".join(population.label for population in populations.populations().values())
            raise Unknown(f"No population is called {printed.strip()!r}.", expected=known, found=printed.strip())
        return population.iri

    def cocktail(self, members: Iterable[str]) -> Cocktail | None:
        """The declared cocktail of exactly these markers (IRIs), or None."""
        wanted = frozenset(members)
        return next((cocktail for cocktail in self.cocktails if cocktail.members == wanted), None)

    def with_slices(self, slices: Mapping[str, bytes]) -> Terms:
        """The same names, with cell types (``cl``) or diseases (``doid``) from slices of loaded releases."""
        other = copy.copy(self)
        for cached in ("_cells", "_diseases"):
            other.__dict__.pop(cached, None)
        other.slices = dict(slices)
        return other

    @cached_property
    def of_recipients(self) -> Terms:
        """The same units, with the outcome measures of recipients in the place of the characteristics of lots."""
        other = copy.copy(self)
        other.__dict__.pop("_labels", None)
        other.characteristics = {c.iri: c for c in term_files.characteristics(of_recipients=True)}
        other._named = {folded(name): c for c in other.characteristics.values() for name in c.names}
        other._ambiguous, other.cocktails = {}, ()
        return other

    def _read(self, name: str) -> Hierarchy:
        given = self.slices.get(name)
        return Hierarchy(term_files.packaged_classes(name) if given is None else term_files.loaded_classes(given))

    @cached_property
    def _cells(self) -> Hierarchy:
        return self._read("cl")

    @cached_property
    def _diseases(self) -> Hierarchy:
        return self._read("doid")

    def _hierarchy(self, iri: str) -> Hierarchy:
        return self._diseases if iri.startswith(OBO + "DOID_") else self._cells

    def term(self, iri_or_curie: str) -> Term:
        """A cell type or disease by IRI or CURIE. ``Unknown`` when absent or obsolete, naming what replaced it."""
        iri = term_files.expanded(iri_or_curie)
        term = self._hierarchy(iri).terms.get(iri)
        if term is None and ":" not in iri_or_curie:
            expected = "an id, such as DOID:5426 or CL:0000134"
            raise Unknown(f"This is no term's id: {iri_or_curie}.", expected=expected, found=iri_or_curie)
        if term is None:
            raise Unknown(f"The ontologies loaded here have no {term_files.curie(iri)}.", found=iri_or_curie)
        if term.obsolete:
            instead = self._current(term)
            raise Unknown(
                f"{term.curie} is obsolete.",
                expected=f"{instead.curie} {instead.label}" if instead else "a current term",
                found=term.curie,
                todo=f"Use {instead.curie}." if instead else "It has no current replacement: choose another term.",
            )
        return term

    def _current(self, term: Term) -> Term | None:
        """What replaced an obsolete term in the end; None if nothing did, or nothing of the same ontology."""
        known, seen = self._hierarchy(term.iri).terms, {term.iri}
        while term.obsolete:
            if term.replaced_by is None or term.replaced_by in seen or term.replaced_by not in known:
                return None
            seen.add(term.replaced_by)
            term = known[term.replaced_by]
        return term

    def is_a(self, child: str, ancestor: str) -> bool:
        """True when the child is the ancestor or stands below it, inferred superclasses included."""
        iri = term_files.expanded(child)
        return term_files.expanded(ancestor) in self._hierarchy(iri).ancestors(iri)

    def descendants(self, iri: str) -> frozenset[str]:
        """The IRIs of the class and of everything below it."""
        wanted = term_files.expanded(iri)
        return self._hierarchy(wanted).descendants(wanted)

    def diseases(self, text: str) -> tuple[Term, ...]:
        """Diseases by label, synonym or id; those named exactly so first. Obsolete ones are not found."""
        return self._diseases.search(text)

    def ancestors(self, iri: str) -> frozenset[str]:
        """The IRIs of the class and of everything above it."""
        wanted = term_files.expanded(iri)
        return self._hierarchy(wanted).ancestors(wanted)

    def any_term(self, iri_or_curie: str) -> Term | None:
        """A cell type or disease, obsolete or not; None when the ontologies loaded here do not have it."""
        iri = term_files.expanded(iri_or_curie)
        return self._hierarchy(iri).terms.get(iri)

    def search(self, text: str) -> tuple[Term, ...]:
        """Cell types and diseases by label, synonym or id; those named exactly so first, obsolete ones never."""
        return (*self._cells.search(text), *self._diseases.search(text))

    def named(self, text: str) -> tuple[Term, ...]:
        """Current cell types and diseases of that very label, id or synonym; those that it labels come alone."""
        return self._cells.named(text) + self._diseases.named(text)

    def permitted_cell_types(self) -> tuple[Term, ...]:
        """The cell types that a product may carry: an explicit list, in ``ontology/cell_types.ttl``."""
        return tuple(self.term(iri) for iri in term_files.permitted_cell_types())

    def children(self, iri: str) -> tuple[str, ...]:
        """The IRIs of the classes directly below."""
        wanted = term_files.expanded(iri)
        return self._hierarchy(wanted).children(wanted)

    def everything(self) -> Iterator[Term]:
        """Every cell type and disease, obsolete ones included."""
        yield from self._cells.terms.values()
        yield from self._diseases.terms.values()

    def own_names(self) -> Mapping[str, tuple[str, ...]]:
        """The names of diseases and cell types that are kept here beside the ontologies', by IRI."""
        return term_files.own_names()

    def permitted_iris(self) -> tuple[str, ...]:
        """The IRIs of the permitted cell types, whether or not the ontologies loaded here have them."""
        return term_files.permitted_cell_types()

    def identity_of(self, cell_type: str) -> tuple[IdentityMarker, ...]:
        """The markers that identify a cell type, said of it or of a class above it; none for other cell types."""
        return tuple(m for cell, markers in self._identity.items() if self.is_a(cell_type, cell) for m in markers)

    def curie(self, iri: str) -> str:
        """``CL:0000134``, ``cpr:viability``; the IRI itself when it has no short form."""
        return term_files.curie(iri)

    def label(self, iri: str) -> str:
        """What to call a characteristic, unit, stage, cocktail or outcome on a page, else its short form."""
        return self._labels.get(iri) or term_files.curie(iri)

    def name(self, iri_or_curie: str) -> str:
        """What any term is called in words, obsolete or not: ``Homo sapiens``; empty when nobody here says."""
        iri = term_files.expanded(iri_or_curie)
        term = self.any_term(iri)
        return term.label if term else term_files.other_names().get(iri, self._labels.get(iri, ""))

    @cached_property
    def _labels(self) -> dict[str, str]:
        labels = {cocktail.iri: cocktail.label for cocktail in self.cocktails}
        labels |= {o.iri: o.label for c in self.characteristics.values() for o in c.outcomes}
        labels |= {unit.iri: unit.label for unit in self.units.values()} | dict(self.stages)
        labels |= {population.iri: population.label for population in populations.populations().values()}
        return labels | {c.iri: c.symbol for c in self.characteristics.values()}


@cache
def load() -> Terms:
    """The terms of the installed ``ontology/``, read once per process."""
    return Terms()


def graph_files(slices: Mapping[str, bytes] | None = None) -> list[tuple[str, bytes]]:
    """The files that the knowledge graph loads, as name and Turtle: no blank nodes, so that they load alike twice.

    ``slices`` of loaded releases stand in the place of the packaged ones, and say themselves what they are cut from.
    """
    loaded = slices or {}
    names = [f"{name}.ttl" for name in term_files.OWN_FILES]
    names += [f"borrowed/{name}.ttl" for name in term_files.BORROWED_FILES if name.partition("-")[0] not in loaded]
    sources = term_files.content("SOURCES.ttl").decode().split("\n\n")
    gone = tuple(f"cpr:slice-{name}{rest} " for name in loaded for rest in ("", "-definitions"))
    kept = [part for part in sources if not part.startswith(gone)]
    files = [(name, term_files.content(name)) for name in names]
    files += [(f"borrowed/{name}.ttl", data) for name, data in sorted(loaded.items())]
    return [*files, ("SOURCES.ttl", "\n\n".join(kept).encode())]
