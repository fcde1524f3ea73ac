"""Tables for laboratories: what a specification asks for, to be filled in; and refused rows, to be mended.

registry.specifications.tables.template("msc-identity", None, "xlsx")     ("msc-identity-1.xlsx", bytes)
registry.specifications.tables.to_mend("panel.csv", data, "csv")          ("panel-to-mend.csv", bytes)
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from registry.domain import Intake, Specification
from registry.errors import RegistryError, Unavailable, WrongUsage
from registry.intake.confined import READERS
from registry.intake.tabular.template import FORMS, Column, columns, template
from registry.ledger import Ledger
from registry.services.mappings.approved import NOTHING, Beside, Mappings
from registry.services.ontologies.current import Current
from registry.vocabulary.populations import populations

__all__ = ["Column", "Tables"]


class Tables:
    """Files that a laboratory fills in or mends, each as (name, bytes).

    ``find`` finds a specification by id and version; ``read`` reads a file as a submission would, as things stand.
    """

    def __init__(
        self,
        ledger: Ledger,
        ontologies: Current,
        mappings: Mappings,
        find: Callable[[str, str | None], Specification],
        read: Callable[[str, bytes, Beside], Intake],
    ) -> None:
        self._ledger = ledger
        self._ontologies = ontologies
        self._mappings = mappings
        self._find = find
        self._read = read

    def template(self, identifier: str, version: str | None, form: str) -> tuple[str, bytes]:
        """A row for everything that a specification asks for; raises Unknown, and WrongUsage for another form."""
        asked = self._find(identifier, version)
        return f"{asked.id}-{asked.version}.{form}", template(asked, self._ontologies.terms, form)

    def populations(self) -> list[str]:
        """What a percentage may be asked to be of, by name."""
        return sorted(population.label for population in populations().values())

    def columns(self, identifier: str, version: str | None) -> tuple[Column, ...]:
        """What a grid of results has a column for, by a specification; raises Unknown."""
        return columns(self._find(identifier, version), self._ontologies.terms)

    def to_mend(self, name: str, data: bytes, form: str, beside: Beside = NOTHING) -> tuple[str, bytes]:
        """The rows of a file whose lots would be refused as things stand; nothing is kept.

        Raises Unknown when there is none, WrongUsage for another form or for a CSV that cannot hold them, and what
        reading the file raises.
        """
        if form not in FORMS:
            raise WrongUsage("Rows to mend are not written in this form.", expected=" or ".join(FORMS), found=form)
        read = self._read(name, data, beside)
        made = READERS.to_mend(name, data, read.errors, self._ontologies.terms, form)
        return f"{PurePath(read.file).stem}-to-mend.{form}", made

    def of_submission(self, file: str, form: str) -> tuple[str, bytes]:
        """The rows of a submitted file, by its digest, that are still to be mended; raises Unknown."""
        name, data = self._ledger.file(file)
        return self.to_mend(name, data, form, self._read_with(file))

    def workbook_rows(self, name: str, data: bytes) -> dict[str, dict[int, tuple[str, ...]]]:
        """A workbook's rows as they are shown, by the name that results have of their sheet, and by row number.

        Empty for one that cannot be read. Raises Unavailable when its turn does not come.
        """
        try:
            return READERS.rows_sent(name, data, self._ontologies.terms)
        except Unavailable:
            raise
        except RegistryError:
            return {}

    def machines(self) -> dict[str, bool]:
        """Whether ``exports`` of instruments, and raw ``events``, are read here."""
        from registry.intake.detect import can_read

        return can_read()

    def instrument(self, name: str, data: bytes) -> str:
        """Which kind of instrument wrote a file; empty for a table that people or programs made."""
        return READERS.instrument_of(name, data, self._ontologies.terms) or ""

    def _read_with(self, file: str) -> Beside:
        """The mapping that the newest submission of this file was read with, as it is now."""
        sent = [entry for entry in self._ledger.entries(key=("file", file)) if entry.kind == "submission"]
        name = str(sent[-1].details.get("mapping", "")) if sent else ""
        return self._mappings.beside(name or None)
