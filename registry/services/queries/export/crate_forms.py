"""The forms of an RO-Crate, and what each conforms to.

``ro-crate``      RO-Crate 1.2, https://w3id.org/ro/crate/1.2
``ro-crate-1.1``  RO-Crate 1.1 with Process Run Crate 0.5, https://w3id.org/ro/wfrun/process/0.5
``eln``           the file of electronic lab notebooks, ELN file format 1.1: one folder in a zip, a data set a lot
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CrateForm:
    """What one form of a crate is made of.

    ``profiles`` maps what the root conforms to beside the specification to its name. ``in_folder``: whether a zip holds
    one folder. ``suffix`` is how the file's name has to end.
    """

    specification: str
    context: str | tuple[str | Mapping[str, str], ...]
    profiles: Mapping[str, str] = field(default_factory=dict)
    typed_profiles: bool = False
    lots_as_datasets: bool = False
    in_folder: bool = False
    suffix: str = ""

    @property
    def parts(self) -> frozenset[str]:
        """The types of entity that the root has as its parts."""
        return frozenset({"File", "Dataset"} if self.lots_as_datasets else {"File"})


SHA256 = {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}
"""A term that the context of 1.1 lacks, as the community's terms for runs have it."""
_V1, _V2 = "https://w3id.org/ro/crate/1.1", "https://w3id.org/ro/crate/1.2"
CRATES = {
    "ro-crate": CrateForm(_V2, f"{_V2}/context"),
    "ro-crate-1.1": CrateForm(
        _V1, (f"{_V1}/context", SHA256), profiles={"https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate 0.5"}
    ),
    "eln": CrateForm(_V1, (f"{_V1}/context", SHA256), lots_as_datasets=True, in_folder=True, suffix=".eln"),
}
