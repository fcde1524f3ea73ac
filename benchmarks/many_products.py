"""Who works in the registry of ``many_lots.py``, and what its twelve products are."""

from __future__ import annotations

PASSWORD = "a few odd words here"  # noqa: S105 - of a registry for a benchmark
PEOPLE = (
    ("lab", "submitter"), ("quality", "quality unit"), ("clinic", "clinician"), ("analyst", "analyst"),
    ("inspector", "inspector"),
)  # fmt: skip
SPECIFICATIONS = (
    "msc-identity", "isct-2006-immunophenotype", "hesc-msc-ovarian-illustrative", "isct-2006",
    "c01-matas-2018-umbilical", "c17-chahal-2019-bone-marrow",
)  # fmt: skip
DISEASES = ("DOID:5426", "DOID:0081267", "DOID:8398", "DOID:5844", "DOID:319", "DOID:9744")
CELL_TYPES = ("CL:0000134", "CL:0002540", "CL:0002569", "CL:0002570")
SOURCES = ("umbilical cord", "bone marrow", "adipose tissue")
SHARES = (18, 14, 12, 10, 9, 8, 7, 6, 5, 5, 4, 2)
"""Lots of each product in a hundred: the first of 50,000 has 9,000."""
