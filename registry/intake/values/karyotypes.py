"""Karyotypes as ISCN 2020 and 2024 write them: normal, abnormal, or not understood.

    46,XX[20]                                  46,XX
    46,XX[30]/46,XX,del(5)(q13)[2]             abnormal: a clone is two cells with one gain or change
    47,XX,+12[2]/46,XX[18]                     abnormal
    46,XX,inv(9)(p12q13)                       kept as printed: a variant of many healthy people, which a person accepts
    45,X[1]/46,XX[49]                          kept as printed: one cell is no clone
    arr(X,1-22)×2                              kept as printed: not of chromosomes under the microscope

What is not understood is never normal. Counts, sexes and the number of chromosomes have to agree.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from registry.domain import Reading
from registry.identifiers import CPR

FEMALE, MALE, ABNORMAL = f"{CPR}Karyotype46XX", f"{CPR}Karyotype46XY", f"{CPR}KaryotypeAbnormal"
_CLONE = re.compile(
    r"(?:mos|idem)?(?P<count>[0-9]{2})(?:~[0-9]{2})?,(?P<sex>[XY?]{1,6})(?P<rest>(?:,[^\[\]/]+)*)(?:\[(?:cp)?(?P<cells>[0-9]{1,3})\])?"
)
_GAIN = re.compile(r"\+(?:[0-9]{1,2}|X|Y|mar\d*|der\(.*|i\(.*|[0-9]*mar|r\(?.*)")
_LOSS = re.compile(r"-(?:[0-9]{1,2}|X|Y)")
_CHANGE = re.compile(
    r"\+?(?:del|dup|t|der|add|i|ins|inv|r|dic|trp|qdp|idic|ider|rob|psu|tas|hsr|dmin|dir|rec|dn|trc|pcd|cx|mar|inc|rea|robs)"
    r"(?:\([^\[\]/]*\))*(?:x[0-9]|×[0-9]|c|dn|mat|pat)?\??|[0-9]*mar|[0-9~]*dmin|inc"
)
_VARIANT = re.compile(
    r"inv\(9\)\(p1[0-3][0-9.]*q1[0-3][0-9.]*\)|inv\(Y\)\(p11[0-9.]*q1[12][0-9.]*\)|inv\(2\)\(p11[0-9.]*q13\)|inv\(10\)\(p11[0-9.]*q21[0-9.]*\)"
    r"|(?:[0-9]{1,2}|X|Y)[pq]?(?:h|s|stk|sat|ss|cenh)[+-]|(?:1|9|16|Y)qh[+-]|(?:13|14|15|21|22)(?:p|cen|pstk|ps|pss)?[+-]"
    r"|fra\([^()]*\)\([^()]*\)"
)
Kind = Literal["female", "male", "abnormal", "unclear"]


class _Clone(NamedTuple):
    kind: Kind
    sex: str


def read_karyotype(text: str) -> Reading | None:
    """The outcome that a written-out karyotype is, or None when it is to be kept in its own words."""
    compact = "".join(text.translate(_SIGNS).split()).removeprefix("karyotype:").rstrip(".")
    if not compact or "//" in compact or not compact[0].isdigit():
        return None
    clones = [_clone(part) for part in compact.split("/")]
    if any(clone.kind == "abnormal" for clone in clones):
        return Reading(outcome=ABNORMAL)
    kinds = {clone.kind for clone in clones}
    if kinds == {"female"}:
        return Reading(outcome=FEMALE)
    return Reading(outcome=MALE) if kinds == {"male"} else None


_SIGNS = str.maketrans({"−": "-", "–": "-", "＋": "+", "，": ",", "；": ";", "（": "(", "）": ")"})


def _clone(text: str) -> _Clone:
    match = _CLONE.fullmatch(text)
    if match is None:
        return _Clone("unclear", "")
    count, sex = int(match.group("count")), match.group("sex")
    cells = int(match.group("cells")) if match.group("cells") else None
    changes = [change for change in match.group("rest").split(",") if change]
    if not changes and count == 46 and sex in {"XX", "XY"}:
        return _Clone("female" if sex == "XX" else "male", sex) if cells != 0 else _Clone("unclear", sex)
    if all(_VARIANT.fullmatch(change) for change in changes) and count == 46 and sex in {"XX", "XY"}:
        return _Clone("unclear", sex)
    known = [change for change in changes if not _VARIANT.fullmatch(change)]
    if not all(_GAIN.fullmatch(c) or _LOSS.fullmatch(c) or _CHANGE.fullmatch(c) for c in known):
        return _Clone("unclear", sex)
    least = 3 if _only_loses(known, count) else 2
    return _Clone("unclear" if cells is not None and cells < least else "abnormal", sex)


def _only_loses(changes: list[str], count: int) -> bool:
    """A loss has to be seen in three cells to be a clone, anything else in two (ISCN 2020, 11.1.1)."""
    return all(_LOSS.fullmatch(change) for change in changes) and count < 46
