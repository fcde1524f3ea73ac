"""What a study is in the words of others, and what follows from its record: never in a record itself.

Each identifier was seen in use: schema.org's MedicalTrial with its phase, and the NCI Thesaurus's clinical trial. The
cells for one recipient are computed from the dose at each site of an arm.
"""

from __future__ import annotations

from collections.abc import Iterator

from registry.domain import Study
from registry.identifiers import CPR, OBO, Names
from registry.records import IRI, RDF_TYPE, Triple, literal

SCHEMA = "https://schema.org/"
CLINICAL_TRIAL = OBO + "NCIT_C71104"


def beside_the_record(study: Study, names: Names) -> Iterator[Triple]:
    """Triples about a study that its record does not hold: its classes elsewhere, and each arm's total."""
    subject = IRI(names.study(study.id))
    yield subject, RDF_TYPE, IRI(SCHEMA + "MedicalTrial")
    yield subject, RDF_TYPE, IRI(CLINICAL_TRIAL)
    yield subject, IRI(SCHEMA + "name"), literal(study.title)
    if study.phase:
        yield subject, IRI(SCHEMA + "phase"), literal(study.phase)
    for place, arm in enumerate(study.arms, start=1):
        yield IRI(f"{subject}#arm{place}"), IRI(CPR + "cellsPerRecipient"), literal(arm.total)
