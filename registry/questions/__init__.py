"""The library of questions: one SPARQL query a file, described in its first comment lines.

# title: Trend of a marker with passage
# description: How high it is at each passage.
# parameter: marker characteristic CD105 The marker.
# example: cell-registry ask trend-with-passage --param marker=CD73
PREFIX … SELECT … WHERE {
  #@parameters
  …

``parameters`` reads the parameter lines and binds values to them: a question with parameters holds the line
``#@parameters`` where their ``VALUES`` clause goes, and uses each as a variable of its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources

from registry.errors import Unknown
from registry.questions.parameters import Parameter, Resolvers, bind, parsed

__all__ = ["Parameter", "Question", "Resolvers", "bind", "library", "question"]


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its name is the file's, its text is SPARQL."""

    name: str
    title: str
    description: str
    text: str
    parameters: tuple[Parameter, ...] = ()
    example: str = ""


@cache
def library() -> tuple[Question, ...]:
    """Every question, by name."""
    files = sorted(resources.files("registry.questions").iterdir(), key=lambda file: file.name)
    return tuple(_read(file.name[:-3], file.read_text(encoding="utf-8")) for file in files if file.name.endswith(".rq"))


def question(name: str) -> Question:
    """The question of this name; raises Unknown with the names there are."""
    known = {question.name: question for question in library()}
    if name not in known:
        near = get_close_matches(name, known, n=3)
        expected = f"one of {len(known)} questions" + (f", such as {', '.join(near)}" if near else "")
        todo = "Choose one from the list of questions."
        raise Unknown("There is no such question.", expected=expected, found=name, todo=todo, action="list-questions")
    return known[name]


def _read(name: str, text: str) -> Question:
    header: dict[str, str] = {}
    parameters = []
    for line in text.splitlines():
        if not line.startswith("# "):
            break
        key, _, value = line.removeprefix("# ").partition(":")
        if key == "parameter":
            parameters.append(parsed(value.strip()))
        else:
            header[key] = value.strip()
    return Question(name, header["title"], header["description"], text, tuple(parameters), header.get("example", ""))
