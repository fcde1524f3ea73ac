"""What a quality unit would want to be told of a specification before anybody approves it.

    lint(specification, terms)   Finding(code="wrong-side", severity="error", criterion="cd45", message="…", todo="…")

``error``: no lot could be judged as is meant. ``warning``: something to justify or to look at. A finding changes no
verdict and nothing in the specification.

``limits``   contradictions, limits that no lot or every lot meets, wrong sides, units that do not fit
``sources``  identity markers, standards cited outside their scope, sources that say nothing
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from registry.domain import Specification
from registry.specifications.form import problems
from registry.specifications.lint.limits import about_limits
from registry.specifications.lint.sources import about_identity, about_sources
from registry.vocabulary import Terms

Severity = Literal["error", "warning"]

__all__ = ["Finding", "lint"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: a stable code, the criterion (None: the whole), a sentence, and what to do."""

    code: str
    severity: Severity
    criterion: str | None
    message: str
    todo: str

    def as_dict(self) -> dict[str, object]:
        """The shape of ``specification lint --format json``."""
        return {name: getattr(self, name) for name in self.__slots__}


def lint(specification: Specification, terms: Terms) -> tuple[Finding, ...]:
    """Everything there is to be said about a specification, compiled or not; errors first, in the criteria's order."""
    findings = [
        Finding("unsound", "error", None, f"{problem}.", "Correct it: as it stands it is not compiled.")
        for problem in problems(specification)
    ]
    remarks = (
        *about_limits(specification, terms),
        *about_identity(specification, terms),
        *about_sources(specification),
    )
    for code, severity, criterion, message, todo in remarks:
        findings.append(Finding(code, "error" if severity == "error" else "warning", criterion, message, todo))
    order = {criterion.id: place for place, criterion in enumerate(specification.criteria)}
    return tuple(
        sorted(findings, key=lambda finding: (finding.severity != "error", order.get(finding.criterion or "", -1)))
    )
