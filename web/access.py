"""Who is asking, and may they: every route names its roles, and the server checks them before the view runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, cast

from flask import Flask, Response, current_app, g, redirect, request, url_for

from registry.errors import NotAllowed, NotSignedIn
from registry.services import asked_as
from registry.services.accounts import ROLES, Permission, require
from registry.services.accounts import may as permitted
from registry.services.accounts import roles_of as roles_holding
from web import security
from web.accounts.kept_form import keep_form
from web.language import _
from web.vocabulary import said

if TYPE_CHECKING:
    from registry.services import Account, Registry

ANYONE: Final = "anyone"
FIRST_STEPS = {"sign_in.password", "sign_in.sign_out"}
"""What an account may reach before it has chosen a password of its own."""

WITH_OR_WITHOUT = {"guides.guide", "words.words"}
"""Pages that anyone may read, and on which whoever is signed in keeps the menu."""

ASKED_BY_SCRIPTS = {"live.live"}
"""What an open page asks by itself: it does not keep a session alive that nobody uses."""

View = TypeVar("View", bound=Callable[..., Any])


def allow(*permissions: Permission | Literal["anyone"]) -> Callable[[View], View]:
    """Name what a view's caller must be permitted, all of it, or ``ANYONE`` for those who are not signed in too."""
    named = [permission for permission in permissions if isinstance(permission, Permission)]
    roles = roles_holding(*named) if named else tuple(permissions)
    if not roles or (named and len(named) != len(permissions)):
        raise ValueError(f"a view needs permissions that somebody holds, or {ANYONE!r}; found {permissions}")

    def mark(view: View) -> View:
        cast(Any, view).roles = frozenset(roles)
        cast(Any, view).permissions = tuple(named)
        return view

    return mark


def roles_of(app: Flask, endpoint: str) -> frozenset[str]:
    """The roles a view names; the empty set for one that names none."""
    return frozenset(getattr(app.view_functions.get(endpoint), "roles", ()))


def require_roles_everywhere(app: Flask) -> None:
    """Refuse to start with a route that nobody gave roles to."""
    bare = [name for name in app.view_functions if name != "static" and not roles_of(app, name)]
    if bare:
        raise ValueError(f"these routes name no roles: {', '.join(bare)}")


def registry() -> Registry:
    """The registry this application serves."""
    return cast("Registry", current_app.config["REGISTRY"])


def me() -> Account:
    """The account that is asking."""
    if g.account is None:
        raise NotSignedIn(_("Nobody is signed in."), todo=_("Sign in, or send a token as Authorization: Bearer."))
    return cast("Account", g.account)


def fit(app: Flask) -> None:
    """Check every request before its view runs."""
    app.before_request(admit)
    app.context_processor(_known)
    app.add_template_global(signs_with)
    app.add_template_global(passkey_address)


def _known() -> dict[str, Any]:
    """What every template knows: who asks, and whether the registry is a copy that nobody confirmed."""
    own = {"account": g.get("account"), "csrf": g.get("csrf", ""), "restored": g.get("restored")}
    return {**own, "can": can, "roles": tuple(ROLES)}


def signs_with() -> tuple[str, ...]:
    """What whoever asks signs with beside the password: ``one-time code``, ``passkey``, both or neither."""
    account = g.get("account")
    if account is None:
        return ()
    if "signs_with" not in g:
        g.signs_with = registry().accounts.second_factor.of(account.name)
    return cast("tuple[str, ...]", g.signs_with)


def passkey_address() -> str:
    """Where passkeys work, as a browser states it; empty for nowhere."""
    return registry().accounts.second_factor.passkey_address()


def can(permission: str) -> bool:
    """Whether whoever asks may do this: ``can("SIGN_RELEASE")``, for what a page offers."""
    account = g.get("account")
    return account is not None and permitted(account, Permission[permission])


def admit() -> Response | None:
    """Let the request through, send a person to sign in, or refuse with 401 or 403."""
    g.account, g.csrf, g.by_cookie = None, "", False
    if request.endpoint == "static":
        return None
    roles = roles_of(current_app, request.endpoint or "")
    if ANYONE in roles:
        if request.endpoint in WITH_OR_WITHOUT:
            _identify_by_cookie()
        return None
    _identify()
    if g.account is not None:
        asked_as(g.account.name)
        g.ledger_size = registry().size() if wants_page() else 0  # before the view reads: paper says what it may lack
    g.restored = registry().upkeep.restored()
    if not roles:  # no such address, or no such method: the error handler says which
        return None
    if g.account is None:
        return _challenge()
    if g.by_cookie and request.method not in {"GET", "HEAD", "OPTIONS"}:
        security.check_form(g.csrf)
    if g.by_cookie and g.account.must_change and request.endpoint not in FIRST_STEPS:
        return _choose_password()
    if g.account.role not in roles:
        raise NotAllowed(
            _(
                "This is for the %(roles)s; %(name)s has the role %(role)s.",
                roles=_listed(roles),
                name=g.account.printed_name,
                role=said(g.account.role),
            ),
            todo=_("Sign in with an account of such a role, or ask somebody who has one."),
        )
    if g.account.limited_to is not None:  # a token is for less than its account's role
        for permission in getattr(current_app.view_functions.get(request.endpoint or ""), "permissions", ()):
            require(g.account, permission)
    return None


def _identify() -> None:
    header = request.headers.get("Authorization", "")
    if header:
        scheme, _space, value = header.partition(" ")
        if scheme.lower() != "bearer" or not value.strip():
            expected = _("Bearer and a token")
            raise NotSignedIn(_("This kind of Authorization is not read."), expected=expected, found=scheme)
        g.account = registry().accounts.account_of_token(value.strip())
        return
    _identify_by_cookie()


def _identify_by_cookie() -> None:
    cookie = security.cookie(security.SESSION_COOKIE)
    session = registry().accounts.session(cookie, noted=request.endpoint not in ASKED_BY_SCRIPTS) if cookie else None
    if session is not None:
        (g.account, g.csrf), g.by_cookie = session, True


def wants_page() -> bool:
    """True when a person's browser asks: it names ``text/html``, and it is not a program's address."""
    programs = request.path.startswith(("/api/", "/sparql"))
    return not programs and "text/html" in request.headers.get("Accept", "")


def _challenge() -> Response:
    if not wants_page():
        raise NotSignedIn(_("This needs an account."), todo=_("Send Authorization: Bearer and a token, or sign in."))
    if request.method == "POST" and request.form and security.same_origin():
        return keep_form()
    here = url_for(request.endpoint or "", **(request.view_args or {}))
    wanted = f"{here}?{request.query_string.decode('latin-1')}" if request.query_string else here
    return cast(Response, redirect(url_for("sign_in.sign_in", next=wanted), 303))


def _choose_password() -> Response:
    if not wants_page():
        raise NotAllowed(
            _("This account still has its one-time password."), todo=_("Choose a new one at /password first.")
        )
    return cast(Response, redirect(url_for("sign_in.password"), 303))


def _listed(roles: frozenset[str]) -> str:
    names = [said(role) for role in ROLES if role in roles]
    return names[0] if len(names) == 1 else _("%(roles)s and %(role)s", roles=", ".join(names[:-1]), role=names[-1])
