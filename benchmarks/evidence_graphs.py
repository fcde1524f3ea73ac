"""Random evidence graphs, sound and damaged: the compiled engine and pySHACL refuse the same nodes by the same shapes.

    python benchmarks/evidence_graphs.py [HOW MANY] [SEED]      100,000 without them: half an hour of CPU

A graph is the evidence of one panel for a specification of one to four criteria, drawn as in ``judges.py``. Half of
them are damaged: triples left out, said of another node, doubled with another value, numbers of another datatype,
other links. No code of ours writes such a thing, and both engines have to refuse it alike. In a quarter of those a
value is of a kind that no limit can be compared with, or none of its datatype: pySHACL (0.40) lets some of these pass
a limit, so there the compiled engine has to refuse whatever pySHACL refuses, and what it refuses beside that is
counted. Fifty graphs of one specification are judged in one call of each. Prints what differs, and exits 1 with it.
"""

from __future__ import annotations

import logging
import random
import sys
import time
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from judges import pairs
from rdflib.namespace import SH

from registry.domain import Evidence, Specification
from registry.judgement.shacl import compiled, criteria
from registry.judgement.shacl.engine import parsed, report
from registry.vocabulary.ntriples import Text, line

TOGETHER = 50
XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = (("integer", "2"), ("integer", "-1"), ("integer", "95"), ("double", "9.5E1"), ("decimal", "2.0"))
UNLIKE = (("string", "none"), ("string", ""), ("boolean", "true"), ("date", "2026-12-01"), ("integer", "none"),
          ("double", ""))  # fmt: skip
Lines = list[str]


@dataclass(frozen=True)
class Graph:
    """The lines of one panel's evidence; ``unlike`` when it holds a value that no limit can be compared with."""

    lines: Lines
    unlike: bool = False


def graphs(draw: random.Random) -> tuple[Specification, list[Graph]]:
    """A specification and the graphs of fifty panels, half of them damaged."""
    against, nodes = pairs(draw, TOGETHER)
    held = [node for node in nodes if all(map(compiled.is_held, criteria.numbers(node)))]
    by_lot: dict[str, list[Evidence]] = {}
    for node in held:
        by_lot.setdefault(node.lot, []).append(node)
    made = []
    for lot, mine in by_lot.items():
        names = [f"urn:x-evidence:{lot}:{place}" for place in range(len(mine))]
        sound = list(map(criteria.line_of, criteria._facts_of(against, mine, names)))
        kind = draw.choice(("sound",) * 4 + ("damaged",) * 3 + ("unlike",))
        damage = damaged(draw, sound, names, unlike=kind == "unlike")
        made.append(Graph(sound) if kind == "sound" else Graph(list(damage), kind == "unlike"))
    return against, made


def damaged(draw: random.Random, sound: Lines, names: list[str], *, unlike: bool) -> Iterator[str]:
    """The lines with some harm done to about one in six."""
    for told in sound:
        subject, predicate, rest = told.split(" ", 2)
        harm = draw.randrange(30)
        if harm == 0:
            continue
        if harm == 1:
            yield f"<{draw.choice(names)}> {predicate} {rest}"
        elif harm == 2:
            same = [other for other in sound if other.split(" ", 2)[1] == predicate]
            yield from {told, f"{subject} {predicate} {draw.choice(same).split(' ', 2)[2]}"}
        elif harm in (3, 4) and (unlike or "#decimal>" in rest):
            datatype, value = draw.choice(UNLIKE if unlike else NUMBERS)
            yield line(subject[1:-1], predicate[1:-1], Text(value), XSD + datatype if datatype != "string" else "")
        elif harm == 5 and rest.startswith("<"):
            yield f"{subject} {predicate} <urn:x-other:{draw.randrange(3)}> .\n"
        else:
            yield told


SPENT: defaultdict[str, float] = defaultdict(float)
"""Seconds of CPU of each engine."""


def refused(against: Specification, lines: Lines) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """(node, shape) of every violation by the compiled engine, and by pySHACL."""
    text, began = "".join(lines), time.process_time()
    answer = report(criteria.filled(parsed(text.encode())), parsed(against.ntriples))
    parsed.cache_clear()
    reference = {
        (str(answer.value(result, SH.focusNode)), str(answer.value(result, SH.sourceShape)))
        for result in answer.objects(None, SH.result)
    }
    asked = time.process_time()
    by_compiled = compiled.refusals(compiled.compiled(against.ntriples), text)
    SPENT["pySHACL"] += asked - began
    SPENT[compiled.name()] += time.process_time() - asked
    return by_compiled, reference


def main() -> None:
    """Judge as many graphs as asked, and say what differs."""
    logging.disable(logging.CRITICAL)  # rdflib tells of every literal that is damaged
    warnings.simplefilter("ignore")
    given = [int(text) for text in sys.argv[1:]]
    many, seed = (*given, *(100_000, time.time_ns() % 10**9)[len(given) :])
    done = unlike = beyond = violations = place = 0
    different: list[str] = []
    began = time.process_time()
    while done < many:
        against, made = graphs(random.Random(f"{seed}:{place}"))  # noqa: S311 - not for secrets
        by_compiled, by_reference = refused(against, [told for graph in made for told in graph.lines])
        violations += len(by_reference)
        if by_compiled != by_reference:
            for graph in made:
                mine, reference = refused(against, graph.lines)
                beyond += len(mine - reference) if graph.unlike else 0
                if reference - mine or (mine != reference and not graph.unlike):
                    apart = f"compiled alone {sorted(mine - reference)}, pySHACL alone {sorted(reference - mine)}"
                    different.append(f"{apart}\n{''.join(graph.lines)}")
        done, unlike, place = done + len(made), unlike + sum(graph.unlike for graph in made), place + 1
        if place % 100 == 0:
            print(f"{done:,} graphs, {len(different)} different", file=sys.stderr, flush=True)
    print(f"seed {seed}: {done:,} graphs by {compiled.name()} and pySHACL, {violations:,} violations, "
          f"{len(different)} different; {time.process_time() - began:.0f} s of CPU")  # fmt: skip
    print(f"{unlike:,} of them with a value that no limit can be compared with: {beyond:,} refusals by the compiled "
          "engine beside those of both")  # fmt: skip
    fast, slow = SPENT[compiled.name()], SPENT["pySHACL"]
    print(f"pySHACL {slow:.2f} s of CPU, {compiled.name()} {fast:.2f} s: {slow / max(fast, 1e-6):.0f} times")
    print(*different[:10], sep="\n")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
