"""Why a class stands under another: the fewest axioms that say so, in words.

    because(module, CL:0000084, CL:0000134, name)       ("CL:0000084 T cell is a CL:0000134 mesenchymal stem cell",)

Found with the program's own closure, on the module of the class alone. What only HermiT infers (from complements,
universal restrictions) has no such proof: then every axiom about the class itself is named.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from registry.identifiers import CPR, OBO
from registry.ontology_releases.names import CARRIES, HIGH, IN_TAXON, LACKS, LOW, SUB_CLASS
from registry.ontology_releases.reasoning.closure import NOTHING, Axioms, Closure, axioms
from registry.ontology_releases.reasoning.module import DISJOINT, EQUIVALENT, Statement, module

SHOWN = 8
Name = Callable[[str], str]
_RELATIONS = {
    CARRIES: "carries", HIGH: "carries much", LOW: "carries little", LACKS: "lacks", IN_TAXON: "is of",
    OBO + "BFO_0000050": "is part of", OBO + "RO_0002215": "is capable of", OBO + "RO_0002202": "develops from",
    OBO + "RO_0002292": "expresses", CPR + "testsNegativeFor": "tests negative for",
}  # fmt: skip


def because(
    given: Sequence[Statement], child: str, ancestor: str, name: Name, without: Collection[str] = ()
) -> tuple[str, ...]:
    """The axioms by which ``child`` stands under ``ancestor`` (``owl:Nothing``: has no instance), in words.

    What only defines one of the classes ``without`` is left out.
    """
    near = [
        statement for statement in module(given, [child]) if statement.predicate in {SUB_CLASS, EQUIVALENT, DISJOINT}
    ]
    proof = _smallest(near, child, ancestor)
    if not proof:
        proof = [statement for statement in near if child in statement.names]
    kept = [statement for statement in proof if statement.triples[0][0] not in without]
    words = list(dict.fromkeys(sentence(statement, name) for statement in kept))
    return (*words[:SHOWN], *([f"and {len(words) - SHOWN} more"] if len(words) > SHOWN else []))


def _entails(given: Sequence[Statement], child: str, ancestor: str) -> bool:
    closure = Closure(axioms([triple for statement in given for triple in statement.triples]), [child])
    return ancestor in closure.subsumers[child]


def _smallest(given: list[Statement], child: str, ancestor: str) -> list[Statement]:
    """Without any one of these it is not said any more; empty when the closure does not find it said."""
    if not _entails(given, child, ancestor):
        return []
    kept, size = list(given), max(1, len(given) // 2)
    while True:
        at = 0
        while at < len(kept):
            fewer = kept[:at] + kept[at + size :]
            if _entails(fewer, child, ancestor):
                kept = fewer
            else:
                at += size
        if size == 1:
            return kept
        size = max(1, size // 2)


def sentence(statement: Statement, name: Name) -> str:
    """One axiom in words."""
    given = axioms(statement.triples)
    subject, predicate, value = statement.triples[0]
    if predicate == DISJOINT:
        return f"{name(subject)} and {name(value)} have no instance in common"
    if given.general:
        left, right = given.general[0]
        return f"{_words(given, left, name)} is {_words(given, right, name)}"
    told = sorted(given.below.get(subject, ()))
    verb = "is the same as" if predicate == EQUIVALENT else "is"
    return f"{name(subject)} {verb} {_words(given, told[0], name) if told else name(value)}"


def _words(given: Axioms, expression: str, name: Name) -> str:
    shape = given.expressions.get(expression)
    if expression == NOTHING:
        return "nothing at all"
    if shape is None:
        return f"a {name(expression)}" if not expression.startswith("_:") else "what is said in words of its own"
    if shape[0] == "some":
        return f"what {_RELATIONS.get(shape[1], name(shape[1]))} {_bare(given, shape[2], name)}"
    return _joined(_words(given, part, name) for part in _genus_first(given, shape[1:]))


def _bare(given: Axioms, expression: str, name: Name) -> str:
    return name(expression) if given.is_named(expression) else _words(given, expression, name)


def _genus_first(given: Axioms, parts: Iterable[str]) -> list[str]:
    return sorted(parts, key=lambda part: (part in given.expressions, part))


def _joined(parts: Iterable[str]) -> str:
    return " and ".join(parts)
