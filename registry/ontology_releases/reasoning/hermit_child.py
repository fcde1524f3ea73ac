"""What runs in HermiT's process: read, look, classify, answer. See ``hermit``."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import owlready2.reasoning

from registry.errors import RegistryError
from registry.ontology_releases.parser import turtle
from registry.ontology_releases.reasoning import reasoner


def answer(room: Path) -> dict[str, Any]:
    """What owlready2 and HermiT say of the files in this folder."""
    request = json.loads((room / "request.json").read_text("utf-8"))
    owlready2.reasoning.JAVA_MEMORY = request["memory"]
    expectations = [(child, ancestor, bool(expected)) for child, ancestor, expected in request["expectations"]]
    told = reasoner.sentinels(reasoner.read((room / "release.nt").read_bytes()), expectations)
    module = turtle((room / "module.nt").read_bytes())
    above = reasoner.classified(module, request["names"]) if request["java"] else {}
    return {"told": told, "above": {name: sorted(superclasses) for name, superclasses in above.items()}}


def _main(room: Path, seconds: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (2 * seconds, 2 * seconds))
    try:
        outcome = answer(room)
    except RegistryError as error:
        outcome = {"failed": f"{error} {error.found}".strip()}
    except Exception as error:  # owlready2's or Java's own: told in one line, never raised further
        outcome = {"failed": f"{type(error).__name__}: {error}"[:500]}
    partial = room / "answer.part"
    partial.write_text(json.dumps(outcome), "utf-8")
    os.replace(partial, room / "answer.json")


if __name__ == "__main__":
    _main(Path(sys.argv[1]), int(sys.argv[2]))
