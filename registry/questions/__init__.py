"""The library of questions: one SPARQL query a file, its title and description in its first comment lines.

# title: Lots that were released
# description: Every release, by whom and when.
SELECT …
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from registry.errors import Unknown


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its name is the file's, its text is SPARQL."""

    name: str
    title: str
    description: str
    text: str


def library() -> tuple[Question, ...]:
    """Every question, by name."""
    files = sorted(resources.files("registry.questions").iterdir(), key=lambda one: one.name)
    return tuple(_read(one.name[:-3], one.read_text(encoding="utf-8")) for one in files if one.name.endswith(".rq"))


def question(name: str) -> Question:
    """The question of this name; raises Unknown with the names there are."""
    known = {one.name: one for one in library()}
    if name not in known:
        raise Unknown("There is no such question.", expected=", ".join(known), found=name)
    return known[name]


def _read(name: str, text: str) -> Question:
    said = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        key, _, value = line.lstrip("# ").partition(":")
        said[key] = value.strip()
    return Question(name, said["title"], said["description"], text)
