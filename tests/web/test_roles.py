"""Every route, for every role: what is expected is written down here, and nothing is left out of it."""

from __future__ import annotations

import pytest

from tests.web.conftest import HTML, ROLES, Site
from web.upkeep import addresses

S, Q, C, A, I, M = ROLES.values()  # noqa: E741  # submitter, quality unit, clinician, analyst, inspector, manager
EVERYBODY, ASKING = {S, Q, C, A, I, M}, {S, Q, C, A, I}
OPEN = {"nobody", *EVERYBODY}

ACT = f"/<any({addresses.KINDS}):kind>/<path:subject>/<stamp>"

EXPECTED: dict[tuple[str, str], set[str]] = {
    ("GET", "/"): EVERYBODY,
    ("GET", "/lots"): EVERYBODY,
    ("GET", "/lots.<any(json,html,csv):suffix>"): EVERYBODY,
    ("GET", "/scan"): EVERYBODY,
    ("GET", "/lots/<path:lot>"): EVERYBODY,
    ("GET", "/history/<path:lot>"): EVERYBODY,
    ("GET", "/live/<path:lot>"): EVERYBODY,
    ("GET", "/patterns"): EVERYBODY,
    ("GET", "/review"): {Q},
    ("GET", "/review.<any(json,html,csv):suffix>"): {Q},
    ("GET", "/evidence/<path:lot>"): {S, Q, I},
    ("GET", "/administrations/<key>"): {Q, C, I},
    ("GET", "/outcomes"): {Q, C, I},
    ("GET", "/outcomes.<any(json,jsonld,ttl,html,csv):suffix>"): {Q, C, I},
    ("POST", "/outcomes"): {Q, C},
    ("POST", "/api/v1/outcomes"): {Q, C},
    ("GET", "/outcomes/table.<any(csv,parquet):form>"): {Q, C, I},
    ("GET", "/outcomes/dictionary.csv"): {Q, C, I},
    ("GET", "/outcomes/<key>"): {Q, C, I},
    ("GET", "/relation"): {Q, C, A, I},
    ("GET", "/relation.<any(json,html):suffix>"): {Q, C, A, I},
    ("GET", "/given/<path:lot>"): {Q, C, I},
    ("GET", "/administer/<path:lot>"): {C},
    ("POST", "/administer/<path:lot>"): {C},
    ("GET", "/containers/<path:lot>"): {S, Q, C},
    ("POST", "/containers/<path:lot>"): {S, Q, C},
    ("GET", "/identifiers/<any(lot,product):of>/<path:name>"): {S, Q},
    ("POST", "/identifiers/<any(lot,product):of>/<path:name>"): {S, Q},
    ("GET", "/findings"): {Q, C, I},
    ("GET", "/findings.<any(json,html,csv):suffix>"): {Q, C, I},
    ("POST", "/findings/<key>"): {Q, C},
    ("GET", "/trace/<path:what>"): {Q, C, I},
    ("GET", "/trace"): {Q, C, I},
    ("POST", "/trace"): {Q, C, I},
    ("GET", "/supply/<path:lot>"): {Q},
    ("POST", "/supply/<path:lot>"): {Q},
    ("GET", "/trends/<path:product>"): {S, Q, A, I},
    ("GET", "/trend-rules/<path:product>"): {S, Q, A, I},
    ("POST", "/trend-rules/<path:product>"): {Q},
    ("GET", "/hold"): {Q},
    **{
        ("GET", f"/{address}"): EVERYBODY
        for address in (
            "lot/<path:lot>",
            "verdict/<path:lot>",
            "product/<path:product>",
            "specification/<name>/<path:version>",
            "record/<path:digest>",
            "file/<path:digest>",
            "panel/<path:panel>",
            "submission/<path:identity>",
        )
    },
    ("GET", "/administration/<path:key>"): {Q, C, I},
    ("GET", "/outcome/<path:key>"): {Q, C, I},
    ("GET", ACT): EVERYBODY,
    ("GET", "/explore"): {Q, A, I},
    ("GET", "/explore/lots.<any(json,csv):form>"): {Q, A, I},
    ("GET", "/ledger"): {Q, I, M},
    ("GET", "/ledger.<any(json,html,csv):suffix>"): {Q, I, M},
    ("GET", "/ledger/<int:position>"): {Q, I, M},
    ("GET", "/integrity"): {Q, I, M},
    ("POST", "/integrity"): {Q, I, M},
    ("GET", "/copies/<path:lot>"): {Q, I},
    ("GET", "/crates/<any('ro-crate', eln):form>/<path:lot>"): {Q, I},
    ("GET", "/settings"): {I, M},
    ("GET", "/restored"): EVERYBODY,
    ("POST", "/restored"): {Q},
    ("GET", "/sessions"): {M},
    ("GET", "/webhooks"): {I, M},
    ("POST", "/webhooks"): {M},
    ("POST", "/webhooks/<hook>"): {M},
    ("POST", "/sessions/<path:name>"): {M},
    ("GET", "/register/lot"): {S, Q},
    ("POST", "/register/lot"): {S, Q},
    ("GET", "/register/product"): {Q},
    ("POST", "/register/product"): {Q},
    ("GET", "/submissions"): {S, Q},
    ("GET", "/submissions.<any(json,html,csv):suffix>"): {S, Q},
    ("GET", "/retest/<path:lot>"): {S, Q},
    ("POST", "/retest/<path:lot>"): {S, Q},
    ("GET", "/paper/<path:lot>"): EVERYBODY,
    ("GET", "/certificates/<any(pdf,html):form>/<path:lot>"): EVERYBODY,
    ("POST", "/certificates/<any(pdf,html):form>/<path:lot>"): {S, Q, C, I},
    ("GET", "/labels/<any(pdf,png):form>/<path:lot>"): EVERYBODY,
    ("POST", "/labels/<any(pdf,png):form>/<path:lot>"): {S, Q, C},
    ("GET", "/terms"): EVERYBODY,
    ("GET", "/terms.<any(json,html):suffix>"): EVERYBODY,
    ("GET", "/terms/<path:term>"): EVERYBODY,
    ("GET", "/studies"): EVERYBODY,
    ("GET", "/studies.<any(json,html):suffix>"): EVERYBODY,
    ("GET", "/studies/<path:study>"): EVERYBODY,
    ("GET", "/claims"): EVERYBODY,
    ("GET", "/claims.<any(json,html):suffix>"): EVERYBODY,
    ("GET", "/claims/<path:claim>"): EVERYBODY,
    ("GET", "/claim/<path:claim>"): EVERYBODY,
    ("GET", "/publications"): EVERYBODY,
    ("GET", "/publications.<any(json,html):suffix>"): EVERYBODY,
    ("GET", "/publications/<path:doi>"): EVERYBODY,
    ("GET", "/publication/<path:doi>"): EVERYBODY,
    ("GET", "/study/<path:study>"): EVERYBODY,
    ("GET", "/carry/<path:term>"): {Q},
    ("POST", "/carry/<path:term>"): {Q},
    ("GET", "/products"): EVERYBODY,
    ("GET", "/products.<any(json,html,csv):suffix>"): EVERYBODY,
    ("GET", "/products/<path:product>"): EVERYBODY,
    ("GET", "/specifications"): EVERYBODY,
    ("GET", "/specifications.<any(json,html,csv):suffix>"): EVERYBODY,
    ("GET", "/specifications/<name>"): EVERYBODY,
    ("GET", "/specifications/<name>/<path:version>"): EVERYBODY,
    ("GET", "/specifications/<name>/<version>/difference"): EVERYBODY,
    ("GET", "/specifications/<name>/<version>/difference.<any(json,html):suffix>"): EVERYBODY,
    ("GET", "/specifications/<name>/<version>/table.<any(csv,xlsx,yaml):form>"): EVERYBODY,
    ("GET", "/drafts"): {Q, I},
    ("GET", "/drafts.<any(json,html):suffix>"): {Q, I},
    ("GET", "/drafts/new"): {Q},
    ("POST", "/drafts/new"): {Q},
    ("GET", "/records/<path:digest>"): EVERYBODY,
    ("GET", "/files/<path:digest>"): EVERYBODY,
    ("GET", "/password"): EVERYBODY,
    ("POST", "/password"): EVERYBODY,
    ("GET", "/second-factor"): EVERYBODY,
    ("POST", "/second-factor"): EVERYBODY,
    ("POST", "/passkeys"): EVERYBODY,
    ("POST", "/passkeys/question"): EVERYBODY,
    ("POST", "/sign-out"): EVERYBODY,
    ("GET", "/submit"): {S, Q},
    ("POST", "/submit"): {S, Q},
    ("POST", "/submit/mend"): {S, Q},
    ("GET", "/submit/grid"): {S, Q},
    ("POST", "/submit/grid"): {S, Q},
    ("GET", "/mappings"): {S, Q, I},
    ("GET", "/mappings.<any(json,html):suffix>"): {S, Q, I},
    ("POST", "/mappings"): {S, Q},
    ("GET", "/mappings/<path:name>"): {S, Q, I},
    ("GET", "/mappings/drafts/<int:position>"): {S, Q, I},
    ("POST", "/mappings/drafts/<int:position>"): {Q},
    ("POST", "/api/v1/panels"): {S, Q},
    ("POST", "/api/v1/panels/errors"): {S, Q},
    ("GET", "/submissions/<path:digest>/errors.<any(csv,xlsx):form>"): {S, Q},
    ("GET", "/specifications/<name>/<version>/template.<any(csv,xlsx):form>"): EVERYBODY,
    ("GET", "/withdraw/<path:lot>"): {S, Q},
    ("POST", "/withdraw/<path:lot>"): {S, Q},
    ("GET", "/release/<path:lot>"): {Q},
    ("POST", "/release/<path:lot>"): {Q},
    ("GET", "/trail-review/<path:lot>"): {S, Q, I},
    ("POST", "/trail-review/<path:lot>"): {Q},
    ("GET", "/accept/<path:lot>"): {Q},
    ("POST", "/accept/<path:lot>"): {Q},
    ("GET", "/approve"): {Q},
    ("GET", "/approve/<path:product>"): {Q},
    ("POST", "/approve/<path:product>"): {Q},
    ("GET", "/query"): ASKING,
    ("GET", "/query.<any(csv,json,ttl):form>"): ASKING,
    ("GET", "/query/completion.json"): ASKING,
    ("GET", "/query/editor"): ASKING,
    ("GET", "/questions"): ASKING,
    ("GET", "/feed.atom"): EVERYBODY,
    ("GET", "/questions.<any(json,jsonld,ttl,html):suffix>"): ASKING,
    ("GET", "/questions/<name>"): ASKING,
    ("GET", "/questions/<name>.rq"): ASKING,
    ("GET", "/questions/saved"): ASKING,
    ("GET", "/questions/saved.<any(json,html,csv):suffix>"): ASKING,
    ("GET", "/questions/saved/<question>"): ASKING,
    ("GET", "/questions/saved/<question>/<int:version>"): ASKING,
    ("POST", "/questions/saved/<question>"): {S, Q, A},
    ("GET", "/questions/saved/new"): {S, Q, A},
    ("POST", "/questions/saved/new"): {S, Q, A},
    ("GET", "/questions/<name>.<any(csv,json):form>"): ASKING,
    ("GET", "/.well-known/void"): OPEN,
    ("GET", "/dcat"): OPEN,
    ("GET", "/sparql"): ASKING,
    ("POST", "/sparql"): ASKING,
    ("POST", "/mcp"): ASKING,
    ("GET", "/tokens"): ASKING,
    ("POST", "/tokens"): ASKING,
    ("POST", "/tokens/<path:token>"): ASKING,
    ("GET", "/accounts"): {I, M},
    ("GET", "/accounts/<path:name>"): {M},
    ("POST", "/accounts"): {M},
    ("POST", "/accounts/<path:name>"): {M},
    ("GET", "/sign-in"): OPEN,
    ("GET", "/guides/<name>"): OPEN,
    ("GET", "/guides/images/<name>"): OPEN,
    ("GET", "/words"): OPEN,
    ("GET", "/healthz"): OPEN,
    ("GET", "/ledger/checkpoint"): OPEN,
    ("GET", "/ledger/proof/<int:position>"): OPEN,
    ("GET", "/status/suspension"): OPEN,
    ("GET", "/status/revocation"): OPEN,
    ("GET", "/.well-known/did.json"): OPEN,
    ("GET", "/lots/<path:lot>.vc.json"): EVERYBODY,
    ("GET", "/lots/<path:lot>.fhir.json"): EVERYBODY,
    ("GET", "/verify"): EVERYBODY,
    ("POST", "/verify"): EVERYBODY,
    ("GET", "/readyz"): OPEN,
    ("GET", "/metrics"): OPEN,
    ("GET", "/api/v1/openapi.json"): OPEN,
    ("GET", "/static/<path:filename>"): OPEN,
}
# Signing in refuses a form without its cookie with 403 whoever asks; test_safety holds its rules.
ELSEWHERE = {("POST", "/sign-in"), ("POST", "/sign-in/question")}
NO_TOKENS = {
    *((method, rule) for method in ("GET", "POST") for rule in ("/password", "/second-factor", "/tokens")),
    *(("POST", rule) for rule in ("/passkeys", "/passkeys/question", "/tokens/<path:token>", "/restored")),
    *(("POST", rule) for rule in ("/accounts", "/accounts/<path:name>", "/sessions/<path:name>")),
    *(("GET", rule) for rule in ("/accounts/<path:name>", "/sessions", "/questions/saved/new")),
    *(("POST", rule) for rule in ("/questions/saved/new", "/questions/saved/<question>")),
    *(("POST", rule) for rule in ("/webhooks", "/webhooks/<hook>")),
}
"""What a person does who has signed in, and no program of theirs, whatever its token's scopes."""
FILLED = {
    "<any('ro-crate', eln):form>": "eln",
    "<any(lot,product):of>": "lot",
    "<any(json,html):suffix>": "json",
    "<any(json,csv):form>": "csv",
    "<any(pdf,html):form>": "html",
    "<any(pdf,png):form>": "png",
    "<any(json,html,csv):suffix>": "json",
    "<any(json,jsonld,ttl,html):suffix>": "json",
    "<any(json,jsonld,ttl,html,csv):suffix>": "json",
    "<any(csv,parquet):form>": "csv",
    "<hook>": "0",
    "<key>": "A-0123456789abcdef",
    "<path:what>": "H-03",
    "<path:lot>": "H-03",
    "<path:product>": "POI-M",
    "<path:study>": "NCT03877471",
    "<path:version>": "1",
    "<version>": "1",
    "<any(csv,json):form>": "csv",
    "<any(csv,json,ttl):form>": "csv",
    "<any(csv,xlsx):form>": "csv",
    "<any(csv,xlsx,yaml):form>": "csv",
    "<name>": "msc-identity",
    "<path:digest>": "sha256:0",
    "<path:token>": "0",
    "<path:name>": "nobody",
    "<int:position>": "1",
    "<int:version>": "1",
    "<question>": "none",
    "<path:filename>": "base.css",
    f"<any({addresses.KINDS}):kind>": "decision",
    "<path:subject>": "H-03",
    "<stamp>": "20261201T035036732596Z",
    "<path:panel>": "0",
    "<path:identity>": "0",
    "<path:key>": "0",
}


def address(rule: str) -> str:
    for placeholder, value in FILLED.items():
        rule = rule.replace(placeholder, value)
    return rule


def test_the_table_holds_every_route(site: Site) -> None:
    """A route that nobody wrote an expectation for fails here."""
    routes = {
        (method, rule.rule)
        for rule in site.app.url_map.iter_rules()
        for method in rule.methods or ()
        if method in {"GET", "POST", "PUT", "PATCH", "DELETE"}
    }
    assert routes == set(EXPECTED) | ELSEWHERE


@pytest.mark.parametrize(("method", "rule"), sorted(EXPECTED))
def test_each_role_gets_what_is_expected(site: Site, method: str, rule: str) -> None:
    """A role that may is neither refused as unknown nor as forbidden; one that may not gets 403; nobody gets 401."""
    path, may = address(rule), EXPECTED[method, rule]
    answers = {
        "nobody": site.client()
        .open(path, method=method, headers={"Accept": "application/json"}, buffered=True)
        .status_code
    }
    for name, role in ROLES.items():
        client, headers = (site.client(), site.bearer(name)) if (method, rule) not in NO_TOKENS else site.script(name)
        answers[role] = client.open(path, method=method, headers=headers, buffered=True).status_code
    kinds = {who: "refused" if status in {401, 403} else "served" for who, status in answers.items()}
    assert kinds == {who: "served" if who in may else "refused" for who in OPEN}
    assert {answers[who] for who in EVERYBODY - may} <= {403}
    assert answers["nobody"] == 401 or "nobody" in may


@pytest.mark.parametrize(("method", "rule"), sorted(NO_TOKENS))
def test_no_token_does_what_its_owner_does_alone(site: Site, method: str, rule: str) -> None:
    """Else a leaked one made itself another, with more rights and a later end."""
    (name, _role), *_others = [(name, role) for name, role in ROLES.items() if role in EXPECTED[method, rule]]
    answer = site.client().open(address(rule), method=method, headers=site.bearer(name))
    error = answer.get_json()["error"]
    assert (answer.status_code, error["code"], error["todo"]) == (
        403, "token-scope", "Sign in: no token does this.",
    )  # fmt: skip


@pytest.mark.parametrize(("method", "rule"), sorted(key for key, may in EXPECTED.items() if "nobody" not in may))
def test_a_browser_without_a_session_is_sent_to_sign_in(site: Site, method: str, rule: str) -> None:
    """A page leads to the sign-in form and back; a program's address says 401 and how to sign in."""
    answer = site.client().open(address(rule), method=method, headers=HTML)
    if rule.startswith(("/api/", "/sparql")):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="cell product registry"'
    else:
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/sign-in?next=/")


def test_a_role_refused_is_told_who_may(site: Site) -> None:
    """The sentence names the roles that may, and the role one has."""
    answer = site.client().get("/release/H-03", headers=site.bearer("clinic"))
    assert answer.get_json() == {
        "request": answer.headers["X-Request-Id"],
        "error": {
            "kind": "NotAllowed",
            "code": "not-allowed",
            "message": "This is for the quality unit; Dr Clinic has the role clinician.",
            "todo": "Sign in with an account of such a role, or ask somebody who has one.",
        },
    }
