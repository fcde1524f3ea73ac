"""``verify``: a credential checked with nothing but the file and what is at hand. No registry, no account.

1. ``_keys``: whose key is trusted, where one is given
2. ``_lists``: the status lists, from files or from the addresses that the caller names
3. ``verification.verify``: every check, none left out for another's sake
4. ``_tell``: the answer first, then each check and why
"""

from __future__ import annotations

import sys
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry.cli.options import answer_format, show_json
from registry.errors import Unreadable
from registry.instants import moment

if TYPE_CHECKING:
    from registry.proof.credential import LotStatement
    from registry.proof.verification import Verification

MAX_BYTES = 1_000_000
SECONDS = 10
_SIGNS = {"holds": "✓", "fails": "✗", "unknown": "?"}
_STATUS = {
    "current": "not withdrawn",
    "suspended": "SUSPENDED: the lot may not be injected",
    "revoked": "REVOKED: the lot was recalled or rejected",
    "unknown": "unknown: no status list that tells was at hand",
}


def _read(source: str) -> bytes:
    """A file's bytes, or those of an https address that the caller named."""
    if source.startswith(("https://", "http://")):
        return _fetched(source)
    with Path(source).open("rb") as file:
        return _bounded(file.read(MAX_BYTES + 1), source)


def _fetched(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:  # noqa: S310  the caller named this address
            return _bounded(answer.read(MAX_BYTES + 1), address)
    except OSError as error:
        raise Unreadable("The address does not answer.", expected="a status list", found=str(error)[:200],
                         where=address, todo="Fetch the list yourself, and give the file.") from error  # fmt: skip


def _bounded(data: bytes, where: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise Unreadable("This is too long.", expected=f"at most {MAX_BYTES} bytes", where=where)
    return data


def _text(source: str) -> str:
    try:
        return _read(source).decode()
    except UnicodeDecodeError as error:
        raise Unreadable("This is no text.", expected="UTF-8", where=source) from error


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--key", metavar="KEY", help="Whose key is trusted: a did.json or PEM file, or the text z6Mk…")
@click.option("--status", "lists", multiple=True, metavar="FILE|URL", help="A status list; give both lists.")
@click.option(
    "--checkpoint",
    metavar="FILE",
    help="A checkpoint of the ledger that was kept, or the proof of the decision's entry (.tlog-proof).",
)
@click.option("--witness", "witnesses", multiple=True, metavar="KEY", help="A witness's key, NAME+ID+KEY, or its file.")
@click.option("--recipient", metavar="CODE", help="The recipient's code, of an autologous lot.")
@answer_format
def verify(
    file: str, key: str | None, lists: tuple[str, ...], checkpoint: str | None, witnesses: tuple[str, ...],
    recipient: str | None, form: str,
) -> None:  # fmt: skip
    """Check the credential in FILE. Exit 0: it holds. 1: it does not, or is withdrawn. 2: it cannot be read.

    Without --key nobody vouches for the key that it carries; without --status a hold or recall since is not known.
    """
    from registry.proof.note import read_verifier
    from registry.proof.verification import AtHand
    from registry.proof.verification import verify as check

    at_hand = AtHand(
        now=datetime.now(UTC),
        keys=_keys(key),
        lists=tuple(_text(source) for source in lists),
        checkpoint=_text(checkpoint) if checkpoint else "",
        witnesses=tuple(read_verifier(_text(each) if _is_file(each) else each) for each in witnesses),
        recipient=recipient,
    )
    verification = check(_text(file), at_hand, file)
    if form == "json":
        show_json(verification.as_dict())
    else:
        _tell(verification)
    sys.exit(0 if verification.valid else 1)


def _is_file(text: str) -> bool:
    """Whether a witness's key is in a file; an ML-DSA-44 key itself is longer than any file's name."""
    return len(text) < 256 and Path(text).is_file()


def _keys(key: str | None) -> tuple[str, ...]:
    from registry.proof.did import read_keys

    if key is None:
        return ()
    return read_keys(_read(key) if Path(key).exists() else key.encode(), key)


def _tell(verification: Verification) -> None:
    known = "a key that is trusted here" if verification.issuer_known else "a key that nobody here vouches for"
    holds = "holds" if verification.valid else "DOES NOT HOLD"
    click.echo(f"{'✓' if verification.valid else '✗'} The credential of {verification.lot} {holds}, by {known}.")
    click.echo(f"It says{', and is not to be relied on' if verification.misleads else ''}: {verification.answer}")
    if not verification.misleads:
        _tell_decision(verification.statement)
    click.echo(f"Status: {_STATUS[verification.status]}.")
    _tell_checks([(check.result, check.what, check.why) for check in verification.checks])


def _tell_decision(statement: LotStatement) -> None:
    """What was decided, by whom, and on which evidence."""
    if (decided := statement.decision) is None:
        click.echo("Decided: nothing yet.")
        return
    at = moment(datetime.fromisoformat(decided.signed_at))
    click.echo(f"Decided: {decided.kind}, by {decided.printed_name} ({decided.signed_by}), at {at}: {decided.meaning}")
    click.echo(f"Evidence: {', '.join(statement.evidence) or 'none'}")
    if statement.specification:
        click.echo(f"Specification: {statement.specification}, {statement.specification_digest}")


def _tell_checks(checks: Sequence[tuple[str, str, str]]) -> None:
    for result, what, why in checks:
        click.echo(f"  {_SIGNS[result]} {what}: {why}")


COMMANDS = {"verify": verify}
