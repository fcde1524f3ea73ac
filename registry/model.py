"""The registry's words as plain values: frozen, comparable, free of IO.

Everything here is one noun of the vocabulary in ``docs/index.md``. Behaviour lives in the rooms that
use these values; the only behaviour here is what keeps a value from contradicting itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Standing = Literal["gating", "reference", "informative"]
CriterionOutcome = Literal["pass", "fail", "undetermined", "missing"]
LotOutcome = Literal["pass", "fail", "incomplete"]
State = Literal["not evaluable", "not tested"]
Relation = Literal["replicate", "retest", "correction"]
Operator = Literal[">=", ">", "<=", "<", "range", "one of"]
Due = Literal["before release", "after release"]
Rounding = Literal["none", "round to limit"]


@dataclass(frozen=True, slots=True)
class Interval:
    """What a numeric result says: every value it could be. ``98.5`` is [98.5, 98.5], ``<0.5`` of percent is [0, 0.5).

    ``low``/``high`` of ``None`` mean unbounded. ``low_open`` means the bound itself is excluded.
    """

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False

    @property
    def is_empty(self) -> bool:
        """True when no value lies in it: (2, 2], [3, 1]."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def intersect(self, other: Interval) -> Interval:
        """The values that lie in both; may be empty."""
        low, low_open = _tighter(self.low, self.low_open, other.low, other.low_open, upper=False)
        high, high_open = _tighter(self.high, self.high_open, other.high, other.high_open, upper=True)
        return Interval(low, high, low_open, high_open)

    def within(self, other: Interval) -> bool:
        """True when every value of this one lies in ``other``."""
        return self.intersect(other) == self


def _tighter(
    a: Decimal | None, a_open: bool, b: Decimal | None, b_open: bool, *, upper: bool
) -> tuple[Decimal | None, bool]:
    if a is None:
        return b, b_open
    if b is None:
        return a, a_open
    if a == b:
        return a, a_open or b_open
    a_is_tighter = a < b if upper else a > b
    return (a, a_open) if a_is_tighter else (b, b_open)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a result stands in a submitted file. Rows count from 1, the header being row 1."""

    file: str
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a printed value means. Exactly one of the four is set.

    ``outcome`` is the IRI of one of the outcomes listed for the characteristic; ``text`` is a finding kept as
    printed, which no criterion can be shown by (a karyotype written out).
    """

    interval: Interval | None = None
    outcome: str | None = None
    state: State | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One characteristic measured on one lot at one stage: as printed, as read, and where it stands.

    ``characteristic`` and ``unit`` are IRIs. ``gate`` is set for a co-expression gate (``CD45-/CD105+``): such a
    result is kept as what it is and bears on no single-marker criterion; ``characteristic`` is then
    ``cpr:CoExpressionGate``. ``members`` is set for a cocktail: the IRIs of the markers it bounds, and
    ``characteristic`` is then ``cpr:Cocktail``. ``details`` holds the optional columns in order, as printed
    (``method``, ``analyst``, ``clone`` …). ``iri`` is set once the result stands in a record.
    """

    lot: str
    characteristic: str
    label: str
    printed: str
    reading: Reading
    source: Source
    stage: str | None = None
    unit: str | None = None
    unit_printed: str = ""
    gate: str | None = None
    members: tuple[str, ...] = ()
    relation: Relation | None = None
    supersedes: str | None = None
    reason: str | None = None
    details: tuple[tuple[str, str], ...] = ()
    iri: str | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """The results submitted together for one lot at one stage."""

    lot: str
    stage: str | None
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that cannot be read: what was expected, what was found, where, and a sentence that says what to do."""

    lot: str | None
    file: str
    row: int | None
    column: str | None
    expected: str
    found: str
    message: str

    def as_dict(self) -> dict[str, object]:
        """The shape of ``check --format json``."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning: it never changes a verdict or an exit code. ``code`` is stable, ``message`` is for a person."""

    lot: str | None
    file: str
    row: int | None
    code: str
    message: str

    def as_dict(self) -> dict[str, object]:
        """The shape of ``check --format json``."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Intake:
    """What one file says: results in file order, rows in error, warnings."""

    file: str
    results: tuple[Result, ...]
    errors: tuple[RowError, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """One characteristic held against one acceptance limit.

    ``low``/``high`` are the limits in ``unit``: ``>=``/``>`` use ``low``, ``<=``/``<`` use ``high``, ``range`` uses
    both, inclusive unless ``low_open``/``high_open``. ``one of`` uses ``outcomes`` (IRIs). ``group`` names an
    either/or group. ``stage`` is an IRI or None (any one stage). ``iri`` is the versioned criterion.

    What evidence must say beside its value: ``method``, several in ``A | B``; ``duration``, the shortest in hours;
    ``window``, the greatest age in hours when judged. ``due`` after release: a lot may pass before the result is
    there, and fails when it comes out badly. ``inherited_from`` is the stage (an IRI) at which the lot that this one
    derives from may show it. ``decimals`` are those that a result is rounded to, set only where the specification
    rounds to the limit.
    """

    id: str
    iri: str
    characteristic: str
    label: str
    operator: Operator
    standing: Standing
    name: str
    description: str
    message: str
    source: str
    low: Decimal | None = None
    high: Decimal | None = None
    low_open: bool = False
    high_open: bool = False
    outcomes: tuple[str, ...] = ()
    unit: str | None = None
    stage: str | None = None
    group: str | None = None
    method: str | None = None
    justification: str | None = None
    duration: Decimal | None = None
    window: Decimal | None = None
    due: Due = "before release"
    inherited_from: str | None = None
    note: str | None = None
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Departure:
    """One way in which a specification falls short of the identity its cell type asks for."""

    characteristic: str
    label: str
    kind: Literal["left out", "informative", "wrong side", "weaker limit"]
    message: str
    justification: str | None = None

    def as_dict(self) -> dict[str, object]:
        """The shape of one item of ``departures`` in ``specification list``."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Specification:
    """A versioned list of criteria, and the SHACL graph it stands for (``ntriples``: its canonical bytes).

    ``omissions`` are the identity markers it leaves out on purpose: (characteristic IRI, written justification).
    ``cell_type`` and ``species`` are IRIs: what it is for. ``scope`` says in words what it is meant for and what not.
    ``published`` is True of one that is shipped as its source prints it: a fact to cite, not a judgement of ours.
    """

    id: str
    version: str
    iri: str
    title: str
    description: str
    source: str
    digest: str
    criteria: tuple[Criterion, ...]
    ntriples: bytes = field(repr=False)
    illustrative: bool = False
    departures: tuple[Departure, ...] = ()
    drafted_by: str = ""
    omissions: tuple[tuple[str, str], ...] = ()
    cell_type: str | None = None
    species: str | None = None
    scope: str = ""
    rounding: Rounding = "none"
    published: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What bears on one criterion of one lot, derived from the lot's current results.

    Several may bear on the same criterion (replicates; HLA-DR beside MHC II): each is judged and the worst counts.
    ``present`` is False when there is no current result. ``interval`` is in the criterion's unit. ``note`` says
    why evidence that is there decides nothing (conflict, no unit conversion, several stages, a retest that
    nobody has accepted yet, a cocktail that contradicts its member). ``conflict`` is True when current results
    contradict each other: an either/or group does not pass over one. ``method`` is the criterion's when the result
    was obtained by it; ``duration`` and ``age`` (when judged) are in hours, None when nobody can tell.
    """

    lot: str
    criterion: str
    present: bool
    interval: Interval | None = None
    outcome: str | None = None
    unit: str | None = None
    observed: str = ""
    note: str = ""
    sources: tuple[Source, ...] = ()
    derived_from: tuple[str, ...] = ()
    conflict: bool = False
    method: str | None = None
    duration: Decimal | None = None
    age: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CriterionVerdict:
    """One criterion judged: the verdict, what was expected, what was observed, and where it stands."""

    id: str
    characteristic: str
    standing: Standing
    verdict: CriterionOutcome
    expected: str
    observed: str | None
    source: Source | None
    group: str | None = None
    note: str = ""
    message: str = ""
    evidence: tuple[Evidence, ...] = ()
    due: bool = False


@dataclass(frozen=True, slots=True)
class GroupVerdict:
    """An either/or group judged: any member failing fails it, else any member passing passes it."""

    id: str
    members: tuple[str, ...]
    verdict: CriterionOutcome


@dataclass(frozen=True, slots=True)
class LotVerdict:
    """One lot judged against one specification. ``held`` lists the reference criteria not shown.

    ``due`` lists the criteria that are due after release and not there yet: they do not keep a lot from passing.
    """

    lot: str
    verdict: LotOutcome
    criteria: tuple[CriterionVerdict, ...]
    groups: tuple[GroupVerdict, ...] = ()
    held: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
