"""The derived verdict of a lot as triples: what the graph holds beside the records.

It uses properties that no record may use, and gives the same for the same ledger, whatever the clock says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from registry import judging
from registry.iris import CPR
from registry.kinds.writing import DERIVED_FROM, term
from registry.model import CriterionVerdict, LotVerdict, Specification
from registry.record import IRI, RDF_TYPE, Triple, write
from registry.registry.parts import Parts
from registry.standing import LotFacts


def verdict_records(parts: Parts, lots: Sequence[str]) -> Mapping[str, bytes]:
    """Lot → N-Triples of its verdict under the specification approved for its product; without one, nothing."""
    by_specification: dict[str, dict[str, LotFacts]] = {}
    for lot in lots:
        facts = parts.lots.facts(lot)
        if facts.approval is not None and facts.lot.kind == "product lot":
            by_specification.setdefault(facts.approval.digest, {})[lot] = facts
    found: dict[str, bytes] = {}
    for digest, each in by_specification.items():
        against = parts.specification(digest)
        accepted = frozenset[str]().union(*(facts.accepted for facts in each.values()))
        results = {lot: facts.results for lot, facts in each.items()}
        for verdict in judging.judge_lots(against, results, parts.terms, accepted=accepted):
            found[verdict.lot] = write(_said(parts, each[verdict.lot].lot.id, verdict, against)).ntriples
    return found


def _said(parts: Parts, lot: str, verdict: LotVerdict, against: Specification) -> list[Triple]:
    subject = IRI(parts.names.lot(lot))
    said: list[Triple] = [
        (subject, IRI(CPR + "verdict"), IRI(term(verdict.verdict))),
        (subject, IRI(CPR + "judgedAgainst"), IRI(against.iri)),
    ]
    criteria = {one.id: one for one in against.criteria}
    for item in verdict.criteria:
        node = IRI(f"{parts.names.base}verdict/{quote(lot, safe='')}#{item.id}")
        said.append((subject, IRI(CPR + "criterionVerdict"), node))
        said += _criterion(node, criteria[item.id].iri, criteria[item.id].characteristic, item)
    return said


def _criterion(node: IRI, criterion: str, characteristic: str, item: CriterionVerdict) -> list[Triple]:
    origins = dict.fromkeys(iri for one in item.evidence for iri in one.derived_from)
    return [
        (node, RDF_TYPE, IRI(CPR + "CriterionVerdict")),
        (node, IRI(CPR + "criterion"), IRI(criterion)),
        (node, IRI(CPR + "characteristic"), IRI(characteristic)),
        (node, IRI(CPR + "standing"), IRI(term(item.standing))),
        (node, IRI(CPR + "verdict"), IRI(term(item.verdict))),
        *((node, IRI(DERIVED_FROM), IRI(iri)) for iri in origins),
    ]
