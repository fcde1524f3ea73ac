"""What is claimed in the story: the review as a publication, and its five mechanisms, each on what there is for it.

All five stand on the review. By a lot's own result only those can be shown for which a potency assay is known here;
nothing stands on the study, of which nobody has published results.
"""

from __future__ import annotations

from collections.abc import Iterator

from registry.services import Account, CitedPublication, ClaimEvidence, Registry
from registry.services.claims.claims import ClaimDraft

REVIEW = "10.1016/j.jogoh.2025.103031"
REVIEWED = ClaimEvidence("literature", REVIEW, "ECO:0000033", "A review of the field, not a result of this product.")
MECHANISMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("msc-anti-apoptosis", "GO:0043066", ()),
    ("msc-angiogenesis", "GO:0045766", ("VEGF secretion",)),
    ("msc-immunomodulation", "GO:0050777", ("inhibition of proliferation", "IDO activity")),
    ("msc-anti-oxidation", "GO:0006979", ()),
    ("msc-paracrine-action", "GO:0038001", ("HGF secretion", "VEGF secretion")),
)


def tell(registry: Registry, product: str, quality: tuple[str, str], lab: Account) -> Iterator[str]:
    """Cite the review for the product and make the five claims, signed by ``quality`` (name, password)."""
    yield "Citing the review and claiming its five mechanisms"
    registry.claims.cite(CitedPublication(REVIEW, year=2025, products=(product,), indications=("DOID:5426",)), lab)
    name, password = quality
    for identifier, process, assays in MECHANISMS:
        evidence = (REVIEWED, *(ClaimEvidence("lot result", assay, "ECO:0000002") for assay in assays))
        registry.claims.make(ClaimDraft(identifier, "CL:0000134", process, evidence), name=name, password=password)
