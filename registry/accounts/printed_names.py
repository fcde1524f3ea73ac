"""Printed names: what a signature shows of its signer, one person's alone while in office (21 CFR 11.50, 11.100)."""

from __future__ import annotations

from sqlalchemy import Connection, select

from registry.errors import Conflict, WrongUsage
from registry.ledger.tables import accounts
from registry.look_alikes import name_skeletons, scripts_taken_for_another


def well_formed(printed: str) -> None:
    """Raises WrongUsage for a name that cannot be printed, or that mixes scripts whose letters look alike.

    ``Maria`` with a Cyrillic \u0430 is printed as Maria is, and is another name to whoever searches for it.
    """
    if len(printed) > 200 or not printed.strip() or not printed.isprintable():
        raise WrongUsage("This cannot be printed under a signature.", where="printed_name",
                         expected="1 to 200 printable characters", found=printed[:100])  # fmt: skip
    if len(scripts := scripts_taken_for_another(printed)) > 1:
        raise WrongUsage(
            "This name mixes scripts whose letters look alike.", where="printed_name",
            expected="a printed name in one script", found=f"{printed[:100]} in {' and '.join(scripts)}",
            todo="Type the name again on one keyboard: one of its letters only looks like another.",
        )  # fmt: skip


def check_one_persons(connection: Connection, printed: str) -> None:
    """Raises Conflict when somebody in office signs with this name, or with one that looks or sounds like it."""
    wanted = name_skeletons(printed)
    for row in connection.execute(select(accounts).where(accounts.c.disabled.is_(False)).order_by(accounts.c.key)):
        if not wanted.isdisjoint(name_skeletons(row.printed_name) | name_skeletons(row.name)):
            raise Conflict(
                "Another account signs with this printed name.", where="printed_name",
                expected="a printed name that is one person's alone", found=f"{row.printed_name}, of {row.name}",
                todo="Add what tells the two apart, such as a middle name, a department or the role.",
            )  # fmt: skip
