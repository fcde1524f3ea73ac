"""Random specifications and panels: the compiled engine and the plain comparison say the same, and pySHACL with them.

    python benchmarks/judges.py [HOW MANY] [BY pySHACL] [SEED]     1,000,000 and 20,000 without them: twenty minutes

A pair is a specification of one to four criteria with whatever a criterion may ask for, and a panel: for each
criterion one to three pieces of evidence, often at a limit, beside it, or open there. A hundred panels are drawn for
each specification. Prints how often each outcome came out, and every pair on which two judges do not agree; exit 1
with any. The seed is printed and draws the same pairs again.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from registry import specifications
from registry.domain import Criterion, Evidence, Interval, Operator, Specification
from registry.judgement import independent, shacl

IDENTITY = specifications.load("msc-identity")
PERCENT = IDENTITY.criteria[0].unit
OPERATORS: tuple[Operator, ...] = (">=", ">", "<=", "<", "range", "one of")
OUTCOMES = tuple(f"urn:outcome:{word}" for word in ("normal", "abnormal", "unclear"))
METHODS = (None, "flow", "trypan blue", "Bactec | BacT/ALERT")
HOURS = tuple(None if text == "" else Decimal(text) for text in ("", "0.5", "2", "2.0", "168", "336", "336.0001"))
POPULATIONS = (None, "urn:population:live", "urn:population:all")
CONFIDENCES = tuple(None if text == "" else Decimal(text) for text in ("", "0.9", "0.95", "0.950", "0.99"))
EVENTS = (None, 1, 199, 200, 201, 50_000)
OFTEN = tuple(Decimal(text) for text in ("-1", "0", "1.9", "2", "2.0", "2.1", "94.9", "95", "95.00", "100", "1E+7"))
"""Few values, so that limits and bounds often meet."""
STEPS = tuple(Decimal(1).scaleb(-places) for places in (0, 1, 3, 6, 12, 17))
PANELS = 100
Pair = tuple[Specification, list[Evidence]]


@dataclass
class Tally:
    """What came of the pairs that were judged."""

    pairs: int = 0
    by_reference: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    """CPU of each judge over the pairs that pySHACL judged too."""


def number(draw: random.Random) -> Decimal:
    """A value that limits and results share, or one of up to seventeen digits after the point."""
    if draw.random() < 0.6:
        return draw.choice(OFTEN)
    return Decimal(draw.randint(-3 * 10**17, 103 * 10**17)).scaleb(-17).quantize(draw.choice(STEPS))


def criterion(draw: random.Random, place: int) -> Criterion:
    """A criterion of any operator; one in three asks how, of what and of how many."""
    operator = draw.choice(OPERATORS)
    base = replace(IDENTITY.criteria[0], id=f"c{place}", operator=operator, low=None, high=None, unit=PERCENT)
    if draw.random() < 0.34:
        base = replace(
            base, method=draw.choice(METHODS), duration=draw.choice(HOURS), window=draw.choice(HOURS)
        )  # fmt: skip
    if operator == "one of":
        return replace(base, unit=None, outcomes=tuple(draw.sample(OUTCOMES, draw.randint(1, 3))))
    if draw.random() < 0.34:
        base = replace(base, population=draw.choice(POPULATIONS), confidence=draw.choice(CONFIDENCES),
                       least_events=draw.choice(EVENTS))  # fmt: skip
    low, high = sorted((number(draw), number(draw)))
    opens = low < high
    return replace(
        base,
        low=low if operator in (">=", ">", "range") else None,
        high=high if operator in ("<=", "<", "range") else None,
        low_open=operator == "range" and opens and draw.random() < 0.5,
        high_open=operator == "range" and opens and draw.random() < 0.5,
    )


def interval(draw: random.Random, limits: Sequence[Decimal]) -> Interval:
    """A figure, or what ``<`` and ``>`` leave; every other one begins or ends at a limit."""
    first = draw.choice(limits) if limits and draw.random() < 0.5 else number(draw)
    low, high = sorted((first, first if draw.random() < 0.4 else number(draw)))
    low_open, high_open = (draw.random() < 0.5, draw.random() < 0.5) if low < high else (False, False)
    match draw.randint(0, 5):
        case 0:
            return Interval(None, high, False, high_open)
        case 1:
            return Interval(low, None, low_open, False)
        case _:
            return Interval(low, high, low_open, high_open)


def evidence(draw: random.Random, asked: Criterion, lot: str) -> Evidence:
    """A number, a word, nothing, or something that decides nothing; obtained in any way."""
    kind = draw.choice(("number", "number", "number", "word", "nothing", "undecided", "other unit"))
    if kind == "nothing":
        return Evidence(lot, asked.id, present=False)

    node = Evidence(
        lot, asked.id, present=True, method=draw.choice((asked.method, *METHODS)),
        duration=draw.choice((asked.duration, *HOURS)),
        age=draw.choice((asked.window, Decimal("-0.5"), *HOURS)),
        population=draw.choice((asked.population, *POPULATIONS)),
        confidence=draw.choice((asked.confidence, *CONFIDENCES)),
        events=draw.choice((asked.least_events, *EVENTS)),
    )  # fmt: skip
    if kind == "undecided":
        return node
    if kind == "word" or asked.operator == "one of":
        return replace(node, outcome=draw.choice(OUTCOMES))
    limits = [limit for limit in (asked.low, asked.high) if limit is not None]
    return replace(node, interval=interval(draw, limits), unit=PERCENT if kind == "number" else "urn:other-unit")


def pairs(draw: random.Random, panels: int) -> Pair:
    """One specification, and the evidence of so many panels, each of a lot of its own."""
    made = tuple(criterion(draw, place) for place in range(draw.randint(1, 4)))
    against = specifications.build(replace(IDENTITY, criteria=made))
    nodes = [
        evidence(draw, asked, f"L-{panel}")
        for panel in range(panels)
        for asked in made
        for _ in range(draw.choice((1, 1, 1, 2, 3)))
    ]
    return against, nodes


def judged(tally: Tally, against: Specification, nodes: list[Evidence], *, by_reference: bool) -> None:
    """Every judge over the panels of one specification; what differs is noted with everything to see it again."""
    began = time.process_time()
    compared = independent.judge(against, nodes)
    ended = time.process_time()
    judges = {shacl.engine_name(): shacl.judge(against, nodes)}
    if by_reference:
        compiled = time.process_time()
        judges["pySHACL"] = shacl.judge(against, nodes, by_reference=True)
        tally.seconds["the plain comparison"] += ended - began
        tally.seconds[shacl.engine_name()] += compiled - ended
        tally.seconds["pySHACL"] += time.process_time() - compiled
    tally.outcomes.update(outcome for outcomes in compared.values() for outcome in outcomes)
    for judge, outcomes in judges.items():
        for key, expected in compared.items():
            if outcomes.get(key) != expected:
                asked = next(each for each in against.criteria if each.id == key[1])
                held = [node for node in nodes if (node.lot, node.criterion) == key]
                tally.disagreements.append(f"{judge} {outcomes.get(key)}, comparison {expected}: {asked} {held}")


def run(many: int, by_reference: int, seed: int) -> Iterator[Tally]:
    """The tally after every specification, until so many pairs were judged, the first so many by pySHACL too."""
    tally, place = Tally(), 0
    while tally.pairs < many:
        draw = random.Random(f"{seed}:{place}")  # noqa: S311 - not for secrets
        panels = min(PANELS, many - tally.pairs)
        reference = tally.by_reference < by_reference
        judged(tally, *pairs(draw, panels), by_reference=reference)
        tally.pairs += panels
        tally.by_reference += panels if reference else 0
        place += 1
        yield tally


def main() -> None:
    """Judge as many as asked, and say what came out."""
    given = [int(text) for text in sys.argv[1:]]
    many, by_reference, seed = (*given, *(1_000_000, 20_000, time.time_ns() % 10**9)[len(given) :])
    started, tally = time.process_time(), Tally()
    for tally in run(many, by_reference, seed):
        if tally.pairs % 50_000 == 0:
            print(f"{tally.pairs:,} pairs, {len(tally.disagreements)} disagreements", file=sys.stderr, flush=True)
    print(f"seed {seed}: {tally.pairs:,} pairs by {shacl.engine_name()} and the plain comparison, "
          f"{tally.by_reference:,} of them by pySHACL; {time.process_time() - started:.0f} s of CPU")  # fmt: skip
    for judge, seconds in tally.seconds.items():
        times = seconds / max(tally.seconds["the plain comparison"], 1e-6)
        print(f"{judge}: {seconds * 1000 / tally.by_reference:.3f} ms of CPU a pair, {times:.0f} x the comparison")
    print(", ".join(f"{outcome} {count:,}" for outcome, count in tally.outcomes.most_common()))
    print(f"{len(tally.disagreements)} disagreements", *tally.disagreements[:20], sep="\n")
    sys.exit(1 if tally.disagreements else 0)


if __name__ == "__main__":
    main()
