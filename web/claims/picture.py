"""From claim to evidence: claims at the left, what they stand on at the right, a line for each that rests on it.

SVG by hand, without a view box, as the other pictures: places are percentages, letters keep their size, so that it is
as wide as a phone and no wider. A line's form says what the evidence is worth as well as its colour does: whole where
the lot itself shows the claim, dashed where only literature or a study does, dotted where nothing was measured. The
table beneath says it all in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any

from flask import url_for
from markupsafe import Markup

from web.language import _
from web.vocabulary import said

LINE, PAD, GAP, FITS = 17, 9, 12, 14
"""Pixels of a line, above and below the lines of a box, and between boxes; letters that fit in a box on a phone."""
EDGE = 2
"""Pixels that keep a frame from being cut."""
ORDER = ("lot result", "study", "literature")
"""What a lot shows stands above what others report."""
DRAWN = {"shown": "shown", "not shown": "against", "undetermined": "open", "judged by no criterion": "open"}
"""How a line is drawn to what a lot's own result says; to what was not measured as if there were nothing."""


@dataclass
class Box:
    """One box: what it says, where it leads, and from which place it is drawn."""

    lines: list[str]
    about: list[str]
    href: str
    kind: str
    top: int = 0
    ends: list[tuple[int, str]] = field(default_factory=list)

    @property
    def height(self) -> int:
        """Pixels that it takes."""
        return LINE * (len(self.lines) + len(self.about)) + 2 * PAD

    @property
    def middle(self) -> int:
        """Where its lines begin or end."""
        return self.top + self.height // 2


def draw(claims: Sequence[Mapping[str, Any]]) -> Markup:
    """The picture; empty without a claim."""
    left = [_claim(claim) for claim in claims]
    right: dict[tuple[str, str, str], Box] = {}
    for place, claim in enumerate(claims):
        for each in claim["evidence"]:
            box = right.setdefault((each["basis"], each["about"]["id"], each["shown"] or ""), _evidence(each))
            box.ends.append((place, _form(each)))
    boxes = [right[key] for key in sorted(right, key=lambda key: ORDER.index(key[0]))]
    height = max(_stacked(left), _stacked(boxes), 0)
    _spread(left, height)
    _spread(boxes, height)
    if not left:
        return Markup("")
    lines = Markup("").join(_line(left[place].middle, box.middle, form) for box in boxes for place, form in box.ends)
    drawn = Markup("").join([*(_box(box, 1) for box in left), *(_box(box, 58) for box in boxes)])
    return Markup(
        '<svg class="claimed" role="group" aria-labelledby="claimed-name" width="100%" height="{height}">'
        '<title id="claimed-name">{title}</title>{lines}{boxes}</svg>'
    ).format(height=height + 2 * EDGE, title=_title(claims), lines=lines, boxes=drawn)


def _title(claims: Sequence[Mapping[str, Any]]) -> str:
    return _("Claims at the left, what they stand on at the right: %(claims)s.", claims="; ".join(
        _("%(process)s on %(evidence)s", process=claim["process"]["label"],
          evidence=", ".join(_name(each) for each in claim["evidence"]))
        for claim in claims
    ))  # fmt: skip


def _name(each: Mapping[str, Any]) -> str:
    return str(each["about"]["label"] if each["basis"] == "lot result" else each["about"]["id"])


def _claim(claim: Mapping[str, Any]) -> Box:
    of = wrap(claim["of"]["label"] or claim["of"]["id"], FITS)
    return Box(wrap(claim["process"]["label"], FITS), of, url_for("claims.claim", claim=claim["claim"]), "claim")


def _evidence(each: Mapping[str, Any]) -> Box:
    identifier, basis = each["about"]["id"], each["basis"]
    if basis == "lot result":
        href = url_for("terms.term", term=identifier)
    elif basis == "study":
        href = url_for("studies.study", study=identifier)
    else:
        href = url_for("publications.publication", doi=identifier)
    about = said(each["shown"]) if each["shown"] else said(basis)
    # A DOI breaks after its slash, where a reader would break it.
    lines = [line for part in _name(each).replace("/", "/\n").split("\n") for line in wrap(part, FITS)]
    return Box(lines, wrap(about, FITS), href, _form(each))


def _form(each: Mapping[str, Any]) -> str:
    if each["basis"] != "lot result":
        return "reported"
    return DRAWN.get(each["shown"] or "", "nothing")


def _stacked(boxes: Sequence[Box]) -> int:
    return sum(box.height for box in boxes) + GAP * (len(boxes) - 1)


def _spread(boxes: Sequence[Box], height: int) -> None:
    """Boxes beneath each other over the whole height."""
    free = height - sum(box.height for box in boxes)
    gap = free // (len(boxes) + 1) if _stacked(boxes) < height else GAP
    top = gap if _stacked(boxes) < height else EDGE
    for box in boxes:
        box.top = top
        top += box.height + gap


def _line(start: int, end: int, form: str) -> Markup:
    return Markup('<line class="{form}" x1="42%" x2="58%" y1="{start}" y2="{end}"/>').format(
        form=form, start=start, end=end
    )


def _box(box: Box, left: int) -> Markup:
    texts = [("name", line) for line in box.lines] + [("kind", line) for line in box.about]
    words = Markup("").join(
        Markup('<tspan class="{kind}" x="8" y="{y}">{line}</tspan> ').format(
            kind=kind, y=PAD + LINE * place + 13, line=line
        )
        for place, (kind, line) in enumerate(texts)
    )
    return Markup(
        '<svg class="box {kind}" x="{left}%" y="{top}" width="41%" height="{height}">'
        '<rect width="100%" height="100%" rx="3"/><a href="{href}"><text>{words}</text></a></svg>'
    ).format(kind=box.kind, left=left, top=box.top, height=box.height, href=box.href, words=words)
