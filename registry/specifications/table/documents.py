"""The table as a YAML document. Every scalar is a text: ``95.0`` stays ``95.0``, ``no`` stays ``no``.

specification: msc-of-ours
version: 1
leaves out:
  HLA-DR: why
criteria:
  - id: cd73
    characteristic: CD73
    operator: ">="
    limit: 95
    unit: "%"
"""

from __future__ import annotations

from typing import Any

import yaml

from registry.errors import TooLarge, Unreadable
from registry.specifications.table.sheet import COLUMNS, FACTS, MAX_ROWS, Cell, Collector, Sheet

MAX_DEPTH = 4
MAX_YAML = 300_000


def read_yaml(name: str, data: bytes) -> Sheet:
    """A YAML document without anchors. Raises Unreadable, TooLarge, Misread; rows are counted in lines."""
    if len(data) > MAX_YAML:
        raise TooLarge(
            "The document is too large.", expected=f"at most {MAX_YAML:,} bytes", found=f"{len(data):,} bytes"
        )
    try:
        text = data.decode("utf-8-sig")
        _refuse_tricks(text, name)
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise Unreadable(
            "The table is not YAML.", expected="YAML in UTF-8", found=str(error)[:300], where=name
        ) from error
    collector = Collector(name)
    for key, value in _pairs(collector, root):
        if key.text == "criteria":
            _criteria(collector, value)
        elif key.text == "leaves out":
            for marker, why in _pairs(collector, value):
                collector.fact("leaves out", marker, _scalar(collector, why).text)
        else:
            collector.fact(key.text, _scalar(collector, value))
    return collector.sheet()


def _refuse_tricks(text: str, name: str) -> None:
    """An alias can make a small file huge, and depth can exhaust the stack."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable(
                "The document uses anchors.", expected="every value written out", found="& or *", where=name
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise Unreadable("The document is nested too deeply.", expected=f"at most {MAX_DEPTH} levels", where=name)


def _pairs(collector: Collector, node: Any) -> list[tuple[Cell, Any]]:
    if not isinstance(node, yaml.MappingNode):
        collector.wrong(
            _line(node), None, "names with their values", "something else", "Names and values stand as name: value."
        )
        return []
    return [(_scalar(collector, key), value) for key, value in node.value]


def _line(node: Any) -> int | None:
    return node.start_mark.line + 1 if node is not None else None


def _scalar(collector: Collector, node: Any) -> Cell:
    if not isinstance(node, yaml.ScalarNode):
        collector.wrong(_line(node), None, "one text", "a list or mapping", "A value is one text.")
        return Cell("", _line(node))
    return Cell(str(node.value).strip(), _line(node))


def _criteria(collector: Collector, node: Any) -> None:
    if not isinstance(node, yaml.SequenceNode):
        collector.wrong(
            _line(node), "criteria", "a list of criteria", "something else", "Each criterion begins with - id."
        )
        return
    if len(node.value) > MAX_ROWS:
        raise TooLarge("There are too many criteria.", expected=f"at most {MAX_ROWS}", found=str(len(node.value)))
    for item in node.value:
        pairs = _pairs(collector, item)
        columns = collector.columns([key.text for key, _ in pairs], _line(item))
        cells = [
            (name, _scalar(collector, value))
            for name, (_, value) in zip(columns, pairs, strict=True)
            if name is not None
        ]
        collector.rows.append({name: cell for name, cell in cells if cell.text})


def write_yaml(sheet: Sheet) -> bytes:
    """The table as YAML, every text quoted where YAML would take it for something else."""
    document: dict[str, Any] = {name: sheet.facts[name].text for name in FACTS if name in sheet.facts}
    if sheet.omissions:
        document["leaves out"] = {marker.text: why.text for marker, why in sheet.omissions}
    document["criteria"] = [{name: row[name].text for name in COLUMNS if name in row} for row in sheet.rows]
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120).encode("utf-8")
