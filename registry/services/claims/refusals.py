"""What is refused before a publication or claim is entered: what is not on record, or cannot show what is claimed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from registry.domain import Basis, CitedPublication, Claim, ClaimEvidence, Criterion, Product, Study
from registry.errors import Refused, RegistryError, WrongUsage
from registry.exchange.identifiers import doi_in
from registry.identifiers import OBO
from registry.intake.checks.free_text_privacy import refuse_person
from registry.services.studies.refusals import refuse_contact
from registry.vocabulary import Terms, expanded
from registry.vocabulary.mechanisms import evidence_types, mechanisms, potency_assays

ASSAY, EXPERIMENT, STUDY = (OBO + f"ECO_{number}" for number in ("0000002", "0000006", "0000180"))
FIRST_YEAR = 1800
TYPES: Mapping[Basis, tuple[str, ...]] = {
    "lot result": (ASSAY, EXPERIMENT),
    "study": (STUDY, EXPERIMENT),
    "literature": tuple(evidence_types()),
}
"""Which types of evidence each basis can be of: a lot's own result is no author's statement."""
RESULTS = "results"
"""What a study names as unknown while nobody has published what came of it."""


def doi(text: str) -> str:
    """A DOI in small letters; raises WrongUsage."""
    read = doi_in(text)
    if not read:
        raise WrongUsage(
            "This is no DOI.", expected="a DOI, such as 10.1016/j.jogoh.2025.103031", found=text[:200], where="doi"
        )
    return read


def publication(draft: CitedPublication, terms: Terms, this_year: int) -> CitedPublication:
    """The publication with whole IRIs; raises WrongUsage, Unknown, PatientData."""
    refuse_contact("title", draft.title, "publication")
    refuse_person("title", draft.title, this_year)
    if draft.year is not None and not FIRST_YEAR <= draft.year <= this_year + 1:
        raise WrongUsage("This is no year of publication.", expected=f"{FIRST_YEAR} to {this_year + 1}",
                         found=str(draft.year), where="year")  # fmt: skip
    diseases = tuple(sorted({_disease(terms, each) for each in draft.indications}))
    return replace(draft, doi=doi(draft.doi), title=draft.title.strip(), indications=diseases)


def _disease(terms: Terms, text: str) -> str:
    disease = terms.term(text)
    if not disease.curie.startswith("DOID:"):
        raise WrongUsage("An indication is a disease.", expected="a Disease Ontology term (DOID:…)",
                         found=disease.curie, where="indications")  # fmt: skip
    return disease.iri


def agree(before: CitedPublication, given: CitedPublication) -> None:
    """Raise Refused when the same DOI is given another title or year than it has."""
    for field, old, new in (("title", before.title, given.title), ("year", before.year, given.year)):
        if old and new and old != new:
            raise Refused(
                f"{given.doi} has another {field} on record.",
                expected=str(old), found=str(new), where=field,
                todo="A DOI names one publication: look which is right. Nothing is edited here.",
            )  # fmt: skip


def process(text: str) -> str:
    """The IRI of a mechanism that may be claimed; raises WrongUsage with those that are known."""
    iri = expanded(text)
    if iri not in mechanisms():
        known = "; ".join(f"{_curie(each)} {name}" for each, name in mechanisms().items())
        raise WrongUsage(
            "This is no mechanism that is known here.", expected=known, found=text, where="process",
            todo="Choose one, or have the process added to ontology/mechanisms.ttl with its source.",
        )  # fmt: skip
    return iri


def evidence(
    claim: Claim, terms: Terms, product: Product | None, study: Callable[[str], Study], known: Callable[[str], object]
) -> Iterator[ClaimEvidence]:
    """The evidence with whole IRIs and registered spellings; raises WrongUsage, Unknown, Refused.

    ``study`` finds a study on record and ``known`` a publication.
    """
    if not claim.evidence:
        raise WrongUsage(
            "A claim stands on something.",
            expected="a potency assay by which lots show it, a study with results, or a publication on record",
            found="nothing", where="evidence",
        )  # fmt: skip
    for each in claim.evidence:
        whole = replace(each, evidence_type=_type(each))
        if each.basis == "lot result":
            yield replace(whole, about=_assay(each.about, terms))
        elif each.basis == "study":
            yield replace(whole, about=_study(claim, product, study(each.about), terms))
        else:
            known(doi(each.about))
            yield replace(whole, about=doi(each.about))


def _type(each: ClaimEvidence) -> str:
    """The type of evidence, the basis's own where none is named."""
    iri = expanded(each.evidence_type) if each.evidence_type else TYPES[each.basis][0]
    if (not each.evidence_type and each.basis == "literature") or iri not in TYPES[each.basis]:
        names = "; ".join(f"{_curie(known)} {evidence_types()[known]}" for known in TYPES[each.basis])
        raise WrongUsage(f"This is no type of evidence of {_WORDS[each.basis]}.", expected=names,
                         found=each.evidence_type or "none", where="evidence")  # fmt: skip
    return iri


_WORDS: Mapping[Basis, str] = {"lot result": "a lot's own result", "study": "a study", "literature": "literature"}


def _assay(name: str, terms: Terms) -> str:
    known = terms.characteristic(name)
    if known.iri not in potency_assays():
        assays = ", ".join(sorted(terms.label(each) for each in potency_assays()))
        raise WrongUsage(f"{known.symbol} is no potency assay: it shows no mechanism.", expected=assays, found=name,
                         where="evidence")  # fmt: skip
    return known.iri


def _study(claim: Claim, product: Product | None, known: Study, terms: Terms) -> str:
    """The study, if it is one of what is claimed of, and something has come of it."""
    if product is not None and product.study.casefold() != known.id.casefold():
        raise Refused(f"{known.id} is no study of {product.id}.", expected=product.study or "a product with a study",
                      found=known.id, where="evidence")  # fmt: skip
    if product is None and not (known.cell_type and terms.is_a(known.cell_type, claim.cell_type)):
        studied = terms.curie(known.cell_type) if known.cell_type else "no cell type"
        raise Refused(f"{known.id} is no study of such cells.", expected=terms.curie(claim.cell_type), found=studied,
                      where="evidence")  # fmt: skip
    if RESULTS in known.unknown:
        raise Refused(
            f"Nobody has published results of {known.id}: nothing can be claimed on it yet.",
            expected="a study whose results are known", found=f"{known.id} names its results as unknown",
            where="evidence", todo="Claim it on what there is, and on the study when its results are there.",
        )  # fmt: skip
    return known.id


def unfit(criterion: Criterion, product: Product, terms: Terms, find: Callable[[str], Claim]) -> str:
    """Why a criterion cannot support the claim that it names, for this product; empty when it can."""
    try:
        claim = find(criterion.claim or "")
    except RegistryError as error:
        return error.message
    if claim.withdrawn is not None:
        return f"The claim {claim.id} was withdrawn: {claim.withdrawn.reason}"
    if not is_about(claim, product, terms):
        return f"The claim {claim.id} is not about {product.id} or its cells."
    if not any(each.about == criterion.characteristic for each in claim.on("lot result")):
        return f"The claim {claim.id} is not shown by {criterion.label}."
    return ""


def is_about(claim: Claim, product: Product | None, terms: Terms) -> bool:
    """Whether a claim is about this product: of itself, or of its cell type or a class above that."""
    if product is None:
        return False
    if claim.product:
        return claim.product.casefold() == product.id.casefold()
    return terms.is_a(product.cell_type, claim.cell_type)


def _curie(iri: str) -> str:
    return iri.removeprefix(OBO).replace("_", ":", 1)
