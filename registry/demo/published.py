"""Published lots as cited evidence: facts, each with its source, judged and never released.

``published/products.csv`` names each source's product and the specification its lots are held against: their own where
it was published, else the ISCT's. ``published/<product>.csv`` holds the figures as printed. None of it is made up.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from importlib import resources

from registry.services import Account, LotDraft, ProductDraft, Registry

LINE = "-line"
"""How the id of a source's cell line ends: what is printed once for all of its lots."""


def tell(registry: Registry, quality: tuple[str, str], lab: Account) -> Iterator[str]:
    """Enter the published products, lots and panels; ``quality`` is (name, password) of who approves."""
    for row in _rows("products.csv"):
        yield f"Citing the lots of {row['product']}"
        _describe(registry, row, quality)
        data = _file(f"{row['product']}.csv")
        for lot in dict.fromkeys(line["lot"] for line in csv.DictReader(io.StringIO(data.decode("utf-8")))):
            if not lot.endswith(LINE):
                registry.lots.register(_lot(row, lot), lab)
        registry.submissions.submit(f"{row['product']}.csv", data, lab)


def _describe(registry: Registry, row: dict[str, str], quality: tuple[str, str]) -> None:
    name, password = quality
    member = registry.accounts.act_as(name, password)
    registry.products.register(
        ProductDraft(
            id=row["product"],
            label=row["label"],
            cell_type="CL:0000134",
            source=row["source"],
            donor_relation="autologous" if row["donor_relation"] == "autologous" else "allogeneic",
            species="NCBITaxon:9606",
            indications=(row["indication"],) if row["indication"] else (),
            note=f"Cited evidence, not a product of this registry: {row['citation']}.",
            citation=row["citation"],
        ),
        member,
    )
    against = registry.specifications.get(row["specification"])
    registry.specifications.approve(
        row["product"],
        against.id,
        name=name,
        password=password,
        meaning="I approve this specification for showing published lots, and for no release.",
    )
    if any(line["lot"].endswith(LINE) for line in _rows(f"{row['product']}.csv")):
        registry.lots.register(LotDraft(row["product"] + LINE, kind="cell line", note=_note(row)), member)


def _lot(row: dict[str, str], lot: str) -> LotDraft:
    has_line = any(line["lot"].endswith(LINE) for line in _rows(f"{row['product']}.csv"))
    return LotDraft(
        lot,
        product=row["product"],
        recipient=f"as published: {lot}" if row["donor_relation"] == "autologous" else None,
        derived_from=(row["product"] + LINE,) if has_line else (),
        note=_note(row),
    )


def _note(row: dict[str, str]) -> str:
    return f"Cited evidence, as printed: {row['citation']}. Judged here, never released here."


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_file(name).decode("utf-8"))))


def _file(name: str) -> bytes:
    return (resources.files("registry.demo") / "published" / name).read_bytes()
