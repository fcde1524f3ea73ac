"""owlready2 and HermiT in a process of their own: bounded in time and memory, killed when they pass the bounds.

A release is a file from outside, and a reasoner's work can double with every axiom. The child loads what it is sent
into owlready2, looks at what is told and, where Java is, has HermiT classify; it answers in JSON. Neither child nor
Java outlives the call.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.errors import TooLarge, Unreadable
from registry.ontology_releases.names import Triples

SECONDS = 180
MEMORY = 1500
"""Of Java, in megabytes."""
ANSWER = 32 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What owlready2 finds told wrongly; and of HermiT, where it ran, the superclasses of each class asked for."""

    told: tuple[str, ...]
    above: dict[str, frozenset[str]]


def is_here() -> bool:
    """True where there is a Java to run HermiT with."""
    return shutil.which("java") is not None


def ask(
    release: Triples,
    module: Triples,
    names: Iterable[str],
    expectations: Sequence[tuple[str, str, bool]],
    *,
    java: bool,
    seconds: int = SECONDS,
) -> Answer:
    """What owlready2 says of a release, and HermiT, with ``java``, of the module: of each of the names.

    Raises TooLarge when they pass their bounds, and Unreadable when either cannot read what it is given.
    """
    from registry.ontology_releases.reasoning.reasoner import ntriples

    with tempfile.TemporaryDirectory(prefix="ontology-") as folder:
        room = Path(folder)
        (room / "release.nt").write_bytes(ntriples(release))
        (room / "module.nt").write_bytes(ntriples(module))
        request = {"names": sorted(names), "expectations": list(expectations), "java": java, "memory": MEMORY}
        (room / "request.json").write_text(json.dumps(request), "utf-8")
        _run(room, seconds)
        answer = _answer(room / "answer.json")
    return Answer(tuple(answer["told"]), {name: frozenset(above) for name, above in answer["above"].items()})


def _run(room: Path, seconds: int) -> None:
    """The child, and whatever it starts, ends with this call."""
    command = [sys.executable, "-B", "-m", "registry.ontology_releases.reasoning.hermit_child", str(room), str(seconds)]
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "TMPDIR": str(room),
        "LC_ALL": "C.UTF-8",
    }
    with subprocess.Popen(  # noqa: S603 - this interpreter, one of our own modules, a folder and a number
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    ) as child:
        try:
            child.wait(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise _passed(f"at most {seconds} seconds", "more") from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)


def _answer(path: Path) -> dict[str, Any]:
    if not path.is_file() or path.stat().st_size > ANSWER:
        raise _passed(f"at most {MEMORY} MB of memory and an answer of {ANSWER >> 20} MB", "more")
    answer: dict[str, Any] = json.loads(path.read_text("utf-8"))
    if "failed" in answer:
        raise Unreadable("The release cannot be classified.", found=str(answer["failed"])[:500])
    return answer


def _passed(expected: str, found: str) -> TooLarge:
    return TooLarge(
        "The release takes more time or memory to classify than a release may.",
        expected=expected,
        found=found,
        todo="Load the release as its publisher gives it out, not merged with others.",
    )
