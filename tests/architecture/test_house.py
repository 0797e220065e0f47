"""House rules that no linter knows."""

import ast
import re
from pathlib import Path, PurePath

import pytest

from tests.architecture.repository import ROOT, text_of, tracked_files

PYTHON = sorted(tracked_files(".py"))
SQL = sorted(tracked_files(".sql"))
PRODUCT = [path for path in PYTHON if path.parts[0] in {"services", "shared", "migrations"}]

# A migration is written once, never edited, and lists tables: its length says nothing about the code.
READ_OFTEN = [path for path in PYTHON + SQL if not path.is_relative_to("migrations/versions")]

LONGEST_FILE = 350
LONGEST_FUNCTION = 50
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "service", "crud", "misc"}

# All that may end a transaction: the HTTP session, the broker's loop, the due jobs, the relay, an import's slices.
DOORS = (
    "services/api/dependencies.py",
    "services/api/imports/worker.py",
    "services/cli/**/*.py",
    "services/*/__main__.py",
    "services/*/app.py",
    "services/*/consumers.py",
    "services/*/runs.py",
    "shared/db/session.py",
    "shared/messaging.py",
    "shared/messaging/*.py",
    "shared/outbox/relay.py",
)

# The brackets keep this file from finding itself.
FORBIDDEN_TEXT = {
    "the host of a package registry": re.compile(
        r"pypi[.]org|pythonhosted[.]org|registry[.]npmjs|--(extra-)?index[-]url|/simple[/]"
    ),
    "a path of one machine": re.compile(r"(?<![\w.}$/-])/(?:work|root|home|Users|tmp/[a-z]+)/\w"),
}


def is_door(path: Path) -> bool:
    # `**` of PurePath.match means one level in Python 3.11, so the folder is tested apart.
    return path.is_relative_to("services/cli") or any(PurePath(path).match(door) for door in DOORS)


@pytest.mark.parametrize("path", READ_OFTEN, ids=str)
def test_a_file_stays_short_enough_to_be_read(path: Path) -> None:
    assert len(text_of(path).splitlines()) <= LONGEST_FILE


def test_a_function_stays_short_enough_to_be_read() -> None:
    too_long = [
        f"{path}:{node.lineno} {node.name}"
        for path in READ_OFTEN
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert too_long == []


def test_no_module_or_folder_has_a_name_that_refuses_nothing() -> None:
    vague = [path for path in PYTHON if VAGUE_NAMES & {*path.parts[:-1], path.stem}]
    assert vague == []


def test_no_class_has_a_name_that_refuses_nothing() -> None:
    vague = [
        f"{path} {node.name}"
        for path in PRODUCT
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.ClassDef) and re.search(r"(Manager|Service|Helper|Utils?|BaseRepository)$", node.name)
    ]
    assert vague == []


def test_every_folder_with_code_is_a_package_that_says_what_it_is_for() -> None:
    folders = {path.parent for path in PYTHON if path.parts[0] in {"services", "shared", "migrations", "tests"}}
    # Migrations are loaded by file name, not imported.
    folders -= {Path("migrations/versions")}
    silent = [
        folder
        for folder in sorted(folders)
        if not (ROOT / folder / "__init__.py").is_file()
        or not ast.get_docstring(ast.parse(text_of(folder / "__init__.py")))
    ]
    assert silent == []


def test_only_doors_commit() -> None:
    committing = [path for path in PRODUCT if ".commit(" in text_of(path) and not is_door(path)]
    assert committing == []


@pytest.mark.parametrize("what", FORBIDDEN_TEXT)
def test_no_tracked_file_names(what: str) -> None:
    found = [
        f"{path}:{number}"
        for path in tracked_files()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if FORBIDDEN_TEXT[what].search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line", ["pip install --index~url https://x", "https://pypi~org/project", "https://x/simple~a"]
)
def test_a_registry_would_be_found(line: str) -> None:
    written_out = line.replace("index~", "index-").replace("pypi~", "pypi.").replace("simple~", "simple/")
    assert FORBIDDEN_TEXT["the host of a package registry"].search(written_out)


@pytest.mark.parametrize("line", ["open('~work/main')", "see ~root/x", "cd ~tmp/abc/d"])
def test_a_path_of_one_machine_would_be_found(line: str) -> None:
    assert FORBIDDEN_TEXT["a path of one machine"].search(line.replace("~", "/"))
