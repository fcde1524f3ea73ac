"""What an error's action is on a command line: the command or option that helps. The core names none.

Example: ``how("register-lot")`` is ``"cell-registry lot add LOT --product PRODUCT --expires TIME"``.
"""

from __future__ import annotations

from registry.errors import RegistryError

ACTIONS = {
    "register-lot": "cell-registry lot add LOT --product PRODUCT --expires TIME",
    "register-product": "cell-registry product add ID",
    "tell-lots-apart": "--distinct-from LOT, for each of them",
    "list-specifications": "cell-registry specification list",
    "justify-departures": '--justify "MARKER=reason"',
    "list-questions": "cell-registry ask",
    "add-gates": "--gates FILE",
    "leave-gates-out": "no --gates",
    "choose-password": "cell-registry account password NAME",
    "confirm-clock": "cell-registry clock confirm --reason REASON",
    "create-registry": "cell-registry init --data DIR",
    "choose-folder": "--data DIR",
    "rebuild": "cell-registry rebuild, then cell-registry audit",
    "give-code": "--code CODE",
    "second-factor": "cell-registry account second-factor enrol --as NAME",
    "passkey-address": "cell-registry account second-factor address ADDRESS --reason REASON",
    "audit": "cell-registry audit",
    "audit-copy": "cell-registry backup FILE, cell-registry restore FILE --data COPY, cell-registry audit --data COPY",
}


def how(action: str) -> str:
    """The command or option for an action; empty for none, and for one that only a page has."""
    return ACTIONS.get(action, "")


def told(error: RegistryError) -> str:
    """An error as a terminal shows it: the sentence, what was expected and found, what to do, and by which command."""
    command = how(error.action)
    if not command:
        return str(error)
    head, *details = str(error).split("\n  - ")
    return "\n  - ".join([f"{head}\n  how: {command}", *details])
