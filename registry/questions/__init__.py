"""The library of questions: one SPARQL query a file, described in its first comment lines.

# title: Trend of a marker with passage
# description: How high it is at each passage.
# parameter: marker characteristic CD105 The marker.
# example: cell-registry ask trend-with-passage --param marker=CD73
PREFIX … SELECT … WHERE {
  #@parameters
  …

``virtuoso/NAME.rq`` is the same question in words that this engine answers as ours does; its comment says why.
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

__all__ = ["Asked", "Parameter", "Question", "Resolvers", "at", "bind", "library", "question"]

REFUSED = {"virtuoso": frozenset({"would-not-conform"})}
"""Questions that an engine is never asked: Virtuoso 7.2.5 fails to compile this one."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its name is the file's, its text is SPARQL."""

    name: str
    title: str
    description: str
    text: str
    parameters: tuple[Parameter, ...] = ()
    example: str = ""

    def example_parameters(self) -> dict[str, str]:
        """The parameters that the example line gives."""
        return dict(word.split("=", 1) for word in self.example.split()[3:] if "=" in word)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as an engine is asked it; ``truths`` are columns in which that engine writes 1 and 0 for a truth."""

    text: str
    truths: tuple[str, ...] = ()


@cache
def at(question: Question, engine: str) -> Asked | None:
    """The text of a question for an engine: its own where there is one; None where the engine is never asked it."""
    if question.name in REFUSED.get(engine, ()):
        return None
    own = resources.files("registry.questions").joinpath(engine, f"{question.name}.rq")
    if not own.is_file():
        return Asked(question.text)
    text = own.read_text(encoding="utf-8")
    truths = [line.removeprefix("# truths: ") for line in text.splitlines() if line.startswith("# truths: ")]
    return Asked(text, tuple(" ".join(truths).split()))


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
