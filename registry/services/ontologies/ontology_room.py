"""The ontologies, by the names that command line and pages use."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from registry.ontology_releases.difference import Difference
from registry.services.append import Receipt
from registry.services.context import Parts
from registry.services.ontologies import load as ontologies
from registry.services.ontologies import replacements as replacing
from registry.services.ontologies.load import Examination, LoadAnswer, OntologyStatus, Step
from registry.services.ontologies.replacements import Proposal
from registry.services.ontologies.usage import Usage


@dataclass(frozen=True, slots=True)
class Ontologies:
    """What keeps the ontologies of one registry."""

    parts: Parts

    def status(self) -> list[OntologyStatus]:
        """Every ontology that is kept: version, date, source, digest, number of terms."""
        return ontologies.status(self.parts)

    def check(self) -> list[Examination]:
        """Whether what is current is in order."""
        return ontologies.check(self.parts)

    def examine(self, name: str, data: bytes, announced: Collection[str] = ()) -> Examination:
        """What the gate would say of a release; nothing is changed."""
        return ontologies.examine(self.parts, name, data, announced)

    def load(
        self, name: str, data: bytes, actor: str, announced: Collection[str] = (), step: Step = lambda _: None
    ) -> LoadAnswer:
        """Make a full release the current one, if the gate lets it in; see ``ontologies.load``."""
        return ontologies.load(self.parts, name, data, actor, announced=announced, step=step)

    def difference(self, old: str, new: str) -> tuple[Difference, Mapping[str, Usage]]:
        """What changed between two releases, and who uses which term; see ``ontologies.compared``."""
        return ontologies.compared(self.parts, old, new)

    def replacements(self) -> list[Proposal]:
        """Obsolete terms in our data that wait for a person's word."""
        return replacing.proposals(self.parts)

    def replace(self, old: str, new: str, *, reason: str = "", name: str, password: str) -> Receipt:
        """Replace an obsolete term by a signed word; see ``replacing.replace_term``."""
        return replacing.replace_term(self.parts, old, new, reason=reason, name=name, password=password)
