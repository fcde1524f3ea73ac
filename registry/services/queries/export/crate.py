"""An RO-Crate 1.1 of some lots: what was submitted, what was recorded of it, by whom, when.

    ro-crate-metadata.json   ledger.nq   verdicts.nq   records/<sha256>.nt   files/<sha256>-panel.csv

Each record is the result of a CreateAction by an agent, of the submitted file where there is one. The bytes are the
ledger's own, so each name is the digest of what it names, and ``sha256`` repeats it. https://w3id.org/ro/crate/1.1
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

from registry.graph.store.projection import facts, twice
from registry.ledger import Entry
from registry.services.queries.export.selection import Selection

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
_KEPT = re.compile(r"[^A-Za-z0-9._-]")


def write_crate(chosen: Selection, target: Path, *, whole: bool) -> None:
    """A folder, or one zip file when ``target`` ends in ``.zip``; it appears when it is whole."""
    unfinished = target.with_name(target.name + ".tmp")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        _Crate(chosen, unfinished).write(whole)
        if target.suffix == ".zip":
            _zip(unfinished, target)
        else:
            unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _zip(folder: Path, target: Path) -> None:
    partial = target.with_name(target.name + ".part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                packed.write(file, file.relative_to(folder))
    partial.replace(target)


class _Crate:
    """The entities of one crate, collected while its files are written."""

    def __init__(self, chosen: Selection, folder: Path) -> None:
        self.chosen = chosen
        self.folder = folder
        self.entities: dict[str, dict[str, Any]] = {}
        self.base = chosen.names.base

    def write(self, whole: bool) -> None:
        for entry in self.chosen.entries:
            self._entry(entry)
        ledger = b"".join(facts(entry, self.base) for entry in self.chosen.entries)
        self._file("ledger.nq", _named(ledger, f"{self.base}ledger"), "Entries of the ledger", "application/n-quads")
        verdicts = b"".join(_named(verdict, f"{self.base}verdict") for _lot, verdict in self.chosen.verdicts())
        self._file("verdicts.nq", verdicts, "Verdicts that follow from the records", "application/n-quads")
        text = json.dumps({"@context": CONTEXT, "@graph": [*self._root(whole), *self.entities.values()]}, indent=1)
        (self.folder / "ro-crate-metadata.json").write_text(text + "\n", encoding="utf-8")

    def _root(self, whole: bool) -> Iterator[dict[str, Any]]:
        yield {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        }
        lots = self.chosen.lots
        newest = self.chosen.entries[-1].at if self.chosen.entries else None
        yield {
            "@id": "./",
            "@type": "Dataset",
            "name": "Lots of a cell product registry" if whole else f"Lots {', '.join(lots[:20])}",
            "description": f"{len(lots)} lots with their records, files and verdicts, at ledger size "
            f"{self.chosen.size}. Each record is a named graph; its name is the digest of its bytes.",
            "datePublished": newest.astimezone(UTC).isoformat() if newest else "",
            "license": "The registry states no licence for its records.",
            "identifier": self.base,
            "hasPart": [{"@id": key} for key, entity in self.entities.items() if entity["@type"] == "File"],
            "mentions": [{"@id": key} for key, entity in self.entities.items() if entity["@type"] == "CreateAction"],
        }

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
            "endTime": entry.at.astimezone(UTC).isoformat(),
            "agent": {"@id": agent},
            "result": {"@id": record},
        }
        if sources:
            action["object"] = [{"@id": source} for source in sources]
        self.entities[action["@id"]] = action

    def _submitted(self, digest: str) -> str:
        name, data = self.chosen.ledger.file(digest)
        path = f"files/{digest.removeprefix('sha256:')}-{_KEPT.sub('_', name)[-80:]}"
        return self._file(path, data, f"Submitted file {name}", "application/octet-stream")

    def _file(self, path: str, data: bytes, name: str, media_type: str) -> str:
        target = self.folder / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)
        self.entities.setdefault(path, {
            "@id": path, "@type": "File", "name": name, "encodingFormat": media_type,
            "contentSize": str(len(data)), "sha256": hashlib.sha256(data).hexdigest(),
        })  # fmt: skip
        return path


def _named(ntriples: bytes, graph: str) -> bytes:
    """N-Triples as the N-Quads of one graph."""
    return twice(ntriples, graph)[len(ntriples) :]
