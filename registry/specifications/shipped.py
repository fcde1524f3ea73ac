"""The specifications that come with the registry: ``shapes/specifications/<id>/<version>.ttl``."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from registry.domain import Specification
from registry.errors import Corrupt, Unknown
from registry.specifications.reader import read

NEAR = 3
LISTED = "Name one as ID or ID@VERSION, as the list of specifications shows them."


@cache
def names() -> tuple[tuple[str, str], ...]:
    """(id, version) of every specification that is shipped, in order of id and version."""
    shelf = files("shapes") / "specifications"
    pairs = [
        (folder.name, file.name.removesuffix(".ttl"))
        for folder in shelf.iterdir() if folder.is_dir()
        for file in folder.iterdir() if file.name.endswith(".ttl")
    ]  # fmt: skip
    return tuple(sorted(pairs, key=lambda name: (name[0], len(name[1]), name[1])))


def shipped() -> tuple[Specification, ...]:
    """Every specification that is shipped, read and checked."""
    return tuple(load(identifier, version) for identifier, version in names())


def load(identifier: str, version: str | None = None) -> Specification:
    """A shipped specification; without a version, its newest. Raises Unknown naming those that are shipped."""
    versions = [number for name, number in names() if name == identifier and version in (None, number)]
    if not versions:
        wanted = identifier + (f"@{version}" if version else "")
        expected = nearest(wanted, [f"{name}@{number}" for name, number in names()])
        raise Unknown("There is no such specification on the shelf.", expected=expected, found=wanted, todo=LISTED,
                      code="no-such-specification", action="list-specifications")  # fmt: skip
    return _load(identifier, versions[-1])


def nearest(wanted: str, known: Sequence[str]) -> str:
    """Those of the ``ID@VERSION`` that are spelled most like what was wanted, and how many there are."""
    every = len(known)
    near = get_close_matches(wanted, known, n=NEAR)
    return f"one of {every} specifications" + (f", such as {', '.join(near)}" if near else "")


@cache
def _load(identifier: str, version: str) -> Specification:
    specification = read((files("shapes") / "specifications" / identifier / f"{version}.ttl").read_bytes())
    if (specification.id, specification.version) != (identifier, version):
        raise Corrupt("A shipped specification does not stand where its name says.", expected=f"{identifier}@{version}",
                      found=f"{specification.id}@{specification.version}")  # fmt: skip
    return specification
