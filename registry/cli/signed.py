"""Commands that somebody does: who is asked for when it is needed, and the options are the same everywhere.

@signed
def withdraw(caller: Caller, panel: str, reason: str) -> None:
    receipt = caller.registry.submissions.withdraw(panel, reason=reason, name=caller.name, password=caller.password)
    caller.tell(receipt, f"Panel {receipt.id} is withdrawn.")
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from registry.cli.options import answer_format, data, open_registry, password, signer, tell

if TYPE_CHECKING:
    from registry.services import Account, Receipt, Registry
    from registry.services.accounts import Actor


class Caller:
    """Who runs a command, on which registry, and how the answer is wanted. Nothing is opened or asked for before."""

    def __init__(self, account: str | None, password_file: Path | None, directory: Path | None, form: str) -> None:
        self._account, self._password_file, self._directory = account, password_file, directory
        self.as_json = form == "json"

    @cached_property
    def registry(self) -> Registry:
        """The registry in ``--data``; raises WrongUsage for none."""
        return open_registry(self._directory)

    @cached_property
    def _signature(self) -> tuple[str, str]:
        return password(self._account, self._password_file)

    @property
    def name(self) -> str:
        """The account that signs; raises NotSignedIn when none is named."""
        return self._signature[0]

    @property
    def password(self) -> str:
        """Its password, asked for once; raises NotSignedIn without a way to ask."""
        return self._signature[1]

    @cached_property
    def account(self) -> Account:
        """The account, once its password is right; raises NotSignedIn when none is named."""
        return self.registry.accounts.act_as(self.name, self.password)

    @property
    def actor(self) -> Actor:
        """The account that is named, else whoever may write the registry's folder; each is recorded as what it is."""
        from registry.services.accounts import LocalOperator

        return self.account if self._account else LocalOperator()

    def tell(self, receipt: Receipt, sentence: str) -> None:
        """What was entered: its receipt as JSON, or a sentence for a person."""
        tell(receipt, sentence, "json" if self.as_json else "text")


def signed(command: Callable[..., None]) -> Callable[..., None]:
    """``--as``, ``--password-file``, ``--data`` and ``--format``; the command gets a ``Caller`` in their place."""

    @wraps(command)
    def call(
        *, account: str | None, password_file: Path | None, directory: Path | None, form: str, **given: Any
    ) -> None:
        command(Caller(account, password_file, directory, form), **given)

    return signer(data(answer_format(call)))


def signed_in_words(command: Callable[..., None]) -> Callable[..., None]:
    """The same without ``--format``, for a command that answers with a sentence or a file."""

    @wraps(command)
    def call(*, account: str | None, password_file: Path | None, directory: Path | None, **given: Any) -> None:
        command(Caller(account, password_file, directory, "text"), **given)

    return signer(data(call))
