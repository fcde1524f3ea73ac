"""The zip archive that a workbook is: refused from its directory, before anything of it is unpacked.

A file of 497 kB was seen to expand to 208 MB. The directory says how large every part will be, and unpacking stops at
what it says, so the directory is where to look.
"""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Callable
from posixpath import join, normpath
from typing import Any
from xml.parsers import expat

from registry.errors import TooLarge, Unreadable, UnsupportedKind

SUFFIX = ".xlsx"
MAX_PARTS = 1_000
MAX_EXPANDED = 40_000_000
MAX_ELEMENTS = 2_500_000
"""Elements of one part: half a million cells, each with its value and its runs of text."""
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ALIVE = ("vbaproject", "xl/embeddings/", "xl/activex/", "xl/macrosheets/", "xl/dialogsheets/", "xl/ctrlprops/")


class Archive:
    """The parts of one workbook, by name. Raises ``UnsupportedKind``, ``TooLarge`` or ``Unreadable`` for the rest."""

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        _refuse_old(data, file)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
            raise unreadable(file, "bytes that are no zip archive") from None
        self.names = [part.filename for part in self._zip.infolist()]
        self._check(self._zip.infolist())

    def _check(self, parts: list[zipfile.ZipInfo]) -> None:
        expanded = sum(part.file_size for part in parts)
        if len(parts) > MAX_PARTS or expanded > MAX_EXPANDED:
            raise TooLarge(
                f"{self.file} unpacks to more than a panel table holds; it was not unpacked.",
                expected=f"at most {MAX_EXPANDED:,} bytes in {MAX_PARTS:,} parts",
                found=f"{expanded:,} bytes in {len(parts):,} parts",
                where=self.file,
                todo="Copy the results alone into a new workbook, or save the sheet as CSV.",
            )
        if len({name.casefold() for name in self.names}) < len(parts):
            raise unreadable(self.file, "two parts of one name")
        if any(part.flag_bits & 0x1 for part in parts):
            raise _encrypted(self.file)
        for name in self.names:
            if any(word in name.casefold() for word in _ALIVE):
                raise UnsupportedKind(
                    f"{self.file} holds a macro or an embedded object, and such workbooks are not read.",
                    expected="a workbook of cells alone",
                    found=name[:200],
                    where=self.file,
                    todo="Save it as an Excel workbook (.xlsx) without macros and objects, and submit that.",
                )

    def part(self, name: str) -> bytes:
        """The bytes of one part."""
        try:
            with self._zip.open(name) as stream:
                return stream.read()
        except KeyError:
            raise unreadable(self.file, f"no part {name[:100]}") from None
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
            raise unreadable(self.file, f"a damaged part {name[:100]} ({type(error).__name__})") from None

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """(kind, target part) by id, of what a part refers to inside the workbook. Links to outside are left out."""
        folder, _, last = part.rpartition("/")
        name = f"{folder}/_rels/{last}.rels" if folder else f"_rels/{last}.rels"
        targets: dict[str, tuple[str, str]] = {}

        def start(element: str, attributes: dict[str, str]) -> None:
            if element == "Relationship" and attributes.get("TargetMode", "").casefold() != "external":
                target = attributes.get("Target", "")
                inside = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
                targets[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], inside)

        if name in self.names:
            parse(self.part(name), self.file, start)
        return targets


def parse(
    data: bytes,
    file: str,
    start: Callable[[str, dict[str, str]], Any],
    end: Callable[[str], Any] | None = None,
    text: Callable[[str], Any] | None = None,
) -> None:
    """Walk one XML part, names without their namespaces. A document type declaration is refused where it stands."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    elements = itertools.count(1)

    def began(name: str, attributes: dict[str, str]) -> None:
        if next(elements) > MAX_ELEMENTS:
            raise TooLarge(
                f"{file} holds more than a panel table.", expected=f"at most {MAX_ELEMENTS:,} elements of XML",
                found="more", where=file, todo="Copy the results alone into a new workbook.",
            )  # fmt: skip
        start(_local(name), {_local(key): item for key, item in attributes.items()})

    parser.StartElementHandler = began
    if end is not None:
        parser.EndElementHandler = lambda name: end(_local(name))
    if text is not None:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = lambda *_: _refuse_doctype(file)
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise unreadable(file, f"XML that breaks off or is no XML ({expat.ErrorString(error.code)})") from None
    except (LookupError, ValueError, UnicodeError):
        raise unreadable(file, "XML in an unknown encoding") from None


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _refuse_doctype(file: str) -> None:
    raise Unreadable(
        f"{file} declares a document type, which no workbook does and which can expand without end.",
        expected="XML parts without <!DOCTYPE",
        found="<!DOCTYPE",
        where=file,
        todo="Save the workbook again with a spreadsheet program.",
    )


def _refuse_old(data: bytes, file: str) -> None:
    if not data.startswith(_OLE):
        return
    if _ENCRYPTED in data[:1_000_000]:
        raise _encrypted(file)
    raise UnsupportedKind(
        f"{file} is an old Excel workbook (.xls), which is not read.",
        expected="an Excel workbook (.xlsx)",
        found="an old Excel workbook",
        where=file,
        todo="Save it as an Excel workbook (.xlsx), or as CSV (UTF-8).",
    )


def _encrypted(file: str) -> UnsupportedKind:
    return UnsupportedKind(
        f"{file} is locked with a password and cannot be read.",
        expected="a workbook without a password to open",
        found="an encrypted workbook",
        where=file,
        todo="Remove the password, save it and submit it again.",
    )


def unreadable(file: str, held: str) -> Unreadable:
    """The refusal of bytes that are no workbook."""
    return Unreadable(
        f"{file} cannot be read as an Excel workbook.",
        expected="an Excel workbook (.xlsx)",
        found=held,
        where=file,
        todo="Save it again with a spreadsheet program, or save the sheet as CSV (UTF-8).",
    )
