"""Where the data folder may lie: below closed folders, at long or odd paths."""

import stat
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from services.local.embedded import EmbeddedPostgres
from services.local.errors import StartError
from services.local.lodging import Lodging
from services.local.socket_folder import choose_socket_folder


async def answer(postgres: EmbeddedPostgres) -> object:
    connection = await asyncpg.connect(postgres.url)
    try:
        return await connection.fetchval("SELECT 42")
    finally:
        await connection.close()


def socket_folder(postgres: EmbeddedPostgres) -> Path:
    return Path(parse_qs(urlsplit(postgres.url).query)["host"][0])


async def test_a_folder_below_one_that_only_its_owner_enters_works_and_nothing_above_is_opened(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    before = {parent: parent.stat().st_mode for parent in (closed, *closed.parents)}

    with EmbeddedPostgres(closed / "below" / "data") as postgres:
        assert await answer(postgres) == 42

    assert {parent: parent.stat().st_mode for parent in before} == before


@pytest.mark.parametrize("name", ["l" * 120, "données, d'été & 100 %"], ids=["long", "odd"])
async def test_a_path_unfit_for_a_socket_gets_a_private_short_one_that_stays_the_same(
    tmp_path: Path, name: str
) -> None:
    with EmbeddedPostgres(tmp_path / name) as postgres:
        assert await answer(postgres) == 42
        first = socket_folder(postgres)
        assert len(f"{first}/.s.PGSQL.5432".encode()) <= 107
        assert stat.S_IMODE(first.stat().st_mode) & 0o007 == 0
        assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700

    assert not first.parent.exists()
    with EmbeddedPostgres(tmp_path / name) as postgres:
        assert await answer(postgres) == 42
        assert socket_folder(postgres) == first


def test_a_short_folder_that_somebody_else_prepared_is_refused(tmp_path: Path) -> None:
    home = tmp_path / ("l" * 120)
    home.mkdir()
    lodging = Lodging(home, programs=Path("/nowhere"))
    folder = choose_socket_folder(lodging)
    folder.parent.rmdir()
    folder.parent.symlink_to(tmp_path)

    try:
        with pytest.raises(StartError, match="is not a folder of the user with number"):
            choose_socket_folder(lodging)
    finally:
        folder.parent.unlink()
