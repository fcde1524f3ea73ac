"""``init``, ``audit``, ``rebuild``, ``backup``, ``restore``: keeping a registry."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from registry.cli.options import answer_format, data, folder, open_registry, show_json
from registry.cli.signed import Caller, signed
from registry.errors import WrongUsage
from registry.identifiers import check_base, leads_nowhere


@click.command()
@click.option(
    "--base", metavar="URL",
    help="Where addresses begin, such as https://cells.your-hospital.org/; fixed for good. Asked for at a terminal; a "
    "script that does not say it gets https://registry.example/, which nobody can reach.",
)  # fmt: skip
@click.option("--ledger", "url", default="", metavar="URL", help="Keep the ledger in PostgreSQL, at this address.")
@data
@answer_format
def init(base: str | None, url: str, directory: Path | None, form: str) -> None:
    """Create a registry in an empty folder, with one administrator, whose one-time password is printed once."""
    from registry.services import Registry

    where = folder(directory)
    registry, password = Registry.create(where, base=base if base is not None else asked_base(), url=url)
    if form == "json":
        show_json({"data": str(where), "base": registry.base, "administrator": "admin", "password": password})
        return
    click.echo(f"A registry is created in {where}; its addresses begin with {registry.base}")
    click.echo(f"administrator: admin {password}")
    if leads_nowhere(registry.base):
        click.echo("Nobody can reach these addresses: labels then hold the lot's identifier alone.", err=True)
    click.echo("The password is shown this once: change it with: cell-registry account password admin", err=True)


def asked_base() -> str:
    """The base that whoever sits at the terminal types; the one that leads nowhere where nobody does."""
    from registry.services import DEFAULT_BASE

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return DEFAULT_BASE
    click.echo(
        "Every lot, record and label of the registry has an address that begins with its base: the address at which "
        "its pages will be served. It is fixed for good.",
        err=True,
    )
    return str(click.prompt("Base", default=DEFAULT_BASE, err=True, value_proc=_base))


def _base(text: str) -> str:
    """A base as it was typed, its last slash added; raises click.UsageError, after which it is asked for again."""
    try:
        return check_base(text.strip() if text.strip().endswith("/") else f"{text.strip()}/")
    except WrongUsage as error:
        raise click.UsageError(f"{error.message} {error.expected}") from None


@click.command()
@click.option(
    "--expect-head", metavar="HASH", help="A newest hash noted earlier: a ledger without it is older, or another one."
)
@click.option(
    "--expect-checkpoint", "kept", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A checkpoint that was kept elsewhere: finds a ledger that was rewritten or shortened since.",
)  # fmt: skip
@data
@answer_format
def audit(expect_head: str | None, kept: Path | None, directory: Path | None, form: str) -> None:
    """Recompute every hash, digest, signature and quad. Exit 1 with everything that is not what it says.

    The newest hash that it prints names this ledger: note it elsewhere, and expect it of a later audit or of a copy.
    """
    from registry.instants import moment_text

    checkpoint = kept.read_text(encoding="utf-8", errors="replace") if kept else None
    report = open_registry(directory).upkeep.audit(expect_head, checkpoint)
    if form == "json":
        show_json(report.as_dict())
    else:
        for name, count in report.counts.items():
            click.echo(f"{name}: {count}")
        newest = moment_text(report.newest_at) if report.newest_at else "unknown"
        click.echo(f"newest entry: {report.size}, {newest}, head {report.head}")
        for finding in report.findings:
            click.echo(f"✗ {finding}")
        click.echo("✓ everything is what it says" if report.ok else f"✗ {len(report.findings)} findings")
    sys.exit(0 if report.ok else 1)


@click.command()
@data
def rebuild(directory: Path | None) -> None:
    """Make the graph, the lists and the index anew from the ledger."""
    size = open_registry(directory).upkeep.rebuild()
    click.echo(f"The graph is rebuilt from {size} entries.")


@click.command()
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--to", "folder_of_copies", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Copy into this folder, under a name of its time.",
)  # fmt: skip
@click.option("--keep", type=click.IntRange(1), help="With --to: afterwards delete all but so many of the newest.")
@click.option("--verify", is_flag=True, help="Restore the copy into a scratch folder and audit it there.")
@data
@answer_format
def backup(
    file: Path | None, folder_of_copies: Path | None, keep: int | None, verify: bool, directory: Path | None, form: str
) -> None:
    """Copy the registry into FILE, while it serves. The signing key is a secret of its own and is not in it.

    Exit 1 when the copy was to be verified and something in it is not what it says; older copies then stay.
    """
    if (file is None) == (folder_of_copies is None) or (keep is not None and folder_of_copies is None):
        raise WrongUsage(
            "Where to copy is not said, or said twice.", expected="FILE, or --to DIR with or without --keep",
            todo="Name one of them.",
        )  # fmt: skip
    upkeep = open_registry(directory).upkeep
    manifest = upkeep.backup(file) if file is not None else {}
    if folder_of_copies is not None:
        file, manifest = upkeep.backup_into(folder_of_copies)
    findings = _findings(file) if verify and file is not None else ()
    gone = upkeep.prune(folder_of_copies, keep) if folder_of_copies is not None and keep and not findings else []
    if form == "json":
        more = {"file": str(file), "findings": list(findings), "deleted": [str(each) for each in gone]}
        show_json({**manifest, **(more if verify or folder_of_copies is not None else {})})
    else:
        click.echo(f"{file}: {manifest['size']} entries, head {manifest['head']}")
        for finding in findings:
            click.echo(f"✗ {finding}")
        if verify and not findings:
            click.echo("✓ restored into a scratch folder, everything in it is what it says")
        for each in gone:
            click.echo(f"deleted: {each}")
        click.echo("The signing key is not in it: keep a copy of signing-key.pem elsewhere.", err=True)
    sys.exit(1 if findings else 0)


def _findings(file: Path) -> tuple[str, ...]:
    from registry.services import Registry
    from registry.services.accounts import LocalOperator

    return tuple(str(finding) for finding in Registry.try_backup(file, by=LocalOperator()).findings)


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The registry's signing key.",
)
@data
@answer_format
def restore(file: Path, key_file: Path | None, directory: Path | None, form: str) -> None:
    """Make a registry of a backup, in an empty folder; every digest is verified first.

    Without --key a new signing key is made, and an entry says so. What was signed after the backup is not in it: until
    the quality unit has confirmed on the page /restored what is missing, every page and command says so.
    """
    from registry.instants import moment_text
    from registry.services import Registry
    from registry.services.accounts import LocalOperator

    where = folder(directory)
    registry = Registry.restore(file, where, by=LocalOperator(), key_file=key_file)
    came = registry.upkeep.restored()
    if form == "json":
        show_json({"data": str(where), "entries": registry.size(), "restored": came.as_dict() if came else None})
        return
    click.echo(f"{where}: {registry.size()} entries restored.")
    if came is not None:
        click.echo(f"newest entry of the copy: {came.size}, {moment_text(came.newest_at)}, head {came.head}")
        click.echo(came.warning())


@click.group()
def ledger() -> None:
    """Where the ledger is kept."""


@ledger.command("move")
@click.argument("url", metavar="URL")
@data
def move_ledger(url: str, directory: Path | None) -> None:
    """Keep the ledger in PostgreSQL from now on, in the empty database at URL; every hash is verified there.

    Stop every server of this registry before. The old file stays, renamed, and is read by nothing.
    """
    from registry.services.accounts import LocalOperator

    size = open_registry(directory).upkeep.move(url, by=LocalOperator())
    click.echo(f"{size} entries are kept at the database server now; start the servers again.")


@click.group()
def clock() -> None:
    """The machine's clock, whose time every entry carries."""


@clock.command("confirm")
@click.option("--reason", required=True, help="Why the time is right although it leapt.")
@signed
def confirm_clock(caller: Caller, reason: str) -> None:
    """Enter that the time is right, after the clock leapt forward: nothing else is entered until then."""
    receipt = caller.registry.upkeep.confirm_clock(reason, by=caller.actor)
    caller.tell(receipt, f"The clock is confirmed (entry {receipt.position}).")


COMMANDS = {
    "clock": clock,
    "ledger": ledger,
    "init": init,
    "audit": audit,
    "rebuild": rebuild,
    "backup": backup,
    "restore": restore,
}
