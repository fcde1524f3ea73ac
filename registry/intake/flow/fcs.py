"""The frame of an FCS file, read to the letter before any library sees it: magic, offsets, keywords, channels, size.

    FCS3.1    58..1023 TEXT    1024..48001023 DATA        /$TOT/1000000/$PAR/12/$P1N/FSC-A/…

FCS 3.1 (Spidlen et al., Cytometry A 2010, doi:10.1002/cyto.a.20825) says where DATA is twice, and how long it must be
once more: $TOT events of the sum of $PnB bits. All of them have to agree; a file that needs to be forgiven is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from registry.errors import Unreadable
from registry.intake.checks.patient_data import find_patient_data, refuse_patient_data
from registry.intake.export_model import Details, told, when

VERSIONS = ("FCS2.0", "FCS3.0", "FCS3.1", "FCS3.2")
MAX_CHANNELS = 500
MAX_TEXT = 10_000_000
_HEADER = 58
_LARGE = 99_999_999


@dataclass(frozen=True, slots=True)
class Frame:
    """What an FCS file says of itself. ``channels`` and ``stains`` are $PnN and $PnS in order."""

    version: str
    keywords: Mapping[str, str]
    channels: tuple[str, ...]
    stains: tuple[str, ...]
    events: int

    @property
    def compensated(self) -> tuple[str, ...]:
        """The channels of the file's own spillover matrix ($SPILLOVER; SPILL in older files); none without one."""
        spillover = next(
            (self.keywords[key] for key in ("$SPILLOVER", "SPILLOVER", "SPILL") if key in self.keywords), ""
        )
        parts = [part.strip() for part in spillover.split(",")]
        count = int(parts[0]) if parts[0].isascii() and parts[0].isdigit() else 0
        return tuple(parts[1 : count + 1])

    @property
    def beside_matrix(self) -> tuple[str, ...]:
        """Channels that the file's matrix leaves alone (heights, an unused detector): FlowKit has to be told them."""
        matrix = self.compensated
        others = (channel for channel in self.channels if channel not in matrix)
        return (
            tuple(channel for channel in others if channel.lower()[:4] not in {"fsc-", "ssc-", "time"})
            if matrix
            else ()
        )

    @property
    def details(self) -> Details:
        """Instrument, serial number, operator, and the time with its zone or the absence of one."""
        keywords = self.keywords
        begun = keywords.get("$BEGINDATETIME", "").strip()
        zoned = re.search(r"(?:Z|[-+][0-9]{2}:?[0-9]{2})$", begun)
        time = begun if zoned else when(begun or f"{keywords.get('$DATE', '')} {keywords.get('$BTIM', '')}")
        return told(
            instrument=keywords.get("$CYT", ""),
            serial_number=keywords.get("$CYTSN", "") or keywords.get("CYTNUM", ""),
            analyst=keywords.get("$OP", ""),
            tested_at=time,
        )


def read_frame(data: bytes, file: str) -> Frame:
    """The frame of an FCS file. Raises ``Unreadable`` naming what is broken, ``PatientData`` for a patient's name."""
    version = data[:6].decode("ascii", "replace")
    if version not in VERSIONS:
        printable = "".join(sign if sign.isprintable() else "?" for sign in version) or "nothing"
        raise _broken(file, "It does not begin as an FCS file does.", ", ".join(VERSIONS), printable)
    text_at, text_end, data_at, data_end = (_offset(data[place : place + 8], file) for place in (10, 18, 26, 34))
    if not _HEADER <= text_at < text_end < min(len(data), text_at + MAX_TEXT):
        raise _broken(
            file, "Its TEXT segment lies outside the file.", f"within {len(data):,} bytes", f"{text_at}–{text_end}"
        )
    refuse_patient_data(find_patient_data(_neighbours(data[text_at : text_end + 1])), file)
    keywords = _keywords(data[text_at : text_end + 1], file)
    keywords = _supplemental(data, keywords, text_at, file)
    refuse_patient_data(find_patient_data(keywords.items()), file)
    _check_kind(keywords, file)
    begin, end = _where(keywords, version, data_at, data_end, file)
    frame = _frame(version, keywords, file)
    _check_length(keywords, frame, begin, end, len(data), file)
    return frame


_AGAIN = "Export it from the cytometer again."


def _broken(file: str, message: str, expected: str, found: str, todo: str = _AGAIN) -> Unreadable:
    return Unreadable(f"{file} is refused. {message}", expected=expected, found=found, where=file, todo=todo)


def _offset(field: bytes, file: str) -> int:
    text = field.decode("ascii", "replace").strip()
    if text and not text.isdigit():
        raise _broken(file, "Its header holds an offset that is no number.", "digits", repr(text[:20]))
    return int(text or "0")


def _keywords(segment: bytes, file: str) -> dict[str, str]:
    """Names and values between delimiters; a delimiter inside a value is doubled (FCS 3.1, 3.2.6)."""
    try:
        text = segment.decode("utf-8")
    except UnicodeDecodeError:
        text = segment.decode("latin-1")
    mark = text[:1]
    parts = text[1:].replace(mark * 2, "\ufffe").rstrip("\x00 \r\n").removesuffix(mark).split(mark)
    parts = [part.replace("\ufffe", mark) for part in parts]
    if not mark or len(parts) < 2:
        raise _broken(file, "Its TEXT segment holds no keywords.", "names and values", "none")
    keywords: dict[str, str] = {}
    for name, value in zip(parts[::2], parts[1::2], strict=False):
        key = name.strip().upper()
        if key in keywords and keywords[key] != value:
            told = f"It gives the keyword {key[:60]!r} twice, differently."
            raise _broken(file, told, "each keyword once", "two values")
        keywords[key] = value
    return keywords


def _neighbours(segment: bytes) -> Iterator[tuple[str, str]]:
    """Every text and the one after it: an empty value shifts names against values, and hides a patient from pairs."""
    text = segment.decode("latin-1")
    parts = [part.strip() for part in text[1:].split(text[:1])] if text else []
    yield from ((name, value) for name, value in pairwise(parts) if name.casefold() != "patient")


def _supplemental(data: bytes, keywords: dict[str, str], text_at: int, file: str) -> dict[str, str]:
    begin, end = (_whole(keywords, name, file, 0) for name in ("$BEGINSTEXT", "$ENDSTEXT"))
    if begin in {0, text_at} or end <= begin:
        return keywords
    if end >= len(data) or end - begin > MAX_TEXT:
        told = "Its second TEXT segment lies outside the file."
        raise _broken(file, told, f"within {len(data):,} bytes", f"{begin}–{end}")
    return _keywords(data[begin : end + 1], file) | keywords


def _whole(keywords: Mapping[str, str], name: str, file: str, default: int | None = None) -> int:
    text = keywords.get(name, "").strip()
    if not text and default is not None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 13):
        raise _broken(file, f"Its keyword {name} is no whole number.", "digits", repr(text[:20]) if text else "nothing")
    return int(text)


def _check_kind(keywords: Mapping[str, str], file: str) -> None:
    if _whole(keywords, "$NEXTDATA", file, 0):
        raise _broken(
            file,
            "It holds several data sets, and nothing says which one is meant.",
            "one data set ($NEXTDATA 0)",
            f"$NEXTDATA {keywords['$NEXTDATA'].strip()}",
            "Export one data set to a file of its own.",
        )
    mode, kind = keywords.get("$MODE", "L").strip().upper(), keywords.get("$DATATYPE", "").strip().upper()
    if mode != "L" or kind not in {"I", "F", "D"}:
        raise _broken(file, "It is no list of events.", "$MODE L and $DATATYPE I, F or D", f"{mode[:8]} and {kind[:8]}")


def _where(keywords: Mapping[str, str], version: str, data_at: int, data_end: int, file: str) -> tuple[int, int]:
    """Where DATA begins and ends: header and TEXT have to agree (header zeros stand for more than 99,999,999 bytes)."""
    if version == "FCS2.0":
        return data_at, data_end
    begin, end = _whole(keywords, "$BEGINDATA", file), _whole(keywords, "$ENDDATA", file)
    large = data_at == 0 and data_end == 0 and end > _LARGE
    if not large and (begin, end) != (data_at, data_end):
        raise _broken(
            file,
            "Its header and its TEXT disagree about where the events are.",
            f"the header's {data_at}–{data_end}",
            f"TEXT's {begin}–{end}",
        )
    return begin, end


def _frame(version: str, keywords: Mapping[str, str], file: str) -> Frame:
    count = _whole(keywords, "$PAR", file)
    if not 0 < count <= MAX_CHANNELS:
        raise _broken(file, "Its number of channels is impossible.", f"1 to {MAX_CHANNELS}", str(count))
    channels = tuple(keywords.get(f"$P{n}N", "").strip() for n in range(1, count + 1))
    stains = tuple(keywords.get(f"$P{n}S", "").strip() for n in range(1, count + 1))
    if "" in channels or len(set(channels)) != count:
        twice = sorted({name for name in channels if channels.count(name) > 1})
        names = ", ".join(twice)[:200] or "none"
        raise _broken(file, "Its channels are not each named once.", "a name for each $PnN", names)
    return Frame(version, keywords, channels, stains, _whole(keywords, "$TOT", file))


def _check_length(keywords: Mapping[str, str], frame: Frame, begin: int, end: int, size: int, file: str) -> None:
    bits = sum(_whole(keywords, f"$P{n}B", file) for n in range(1, len(frame.channels) + 1))
    expected = frame.events * bits // 8
    if frame.events == 0:
        raise _broken(file, "It holds no event.", "at least one event", "$TOT 0")
    if begin < _HEADER or end >= size or end - begin + 1 != expected:
        raise _broken(
            file,
            "Its events are not where or as long as it says.",
            f"{expected:,} bytes for {frame.events:,} events of {bits} bits, within {size:,} bytes",
            f"{end - begin + 1:,} bytes from {begin} to {end}",
        )
