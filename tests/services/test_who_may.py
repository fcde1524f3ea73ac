"""Every verb that somebody does, for every role and for whoever has no account: what is expected, verb by verb."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from registry.accounts import Accounts
from registry.errors import NotAllowed, NotSignedIn, RegistryError
from registry.services import CitedPublication, LotDraft, ProductDraft, QuestionDraft, Registry, StudyDraft
from registry.services.accounts import ROLES, Account, Actor, LocalOperator
from registry.services.administrations.record import AdministrationDraft
from registry.services.claims.claims import ClaimDraft
from registry.services.upkeep import inspection
from tests.services.conftest import SECRET, House, copied

S, Q, C, A, I, M = ROLES  # noqa: E741  # submitter, quality unit, clinician, analyst, inspector, manager
LOCAL = "local operator"
EVERYBODY = {S, Q, C, A, I, M}
NAMES = {S: "lab.one", Q: "q.one", C: "clinic.one", A: "analyst.one", I: "inspector.one", M: "manager.one"}

EXPECTED: dict[str, set[str]] = {
    "accounts.create": {M},
    "accounts.disable": {M},
    "accounts.enable": {M},
    "accounts.reset_password": {M},
    "accounts.create_token": EVERYBODY,
    "accounts.revoke_token": {M},
    "accounts.end_sessions": {M},
    "accounts.second_factor.recover": {Q},
    "accounts.second_factor.require": {M},
    "accounts.second_factor.set_passkey_address": {M},
    "administrations.record": {C},
    "administrations.move": {S, Q, C},
    "administrations.supply": {Q},
    "administrations.answer": {Q, C},
    "lots.register": {S, Q, LOCAL},
    "lot_index.rules.choose": {Q},
    "identifiers.record": {S, Q},
    "identifiers.withdraw": {S, Q},
    "products.register": {S, Q, LOCAL},
    "studies.add": {S, Q},
    "claims.cite": {S, Q},
    "claims.make": {Q},
    "claims.withdraw": {Q},
    "outcomes.submit": {Q, C},
    "outcomes.choices": {Q, C, A, I, LOCAL},
    "outcomes.relation": {Q, C, A, I, LOCAL},
    "outcomes.rdf": {Q, C, I, LOCAL},
    "outcomes.visits": {Q, C, I, LOCAL},
    "outcomes.lines": {Q, C, I, LOCAL},
    "outcomes.one": {Q, C, I, LOCAL},
    "outcomes.table": {Q, C, I, LOCAL},
    "outcomes.table_csv": {Q, C, I, LOCAL},
    "outcomes.table_parquet": {Q, C, I, LOCAL},
    "outcomes.dictionary_csv": {Q, C, I, LOCAL},
    "submissions.submit": {S, Q},
    "submissions.withdraw": {S, Q},
    "releases.sign": {Q},
    "releases.accept": {Q},
    "releases.trail.sign": {Q},
    "releases.trail.require": {Q},
    "specifications.draft": {Q},
    "specifications.approve": {Q},
    "mappings.add": {Q},
    "mappings.drafts.draft": {S, Q},
    "mappings.drafts.approve": {Q},
    "mappings.drafts.decline": {Q},
    "ontologies.load": {M, LOCAL},
    "ontologies.replace": {Q},
    "ontologies.carry": {Q},
    "printing.certificate": {S, Q, C, I, LOCAL},
    "printing.labels": {S, Q, C, LOCAL},
    "queries.query": {S, Q, C, A, I, LOCAL},
    "queries.ask": {S, Q, C, A, I, LOCAL},
    "queries.compare": {LOCAL},
    "queries.saved.all": {S, Q, C, A, I, LOCAL},
    "queries.saved.get": {S, Q, C, A, I, LOCAL},
    "queries.saved.save": {S, Q, A},
    "queries.saved.replace": {S, Q, A},
    "queries.saved.rename": {S, Q, A},
    "queries.saved.withdraw": {S, Q, A},
    "webhooks.add": {M},
    "webhooks.end": {M},
    "webhooks.resume": {M},
    "upkeep.inspection.begin_audit": {Q, I, M, LOCAL},
    "upkeep.inspection.copies": {Q, I, LOCAL},
    "upkeep.confirm_restored": {Q},
    "upkeep.confirm_clock": {M, LOCAL},
    "upkeep.move": {LOCAL},
    "upkeep.keys.rotate": {LOCAL},
    "upkeep.keys.protect": {LOCAL},
    "upkeep.keys.move": {LOCAL},
}
GIVEN = AdministrationDraft("NOPE", "S", "A", "R-1", ("left=1",), (1,), datetime.now(UTC))
OWN = {
    "accounts.sign_in", "accounts.act_as", "accounts.change_password", "accounts.second_factor.begin",
    "accounts.second_factor.begin_passkey",
}  # fmt: skip
"""Whoever knows an account's password does these as that account: nobody is refused for a role."""
READS = {"upkeep.inspection.trail"}
"""Does nothing: whose entries are read is a filter."""

ARGUMENTS: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "accounts.create": (("new.one", C), {}),
    "accounts.disable": (("lab.two",), {"reason": "Left."}),
    "accounts.enable": (("lab.two",), {"reason": "Came back."}),
    "accounts.reset_password": (("lab.two",), {"reason": "Forgotten."}),
    "accounts.create_token": (("actor", "a program"), {}),
    "accounts.revoke_token": (("no-such-token",), {}),
    "accounts.end_sessions": (("lab.two",), {}),
    "accounts.second_factor.recover": (("lab.two",), {"reason": "Lost the phone."}),
    "accounts.second_factor.require": (([],), {"reason": "For the test."}),
    "accounts.second_factor.set_passkey_address": (("https://192.0.2.7",), {"reason": "For the test."}),
    "administrations.record": ((GIVEN,), {}),
    "administrations.move": (("NOPE", "reserved"), {"count": 1, "reason": "For the test."}),
    "administrations.supply": (("NOPE",), {"recipient": "R-1", "request": "r", "reason": "r", "risk": "r"}),
    "administrations.answer": (("NOPE", "seen"), {}),
    "lots.register": ((LotDraft("L-9", product="POI-M", expires_at=datetime.now(UTC) + timedelta(days=9)),), {}),
    "identifiers.record": (("house", "X-1"), {"lot": "NOPE"}),
    "identifiers.withdraw": ((1,), {"reason": "For the test."}),
    "lot_index.rules.choose": (("NOPE", ("1-3s",)), {"reason": "For the test."}),
    "products.register": (
        (ProductDraft("NEW", "New", "CL:0000134", "a line", "allogeneic", "NCBITaxon:9606"),),
        {},
    ),
    "studies.add": ((StudyDraft("NCT03877471", "A study"),), {}),
    "claims.cite": ((CitedPublication("10.1016/j.jogoh.2025.103031"),), {}),
    "claims.make": ((ClaimDraft("c", "CL:0000134", "GO:0045766", ()),), {}),
    "claims.withdraw": (("NOPE",), {"reason": "For the test."}),
    "outcomes.submit": (("empty.csv", b""), {}),
    **{
        f"outcomes.{verb}": ((), {})
        for verb in ("visits", "lines", "table", "table_csv", "table_parquet", "dictionary_csv", "choices")
    },
    "outcomes.rdf": (("text/turtle",), {}),
    "outcomes.one": (("NOPE",), {}),
    "outcomes.relation": (("CD73", "FSH", None), {}),
    "queries.saved.all": ((), {}),
    "queries.saved.get": (("none",), {}),
    "queries.saved.save": ((QuestionDraft("n", "s", "SELECT"),), {}),
    "queries.saved.replace": (("none", QuestionDraft("n", "s", "SELECT")), {}),
    "queries.saved.rename": (("none", "n", "s"), {}),
    "queries.saved.withdraw": (("none",), {}),
    "submissions.submit": (("empty.csv", b""), {}),
    "submissions.withdraw": (("panel",), {"reason": "The tubes were swapped."}),
    "releases.sign": (("NOPE", "hold"), {"reason": "For the test."}),
    "releases.accept": (("NOPE", "cd73"), {"reason": "For the test."}),
    "releases.trail.sign": (("NOPE",), {}),
    "releases.trail.require": (("NOPE",), {"required": True, "reason": "For the test."}),
    "specifications.draft": (("empty.csv", b""), {}),
    "specifications.approve": (("NOPE", "msc-identity"), {}),
    "mappings.add": (("flow", "empty.csv", b""), {}),
    "mappings.drafts.draft": (("flow", "empty.csv", b""), {}),
    "mappings.drafts.approve": ((1,), {}),
    "mappings.drafts.decline": ((1, "No."), {}),
    "ontologies.load": (("empty.obo", b""), {}),
    "ontologies.replace": (("DOID:1", "DOID:2"), {}),
    "ontologies.carry": (("DOID:1", "a name"), {"reason": "The same."}),
    "printing.certificate": (("NOPE",), {"form": "html"}),
    "printing.labels": (("NOPE",), {"form": "png"}),
    "queries.query": (("no SPARQL", None), {}),
    "queries.ask": (("recall", {"bank": "NOPE"}), {}),
    "queries.compare": ((), {}),
    "webhooks.add": (("https://lims.example/hook",), {}),
    "webhooks.end": (("NOPE",), {"reason": "For the test."}),
    "webhooks.resume": (("NOPE",), {}),
    "upkeep.inspection.begin_audit": ((), {}),
    "upkeep.inspection.copies": (("NOPE",), {}),
    "upkeep.keys.rotate": ((), {"reason": "For the test."}),
    "upkeep.keys.protect": ((), {}),
    "upkeep.keys.move": ((Path("/nowhere/key.pem"),), {}),
    "upkeep.confirm_restored": ((), {"reason": "Nothing is missing."}),
    "upkeep.move": (("nowhere",), {}),
    "upkeep.confirm_clock": (("The machine slept.",), {}),
}


@pytest.fixture(scope="module")
def house(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with an administrator who has a password of their own, and a panel of the submitter's."""
    with copied(furnished, tmp_path_factory.mktemp("who") / "data") as made:
        Accounts(made.registry.ledger).people.create(
            "manager.one", M, by="admin", password=SECRET, printed_name="Manager One", must_change=False
        )
        made.lot("L-1")
        made.submit("L-1", by="lab.one")
        yield made


def verbs(registry: Registry) -> dict[str, Callable[..., object]]:
    """Every public verb of a service that takes whoever does it, or a password."""
    found: dict[str, Callable[..., object]] = {}

    def look(path: str, service: object) -> None:
        for name, member in inspect.getmembers(service):
            if name.startswith("_"):
                continue
            if inspect.ismethod(member):
                parameters = inspect.signature(member).parameters
                if {"by", "actor", "password"} & set(parameters):
                    found[f"{path}{name}"] = member
            elif type(member).__module__.startswith("registry.services.") and path.count(".") < 2:
                look(f"{path}{name}.", member)

    for name, service in vars(registry).items():
        if not name.startswith("_") and type(service).__module__.startswith("registry.services."):
            look(f"{name}.", service)
    return {path: verb for path, verb in found.items() if path not in OWN | READS}


def test_every_verb_is_written_down(house: House) -> None:
    """One that nobody thought about here would be nobody's and everybody's."""
    assert set(verbs(house.registry)) == set(EXPECTED) == set(ARGUMENTS)


def test_whoever_does_it_is_an_actor_and_never_a_name(house: House) -> None:
    """A type checker refuses a name where an account, or the local operator, is asked for."""
    wanted = {"Actor", "Actor | None", "Account", "LocalOperator"}
    for path, verb in verbs(house.registry).items():
        parameters = inspect.signature(verb).parameters
        for name in {"by", "actor"} & set(parameters):
            assert parameters[name].annotation in wanted, (path, parameters[name].annotation)
    assert Actor == Account | LocalOperator


@pytest.mark.parametrize("role", [*ROLES, LOCAL])
@pytest.mark.parametrize("path", EXPECTED)
def test_who_may(house: House, monkeypatch: pytest.MonkeyPatch, path: str, role: str) -> None:
    """One who may is not refused for who they are, whatever else is wrong; one who may not is told so."""
    monkeypatch.setattr(inspection, "MOST_ENTRIES", 0)  # an audit that is let through is too large, and not begun
    verb = verbs(house.registry)[path]
    actor: Actor = LocalOperator("test") if role == LOCAL else house.account(NAMES[role])
    panel = house.registry.lots.get("L-1").panels[0].panel
    given, named = ARGUMENTS[path]
    values = [{"actor": actor.name, "panel": panel}.get(value, value) if isinstance(value, str) else value
              for value in given]  # fmt: skip
    parameters = inspect.signature(verb).parameters
    who: dict[str, Any] = {name: actor for name in ("by", "actor") if name in parameters}
    if "password" in parameters:
        who = {"signer" if "signer" in parameters else "name": actor.name, "password": SECRET}
    try:
        verb(*values, **named, **who)
        refused = False
    except (NotAllowed, NotSignedIn):
        refused = True
    except RegistryError:
        refused = False
    assert refused is (role not in EXPECTED[path])


@pytest.mark.parametrize("role", ROLES)
def test_nobody_who_was_made_up_manages_accounts(house: House, role: str) -> None:
    """Neither a name that no account has, nor an account with another role than its own."""
    create = house.registry.accounts.create
    for made_up in (Account("nobody.such", "Nobody", role), Account("lab.one", "Lab.One", role)):
        with pytest.raises(NotAllowed):
            create("evil", "administrator", "Evil", by=made_up)
    assert "evil" not in {account.name for account in house.registry.accounts.all()}


def test_the_local_operator_resets_an_administrator_who_is_locked_out_and_nobody_else(house: House) -> None:
    """Whoever may write the folder has nobody else to ask then."""
    reset, operator = house.registry.accounts.reset_password, LocalOperator("test")
    assert reset("admin", reason="Locked out.", by=operator)
    with pytest.raises(NotAllowed):
        reset("q.two", reason="Locked out.", by=operator)
