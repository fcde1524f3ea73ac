"""The frame of a Gating-ML 2.0 file: which gates there are, what each is gated from, and which channels it looks at.

Gating-ML 2.0 (ISAC, Spidlen et al., Cytometry A 2015, doi:10.1002/cyto.22690). The events are counted by FlowKit; here
is found, before it runs, what would make its counts say something else than the gates were drawn for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from registry.errors import Unreadable
from registry.intake.flow.fcs import Frame
from registry.intake.instruments.markup import Element, parse

UNCOMPENSATED, FCS = "uncompensated", "FCS"
KINDS = ("RectangleGate", "PolygonGate", "EllipsoidGate", "QuadrantGate", "BooleanGate")
MAX_GATES = 1_000
Problem = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One axis of a gate: the channel or fluorochrome it names, and what compensates it."""

    name: str
    compensation: str


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate, or one quadrant (``inside`` is then its quadrant gate). ``refers`` are the gates of a Boolean one."""

    id: str
    parent: str
    dimensions: tuple[Dimension, ...] = ()
    refers: tuple[str, ...] = ()
    inside: str = ""

    @property
    def compensation(self) -> str:
        """What compensates this gate's channels, in order, each once."""
        return ", ".join(dict.fromkeys(dimension.compensation for dimension in self.dimensions))


@dataclass(frozen=True, slots=True)
class Gating:
    """All gates of a file by id; matrices as fluorochrome → detector."""

    gates: Mapping[str, Gate]
    matrices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def lineage(self, gate: Gate) -> tuple[str, ...]:
        """The ids of what a gate is gated from, the nearest first; a quadrant's own quadrant gate is no population."""
        ancestors: list[str] = []
        at = gate.parent
        while at:
            ancestors.append(at)
            at = self.gates[at].parent
        return tuple(ancestors)

    def bearing_on(self, gate: Gate) -> Iterator[Gate]:
        """The gate, everything it is gated from, and everything that those refer to."""
        waiting, seen = [gate.id], set()
        while waiting:
            reached = self.gates[waiting.pop()]
            if reached.id not in seen:
                seen.add(reached.id)
                yield reached
                waiting += [other for other in (reached.parent, reached.inside, *reached.refers) if other]


def read_gating(data: bytes, file: str) -> Gating:
    """The gates of a Gating-ML 2.0 file. Raises ``Unreadable`` for anything that is not a tree of gates."""
    root = parse(data, file)
    if root.tag != "Gating-ML":
        raise _unreadable(file, "It is no Gating-ML file.", "Gating-ML 2.0", f"<{root.tag[:60]}>")
    matrices = {_id(matrix, file): _matrix(matrix) for matrix in root.all("spectrumMatrix")}
    ratios = {_id(ratio, file): _names(ratio) for ratio in root.all("transformation") if ratio.first("fratio")}
    gates: dict[str, Gate] = {}
    for element in root.children:
        if element.tag in KINDS:
            for gate in _gates(element, ratios, file):
                if gate.id in gates or len(gates) >= MAX_GATES:
                    raise _unreadable(
                        file, "Its gates are not each named once.", f"at most {MAX_GATES} ids", gate.id[:80]
                    )
                gates[gate.id] = gate
    _check_tree(gates, file)
    return Gating(gates, matrices)


def _unreadable(file: str, message: str, expected: str, found: str) -> Unreadable:
    return Unreadable(
        f"{file} is refused. {message}", expected=expected, found=found, where=file, todo="Export the gates again."
    )


def _id(element: Element, file: str) -> str:
    identifier = element.attributes.get("id", "").strip()
    if not identifier:
        raise _unreadable(file, f"A {element.tag} has no id.", "gating:id", f"line {element.line}")
    return identifier


def _names(element: Element) -> tuple[str, ...]:
    return tuple(
        dimension.attributes.get("name", "") for dimension in element.walk() if dimension.tag == "fcs-dimension"
    )


def _matrix(element: Element) -> dict[str, str]:
    dyes, detectors = (_names(part) if (part := element.first(tag)) else () for tag in ("fluorochromes", "detectors"))
    return dict(zip(dyes, detectors, strict=False))


def _gates(element: Element, ratios: Mapping[str, tuple[str, ...]], file: str) -> Iterator[Gate]:
    gate, parent = _id(element, file), element.attributes.get("parent_id", "").strip()
    dimensions = tuple(
        Dimension(name, dimension.attributes.get("compensation-ref", UNCOMPENSATED))
        for dimension in element.all("dimension", "divider")
        for name in (_names(dimension) or _ratio(dimension, ratios, file))
    )
    refers = tuple(
        reference.attributes.get("ref", "") for reference in element.walk() if reference.tag == "gateReference"
    )
    if not dimensions and not refers:
        raise _unreadable(file, f"The gate {gate[:80]} looks at no channel.", "a dimension", f"line {element.line}")
    yield Gate(gate, parent, dimensions, refers)
    for quadrant in element.all("Quadrant"):
        yield Gate(_id(quadrant, file), parent, dimensions, inside=gate)


def _ratio(dimension: Element, ratios: Mapping[str, tuple[str, ...]], file: str) -> tuple[str, ...]:
    new = dimension.first("new-dimension")
    wanted = new.attributes.get("transformation-ref", "") if new else ""
    if wanted not in ratios:
        raise _unreadable(file, "A dimension names no channel.", "fcs-dimension or a ratio", f"line {dimension.line}")
    return ratios[wanted]


def _check_tree(gates: Mapping[str, Gate], file: str) -> None:
    """Every parent and reference is there, and nothing is gated from itself."""
    state: dict[str, int] = {}
    for start in gates:
        path = [start]
        while path:
            gate = gates[path[-1]]
            needed = [name for name in (gate.parent, gate.inside, *gate.refers) if name]
            unknown = [name for name in needed if name not in gates]
            if unknown:
                raise _unreadable(
                    file, f"The gate {gate.id[:80]} needs a gate that is not there.", "its id", unknown[0][:80]
                )
            state.setdefault(gate.id, 1)
            ahead = next((name for name in needed if state.get(name) != 2), None)
            if ahead is None:
                state[path.pop()] = 2
            elif state.get(ahead) == 1:
                raise _unreadable(file, f"The gate {ahead[:80]} is gated from itself.", "a tree", gate.id[:80])
            else:
                path.append(ahead)


def problems_of(gating: Gating, gate: Gate, frame: Frame, *, unmixed: bool) -> Iterator[Problem]:
    """Why a gate's count would not say what it was drawn for: (gate, expected, found, sentence).

    ``unmixed`` is the laboratory's word that its files need no compensation (setting ``compensation``).
    """
    bearing = list(gating.bearing_on(gate))
    for bearer in bearing:
        for dimension in bearer.dimensions:
            yield from _of_dimension(gating, bearer, dimension, frame, unmixed=unmixed)
    yield from _mixed(gating, gate, bearing, frame)


def _of_dimension(
    gating: Gating, gate: Gate, dimension: Dimension, frame: Frame, *, unmixed: bool
) -> Iterator[Problem]:
    name, by = dimension.name, dimension.compensation
    listed = ", ".join(frame.channels)
    if by not in {UNCOMPENSATED, FCS} and by not in gating.matrices:
        sentence = f"The gate {gate.id} is compensated by '{by}', which the gating file does not hold: export it whole."
        yield gate.id, "a matrix in the gating file", by, sentence
        return
    detector = _detector(gating, dimension)
    if detector not in frame.channels:
        sentence = (
            f"The gate {gate.id} looks at '{detector}', which is no channel of the file: it would select nothing."
        )
        yield gate.id, listed, detector, sentence
    elif name not in frame.channels and name in frame.stains:
        if frame.channels[frame.stains.index(name)] != detector:
            sentence = f"'{name}' is a fluorochrome of '{by}' and the stain of another channel: rename one of them."
            yield gate.id, f"'{name}' for {detector} alone", name, sentence
    elif by == FCS and not unmixed and is_fluorescence(name) and name not in frame.compensated:
        sentence = (
            f"The gate {gate.id} was drawn on compensated '{name}', and the file's spillover matrix does not hold this "
            "channel: record the matrix, or say 'compensation, none needed' in the mapping."
        )
        yield gate.id, f"{name} in $SPILLOVER", ", ".join(frame.compensated) or "no $SPILLOVER", sentence


def _detector(gating: Gating, dimension: Dimension) -> str:
    """The channel that a dimension means: by name, or by the fluorochrome's detector in its matrix."""
    matrix = gating.matrices.get(dimension.compensation, {})
    return matrix.get(dimension.name, dimension.name)


def _mixed(gating: Gating, gate: Gate, bearing: list[Gate], frame: Frame) -> Iterator[Problem]:
    """A fluorescence channel taken uncompensated under a gate that compensates: two scales of one measurement."""
    for bearer in bearing:
        raw = [
            each.name for each in bearer.dimensions if each.compensation == UNCOMPENSATED and is_fluorescence(each.name)
        ]
        over = [bearer, *(gating.gates[parent] for parent in gating.lineage(bearer))]
        for other in over if raw else ():
            used = [each for each in other.dimensions if _compensates(gating, each, frame)]
            if used:
                sentence = (
                    f"The gate {bearer.id} takes '{raw[0]}' uncompensated under {other.id}, which compensates by "
                    f"'{used[0].compensation}': draw both on the same scale."
                )
                yield bearer.id, f"'{raw[0]}' compensated as well", "uncompensated", sentence
                return


def _compensates(gating: Gating, dimension: Dimension, frame: Frame) -> bool:
    if dimension.compensation == FCS:
        return dimension.name in frame.compensated
    return dimension.compensation in gating.matrices


def is_fluorescence(channel: str) -> bool:
    """False for scatter, time and the like, which no matrix compensates."""
    return not channel.upper().startswith(("FSC", "SSC", "TIME", "EVENT", "WIDTH", "FS ", "SS "))
