"""What follows for a lot, as triples that the graph holds beside the records: its verdict, and what its product says.

    <lot> cpr:cellType obo:CL_0000134 ; cpr:indication obo:DOID_5426 ; cpr:verdict cpr:Pass ; cpr:criterionVerdict …
    <lot> cpr:judgedAgainst <specification/msc-identity/1> ; cpr:suspended true ; cpr:newestDecision <decision/…>

So ``?lot cpr:cellType/rdfs:subClassOf* obo:CL_0000134`` asks for lots. No record may say any of this of a lot, and it
is the same for the same ledger, whatever the clock says: where evidence has to be fresh, and would show its criterion
if it were, the verdict is ``cpr:DependsOnTime``, and the lot's own page judges it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from registry.domain import CriterionVerdict, LotFacts, LotVerdict, Specification
from registry.identifiers import CPR, Names
from registry.records import IRI, RDF_TYPE, Triple, literal, write
from registry.records.decision import decision_iri
from registry.records.writer import DERIVED_FROM, term
from registry.release import short_of
from registry.services.lot_state import LotStates, TimelessState

DEPENDS_ON_TIME = "depends on time"


def verdict_records(states: LotStates, names: Names, lots: Sequence[str]) -> Mapping[str, bytes]:
    """Lot → N-Triples of what its product says of it, and its verdict under the specification that it is held against.

    That is the one its page names: of a released lot the one that the release names, else the one now approved.
    """
    triples = {
        lot: [*_of_product(names, state.facts), *_of_decisions(names, state.facts), *_of_state(names, state)]
        for lot, state in zip(lots, states.timeless(lots), strict=True)
    }
    return {lot: write(each).ntriples for lot, each in triples.items() if each}


def _of_product(names: Names, facts: LotFacts) -> list[Triple]:
    """Cell type and indications of the product, said of the lot."""
    if facts.product is None:
        return []
    subject = IRI(names.lot(facts.lot.id))
    indications = [(subject, IRI(CPR + "indication"), IRI(disease)) for disease in facts.product.indications]
    return [(subject, IRI(CPR + "cellType"), IRI(facts.product.cell_type)), *indications]


def _of_decisions(names: Names, facts: LotFacts) -> list[Triple]:
    """The decision that was signed last, and of which kind it is."""
    if not facts.decisions:
        return []
    subject, newest = IRI(names.lot(facts.lot.id)), max(facts.decisions, key=lambda decision: decision.signed_at)
    return [
        (subject, IRI(CPR + "newestDecision"), IRI(decision_iri(newest, names))),
        (subject, IRI(CPR + "newestDecisionKind"), IRI(term(newest.kind))),
    ]


def _of_state(names: Names, state: TimelessState) -> list[Triple]:
    """The verdict of a lot that is held against a specification; of a released one, that it is suspended, or will be.

    A release that lapses for want of what is due says when: that time is compared when it is read.
    """
    if state.verdict is None or state.if_fresh is None or state.specification is None:
        return []
    lot, subject = state.facts.lot.id, IRI(names.lot(state.facts.lot.id))
    triples = _verdict(names, lot, state.verdict, state.if_fresh, state.specification)
    if state.suspended:
        triples.append((subject, IRI(CPR + "suspended"), literal(True)))
    if state.lapses_at is not None:
        triples.append((subject, IRI(CPR + "lapsesAt"), literal(state.lapses_at)))
    return triples


def _verdict(names: Names, lot: str, verdict: LotVerdict, fresh: LotVerdict, against: Specification) -> list[Triple]:
    subject = IRI(names.lot(lot))
    triples: list[Triple] = [
        (subject, IRI(CPR + "verdict"), _timeless(verdict.verdict, fresh.verdict)),
        (subject, IRI(CPR + "judgedAgainst"), IRI(against.iri)),
    ]
    criteria = {criterion.id: criterion for criterion in against.criteria}
    short = {item.id for item in short_of(verdict)}
    for item, then in zip(verdict.criteria, fresh.criteria, strict=True):
        node = IRI(f"{names.base}verdict/{quote(lot, safe='')}#{item.id}")
        triples.append((subject, IRI(CPR + "criterionVerdict"), node))
        outcome = _timeless(item.verdict, then.verdict)
        if item.id in short:
            triples.append((subject, IRI(CPR + "shortOf"), node))
            triples += _shortfall(names, subject, criteria[item.id].iri, outcome)
        triples += _criterion(node, criteria[item.id].iri, criteria[item.id].characteristic, item, outcome)
    return triples


def _shortfall(names: Names, lot: IRI, criterion: str, outcome: IRI) -> list[Triple]:
    """A criterion and its verdict as one thing, which all lots that it keeps from passing in that way share."""
    digest = hashlib.sha256(f"{criterion} {outcome}".encode()).hexdigest()
    shared = IRI(f"{names.base}shortfall/{digest[:16]}")
    return [
        (lot, IRI(CPR + "shortfall"), shared),
        (shared, IRI(CPR + "shortfallOf"), IRI(criterion)),
        (shared, IRI(CPR + "shortfallVerdict"), outcome),
    ]


def _timeless(verdict: str, fresh: str) -> IRI:
    """A verdict that is the same at all times; one that is not, is not said."""
    return IRI(term(verdict if verdict == fresh else DEPENDS_ON_TIME))


def _criterion(node: IRI, criterion: str, characteristic: str, item: CriterionVerdict, outcome: IRI) -> list[Triple]:
    origins = dict.fromkeys(iri for evidence in item.evidence for iri in evidence.derived_from)
    return [
        (node, RDF_TYPE, IRI(CPR + "CriterionVerdict")),
        (node, IRI(CPR + "criterion"), IRI(criterion)),
        (node, IRI(CPR + "characteristic"), IRI(characteristic)),
        (node, IRI(CPR + "standing"), IRI(term(item.standing))),
        (node, IRI(CPR + "verdict"), outcome),
        *((node, IRI(DERIVED_FROM), IRI(iri)) for iri in origins),
    ]
