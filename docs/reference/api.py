"""api.md: what Python code may import and call, each with its signature and docstring.

The public names of ``registry.services``, the services that a ``Registry`` hands out, and ``registry.client``.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
import typing
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from types import FunctionType
from typing import Any

from registry import client, services
from registry.services import Registry

START = """# Python

Two ways to use the registry from Python. `registry.services` opens a folder on this machine; `registry.client` asks a
registry that runs elsewhere, over HTTP, and needs nothing but the standard library. What is not on this page is not
public: it may change without a word in the [changelog](../../CHANGELOG.md).
"""
CLIENT = ("Registry", "Answer")


def page() -> str:
    """The page."""
    lines = [START, "## registry.services", "", "```text", inspect.getdoc(services) or "", "```", ""]
    for name in sorted(services.__all__, key=str.casefold):
        lines += _member(name, getattr(services, name))
    handed_out = [kind for kind in _handed_out() if kind.__name__ not in services.__all__]
    if handed_out:
        lines += ["## What a registry hands out", ""]
        for kind in handed_out:
            lines += _member(kind.__name__, kind)
    lines += ["## registry.client", "", "```text", inspect.getdoc(client) or "", "```", ""]
    for name in CLIENT:
        lines += _member(name, getattr(client, name))
    return "\n".join(lines).rstrip() + "\n"


def _handed_out() -> list[type]:
    """The classes of the services that the properties of a ``Registry`` return, in their order."""
    kinds: dict[type, None] = {}
    for value in vars(Registry).values():
        if isinstance(value, property) and value.fget is not None:
            kind = typing.get_type_hints(value.fget).get("return")
            if isinstance(kind, type) and kind.__module__.startswith("registry.services."):
                kinds[kind] = None
    return list(kinds)


def _member(name: str, value: Any) -> Iterator[str]:
    """A class with its fields and methods, or a constant with its type."""
    yield from (f"### {name}", "")
    if not isinstance(value, type):
        if isinstance(value, FunctionType):
            yield from ("```python", _signature(value), "```", "", *_text(value), "")
        return
    yield from (*_text(value), "")
    if is_dataclass(value):
        rows = [f"{field}: {kind}" for field, kind in _fields(value).items()]
        yield from ("```python", *rows, "```", "") if rows else ()
    for method, function, is_property in _methods(value):
        yield from (f"#### {name}.{method}", "", "```python", _signature(function, is_property), "```", "")
        yield from (*_text(function), "")


def _fields(kind: type) -> dict[str, str]:
    """Fields of a dataclass as they are written."""
    written: dict[str, str] = {}
    for parent in reversed(kind.__mro__):
        own = inspect.get_annotations(parent)
        written |= {name: str(said) for name, said in own.items() if not name.startswith("_")}
    return written


def _methods(kind: type) -> Iterator[tuple[str, Callable[..., Any], bool]]:
    """Public methods and properties of a class and of those parents that are ours, in the order of the source."""
    seen: set[str] = set()
    for parent in kind.__mro__:
        if not parent.__module__.startswith("registry."):
            continue
        for name, value in vars(parent).items():
            function = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
            if name.startswith("_") or name in seen or not isinstance(function, FunctionType):
                continue
            seen.add(name)
            if function.__module__.startswith("registry."):
                yield name, function, isinstance(value, property)


def _signature(function: Callable[..., Any], is_property: bool = False) -> str:
    """The signature as it is written, on one line; a property without its parentheses."""
    node = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function)))).body[0]
    if not isinstance(node, ast.FunctionDef):
        return function.__name__
    returned = f" -> {ast.unparse(node.returns)}" if node.returns is not None else ""
    node.args.args = [argument for argument in node.args.args if argument.arg not in {"self", "cls"}]
    return f"{node.name}{returned}" if is_property else f"{node.name}({ast.unparse(node.args)}){returned}"


def _text(described: Any) -> list[str]:
    """A docstring as Markdown: indented lines become code by themselves."""
    text = inspect.getdoc(described) or ""
    if text.startswith(f"{getattr(described, '__name__', '')}("):
        text = ""  # what a dataclass without a docstring says of itself
    return text.replace("``", "`").splitlines()
