"""Studies: what products are tried for, each with its arms and their doses. Nothing here is edited afterwards.

registry.studies.add(Study("NCT03877471", "MSC-like cell transplantation …", …), actor)
registry.studies.get("NCT03877471").arms[0].total.value
registry.studies.described("NCT03877471").arm("low")
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from registry.accounts import Actor, Permission, require
from registry.domain import Product, Study
from registry.identifiers import Names
from registry.ledger import Ledger, NewEntry
from registry.ledger.lots import LotReader
from registry.records.keys import OF_STUDY
from registry.records.study import write_study
from registry.services.answers import LotLine
from registry.services.append import Entries, Receipt, new
from registry.services.lot_index import Wanted
from registry.services.lot_index.lists import LotIndex
from registry.services.ontologies.current import Current
from registry.services.studies.refusals import checked
from registry.services.studies.study_view import StudyAnswer, study_answer


class Studies:
    """The studies of one registry."""

    def __init__(
        self,
        ledger: Ledger,
        reader: LotReader,
        ontologies: Current,
        names: Names,
        entries: Entries,
        lot_index: LotIndex,
    ) -> None:
        self._ledger = ledger
        self._reader = reader
        self._ontologies = ontologies
        self._names = names
        self._entries = entries
        self._lot_index = lot_index

    def all(self) -> list[StudyAnswer]:
        """Every study; the products are gone through once, whatever the number of studies."""
        of_study: dict[str, list[Product]] = defaultdict(list)
        for product in self._lot_index.products().values():
            of_study[product.study.casefold()].append(product)
        described = (self._reader.study(study) for study in self._reader.studies())
        return [self._answer(study, of_study[study.id.casefold()]) for study in described]

    def get(self, study: str) -> StudyAnswer:
        """One study with its products and the number of their lots; raises Unknown."""
        described = self._reader.study(study)
        return self._answer(described, self._products(described.id))

    def _answer(self, described: Study, products: Sequence[Product]) -> StudyAnswer:
        lots = sum(len(self._reader.lots_of(product.id)) for product in products)
        given = sum(1 for _ in self._ledger.entries(key=(OF_STUDY, described.id), kind="administration"))
        names = tuple(product.id for product in products)
        return study_answer(self._ontologies.terms, self._names, described, names, lots, given)

    def described(self, study: str) -> Study:
        """The study as it was added: its arms with their doses and sites; raises Unknown."""
        return self._reader.study(study)

    def named(self, text: str) -> str:
        """The identifier of the study that this text names, without regard to case; empty when nobody has added it."""
        wanted = text.strip().casefold()
        return next((name for name in self._reader.studies() if name.casefold() == wanted), "")

    def lots(self, study: str, limit: int = 50, offset: int = 0) -> list[LotLine]:
        """The lots of the study's products, each with its state as every list says it; raises Unknown."""
        names = tuple(product.id for product in self._products(self._reader.study(study).id))
        return self._lot_index.page(Wanted(products=names), limit, offset) if names else []

    def add(self, study: Study, actor: Actor) -> Receipt:
        """Add a study.

        Raises NotAllowed; WrongUsage, Unknown or PatientData for what it may not hold; Conflict when it stands.
        """
        require(actor, Permission.ADD_STUDY)
        whole = replace(checked(study, self._ontologies.terms, self._ledger.now().year), entry=None)
        entry = NewEntry(
            "study", write_study(whole, self._names), details={"summary": f"Study {whole.id}: {whole.title[:200]}"}
        )
        return self._entries.enter(entry, actor.name, whole.id, expect=new("study", whole.id, "study"))

    def _products(self, study: str) -> list[Product]:
        wanted = study.casefold()
        return [each for each in self._lot_index.products().values() if each.study.casefold() == wanted]
