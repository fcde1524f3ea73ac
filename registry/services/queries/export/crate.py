"""RO-Crates of some lots: what was submitted, what was recorded of it, by whom, when, and what proves it.

    ro-crate-metadata.json   ledger.nq   verdicts.nq   records/<sha256>.nt   files/<sha256>-panel.csv
    proofs/H-09.vc.json      proofs/H-09.tlog-proof

Each record is the result of a CreateAction by an agent, of the submitted file where there is one, with the registry as
its instrument. The bytes are the ledger's own, so each name is the digest of what it names, and ``sha256`` repeats it.
A product lot's credential, and the proof that the newest decision on it is in the ledger, are checked by
``cell-registry verify``, without the registry. The forms differ in what they conform to (``crate_forms``).
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from registry import __version__
from registry.errors import RegistryError, WrongUsage
from registry.graph.store.projection import facts, twice
from registry.ledger import Entry
from registry.services.queries.export.crate_forms import CrateForm
from registry.services.queries.export.selection import Selection

_KEPT = re.compile(r"[^A-Za-z0-9._-]")
SOFTWARE = "https://w3id.org/cell-product-registry/software"
LICENCE = "#licence"
PROOF_NAMES = {
    "vc.json": "Credential",
    "tlog-proof": "Proof that the newest decision, or entry, is in the ledger",
}
PROOF_MEDIA = {"vc.json": "application/vc", "tlog-proof": "text/plain"}


def write_crate(chosen: Selection, target: Path, form: CrateForm, *, whole: bool) -> None:
    """A folder, or one zip file when ``target`` ends in ``.zip`` or ``.eln``; it appears when it is whole.

    Raises WrongUsage for an ``eln`` whose name does not end so: programs know it by its name.
    """
    if form.suffix and target.suffix != form.suffix:
        raise WrongUsage("Electronic lab notebooks know their file by its name.", expected=f"a name that ends in "
                         f"{form.suffix}", found=target.name)  # fmt: skip
    unfinished = target.with_name(target.name + ".tmp")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        _Crate(chosen, unfinished, form).write(whole)
        if target.suffix in {".zip", ".eln"}:
            _zip(unfinished, target, f"{target.stem}/" if form.in_folder else "")
        else:
            unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _zip(folder: Path, target: Path, within: str) -> None:
    partial = target.with_name(target.name + ".part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                packed.write(file, f"{within}{file.relative_to(folder)}")
    partial.replace(target)


class _Crate:
    """The entities of one crate, collected while its files are written."""

    def __init__(self, chosen: Selection, folder: Path, form: CrateForm) -> None:
        self.chosen = chosen
        self.folder = folder
        self.form = form
        self.entities: dict[str, dict[str, Any]] = {}
        self.of_lots: dict[str, list[str]] = {lot: [] for lot in chosen.lots}
        self.base = chosen.names.base

    def write(self, whole: bool) -> None:
        for entry in self.chosen.entries:
            self._entry(entry)
        unproved = [lot for lot in self.chosen.lots if not self._proofs(lot)]
        ledger = b"".join(facts(entry, self.base) for entry in self.chosen.entries)
        self._file("ledger.nq", _named(ledger, f"{self.base}ledger"), "Entries of the ledger", "application/n-quads")
        verdicts = b"".join(_named(verdict, f"{self.base}verdict") for _lot, verdict in self.chosen.verdicts())
        self._file("verdicts.nq", verdicts, "Verdicts that follow from the records", "application/n-quads")
        if self.form.lots_as_datasets:
            self._datasets()
        entities = [*self._root(whole, unproved), *self._about(), *self.entities.values()]
        text = json.dumps({"@context": self.form.context, "@graph": entities}, indent=1)
        (self.folder / "ro-crate-metadata.json").write_text(text + "\n", encoding="utf-8")

    def _root(self, whole: bool, unproved: list[str]) -> Iterator[dict[str, Any]]:
        yield {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": self.form.specification},
            "about": {"@id": "./"},
            **({"sdPublisher": {"@id": SOFTWARE}} if self.form.lots_as_datasets else {}),
        }
        lots = self.chosen.lots
        newest = self.chosen.entries[-1].at if self.chosen.entries else None
        lacking = f" Without a credential: {', '.join(unproved[:20])}." if unproved else ""
        yield {
            "@id": "./",
            "@type": "Dataset",
            "name": "Lots of a cell product registry" if whole else f"Lots {', '.join(lots[:20])}",
            "description": f"{len(lots)} lots with their records, files, verdicts and proofs, at ledger size "
            f"{self.chosen.size}. Each record is a named graph; its name is the digest of its bytes.{lacking}",
            "datePublished": _second(newest) if newest else "1970-01-01",
            "license": {"@id": LICENCE},
            "identifier": self.base,
            **({"conformsTo": _named_by(list(self.form.profiles))} if self.form.profiles else {}),
            "hasPart": [{"@id": key} for key, entity in self.entities.items() if entity["@type"] in self.form.parts],
            "mentions": [{"@id": key} for key, entity in self.entities.items() if entity["@type"] == "CreateAction"],
        }  # fmt: skip

    def _about(self) -> Iterator[dict[str, Any]]:
        """What every crate names: its licence, the program that made the records, what it conforms to."""
        yield {
            "@id": LICENCE, "@type": "CreativeWork", "name": "No licence is stated",
            "description": "The registry states no licence for its records: ask the house that keeps it.",
        }  # fmt: skip
        yield {
            "@id": SOFTWARE, "@type": "SoftwareApplication", "name": "Cell product registry",
            "url": "https://w3id.org/cell-product-registry/", "version": __version__,
        }  # fmt: skip
        for profile, name in self.form.profiles.items():
            version = profile.rsplit("/", 1)[1]
            yield {"@id": profile, "@type": ["CreativeWork", "Profile"] if self.form.typed_profiles else "CreativeWork",
                   "name": name, "version": version}  # fmt: skip

    def _entry(self, entry: Entry) -> None:
        digest = (entry.record or "").removeprefix("sha256:")
        record = self._file(
            f"records/{digest}.nt", self.chosen.record(entry), f"Record: {entry.kind}", "application/n-triples"
        )
        sources = [self._submitted(file) for file in entry.files]
        agent = f"#account-{_KEPT.sub('-', entry.actor)}"
        self.entities.setdefault(agent, {"@id": agent, "@type": "Person", "name": entry.actor})
        action: dict[str, Any] = {
            "@id": f"#entry-{entry.position}",
            "@type": "CreateAction",
            "name": f"Entry {entry.position} of the ledger: {entry.kind}",
            "description": f"{entry.actor} entered a record of the kind {entry.kind}.",
            "endTime": _second(entry.at),
            "agent": {"@id": agent},
            "instrument": {"@id": SOFTWARE},
            "result": {"@id": record},
        }
        if sources:
            action["object"] = _named_by(sources)
        self.entities[action["@id"]] = action
        for lot in entry.lots:
            self.of_lots.get(lot, []).extend([record, *sources])

    def _proofs(self, lot: str) -> bool:
        """Write the lot's credential and its entry's proof; False where the registry gives none of it."""
        about = [entry for entry in self.chosen.entries if lot in entry.lots]
        shown = [entry for entry in about if entry.kind == "decision"] or about
        try:
            proofs = {"vc.json": self.chosen.credential(lot), "tlog-proof": self.chosen.inclusion(shown[-1].position)}
        except RegistryError:
            return False
        for suffix, text in proofs.items():
            path = f"proofs/{_KEPT.sub('_', lot)}.{suffix}"
            self.of_lots[lot].append(
                self._file(path, text.encode(), f"{PROOF_NAMES[suffix]}: {lot}", PROOF_MEDIA[suffix])
            )
        return True

    def _datasets(self) -> None:
        """Each lot as a data set of its own: what a notebook shows as one entry."""
        for lot, parts in self.of_lots.items():
            about = [entry for entry in self.chosen.entries if lot in entry.lots]
            folder = f"lots/{_KEPT.sub('_', lot)}/"
            text = f"Lot {lot}: {len(about)} entries of the ledger, at ledger size {self.chosen.size}."
            (self.folder / folder).mkdir(parents=True)
            readme = self._file(f"{folder}README.txt", f"{text}\n".encode(), f"About {lot}", "text/plain")
            self.entities[folder] = {
                "@id": folder, "@type": "Dataset", "name": lot, "text": text, "description": text,
                "url": self.chosen.names.lot(lot), "dateCreated": _second(about[0].at),
                "dateModified": _second(about[-1].at),
                "author": {"@id": f"#account-{_KEPT.sub('-', about[0].actor)}"},
                "hasPart": [{"@id": part} for part in dict.fromkeys((readme, *parts))],
            }  # fmt: skip

    def _submitted(self, digest: str) -> str:
        name, data = self.chosen.ledger.file(digest)
        path = f"files/{digest.removeprefix('sha256:')}-{_KEPT.sub('_', name)[-80:]}"
        return self._file(path, data, f"Submitted file {name}", "application/octet-stream")

    def _file(self, path: str, data: bytes, name: str, media_type: str) -> str:
        target = self.folder / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)
        self.entities.setdefault(path, {
            "@id": path, "@type": "File", "name": name, "description": f"{name}, {len(data)} bytes",
            "encodingFormat": media_type,
            "contentSize": str(len(data)), "sha256": hashlib.sha256(data).hexdigest(),
        })  # fmt: skip
        return path


def _named(ntriples: bytes, graph: str) -> bytes:
    """N-Triples as the N-Quads of one graph."""
    return twice(ntriples, graph)[len(ntriples) :]


def _named_by(keys: list[str]) -> dict[str, str] | list[dict[str, str]]:
    """Entities by their ids; a single one is no list (RO-Crate 1.2, appendix on JSON-LD)."""
    return {"@id": keys[0]} if len(keys) == 1 else [{"@id": key} for key in keys]


def _second(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
