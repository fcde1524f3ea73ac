"""XML from an instrument, read by expat alone, before and instead of any library that follows what XML can ask for.

A document type or an entity is refused at its first byte (billion laughs, external entities, XInclude by DTD), so is
a tree that is too deep, too large, or text that is no XML. Each element knows its line, so that a result can say where
it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from registry.errors import TooLarge, Unreadable

MAX_ELEMENTS = 500_000
MAX_DEPTH = 100
MAX_TEXT = 100_000


@dataclass(slots=True)
class Element:
    """An element: its name without namespace, attributes (without namespaces), text, children and line."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def all(self, *tags: str) -> Iterator[Element]:
        """This element's children of these names, in order."""
        return (child for child in self.children if child.tag in tags)

    def first(self, *path: str) -> Element | None:
        """The first descendant along a path of names."""
        element: Element | None = self
        for tag in path:
            element = next(element.all(tag), None) if element else None
        return element

    def said(self, *path: str) -> str:
        """The text of the first descendant along a path, without spaces around it; empty when there is none."""
        element = self.first(*path)
        return element.text.strip() if element else ""

    def walk(self) -> Iterator[Element]:
        """This element and everything below it, in document order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting.extend(reversed(element.children))


class _Builder:
    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Element | None = None
        self.open: list[Element] = []
        self.count = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.forbidden
        self.parser.EntityDeclHandler = self.forbidden
        self.parser.ExternalEntityRefHandler = self.forbidden

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MAX_ELEMENTS or len(self.open) >= MAX_DEPTH:
            raise TooLarge(
                f"{self.file} holds more XML than a file may.",
                expected=f"at most {MAX_ELEMENTS:,} elements, {MAX_DEPTH} deep",
                found="more",
                where=self.file,
            )
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        element = Element(name.rpartition(" ")[2], plain, self.parser.CurrentLineNumber)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, name: str) -> None:
        self.open.pop()

    def text(self, data: str) -> None:
        element = self.open[-1]
        if len(element.text) < MAX_TEXT:
            element.text += data

    def forbidden(self, *_: object) -> int:
        raise Unreadable(
            f"{self.file} declares a document type or an entity, and instruments' files have none: it was not read.",
            expected="XML without <!DOCTYPE and <!ENTITY",
            found="a declaration",
            where=f"{self.file}, line {self.parser.CurrentLineNumber}",
            todo="Export the file again from the instrument's software.",
        )


def parse(data: bytes, file: str) -> Element:
    """The root of an XML document. Raises ``Unreadable`` or ``TooLarge``; nothing is fetched, nothing expanded."""
    builder = _Builder(file)
    try:
        builder.parser.Parse(data, True)
    except (expat.ExpatError, UnicodeError, ValueError, LookupError) as error:
        raise Unreadable(
            f"{file} is not well-formed XML.",
            expected="XML",
            found=str(error)[:200],
            where=f"{file}, line {builder.parser.CurrentLineNumber}",
            todo="Export the file again, complete and unchanged.",
        ) from None
    if builder.root is None:
        raise Unreadable(f"{file} holds no XML element.", expected="XML", found="nothing", where=file)
    return builder.root
