"""What ends by itself is started again; what was promised to clients (ports, data) stays as it was."""

import os
import signal
from pathlib import Path

import asyncpg
import nats
import pytest

from services.local.process import Command
from services.local.watched import Watched
from tests.integration.local.installation import Installation, wait_for


def test_a_killed_program_is_replaced_and_the_others_stay(installation: Installation) -> None:
    installation.start()
    before = installation.record()["processes"]

    installation.kill("scheduler")

    after = installation.record()["processes"]
    assert {name for name in before if before[name] != after[name]} == {"scheduler"}
    assert "scheduler ended (signal 9 (Killed)); starting it again in 0.1 s." in installation.log("supervisor")


async def test_a_killed_postgresql_comes_back_with_what_was_committed(installation: Installation) -> None:
    installation.start()
    await installation.remember("before the crash")
    url = installation.record()["database_url"]

    installation.kill("postgres")

    connection = None
    while connection is None:
        try:
            connection = await asyncpg.connect(url)
        except (OSError, asyncpg.PostgresError):
            assert installation.supervisor is not None
            assert installation.supervisor.poll() is None
    assert await connection.fetchval("SELECT word FROM memory") == "before the crash"
    await connection.close()


async def test_a_killed_nats_comes_back_on_the_same_port_with_what_was_confirmed(installation: Installation) -> None:
    installation.start()
    broker = await nats.connect(installation.record()["nats_url"], reconnect_time_wait=0.05, max_reconnect_attempts=-1)
    stream = broker.jetstream()
    await stream.add_stream(name="EVT", subjects=["evt.>"])
    await stream.publish("evt.customer.created", b"Martin")

    installation.kill("nats")
    wait_for(lambda: installation.log("nats").count("Server is ready") == 2, "NATS to be ready again")

    again = await nats.connect(installation.record()["nats_url"])
    assert (await again.jetstream().get_msg("EVT", 1)).data == b"Martin"
    await again.close()
    await broker.close()


def test_a_server_killed_while_the_first_start_waits_does_not_prevent_it(new_installation: Installation) -> None:
    new_installation.supervisor = new_installation.launch()
    wait_for((new_installation.folder / "run.json").exists, "the first processes")
    os.kill(new_installation.pid("postgres"), signal.SIGKILL)

    assert new_installation.supervisor.stdout is not None
    assert "is ready" in new_installation.supervisor.stdout.readline()


@pytest.fixture
def ending(tmp_path: Path) -> Watched:
    """Something that ends as soon as it is started."""
    return Watched("flaky", lambda: Command("flaky", ("/bin/false",), {}, tmp_path / "log"))


def run_once(watched: Watched, started_at: float, ended_at: float) -> str | None:
    watched.start(started_at)
    assert watched.child is not None
    watched.child.wait()
    return watched.tend(ended_at)


def test_whoever_keeps_ending_is_started_later_and_later_but_never_given_up(ending: Watched) -> None:
    delays = []
    for _ in range(9):
        run_once(ending, started_at=100.0, ended_at=100.0)
        delays.append(ending.restart_at - 100.0)

    assert delays == pytest.approx([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0])


def test_whoever_ends_with_an_error_is_quoted(tmp_path: Path) -> None:
    complain = ("/bin/sh", "-c", "echo starting; echo 'settings: secret_key is missing' >&2; exit 3")
    watched = Watched("api", lambda: Command("api", complain, {}, tmp_path / "log"))

    said = run_once(watched, started_at=100.0, ended_at=100.0)

    assert said == "api ended (exit code 3); starting it again in 0.1 s. It said: settings: secret_key is missing"


def test_half_a_minute_of_work_makes_the_earlier_ends_forgotten(ending: Watched) -> None:
    for _ in range(5):
        run_once(ending, started_at=100.0, ended_at=100.0)

    said = run_once(ending, started_at=200.0, ended_at=230.0)

    assert said == "flaky ended (exit code 1); starting it again in 0.1 s."
    assert ending.restart_at == pytest.approx(230.1)


def test_a_program_that_cannot_even_be_started_is_tried_again(tmp_path: Path, ending: Watched) -> None:
    run_once(ending, started_at=100.0, ended_at=100.0)
    missing = tmp_path / "not-installed"
    ending._recipe = lambda: Command("flaky", (str(missing),), {}, tmp_path / "log")

    said = ending.tend(100.2)

    assert (
        said
        == f"flaky cannot be started ([Errno 2] No such file or directory: '{missing}'); starting it again in 0.2 s."
    )
    assert ending.restart_at == pytest.approx(100.4)
