"""The registry's signing key, for whoever keeps its folder: where it is, replaced, closed, taken elsewhere.

registry.upkeep.keys.rotate(reason="The clerk left.", by=LocalOperator())
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from registry.accounts import LocalOperator, Permission, require
from registry.errors import RegistryError, Unknown, WrongUsage
from registry.ledger import Ledger
from registry.ledger.signing_keys import rotate, signing_key
from registry.proof import signing
from registry.services.answers import Answer


@dataclass(frozen=True, slots=True)
class KeyAnswer(Answer):
    """The key in force: its fingerprint, since which entry, and whether it can sign here; ``problem`` says why not."""

    fingerprint: str
    since: int
    where: str
    signs: bool
    problem: str
    earlier: int


class Keys:
    """The signing keys of one registry."""

    def __init__(self, directory: Path, ledger: Ledger) -> None:
        self._directory = directory
        self._ledger = ledger

    def show(self) -> KeyAnswer:
        """The key in force, and whether it is at hand: it is asked for a signature, which is kept nowhere."""
        keys = self._ledger.keys()
        problem = ""
        try:
            signing_key(self._ledger).sign(b"who signs")
        except RegistryError as error:
            problem = error.message
        since, public = keys[-1]
        where = str(self._path())
        return KeyAnswer(signing.fingerprint(public), since, where, not problem, problem, len(keys) - 1)

    def rotate(
        self, *, reason: str, by: LocalOperator, agent: str | None = None, token: str | None = None
    ) -> KeyAnswer:
        """Put another key in force, made here, held by an agent or in a token; what was signed stays verifiable.

        The old key consents where it can still sign: a rotation without it says so to everybody who audits. Raises
        NotAllowed, WrongUsage without a reason, Refused when agent or token does not sign, Unavailable without it.
        """
        require(by, Permission.KEEP)
        if agent is not None and token is not None:
            raise WrongUsage("A key is in one place.", expected="an agent or a token", found="both", where="token")
        if not reason.strip() or len(reason) > 500:
            raise WrongUsage("A new key needs a reason.", expected="a sentence of at most 500 characters",
                             found=reason[:100] or "nothing", where="reason")  # fmt: skip
        rotate(self._ledger, actor=by.name, reason=reason.strip(), agent=agent, token=token)
        return self.show()

    def protect(self, *, by: LocalOperator) -> KeyAnswer:
        """Close the key's file with the passphrase of the environment; raises Refused without one."""
        require(by, Permission.KEEP)
        signing.protect(self._path())
        return self.show()

    def move(self, target: Path, *, by: LocalOperator) -> KeyAnswer:
        """Take the key's file to another place; ``signing-key.pem`` then says where. Raises Conflict, Refused."""
        require(by, Permission.KEEP)
        signing_key(self._ledger)
        signing.move(self._directory / "signing-key.pem", target)
        return self.show()

    def _path(self) -> Path:
        if self._ledger.key_path is None:
            raise Unknown("A ledger at a URL has no folder for its key.", expected="a folder", found="a URL")
        return self._ledger.key_path
