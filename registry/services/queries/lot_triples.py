"""What follows for a lot, as triples that the graph holds beside the records: its verdict, and what its product says.

    <lot> cpr:cellType obo:CL_0000134 ; cpr:indication obo:DOID_5426 ; cpr:verdict cpr:Pass ; cpr:criterionVerdict …
    <lot> cpr:judgedAgainst <specification/msc-identity/1> ; cpr:suspended true

So ``?lot cpr:cellType/rdfs:subClassOf* obo:CL_0000134`` asks for lots. No record may say any of this of a lot, and it
is the same for the same ledger, whatever the clock says: where evidence has to be fresh, and would show its criterion
if it were, the verdict is ``cpr:DependsOnTime``, and the lot's own page judges it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import quote

from registry.domain import CriterionVerdict, LotFacts, LotVerdict, Specification
from registry.identifiers import CPR
from registry.judgement import combination as combining
from registry.judgement import independent, judge
from registry.records import IRI, RDF_TYPE, Triple, literal, write
from registry.records.writer import DERIVED_FROM, term
from registry.release import awaited, passes, short_of
from registry.services.context import Parts

BEFORE_ANY_TEST = datetime(1, 1, 1, tzinfo=UTC)
"""At this moment no result is fresh yet, and whether its time is known can be told."""
DEPENDS_ON_TIME = "depends on time"


def verdict_records(parts: Parts, lots: Sequence[str]) -> Mapping[str, bytes]:
    """Lot → N-Triples of what its product says of it, and its verdict under the specification that it is held against.

    That is the one its page names: of a released lot the one that the release names, else the one now approved.
    """
    every = {lot: parts.lots.facts(lot) for lot in lots}
    said = {lot: _of_product(parts, facts) for lot, facts in every.items()}
    for lot, verdict in _verdicts(parts, every):
        said[lot] += verdict
    return {lot: write(triples).ntriples for lot, triples in said.items() if triples}


def _of_product(parts: Parts, facts: LotFacts) -> list[Triple]:
    """Cell type and indications of the product, said of the lot."""
    if facts.product is None:
        return []
    subject = IRI(parts.names.lot(facts.lot.id))
    indications = [(subject, IRI(CPR + "indication"), IRI(one)) for one in facts.product.indications]
    return [(subject, IRI(CPR + "cellType"), IRI(facts.product.cell_type)), *indications]


def _verdicts(parts: Parts, every: Mapping[str, LotFacts]) -> Iterator[tuple[str, list[Triple]]]:
    """The verdict of each product lot that is held against a specification, judged in one batch a specification."""
    by_specification: dict[str, tuple[Specification, dict[str, LotFacts]]] = {}
    for lot, facts in every.items():
        held_against, _pinned = parts.held_against(facts) if facts.lot.kind == "product lot" else (None, False)
        if held_against is not None:
            by_specification.setdefault(held_against.digest, (held_against, {}))[1][lot] = facts
    for against, each in by_specification.values():
        parents = {lot: parts.origins(facts, against) for lot, facts in each.items()}
        all_of_them = [*each.values(), *(one for found in parents.values() for one in found)]
        accepted = frozenset[str]().union(*(facts.accepted for facts in all_of_them))
        results = {lot: facts.results for lot, facts in each.items()}
        origins = {lot: {one.lot.id: one.results for one in found} for lot, found in parents.items()}
        judged = judge.judge_lots(
            against, results, parts.terms, accepted=accepted, at=BEFORE_ANY_TEST, origins_by_lot=origins
        )
        for verdict in judged:
            fresh = _if_fresh(parts, verdict, against)
            facts = each[verdict.lot]
            of_release = _of_release(parts, facts, verdict, fresh, against)
            yield verdict.lot, [*_said(parts, facts.lot.id, verdict, fresh, against), *of_release]


def _of_release(
    parts: Parts, facts: LotFacts, verdict: LotVerdict, fresh: LotVerdict, against: Specification
) -> list[Triple]:
    """Of a lot whose newest decision is a release: that it was suspended, and when it lapses for want of what is due.

    What the entries about its evidence tell, and no clock: a release that did not stand at one of them stays suspended
    though the evidence passes again, and a time that is over without an entry since is compared when it is read.
    """
    newest = facts.decision_in_force
    if newest is None or not newest.releases or newest.entry is None:
        return []
    subject = IRI(parts.names.lot(facts.lot.id))
    changes = [change.at for one in (facts, *parts.origins(facts, against)) for change in one.evidence_changes]
    lapse = parts.lapse(facts, against, max([newest.entry.at, *changes]))
    said: list[Triple] = []
    if lapse is not None or not (passes(facts, verdict) or passes(facts, fresh)):
        said.append((subject, IRI(CPR + "suspended"), literal(True)))
    if newest.complete_by is not None and awaited(facts, verdict):
        said.append((subject, IRI(CPR + "lapsesAt"), literal(newest.complete_by)))
    return said


def _if_fresh(parts: Parts, verdict: LotVerdict, against: Specification) -> LotVerdict:
    """What would be said at a time when every result whose time is known is fresh."""
    if all(one.window is None for one in against.criteria):
        return verdict
    evidence = [
        replace(one, age=Decimal(0)) if one.age is not None else one
        for item in verdict.criteria
        for one in item.evidence
    ]
    return combining.combine(against, verdict.lot, evidence, independent.judge(against, evidence), parts.terms)


def _said(parts: Parts, lot: str, verdict: LotVerdict, fresh: LotVerdict, against: Specification) -> list[Triple]:
    subject = IRI(parts.names.lot(lot))
    said: list[Triple] = [
        (subject, IRI(CPR + "verdict"), _timeless(verdict.verdict, fresh.verdict)),
        (subject, IRI(CPR + "judgedAgainst"), IRI(against.iri)),
    ]
    criteria = {one.id: one for one in against.criteria}
    short = {item.id for item in short_of(verdict)}
    for item, then in zip(verdict.criteria, fresh.criteria, strict=True):
        node = IRI(f"{parts.names.base}verdict/{quote(lot, safe='')}#{item.id}")
        said.append((subject, IRI(CPR + "criterionVerdict"), node))
        if item.id in short:
            said.append((subject, IRI(CPR + "shortOf"), node))
        outcome = _timeless(item.verdict, then.verdict)
        said += _criterion(node, criteria[item.id].iri, criteria[item.id].characteristic, item, outcome)
    return said


def _timeless(verdict: str, fresh: str) -> IRI:
    """A verdict that is the same at all times; one that is not, is not said."""
    return IRI(term(verdict if verdict == fresh else DEPENDS_ON_TIME))


def _criterion(node: IRI, criterion: str, characteristic: str, item: CriterionVerdict, outcome: IRI) -> list[Triple]:
    origins = dict.fromkeys(iri for one in item.evidence for iri in one.derived_from)
    return [
        (node, RDF_TYPE, IRI(CPR + "CriterionVerdict")),
        (node, IRI(CPR + "criterion"), IRI(criterion)),
        (node, IRI(CPR + "characteristic"), IRI(characteristic)),
        (node, IRI(CPR + "standing"), IRI(term(item.standing))),
        (node, IRI(CPR + "verdict"), outcome),
        *((node, IRI(DERIVED_FROM), IRI(iri)) for iri in origins),
    ]
