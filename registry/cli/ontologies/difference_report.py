"""How a difference between two releases is shown, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from registry.ontology_releases.difference import Difference
    from registry.services.ontologies.usage import Usage

FIRST = 20


def as_dict(found: Difference, used: Mapping[str, Usage]) -> dict[str, Any]:
    """Everything that changed, and who uses it."""
    from registry.ontology_releases.names import curie_of

    kinds = {kind: list(lines) for kind, lines in _kinds(found).items()}
    for lines in kinds.values():
        for line in lines:
            usage = used.get(line.pop("iri"))
            if usage:
                line["used_by"] = usage.as_dict()
    versions = {
        side: {"version": made.version, "date": made.date, "terms": made.live, "digest": made.digest}
        for side, made in (("old", found.old), ("new", found.new))
    }
    relations = {"gone": list(map(curie_of, found.relations_gone)), "new": list(map(curie_of, found.relations_new))}
    return {"ontology": found.new.ontology, **versions, **kinds, "relations": relations, "used": _used(found, used)}


def _used(found: Difference, used: Mapping[str, Usage]) -> dict[str, Any]:
    from registry.ontology_releases.names import curie_of

    return {curie_of(iri): used[iri].as_dict() for iri in sorted(found.touched()) if iri in used}


def _kinds(found: Difference) -> dict[str, Iterator[dict[str, Any]]]:
    from registry.ontology_releases.names import curie_of

    def label(iri: str | None) -> str:
        one = found.new.classes.get(iri or "") or found.old.classes.get(iri or "")
        return one.label if one else ""

    def line(iri: str, **more: Any) -> dict[str, Any]:
        return {"iri": iri, "id": curie_of(iri), "label": label(iri), **more}

    def curies(iris: tuple[str, ...]) -> list[str]:
        return list(map(curie_of, iris))

    return {
        "new": (line(iri) for iri in found.added),
        "obsolete": (
            line(
                one.iri,
                outcome=one.outcome,
                replaced_by=curie_of(one.to) if one.to else None,
                consider=curies(one.consider),
                sentence=one.sentence(label(one.to)),
            )
            for one in found.obsolete
        ),
        "replaced": (line(one.iri, replaced_by=curie_of(one.to or "")) for one in found.replaced),
        "relabelled": (line(one.iri, old=one.before[0], new=one.after[0]) for one in found.relabelled),
        "moved": (line(one.iri, old=curies(one.before), new=curies(one.after)) for one in found.moved),
        "reused": (line(iri, old=getattr(found.old.classes.get(iri), "label", "")) for iri in found.reused),
        "flipped": (
            line(one.iri, marker=curie_of(one.marker), old=one.before, new=one.after) for one in found.flips
        ),
    }  # fmt: skip


def show(found: Difference, used: Mapping[str, Usage], *, everything: bool) -> None:
    """The counts, then each kind of change, the terms in our data first."""
    from registry.ontology_releases.names import curie_of

    old, new = found.old, found.new
    click.echo(
        f"{new.ontology}: {old.date or old.version} ({old.live} terms) → {new.date or new.version} ({new.live} terms)"
    )
    for kind, lines in _kinds(found).items():
        listed = sorted(lines, key=lambda line: line["iri"] not in used)
        click.echo(f"{kind}: {len(listed)}")
        shown = listed if everything else listed[:FIRST]
        for line in shown:
            click.echo(f"    {_words(kind, line)}")
            usage = used.get(line["iri"])
            if usage:
                click.echo(f"        used by {'; '.join(usage.words())}")
        if len(shown) < len(listed):
            click.echo(f"    … and {len(listed) - len(shown)} more (--all lists them)")
    for word, relations in (("no longer used", found.relations_gone), ("new", found.relations_new)):
        if relations and found.old.relations:
            click.echo(f"relations {word}: {', '.join(map(curie_of, relations))}")
    if not used:
        click.echo("None of these terms is used here.")


def _words(kind: str, line: Mapping[str, Any]) -> str:
    name = f"{line['id']} {line['label']}"
    if kind == "obsolete":
        return str(line["sentence"])
    if kind == "replaced":
        return f"{name} → {line['replaced_by']}"
    if kind == "relabelled":
        return f"{line['id']}: {line['old']} → {line['new']}"
    if kind == "moved":
        return f"{name}: under {', '.join(line['old']) or 'nothing'} → under {', '.join(line['new']) or 'nothing'}"
    if kind == "reused":
        return f"{name}" + (f" (was: {line['old']})" if line["old"] and line["old"] != line["label"] else "")
    if kind == "flipped":
        return f"{name}: {line['old']} → {line['new']} {line['marker']}"
    return name
