"""``check``: judge files against a specification, without a store or server.

1. the specification, by name or as a file            ``found``
2. mapping and gates that files are read with         ``_beside``
3. each file read into results or row errors          ``_read``, ``intake.read``
4. the files together, as one body of evidence        ``intake.merge``
5. held to the species                                ``_of_species``
6. evidence derived, held against SHACL, combined     ``_judge``, ``judge_lots``
7. told as text, JSON or a SHACL report               ``show_check``, ``as_json``, ``_show_shacl``
8. the exit code: the worst of what was found         ``_exit_code``
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from registry.cli.options import show_json
from registry.cli.specifications.named import found
from registry.cli.submissions.repair import errors_to, write_errors
from registry.domain import Intake, LotVerdict, Result, RowError, Specification
from registry.errors import RegistryError, Unreadable

if TYPE_CHECKING:
    from registry.domain.name_mapping import Mapping
    from registry.vocabulary import Terms

_EVENTS = {".fcs", ".lmd"}

_SIZE = 200_000_000


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option("--specification", "wanted", required=True, metavar="ID[@VERSION]|FILE", help="What to judge against.")
@click.option("--stage", metavar="S", help="The stage to judge, where the files hold several.")
@click.option("--mapping", type=click.Path(path_type=Path), metavar="FILE", help="What a file's own names stand for.")
@click.option(
    "--gates", type=click.Path(path_type=Path), metavar="FILE", help="The gates of FCS files (Gating-ML 2.0)."
)
@errors_to
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "shacl"]),
    default="text",
    show_default=True,
    help="How to answer.",
)
def check(
    files: tuple[Path, ...],
    wanted: str,
    stage: str | None,
    mapping: Path | None,
    gates: Path | None,
    to_mend: Path | None,
    form: str,
) -> None:
    """Judge the lots in FILEs against a specification, without a store or server.

    Several FILEs are one body of evidence. Exit 0: every lot passes. 1: one does not. 2: something was unreadable;
    the other lots are judged all the same.
    """
    from registry import vocabulary as terms

    try:
        vocabulary = terms.load()
        against = found(wanted, None, vocabulary)
        stage_iri = vocabulary.stage(stage) if stage else None
        beside = _beside(mapping, gates, vocabulary)
    except RegistryError as error:
        if form == "json":
            show_json(_nothing(wanted, error))
        raise
    file = _of_species(_read(files, vocabulary, *beside), against, vocabulary)
    if to_mend is not None:
        write_errors(to_mend, files, file.errors, vocabulary)
    verdicts = _judge(against, file, vocabulary, stage_iri)
    if form == "json":
        show_json(as_json(against, verdicts, file))
    elif form == "shacl":
        _show_shacl(against, file, vocabulary, stage_iri)
    else:
        from registry.cli.check.check_report import show_check

        show_check(against, verdicts, file)
    if form != "text":
        for problem in file.errors:
            click.echo(f"{problem.file}: {problem.message}", err=True)
    sys.exit(_exit_code(verdicts, file.errors))


def _of_species(file: Intake, against: Specification, vocabulary: Terms) -> Intake:
    """A panel that names a species is held against the specification's, else against human: there is no product."""
    from registry.intake import HUMAN, hold_to_species

    return hold_to_species(file, lambda _: against.species or HUMAN, vocabulary)


def _exit_code(verdicts: Sequence[LotVerdict], errors: Sequence[RowError]) -> int:
    if errors:
        return 2
    return 0 if all(lot.verdict == "pass" and not lot.held for lot in verdicts) else 1


def _beside(
    mapping: Path | None, gates: Path | None, vocabulary: Terms
) -> tuple[Mapping | None, tuple[str, bytes] | None]:
    """The mapping and the gates that machines' files are read with."""
    read_as = None
    if mapping is not None:
        from registry.intake.names.mapping_table import read_mapping

        read_as = read_mapping(mapping.name, _bytes(mapping), vocabulary)
    return read_as, (gates.name, _bytes(gates)) if gates is not None else None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read: {error.strerror}.", where=path.name) from None


def _read(files: Sequence[Path], vocabulary: Terms, mapping: Mapping | None, gates: tuple[str, bytes] | None) -> Intake:
    from registry import intake

    read: list[Intake] = []
    for path in files:
        try:
            if path.stat().st_size > _SIZE:
                raise Unreadable(
                    "The file is too large.", expected="at most 200 MB", found=f"{path.stat().st_size:,} bytes"
                )
            asked = gates if path.suffix.lower() in _EVENTS else None
            read.append(intake.read(path.name, path.read_bytes(), vocabulary, mapping=mapping, gates=asked))
        except RegistryError as error:
            read.append(_unreadable(path.name, error))
        except OSError as error:
            read.append(_unreadable(path.name, Unreadable(f"The file cannot be read: {error.strerror}.")))
    return intake.merge(read)


def _unreadable(name: str, error: RegistryError) -> Intake:
    sentence = " ".join(filter(None, (error.message, error.todo, *error.details)))
    code, action = (error.code, error.action) if error.action else ("", "")
    return Intake(name, (), (RowError(None, name, None, None, error.expected, error.found, sentence, code, action),))


def _judge(against: Specification, file: Intake, vocabulary: Terms, stage: str | None) -> list[LotVerdict]:
    from registry.judgement import judge

    by_lot = results_by_lot(file.results)
    # A file or row without a lot may have held any lot's evidence: then none of them can pass.
    anywhere = any(error.lot is None for error in file.errors)
    in_error = {error.lot for error in file.errors if error.lot is not None} | (set(by_lot) if anywhere else set())
    if not by_lot and not in_error:
        return []
    return judge.judge_lots(
        against, by_lot, vocabulary, stage=stage, errors_by_lot=sorted(in_error), at=datetime.now(UTC)
    )


def results_by_lot(results: Sequence[Result]) -> dict[str, list[Result]]:
    """The results by lot, in order of first mention; a lot's identifier does not depend on case."""
    spelled: dict[str, str] = {}
    by_lot: dict[str, list[Result]] = {}
    for result in results:
        by_lot.setdefault(spelled.setdefault(result.lot.casefold(), result.lot), []).append(result)
    return by_lot


def _show_shacl(against: Specification, file: Intake, vocabulary: Terms, stage: str | None) -> None:
    from registry.judgement import evidence, shacl

    by_lot = results_by_lot(file.results)
    derived = [
        each
        for lot, results in by_lot.items()
        for each in evidence.derive(against, lot, results, vocabulary, stage=stage, at=datetime.now(UTC))
    ]
    click.echo(shacl.report_turtle(against, derived))


def as_json(against: Specification, verdicts: Sequence[LotVerdict], file: Intake) -> dict[str, Any]:
    """The document of ``check --format json``; it names the engine where pySHACL stands in for the compiled one."""
    from registry.judgement import combination, shacl

    engine = shacl.engine_name()
    return {
        "specification": {"id": against.id, "version": against.version, "digest": against.digest},
        "lots": [combination.as_dict(verdict) for verdict in verdicts],
        "errors": [error.as_dict() for error in file.errors],
        "warnings": [notice.as_dict() for notice in file.notices],
        "not_read": [item.as_dict() for item in file.not_read],
        "notes": [
            {
                "lot": result.lot,
                "characteristic": result.label,
                "file": result.source.file,
                "row": result.source.row,
                "note": note,
            }
            for result in file.results
            for name, note in result.details
            if name == "note" and note
        ],
        **({"engine": engine} if engine == shacl.REFERENCE else {}),
    }


def _nothing(wanted: str, error: RegistryError) -> dict[str, Any]:
    identifier, _, version = wanted.partition("@")
    code, action = (error.code, error.action) if error.action else ("", "")
    problem = RowError(None, "", None, None, error.expected, error.found, error.message, code, action)
    return {
        "specification": {"id": identifier, "version": version or None, "digest": None},
        "lots": [],
        "errors": [problem.as_dict()],
        "warnings": [],
        "not_read": [],
        "notes": [],
    }


COMMANDS = {"check": check}
