"""A guide of the graph for people and for language models: what is in it, the paths, the traps, the questions.

A model that reads it first asks well; without it the example questions alone help little (the measurements of SIB and
of TogoMCP on SPARQL services).
"""

from __future__ import annotations

from registry import questions
from registry.services.queries.description import PREFIXES
from registry.services.queries.words import Word, words

ABOUT = """# Guide of the graph

A cell product registry: products, their lots, the results of panels, the decisions signed on lots, and the verdicts
that follow. What is asked here is data. Whether a lot may be injected stands on its own page alone, as the registry
says it at that minute: quote that sentence with its time and address, and conclude nothing of your own.
"""
PATHS = """## Paths

- lot → its identifier: `?lot dcterms:identifier ?id`; every lot, bank, line and donor is a `cpr:Lot`, its kind is
  `?lot cpr:lotKind/rdfs:label ?kind` (`product lot`, `cell bank`, …).
- lot → product → disease: `?lot cpr:product ?product`, `?lot cpr:indication ?disease`;
  cell type: `?lot cpr:cellType ?type`.
- anything below a disease or a cell type: `?lot cpr:indication/rdfs:subClassOf* obo:DOID_5426`.
- lot → verdict of its evidence: `?lot cpr:verdict/rdfs:label ?verdict`; what it falls short of:
  `?lot cpr:shortOf ?criterion`.
- panel → lot and results: `?panel cpr:lot ?lot ; cpr:result ?result`; result → what was measured and the number:
  `?result cpr:characteristic ?marker ; cpr:low ?low ; cpr:high ?high`.
- decision → lot: `?signed cpr:lot ?lot ; a ?type ; cpr:signedAt ?at`, `?type rdfs:subClassOf cpr:Decision`.
- lot → what it was made of: `?lot prov:wasDerivedFrom+ ?origin`.
"""
TRAPS = """## Traps

- A verdict is about evidence. A lot whose verdict is `pass` is not released, and a released lot may be on hold,
  recalled, suspended or expired since.
- The newest decision on a lot is not its state: a hold on a bank stops every lot made of it, and no decision
  names them.
- A result may be censored (`<5`, `>95`): it has `cpr:low` and `cpr:high` and no single value. Take the mean of exact
  values alone: `?result cpr:low ?v ; cpr:high ?v`.
- A retest that nobody accepted, a withdrawn panel and an informative criterion change nothing; `ask` leaves them out
  where its question is about what counts.
- A percentage is of a population: do not compare a percent of viable cells with a percent of all cells.
- The graph has no clock. Evidence that must be fresh is `cpr:DependsOnTime`; the lot's page judges it.
- The default graph holds every triple once; each record is a named graph besides.
- Counts of recipients under eight are not shown to analysts, and no recipient's code is in the graph.
- An empty answer means that nothing here matches, not that there is none anywhere: a misspelt term matches nothing.
- Answers are whole or refused: a query has ten seconds and 100,000 rows.
"""


def guide() -> str:
    """The whole guide as Markdown: about 40 kB, the same for every registry of this version."""
    prefixes = "\n".join(f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items())
    return "\n".join([ABOUT, PATHS, TRAPS, f"## Prefixes\n\n```sparql\n{prefixes}\n```\n", _questions(), _words()])


def _questions() -> str:
    """The library: ask one of these by its name before writing SPARQL."""
    lines = ["## Questions", "", "Ask one of these by its name, with `ask`, before you write SPARQL of your own.", ""]
    for question in questions.library():
        lines.append(f"- `{question.name}`: {question.title}. {question.description}")
        lines += [
            f"  - `{each.name}` ({each.type}, default `{each.default}`): {each.description}"
            for each in question.parameters
        ]
    return "\n".join([*lines, ""])


def _words() -> str:
    """Classes begin with a capital letter, properties with a small one."""
    classes = [word for word in words().values() if word.name[0].isupper()]
    properties = [word for word in words().values() if not word.name[0].isupper()]
    return "\n".join([*_listed("Classes and values", classes), "", *_listed("Properties", properties), ""])


def _listed(title: str, listed: list[Word]) -> list[str]:
    return [f"## {title}", "", *(f"- `cpr:{word.name}`: {word.definition}" for word in listed)]
