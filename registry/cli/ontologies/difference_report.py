"""How a difference between two releases is shown, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from registry.ontology_releases.difference import Difference
    from registry.services.ontologies.usage import Usage

FIRST = 20


def as_dict(difference: Difference, used: Mapping[str, Usage]) -> dict[str, Any]:
    """Everything that changed, and who uses it."""
    from registry.ontology_releases.names import curie_of

    kinds = {kind: list(lines) for kind, lines in _kinds(difference).items()}
    for lines in kinds.values():
        for line in lines:
            usage = used.get(line.pop("iri"))
            if usage:
                line["used_by"] = usage.as_dict()
    versions = {
        side: {"version": made.version, "date": made.date, "terms": made.live, "digest": made.digest}
        for side, made in (("old", difference.old), ("new", difference.new))
    }
    relations = {
        "gone": list(map(curie_of, difference.relations_gone)),
        "new": list(map(curie_of, difference.relations_new)),
    }
    return {
        "ontology": difference.new.ontology,
        **versions,
        **kinds,
        "relations": relations,
        "used": _used(difference, used),
    }


def _used(difference: Difference, used: Mapping[str, Usage]) -> dict[str, Any]:
    from registry.ontology_releases.names import curie_of

    return {curie_of(iri): used[iri].as_dict() for iri in sorted(difference.touched()) if iri in used}


def _kinds(difference: Difference) -> dict[str, Iterator[dict[str, Any]]]:
    from registry.ontology_releases.names import curie_of

    def label(iri: str | None) -> str:
        known = difference.new.classes.get(iri or "") or difference.old.classes.get(iri or "")
        return known.label if known else ""

    def line(iri: str, **more: Any) -> dict[str, Any]:
        return {"iri": iri, "id": curie_of(iri), "label": label(iri), **more}

    def curies(iris: tuple[str, ...]) -> list[str]:
        return list(map(curie_of, iris))

    return {
        "new": (line(iri) for iri in difference.added),
        "obsolete": (
            line(
                obsolete.iri,
                outcome=obsolete.outcome,
                replaced_by=curie_of(obsolete.to) if obsolete.to else None,
                consider=curies(obsolete.consider),
                sentence=obsolete.sentence(label(obsolete.to)),
            )
            for obsolete in difference.obsolete
        ),
        "replaced": (line(change.iri, replaced_by=curie_of(change.to or "")) for change in difference.replaced),
        "relabelled": (line(change.iri, old=change.before[0], new=change.after[0]) for change in difference.relabelled),
        "moved": (line(change.iri, old=curies(change.before), new=curies(change.after)) for change in difference.moved),
        "reused": (line(iri, old=getattr(difference.old.classes.get(iri), "label", "")) for iri in difference.reused),
        "flipped": (
            line(flip.iri, marker=curie_of(flip.marker), old=flip.before, new=flip.after) for flip in difference.flips
        ),
    }  # fmt: skip


def show(difference: Difference, used: Mapping[str, Usage], *, everything: bool) -> None:
    """The counts, then each kind of change, the terms in our data first."""
    from registry.ontology_releases.names import curie_of

    old, new = difference.old, difference.new
    click.echo(
        f"{new.ontology}: {old.date or old.version} ({old.live} terms) → {new.date or new.version} ({new.live} terms)"
    )
    for kind, lines in _kinds(difference).items():
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
    for word, relations in (("no longer used", difference.relations_gone), ("new", difference.relations_new)):
        if relations and difference.old.relations:
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
