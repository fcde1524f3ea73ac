"""What a release implies of its classes: an EL closure, in the normal path. HermiT agrees with it, in tests.

Named classes, intersections, existential restrictions (``someValuesFrom``, ``hasValue``), general axioms, disjointness,
property hierarchies, chains and transitivity (Baader, Brandt, Lutz 2005, "Pushing the EL envelope"). Of a union
only that its members stand below it; complements and universal restrictions stay opaque: nothing is concluded from
them, so nothing is concluded wrongly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from registry.namespaces import OWL, RDF
from registry.ontology_releases.names import FORMER, RDF_TYPE, SUB_CLASS, SUB_PROPERTY, Triples
from registry.vocabulary.ntriples import Text

NOTHING = OWL + "Nothing"
THING = OWL + "Thing"
_AXIOMS = {SUB_CLASS, OWL + "equivalentClass", OWL + "disjointWith"}
_SHAPES = {OWL + name for name in ("intersectionOf", "unionOf", "onProperty", "someValuesFrom", "hasValue")}
_STRUCTURE = _SHAPES | {RDF + "first", RDF + "rest"}


@dataclass
class Axioms:
    """The logical content of a release, by name: expressions are named too, each once."""

    below: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    joined: dict[str, list[tuple[frozenset[str], str]]] = field(default_factory=lambda: defaultdict(list))
    linked: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    implied: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    over: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    chains: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    defined: dict[str, list[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(list))
    general: list[tuple[str, str]] = field(default_factory=list)
    expressions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Every named expression: ``("some", property, filler)`` or ``("all", conjunct …)``."""

    def some(self, relation: str, filler: str) -> str:
        """The name of an existential restriction, with what it means."""
        name = f"some {relation} {filler}"
        if name not in self.expressions:
            self.expressions[name] = ("some", relation, filler)
            self.linked[name].add((relation, filler))
            self.implied[relation][filler].add(name)
        return name

    def all_of(self, parts: Iterable[str]) -> str:
        """The name of an intersection, with what it means."""
        conjuncts = tuple(sorted({each for part in parts for each in self.conjuncts(part)}))
        if len(conjuncts) == 1:
            return conjuncts[0]
        name = "all " + " & ".join(conjuncts)
        if name not in self.expressions:
            self.expressions[name] = ("all", *conjuncts)
            self.below[name] |= set(conjuncts)
            for conjunct in conjuncts:
                self.joined[conjunct].append((frozenset(conjuncts) - {conjunct}, name))
        return name

    def is_named(self, name: str) -> bool:
        """True for a class of its own, False for an expression."""
        return name not in self.expressions and not name.startswith("_:")

    def conjuncts(self, name: str) -> tuple[str, ...]:
        """The parts of an expression; of a class, itself."""
        shape = self.expressions.get(name)
        return shape[1:] if shape and shape[0] == "all" else (name,)


def axioms(triples: Triples, axioms_so_far: Axioms | None = None) -> Axioms:
    """The axioms among the triples. Former IRIs of the marker relations count as what they are called now."""
    collected = axioms_so_far or Axioms()
    nodes: dict[str, dict[str, str]] = defaultdict(dict)
    stated: list[tuple[str, str, str]] = []
    for subject, predicate, value in triples:
        if predicate in _STRUCTURE:
            nodes[subject][predicate] = value
        elif predicate in _AXIOMS and not isinstance(value, Text):
            stated.append((subject, predicate, value))
        elif predicate == RDF_TYPE and value == OWL + "TransitiveProperty":
            collected.chains[subject].add((subject, subject))
        elif predicate == SUB_PROPERTY:
            collected.over[FORMER.get(subject, subject)].add(value)
    _chains(triples, nodes, collected)
    named: dict[str, str] = {}
    for subject, predicate, value in stated:
        left, right = (_named(node, nodes, collected, named) for node in (subject, value))
        if predicate == OWL + "disjointWith":
            collected.below[collected.all_of((left, right))].add(NOTHING)
            continue
        collected.below[left].add(right)
        if predicate == OWL + "equivalentClass":
            collected.below[right].add(left)
            collected.defined[left].append(collected.conjuncts(right))
        elif subject.startswith("_:"):
            collected.general.append((left, right))
    return collected


def _chains(triples: Triples, nodes: dict[str, dict[str, str]], collected: Axioms) -> None:
    for subject, predicate, value in triples:
        if predicate == OWL + "propertyChainAxiom":
            links = _items(value, nodes)
            if len(links) == 2:
                collected.chains[links[0]].add((links[1], subject))


def _items(node: str, nodes: dict[str, dict[str, str]]) -> list[str]:
    items: list[str] = []
    seen: set[str] = set()
    while node in nodes and node not in seen:
        seen.add(node)
        if RDF + "first" in nodes[node]:
            items.append(nodes[node][RDF + "first"])
        node = nodes[node].get(RDF + "rest", "")
    return items


def _named(node: str, nodes: dict[str, dict[str, str]], collected: Axioms, named: dict[str, str]) -> str:
    """The name of what a node expresses. An expression that is not understood, or a ring, stays opaque."""
    if not node.startswith("_:"):
        return node
    if node in named:
        return named[node]
    named[node] = node
    shape = nodes.get(node, {})
    if OWL + "intersectionOf" in shape:
        items = _items(shape[OWL + "intersectionOf"], nodes)
        named[node] = collected.all_of([_named(item, nodes, collected, named) for item in items]) if items else node
    elif OWL + "unionOf" in shape:
        for item in _items(shape[OWL + "unionOf"], nodes):
            collected.below[_named(item, nodes, collected, named)].add(node)
    elif OWL + "onProperty" in shape and (OWL + "someValuesFrom" in shape or OWL + "hasValue" in shape):
        filler = shape.get(OWL + "someValuesFrom") or shape[OWL + "hasValue"]
        relation = shape[OWL + "onProperty"]
        named[node] = collected.some(FORMER.get(relation, relation), _named(filler, nodes, collected, named))
    return named[node]


class Closure:
    """Every subsumer of the classes asked for. ``subsumers[name]`` holds expressions too, under their names."""

    def __init__(self, given: Axioms, wanted: Iterable[str]) -> None:
        self.axioms = given
        self.subsumers: dict[str, set[str]] = {}
        self._successors: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._predecessors: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self._supers = _transitive(given.over)
        self._pending: list[tuple[str, str]] = []
        self._links: list[tuple[str, str, str]] = []
        self._before = defaultdict(set)
        for first, pairs in given.chains.items():
            for second, whole in pairs:
                self._before[second].add((first, whole))
        for name in wanted:
            self._begin(name)
        self._run()

    def _begin(self, name: str) -> None:
        if name not in self.subsumers:
            self.subsumers[name] = {name, THING}
            self._pending += [(name, name), (name, THING)]

    def _add(self, name: str, above: str) -> None:
        if above not in self.subsumers[name]:
            self.subsumers[name].add(above)
            self._pending.append((name, above))

    def _link(self, name: str, relation: str, target: str) -> None:
        if (relation, target) in self._successors[name]:
            return
        self._begin(target)
        for each in (relation, *self._supers.get(relation, ())):
            if (each, target) not in self._successors[name]:
                self._successors[name].add((each, target))
                self._predecessors[target].add((each, name))
                self._links.append((name, each, target))

    def _run(self) -> None:
        while self._pending or self._links:
            if self._pending:
                self._subsumed(*self._pending.pop())
            else:
                self._followed(*self._links.pop())

    def _subsumed(self, name: str, above: str) -> None:
        given = self.axioms
        for higher in given.below.get(above, ()):
            self._add(name, higher)
        mine = self.subsumers[name]
        for rest, whole in given.joined.get(above, ()):
            if whole not in mine and rest <= mine:
                self._add(name, whole)
        for relation, filler in given.linked.get(above, ()):
            self._link(name, relation, filler)
        for relation, before in tuple(self._predecessors.get(name, ())):
            for implied in given.implied.get(relation, {}).get(above, ()):
                self._add(before, implied)
            if above == NOTHING:
                self._add(before, NOTHING)

    def _followed(self, name: str, relation: str, target: str) -> None:
        implied = self.axioms.implied.get(relation)
        if implied:
            for above in tuple(self.subsumers[target]):
                for whole in implied.get(above, ()):
                    self._add(name, whole)
        if NOTHING in self.subsumers[target]:
            self._add(name, NOTHING)
        for second, whole in self.axioms.chains.get(relation, ()):
            for next_relation, end in tuple(self._successors.get(target, ())):
                if next_relation == second:
                    self._link(name, whole, end)
        for first, whole in self._before.get(relation, ()):
            for previous, start in tuple(self._predecessors.get(name, ())):
                if previous == first:
                    self._link(start, whole, target)

    def above(self, name: str, prefix: str) -> frozenset[str]:
        """The named classes above ``name`` whose IRI begins with ``prefix``, itself left out."""
        return frozenset(
            ancestor for ancestor in self.subsumers.get(name, ()) if ancestor.startswith(prefix) and ancestor != name
        )

    def direct(self, name: str, prefix: str) -> frozenset[str]:
        """Those of ``above`` that stand above no other of them; of classes that mean the same, each."""
        above = self.above(name, prefix)
        proper = {ancestor for ancestor in above if name not in self.subsumers.get(ancestor, ())}
        higher = {
            high
            for ancestor in proper
            for high in self.above(ancestor, prefix)
            if ancestor not in self.above(high, prefix)
        }
        return frozenset(proper - higher)

    def stated(self, name: str) -> set[tuple[str, str]]:
        """(relation, filler) of every restriction that is told of the class or of one above it."""
        shapes = (self.axioms.expressions.get(name_above) for name_above in self.subsumers.get(name, ()))
        return {(shape[1], shape[2]) for shape in shapes if shape and shape[0] == "some"}


def _transitive(over: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    reached: dict[str, frozenset[str]] = {}
    for name in over:
        seen: set[str] = set()
        pending = [name]
        while pending:
            new = over.get(pending.pop(), set()) - seen
            seen |= new
            pending += new
        reached[name] = frozenset(seen - {name})
    return reached
