"""Both parts of an electronic signature as a form sends them: the account's name and its password (21 CFR 11.200)."""

from __future__ import annotations

from registry.errors import NotAllowed
from web import answers
from web.access import me
from web.language import _


def signer() -> tuple[str, str]:
    """Name and password as typed for this signature; a session can sign for nobody but its own account."""
    name, password = answers.field("name", _("Your account name")), answers.field("password", _("Your password"))
    if name.casefold() != me().name.casefold():
        raise NotAllowed(
            _("You are signed in as %(account)s, and the signature names %(name)s.", account=me().name, name=name),
            where="name",
            todo=_("Sign with your own name, or sign in as the other account."),
        )
    return name, password
