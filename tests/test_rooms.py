"""Every folder can be taken in at a glance: few files, short ones, and a docstring that says what each is for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

TREES = ("ontology", "registry", "shapes", "web")
LINES, TEMPLATE_LINES, FILES = 300, 120, 16
PACKAGES = sorted(file.parent for tree in TREES for file in (ROOT / tree).rglob("__init__.py"))
MODULES = sorted(file for tree in TREES for file in (ROOT / tree).rglob("*.py"))
TEMPLATES = sorted((ROOT / "web" / "templates").rglob("*.html"))
SERVICES, COMMANDS, PAGES = ROOT / "registry" / "services", ROOT / "registry" / "cli", ROOT / "web"
WITHOUT_PAGES_OF_ITS_OWN = {"check", "demo", "serve"}
"""Commands that are about no subject: files judged without a registry, the worked example, the server."""


def name_of(path: Path) -> str:
    """``registry/cli`` for the folder of the commands."""
    return path.relative_to(ROOT).as_posix()


def parts_of(package: Path) -> set[str]:
    """What a package's docstring is to list: its modules and its folders that hold Python, by their names."""
    modules = {file.stem for file in package.glob("*.py")} - {"__init__"}
    return modules | {folder.name for folder in package.iterdir() if folder.is_dir() and any(folder.glob("*.py"))}


def listed(docstring: str) -> list[str]:
    """The names that begin a line of a docstring, below its first: ``name``, then what it is for."""
    return re.findall(r"^ *``(\w+)`` +\S", docstring.partition("\n")[2], re.MULTILINE)


def subjects(folder: Path) -> set[str]:
    """The subjects of a layer: its folders; of the command line also its modules that hold commands."""
    folders = {each.name for each in folder.iterdir() if (each / "__init__.py").is_file()}
    modules = {file.stem for file in folder.glob("*.py") if "\nCOMMANDS = {" in file.read_text(encoding="utf-8")}
    return folders | (modules if folder == COMMANDS else set())


@pytest.mark.parametrize("package", PACKAGES, ids=name_of)
def test_a_packages_docstring_lists_each_of_its_files(package: Path) -> None:
    """Each once, in a line of its own, and nothing that is not there."""
    docstring = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
    assert sorted(listed(docstring)) == sorted(parts_of(package))


def folders_of(files: list[Path]) -> Iterator[tuple[str, int]]:
    """Each folder that holds some of these files, with their number."""
    for folder in sorted({file.parent for file in files}):
        yield name_of(folder), sum(file.parent == folder for file in files)


def test_no_folder_holds_more_than_a_person_takes_in() -> None:
    """Modules and templates, each at most sixteen."""
    crowded = [each for files in (MODULES, TEMPLATES) for each in folders_of(files) if each[1] > FILES]
    assert crowded == []


def test_no_file_is_longer_than_a_person_reads_at_once() -> None:
    """Python modules at most 300 lines, templates at most 120."""
    lengths = [(file, LINES) for file in MODULES] + [(file, TEMPLATE_LINES) for file in TEMPLATES]
    counted = [(name_of(file), len(file.read_text(encoding="utf-8").splitlines()), most) for file, most in lengths]
    assert [(name, lines) for name, lines, most in counted if lines > most] == []


def test_a_subject_has_the_same_name_in_every_layer() -> None:
    """Whoever knows where a rule about releases stands finds its command and its page by the same word."""
    known = subjects(SERVICES)
    assert subjects(PAGES) - {"forms", "guides", "languages", "pictures", "tables"} == known
    assert subjects(COMMANDS) - WITHOUT_PAGES_OF_ITS_OWN <= known


def test_the_templates_of_a_subject_stand_in_a_folder_of_its_name() -> None:
    """What several subjects share stands above them."""
    folders = {file.parent.name for file in TEMPLATES if file.parent.name != "templates"}
    assert folders <= subjects(PAGES)


UNTELLING = {"one", "said", "found"}
"""Names that say nothing of what they hold."""


def untelling(tree: ast.Module) -> Iterator[str]:
    """Where such a name is bound: assigned, gone over, caught, matched, or a parameter.

    A parameter ``found`` beside ``expected`` is the refusal's own word (expected, found, where, to do); fields of
    classes have the names of what is sent.
    """
    fields = {id(line.target) for body in ast.walk(tree) if isinstance(body, ast.ClassDef)
              for line in body.body if isinstance(line, ast.AnnAssign)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in fields:
            names = {node.id}
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs) and node.name:
            names = {node.name}
        elif isinstance(node, ast.arguments):
            names = {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
            names -= {"found"} if "expected" in names else set()
        else:
            continue
        yield from sorted(f"line {getattr(node, 'lineno', '?')}: {name}" for name in names & UNTELLING)


@pytest.mark.parametrize("tree", ["registry", "web"])
def test_a_local_is_named_for_what_it_holds(tree: str) -> None:
    """A lot, a panel, a result: whoever reads one line knows what it goes over."""
    modules = [(name_of(file), untelling(ast.parse(file.read_text(encoding="utf-8")))) for file in
               MODULES if file.is_relative_to(ROOT / tree)]  # fmt: skip
    assert [f"{name}, {place}" for name, places in modules for place in places] == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("found = 1", ["line 1: found"]),
        ("[one for one in lots]", ["line 1: one"]),
        ("def f(said): ...", ["line ?: said"]),
        ("lambda one: one", ["line ?: one"]),
        ("def f(expected, found): ...", []),
        ("class Error:\n    found: str", []),
        ("lots = said(found=1)", []),
    ],
)
def test_an_untelling_name_is_seen(text: str, places: list[str]) -> None:
    """The rule itself can fail; calling a function of that name, or naming its field, is no local."""
    assert list(untelling(ast.parse(text))) == places
