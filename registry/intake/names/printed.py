"""What a printed name names: one characteristic, a cocktail of markers, a co-expression gate; or a refusal.

CD73, cd 73, CD73+                        the percent of cells with CD73
CD34|CD11b|CD19|CD45|HLA-DR               a cocktail: one figure, an upper bound of each member
CD34+CD11b+CD19+CD45+HLA-DR               the same, because the ontology declares exactly that set
negative cocktail (CD34,CD11b,…)          the same, for the same reason
CD45-/CD105+, CD34+CD45+, CD79a/ CD19     a co-expression gate: kept as what it is
CD45dim, CD11b/c                          cells that no single marker names: kept as what they are, as a gate is
CD45-, CD45neg                            the negative fraction: refused, never converted
CD14 OR CD11b                             two measurements: refused
lin-, STRO-9, secretome                       near to nothing that is known: kept as printed, judged by nothing
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from registry.errors import Unknown, WrongUsage
from registry.identifiers import CPR
from registry.intake.names.near_names import inside, markers, names_of, nearest
from registry.intake.values import Misprint
from registry.vocabulary import Characteristic, Terms
from registry.vocabulary.printed_names import folded, negative_stem

MAX_NAME = 200
MAX_UNKNOWN = 100
MAX_NAMES = 2_000
MAX_CUTS = 40
_SIGNS = str.maketrans({**dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212⁻－﹣", "-"), "⁺": "+", "＋": "+"})
_LISTED = re.compile(r"(?P<head>[^()\[\]]*cocktail[^()\[\]]*)[(\[](?P<members>[^()\[\]]+)[)\]]", re.IGNORECASE)
_SEVERAL = re.compile(r"\s+(?:or|and|and/or|und|oder)\s+|[,;&]", re.IGNORECASE)
_POSITIVE = re.compile(
    r"%?\s*(?P<name>.*?[^\s%+])\s*(?:%\s*)?(?:\(?\+\)?|positive?s?|positif|positivo|pos\.?)?\s*(?:%\s*)?"
    r"(?:cells?|zellen|cellules|c[ée]lulas)?\s*%?",
    re.IGNORECASE,
)
_TWICE = re.compile(r"([^()\[\]]*[^()\[\]\s])\s*[(\[]([^()\[\]]+)[)\]]")
_CLASS_TWO = re.compile(r"(?:hla|mhc)?[\s-]*(?P<isotypes>d[rpq](?:[\s,/;&+-]|and|hla|d[rpq])+)", re.IGNORECASE)
_LINEAGE = re.compile(r"lin(?:eage)?\s*[0-9]?\s*(?:[-+]|\(?(?:neg|pos)\.?\)?)(?:\s*cells?)?", re.IGNORECASE)
_DIM = re.compile(
    r"(?P<name>.*?\S)\s*[-/(]?\s*(?:dim|dull|low|lo|int|intermediate|mid|med|high|hi|bright|bri|weak)\)?(?:\s*/?\s*(?:[-+]|neg|pos|low?|"
    r"dim|int|hi(?:gh)?))?(?:\s*cells?)?",
    re.IGNORECASE,
)
_EITHER = re.compile(r"(?P<stem>CD\s?-?[0-9]+)(?P<one>[a-z])\s?/\s?(?P<other>[a-z])", re.IGNORECASE)
_SIGN = re.compile(r"\s*(?P<sign>[+-]*)(?P<slash>[\s/]*)")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a result is about. ``characteristic`` gives the range and units; of a cocktail or gate, its own."""

    characteristic: Characteristic
    label: str
    gate: str | None = None
    members: tuple[str, ...] = ()


class UnknownName(Misprint):
    """A name that is near to nothing known: no slip of the pen, and no result of ours."""


class NegativeFraction(Misprint):
    """The fraction of cells *without* a marker, printed as if it were the marker."""

    def __init__(self, marker: Characteristic, printed: str) -> None:
        super().__init__(
            f"'{printed}' is the fraction without {marker.symbol}: print {marker.symbol} with the percent positive.",
            expected=f"{marker.symbol}, percent positive",
            found=printed,
            column="characteristic",
        )
        self.marker = marker


class Namer:
    """Reads printed names by the ontology, each one once."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._markers = markers(terms)
        self._names = names_of(terms)
        self._inside = inside(terms)
        self._symbols = frozenset(self._names.values())
        self._read: dict[str, Subject | Misprint] = {}
        self._unknown = 0

    def subject(self, printed: str) -> Subject:
        """What ``printed`` names; ``Misprint`` (column ``characteristic``) when it is not one thing."""
        if printed not in self._read and len(self._read) >= MAX_NAMES:
            raise _refusal("Split the file: it holds more names than any panel.", f"at most {MAX_NAMES:,}", printed)
        if printed not in self._read:
            try:
                self._read[printed] = self._subject(printed)
            except Misprint as misprint:
                self._read[printed] = misprint
        answer = self._read[printed]
        if isinstance(answer, Misprint):
            raise answer
        return answer

    def _subject(self, printed: str) -> Subject:
        name = " ".join(printed.translate(_SIGNS).split())
        if not name or len(name) > MAX_NAME or not name.isprintable():
            raise _refusal("Print the name of one characteristic.", "a characteristic", printed)
        listed = _LISTED.fullmatch(name)
        if listed and "|" in listed.group("members"):
            name = listed.group("members")
        if "|" in name:
            return self._cocktail([part.strip() for part in name.split("|")], printed)
        known = self._markers.get(folded(name))
        if known and negative_stem(name) is None:
            return Subject(known, known.symbol)
        beside = self._without_words(name) or self._of_one_class(name)
        if beside:
            return Subject(beside, beside.symbol)
        if _LINEAGE.fullmatch(name):
            message = f"'{printed}' names a lineage, and bears on no single marker. It is kept as printed."
            raise UnknownName(message, expected="a marker", found=printed, column="characteristic")
        if self._is_of_no_single_marker(name):
            return Subject(self._terms.characteristics[f"{CPR}CoExpressionGate"], printed.strip(), gate=printed.strip())
        if listed and (members := self._all_markers(re.split(r"[,;+/&]|\band\b", listed.group("members")))):
            return self._declared(members, printed)
        parts = self._parts(name)
        if parts:
            return self._compound(parts, printed)
        return self._single(name, printed)

    def _without_words(self, name: str) -> Characteristic | None:
        """The marker of ``% CD73``, ``CD90 positive``, ``CD45+ cells``, and of ``CD90 (Thy1)``."""
        if folded(name) in self._names:
            return None
        match = _POSITIVE.fullmatch(name)
        stem = match.group("name") if match else ""
        if stem and stem != name and negative_stem(stem) is None and folded(stem) in self._markers:
            return self._markers[folded(stem)]
        twice = _TWICE.fullmatch(name)
        both = [self._markers.get(folded(part)) for part in twice.groups()] if twice else []
        return both[0] if both and both[0] is not None and both[0] == both[1] else None

    def _of_one_class(self, name: str) -> Characteristic | None:
        """MHC class II of ``HLA DR, DP, DQ``: one figure of an antibody to all three."""
        match = _CLASS_TWO.fullmatch(name)
        isotypes = set(re.findall(r"d[rpq]", match.group("isotypes").casefold())) if match else set()
        return self._markers.get(folded("MHC II")) if len(isotypes) == 3 else None

    def _is_of_no_single_marker(self, name: str) -> bool:
        """True for a part of the cells with a marker (CD45dim), and for either of two markers (CD11b/c)."""
        dim = _DIM.fullmatch(name)
        if dim and folded(dim.group("name")) in self._markers:
            return True
        either = _EITHER.fullmatch(name)
        ends = [either.group("stem") + either.group(end) for end in ("one", "other")] if either else []
        return bool(ends) and any(folded(end) in self._markers for end in ends)

    def _single(self, name: str, printed: str) -> Subject:
        stem = negative_stem(name)
        marker = self._markers.get(folded(stem)) if stem else None
        if marker:
            raise NegativeFraction(marker, printed)
        several = self._all_markers(_SEVERAL.split(name))
        if several:
            bars = "|".join(marker.symbol for marker in several)
            raise _refusal(
                f"'{printed}' names {len(several)} markers: give each its own row, or print {bars} if they were read "
                "in one colour as one figure.",
                f"one marker, or {bars}",
                printed,
            )
        return self._known(name, printed)

    def _known(self, name: str, printed: str) -> Subject:
        if self._unknown >= MAX_UNKNOWN:
            raise _refusal(f"'{printed}' is no known characteristic.", "a characteristic of the ontology", printed)
        try:
            characteristic = self._terms.characteristic(name)
        except Unknown as error:
            self._unknown += 1
            near = nearest(name, self._names, self._inside)
            if near:
                asked = error.todo.startswith("Did you mean") and self._inside(name) not in self._symbols
                question = error.todo if asked else f"Did you mean {' or '.join(near)}?"
                raise _refusal(f"{error.message} {question}", error.expected, printed) from None
            message = f"{error.message} It is kept as printed, and judged by nothing."
            raise UnknownName(message, expected=error.expected, found=printed, column="characteristic") from None
        except WrongUsage as error:
            raise _refusal(f"{error.message} {error.todo}".strip(), error.expected, printed) from None
        if characteristic.kind == "composite marker":
            raise _refusal("Print the markers themselves, as CD34|CD45 or CD45-/CD105+.", "the markers' names", printed)
        return Subject(characteristic, characteristic.symbol)

    def _cocktail(self, names: Sequence[str], printed: str) -> Subject:
        members: list[Characteristic] = []
        for name in names:
            subject = self._single(name, name) if negative_stem(name) else self._known(name, name)
            if not subject.characteristic.is_marker:
                raise _refusal(f"'{name}' is not a marker, so it is in no cocktail.", "markers joined by |", printed)
            members.append(subject.characteristic)
        if len({member.iri for member in members}) < max(2, len(members)):
            raise _refusal("A cocktail holds two or more different markers.", "A|B, each marker once", printed)
        return self._of_members(members)

    def _of_members(self, members: Sequence[Characteristic]) -> Subject:
        composite = self._terms.characteristics[f"{CPR}Cocktail"]
        return Subject(composite, "|".join(m.symbol for m in members), members=tuple(m.iri for m in members))

    def _declared(self, members: Sequence[Characteristic], printed: str) -> Subject:
        if self._terms.cocktail(member.iri for member in members) is None:
            bars = "|".join(member.symbol for member in members)
            raise _refusal(
                f"The ontology declares no cocktail of exactly these markers: print {bars} if they were read in one "
                "colour as one figure, or a + after each if cells that carry all of them were counted.",
                f"{bars}, or a declared cocktail",
                printed,
            )
        return self._of_members(members)

    def _all_markers(self, names: Sequence[str]) -> list[Characteristic] | None:
        candidates = [self._markers.get(folded(name)) for name in names]
        markers = [marker for marker in candidates if marker is not None]
        return markers if len(markers) == len(candidates) >= 2 else None

    def _compound(self, parts: Sequence[_Part], printed: str) -> Subject:
        symbols = {part.marker.iri for part in parts}
        signs = "".join(part.sign for part in parts)
        if len(parts) == 1 and parts[0].sign in {"", "+"}:
            return Subject(parts[0].marker, parts[0].marker.symbol)
        if len(parts) == 1 and set(signs) == {"-"}:
            raise NegativeFraction(parts[0].marker, printed)
        if len(parts) == 1:
            raise _refusal(f"'{printed}' ends in more than one sign: print the marker's name.", "a marker", printed)
        if len(symbols) == 1 and not signs:
            return Subject(parts[0].marker, parts[0].marker.symbol)
        joined_by_plus = all(part.sign == "+" and not part.slash for part in parts[:-1]) and not parts[-1].sign
        if joined_by_plus:
            return self._declared([part.marker for part in parts], printed)
        return Subject(self._terms.characteristics[f"{CPR}CoExpressionGate"], printed.strip(), gate=printed.strip())

    def _parts(self, name: str) -> list[_Part] | None:
        """``name`` cut into known markers and their signs, longest markers first; None when it does not come out."""
        cuts = sorted({at for at, sign in enumerate(name) if sign in "+-/ "} | {len(name)})
        if len(cuts) > MAX_CUTS:
            return None
        dead: set[int] = set()

        def after(start: int) -> list[_Part] | None:
            if start == len(name):
                return []
            for cut in reversed(cuts if start not in dead else []):
                marker = (
                    self._markers.get(folded(name[start:cut])) if cut > start and name[cut - 1] not in "+-/ " else None
                )
                if marker is None:
                    continue
                beside = _SIGN.match(name, cut)
                end = beside.end() if beside else cut
                part = _Part(
                    marker, beside.group("sign") if beside else "", beside.group("slash").strip() if beside else ""
                )
                rest = after(end) if part.sign or part.slash or end == len(name) else None
                if rest is not None:
                    return [part, *rest]
            dead.add(start)
            return None

        return after(0)


@dataclass(frozen=True, slots=True)
class _Part:
    marker: Characteristic
    sign: str
    slash: str


def with_value(error: NegativeFraction, value: str, percent: str | None) -> Misprint:
    """The refusal of a negative fraction, naming the likely percent positive of the value beside it."""
    if percent is None:
        return error
    symbol = error.marker.symbol
    told = Misprint(
        f"'{error.found}' {value} reads as the fraction without {symbol}, so likely {percent} % positive: check it, "
        f"and print {symbol} with the percent positive. It is never converted here.",
        expected=f"{symbol}, percent positive: likely {percent}",
        found=error.found,
        column=error.column,
    )
    return told


def _refusal(message: str, expected: str, found: str) -> Misprint:
    return Misprint(message, expected=expected, found=found, column="characteristic")
