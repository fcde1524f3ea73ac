"""Write the pages of this folder that are made from the product itself: ``make reference``.

commands.md    every command and option, from the command line's own help
vocabulary.md  every term of ours, from ``ontology/product.ttl``
questions.md   the library of questions
graph.md       the guide of the graph that language models are given too
api.md         what Python code may import, from its signatures and docstrings (``api.py``)
ARCHITECTURE.md at the top: every package and every module, from their docstrings (``architecture.py``)
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path

import click
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDFS, SKOS

from registry import questions
from registry.cli import COMMANDS, cli
from registry.identifiers import CPR
from registry.services.agents.guide import guide

HERE = Path(__file__).parent
NOTE = "<!-- made by docs/reference/generate.py: change the product, then run `make reference` -->\n\n"


def commands() -> str:
    """The command line: exit codes, then every command with its help."""
    lines = ["# Commands", "", click.unstyle(cli.help or ""), ""]
    lines += [
        "Exit 0: done, or everything conforms. 1: something does not conform, or the gate refuses. 2: unreadable",
        "",
    ]
    lines[-2] += " input or wrong usage. Answers go to standard output, everything else to standard error."
    settings = {**cli.context_settings, "max_content_width": 110}
    context = click.Context(cli, info_name="cell-registry", terminal_width=110, **settings)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        if command is not None:
            lines += _command(command, name, context)
    return "\n".join(lines).rstrip() + "\n"


def _command(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent, max_content_width=110, terminal_width=110)
    yield from (
        f"## {context.command_path}",
        "",
        "```text",
        click.unstyle(command.get_help(context)).rstrip(),
        "```",
        "",
    )
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None:
                yield from _command(found, child, context)


def vocabulary() -> str:
    """Our terms by name, each with definition, example and source."""
    graph = Graph().parse(data=resources.files("ontology").joinpath("product.ttl").read_bytes(), format="turtle")
    lines = ["# Vocabulary", "", f"Namespace `{CPR}`, prefix `cpr`.", ""]
    ours = sorted(
        {s for s in graph.subjects() if isinstance(s, URIRef) and s.startswith(CPR)},
        key=lambda term: (term.casefold(), term),
    )
    for term in ours:
        label, definition = graph.value(term, RDFS.label), graph.value(term, SKOS.definition)
        if label is None or definition is None:
            continue
        lines += [f"## cpr:{term.removeprefix(CPR)}", "", f"**{label}.** {definition}", ""]
        for word, predicate in (("Example", SKOS.example), ("Source", DCTERMS.source)):
            for value in sorted(graph.objects(term, predicate)):
                lines += [
                    f"{word}: `{value}`" if isinstance(value, Literal) and word == "Example" else f"{word}: {value}",
                    "",
                ]
    return "\n".join(lines).rstrip() + "\n"


def library() -> str:
    """The questions, by name."""
    lines = ["# Questions", "", "`cell-registry ask NAME` asks one of these.", ""]
    for one in questions.library():
        lines += [f"## {one.name}", "", f"**{one.title}.** {one.description}".replace("..", "."), "", "```sparql"]
        lines += [line for line in one.text.strip().splitlines() if not line.startswith("#")]
        lines += ["```", ""]
    return "\n".join(lines).rstrip() + "\n"


def _beside(name: str) -> Callable[[], str]:
    """``page`` of the module of this name in this folder, which is no package."""
    described = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    if described is None or described.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    page: Callable[[], str] = module.page
    return page


PAGES = {
    "commands.md": commands,
    "vocabulary.md": vocabulary,
    "questions.md": library,
    "graph.md": guide,
    "api.md": _beside("api"),
    "../../ARCHITECTURE.md": _beside("architecture"),
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (HERE / name).write_text(NOTE + page(), encoding="utf-8")


if __name__ == "__main__":
    main()
