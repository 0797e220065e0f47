import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.local.embedded import EmbeddedPostgres
from tests.integration.local.installation import Installation

collect_ignore = [] if os.geteuid() == 0 else ["test_as_root.py"]


@pytest.fixture(autouse=True)
def _no_cluster_is_kept(tmp_path: Path) -> Iterator[None]:
    """pytest keeps the folders of several runs; fifty megabytes a test are too much for that."""
    yield
    shutil.rmtree(tmp_path)


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One that made everything at its first start and runs since then: for tests that look and change nothing."""
    folder = tmp_path_factory.mktemp("running")
    made = Installation(folder / "data")
    try:
        made.start()
        yield made
    finally:
        made.clean_up()
        shutil.rmtree(folder)


@pytest.fixture
def new_installation(tmp_path: Path) -> Iterator[Installation]:
    """Nothing is there yet: its first start makes everything."""
    # As root, pytest's folders are closed to others: every test here also proves that such a place works.
    made = Installation(tmp_path / "data")
    yield made
    made.clean_up()


@pytest.fixture
def installation(new_installation: Installation, used_home: Path) -> Iterator[Installation]:
    """One that ran before. Its cluster goes from test to test, which spares half a second of initdb each time."""
    new_installation.folder.mkdir()
    home = used_home.rename(new_installation.folder / "postgres")
    yield new_installation
    new_installation.clean_up()
    home.rename(used_home)


@pytest.fixture(scope="session")
def used_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("used")
    with EmbeddedPostgres(folder):
        pass
    return folder / "postgres"
