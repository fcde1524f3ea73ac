"""What errors say: sentences, each with a code, each action put into words by terminal and pages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from registry import errors
from registry.cli.actions import ACTIONS as COMMANDS
from registry.cli.actions import told
from registry.errors import NotSignedIn, RegistryError, Unknown
from tests.conftest import ROOT
from web.actions import ACTIONS as LINKS

HOLE = "…"
KINDS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, RegistryError)}
# Where no page or field helps, a terminal alone does; and a form's own field needs no link.
TERMINAL_ALONE = {"confirm-clock", "create-registry", "choose-folder", "rebuild", "audit-copy"}
STYLE_SHEETS = {"style_guide.py", "html.py"}
"""Modules that hold CSS, whose variables look like options."""
FIELDS = {"give-code", "tell-lots-apart", "justify-departures", "add-gates", "leave-gates-out"}


def written(node: ast.expr) -> str | None:
    """A text as it stands in the code, with a hole for what is put in; None for what stands elsewhere."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(written(value) or HOLE for value in values)
        case ast.Call(func=ast.Name(id="_" | "several"), args=[text, *_rest]):
            said = written(text)
            return re.sub(r"%\(\w+\)s", HOLE, said) if said else None
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return (written(left) or HOLE) + (written(right) or HOLE)
        case _:
            return None


@cache
def raised() -> tuple[tuple[str, ast.Call], ...]:
    """Every error that is made in registry/ and web/, with its place."""
    found = []
    for top in ("registry", "web"):
        for path in sorted((ROOT / top).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            own = {
                node.name
                for node in ast.walk(tree)
                if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") in KINDS for base in node.bases)
            }
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and _name(node.func) in KINDS | own and node.args:
                    found.append((f"{path.relative_to(ROOT)}:{node.lineno}", node))
    return tuple(found)


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""


def messages() -> Iterator[tuple[str, str]]:
    """The message of each, as far as it is written there."""
    for place, call in raised():
        if (text := written(call.args[0])) is not None:
            yield place, text


def test_every_message_is_a_sentence() -> None:
    """With a capital, unless it begins with a name that is put in, and a full stop."""
    texts = list(messages())
    wrong = [
        f"{place}: {text}" for place, text in texts if not re.fullmatch(rf"[A-Z{HOLE}].*[.?{HOLE}]", text, re.DOTALL)
    ]
    assert (len(texts) > 300, wrong) == (True, [])


def texts_of(path: Path) -> Iterator[tuple[str, str]]:
    """Every text of a module that is no docstring, with its place."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken:
            yield f"{path.relative_to(ROOT)}:{node.lineno}", node.value


def test_the_core_and_the_pages_name_no_command() -> None:
    """A core that says ``cell-registry lot add`` to a clinician, or ``--data`` to a browser, helps neither."""
    roots = [path for path in (ROOT / "registry").iterdir() if path.name not in {"cli", "demo", "__main__.py"}]
    files = [file for root in [*roots, ROOT / "web"] for file in ([root] if root.is_file() else root.rglob("*.py"))]
    commands = re.compile(r"cell-registry (?!init$)[a-z]|(?<![\w-])--[a-z]+(?: [A-Z]|-[a-z]+ |\))")
    named = [
        f"{place}: {text}"
        for file in files
        if file.suffix == ".py"
        for place, text in texts_of(file)
        if commands.search(text) and file.name not in STYLE_SHEETS
    ]
    assert named == []


def actions() -> set[str]:
    """Every action that is written in the code: of errors, and of rows in error."""
    found = set()
    for path in sorted((ROOT / "registry").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "action":
                found |= {text for text in _alternatives(node.value) if text}
    return found


def _alternatives(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from _alternatives(node.body)
        yield from _alternatives(node.orelse)
    elif isinstance(node, ast.Constant):
        yield str(node.value)


def test_every_action_has_its_command_and_its_link_or_field() -> None:
    """The two tables hold every action that an error carries, and no other."""
    assert set(COMMANDS) == actions()
    assert set(LINKS) == actions() - TERMINAL_ALONE - FIELDS


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_error_has_a_code(name: str) -> None:
    """That of its kind, in kebab case, unless it has one of its own."""
    error = getattr(errors, name)("Something is wrong.")
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", error.code)
    assert error.as_dict() == {"kind": name, "code": error.code, "message": "Something is wrong."}


def test_an_envelope_holds_code_and_action_beside_what_it_held() -> None:
    """For programs; an action only where there is one."""
    error = Unknown("There is no lot.", found="P-9", todo="Look again.", code="no-such-lot", action="register-lot")
    assert error.as_dict() == {
        "kind": "Unknown",
        "code": "no-such-lot",
        "message": "There is no lot.",
        "found": "P-9",
        "todo": "Look again.",
        "action": "register-lot",
    }
    assert NotSignedIn("Nobody.").as_dict() == {"kind": "NotSignedIn", "code": "not-signed-in", "message": "Nobody."}


def test_a_terminal_says_how_before_the_details() -> None:
    """By the command; an action without one, and no action, add nothing."""
    error = Unknown("There is no lot.", todo="Register it.", details=["One."], action="register-lot")
    assert told(error) == (
        "There is no lot.\n  to do: Register it.\n"
        "  how: cell-registry lot add LOT --product PRODUCT --expires TIME\n  - One."
    )
    assert told(Unknown("There is no lot.", action="of-a-page-alone")) == "There is no lot."


ROADS = "the same is met at a terminal and on a page, or in two forms of a file"
MOMENTS = "the same is looked for at two moments, or in two parts of one thing"
SUBJECTS = "the same is asked of two things, and the message or its place names which"
SHARED = {
    "A product lot names its product.": ROADS,
    "A time without a zone is ambiguous.": ROADS,
    "Claims are listed of one thing.": ROADS,
    "The answer is larger than one answer may be, and half an answer would mislead.": ROADS,
    "The engine could not answer this query.": ROADS,
    "The file is too large.": ROADS,
    "The header of … cannot be read. …": ROADS,
    "The specification is too large.": ROADS,
    "There is no such account.": ROADS,
    "There is no such choice.": ROADS,
    "There is no such entry.": ROADS,
    "There is no such file.": ROADS,
    "There is no such role.": ROADS,
    "This cannot be done here.": ROADS,
    "This is no number.": ROADS,
    "This is no proof.": ROADS,
    "This is no text.": ROADS,
    "This is too long.": ROADS,
    "This needs an account.": ROADS,
    "Viability is a percentage.": ROADS,
    "… cannot be read.": ROADS,
    "… holds no sample.": ROADS,
    "… is empty.": ROADS,
    "… is larger than a panel table.": ROADS,
    "… is too large.": ROADS,
    "A file is not what its digest says.": MOMENTS,
    "A ledger at a URL has no folder for its key.": MOMENTS,
    "A record is not what its digest says.": MOMENTS,
    "A record is too large.": MOMENTS,
    "Something was entered meanwhile.": MOMENTS,
    "The graph is not built yet.": MOMENTS,
    "The observation does not say of which lot it is.": MOMENTS,
    "The table is too long.": MOMENTS,
    "There is a file already.": MOMENTS,
    "There is no lot … in this registry.": MOMENTS,
    "This account is disabled.": MOMENTS,
    "This endpoint is read-only: it takes no update.": MOMENTS,
    "This is no base58 text.": MOMENTS,
    "This is no policy of witnesses.": MOMENTS,
    "This is not a backup.": MOMENTS,
    "A product may not carry the cell type ….": SUBJECTS,
    "A signed record has no time.": SUBJECTS,
    "An indication is a disease.": SUBJECTS,
    "It is so already.": SUBJECTS,
    "Nobody here has that account.": SUBJECTS,
    "There is no such term in the ontologies kept here.": SUBJECTS,
    "This idempotency key was used for something else.": SUBJECTS,
    "This is another kind of key.": SUBJECTS,
    "This needs a reason.": SUBJECTS,
    "This record is about what was given to somebody.": SUBJECTS,
    "… is refused. …": SUBJECTS,
    "… ….": SUBJECTS,
}
"""Messages that are made in more than one place, and why each still tells one situation."""


def test_a_message_is_made_in_one_place_for_one_situation() -> None:
    """One that is made in a second place needs its reason here; one that no longer is, leaves."""
    made = [text for _place, text in messages()]
    assert {text for text in made if made.count(text) > 1} == SHARED.keys()
