"""api.md: what Python code may import and call, each with its signature and docstring.

The public names of ``registry.services``, the services that a ``Registry`` hands out, and ``registry.client``.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
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
    lines += ["## What a registry hands out", "", "Each stands at the name before it.", ""]
    for name, kind in _handed_out().items():
        lines += _member(kind.__name__, kind, f"registry.{name}")
    lines += ["## registry.client", "", "```text", inspect.getdoc(client) or "", "```", ""]
    for name in CLIENT:
        lines += _member(name, getattr(client, name))
    return "\n".join(lines).rstrip() + "\n"


def _handed_out() -> dict[str, type]:
    """The services that a ``Registry`` makes for itself, by the public names under which it keeps them."""
    module = sys.modules[Registry.__module__]
    made = ast.parse(textwrap.dedent(inspect.getsource(Registry.__init__)))
    kept: dict[str, type] = {}
    for node in ast.walk(made):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.value.func, ast.Name):
            kind = getattr(module, node.value.func.id, None)
            for target in node.targets:
                public = isinstance(target, ast.Attribute) and not target.attr.startswith("_")
                if public and isinstance(kind, type) and kind.__module__.startswith("registry.services."):
                    kept[target.attr] = kind
    return kept


def _member(name: str, value: Any, at: str = "") -> Iterator[str]:
    """A class with its fields and methods, each named after ``at`` where that is where it stands; or a function."""
    yield from (f"### {at} ({name})" if at else f"### {name}", "")
    if not isinstance(value, type):
        if isinstance(value, FunctionType):
            yield from ("```python", _signature(value), "```", "", *_text(value), "")
        return
    yield from (*_text(value), "")
    if is_dataclass(value):
        rows = [f"{field}: {kind}" for field, kind in _fields(value).items()]
        yield from ("```python", *rows, "```", "") if rows else ()
    for method, function, is_property in _methods(value):
        yield from (f"#### {at or name}.{method}", "", "```python", _signature(function, is_property), "```", "")
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
