"""What must never change in an ontology that is kept here, whatever else does."""

from __future__ import annotations

# Child, ancestor, whether it must stand below it. Identity is read from CL, so CL is held to these.
SENTINELS: tuple[tuple[str, str, bool], ...] = (
    ("CL_0002540", "CL_0000134", True),  # defined by an equivalence: asserted edges alone lose it
    ("CL_0002568", "CL_0000134", True),
    ("CL_0002570", "CL_0000134", True),
    ("CL_0000084", "CL_0000134", False),
    ("CL_0000037", "CL_0000134", False),
    ("CL_0002322", "CL_0000134", False),
    ("CL_0000115", "CL_0000134", False),
    ("CL_0000134", "CL_0000988", False),
)
# The same for diseases: what products are given for.
DISEASE_SENTINELS: tuple[tuple[str, str, bool], ...] = (
    ("DOID_5426", "DOID_1100", True),
    ("DOID_1100", "DOID_4", True),
    ("DOID_5426", "DOID_10787", False),  # premature menopause, which took its synonym
)
