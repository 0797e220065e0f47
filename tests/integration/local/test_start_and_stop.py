"""`portefeuille up` from the first line it prints to the last process it stops."""

import re
import signal
import socket
import stat
import time
from pathlib import Path
from unittest.mock import ANY

import httpx
import nats
import psutil
import pytest

from services.local.folder import DataFolder
from tests.integration.local.installation import Installation, wait_for


def test_one_line_says_where_everything_is(running: Installation) -> None:
    url = running.record()["url"]
    assert running.said == (
        f"Portefeuille is ready: {url} (admin token: {running.folder}/admin.token; "
        f"logs: {running.folder}/logs; stop with Ctrl-C)\n"
    )
    assert httpx.get(f"{url}/health/ready").status_code == 200
    assert (running.folder / "admin.token").read_text() == "the token"


def test_port_0_picks_a_free_port_and_another_number_is_taken_as_it_is(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        wanted = taken.getsockname()[1]

    said = installation.start(port=wanted)
    assert f"http://127.0.0.1:{wanted} " in said

    installation.stop()
    said = installation.start(port=0)
    picked = re.search(r"http://127.0.0.1:(\d+) ", said)
    assert picked is not None
    assert 1024 < int(picked[1]) < 65536


async def test_both_servers_are_real_and_durable(running: Installation) -> None:
    assert await running.query("SELECT current_setting('server_version_num')::int / 10000") == 18
    assert await running.query("SELECT current_setting('fsync') || current_setting('synchronous_commit')") == "onon"
    assert await running.query("SELECT current_setting('listen_addresses')") == ""
    broker = await nats.connect(running.record()["nats_url"])
    stream = await broker.jetstream().add_stream(name="EVT", subjects=["evt.>"])
    await broker.close()
    assert stream.config.storage == "file"
    assert '"sync_interval": "always"' in (running.folder / "nats" / "nats.conf").read_text()


def test_every_child_gets_its_settings(running: Installation) -> None:
    run = running.record()

    told = running.settings_of("segmenter")
    assert told == {
        "PORTEFEUILLE_DATABASE_URL": run["database_url"],
        "PORTEFEUILLE_NATS_URL": run["nats_url"],
        "PORTEFEUILLE_API_HOST": "127.0.0.1",
        "PORTEFEUILLE_API_PORT": str(run["api_port"]),
        "PORTEFEUILLE_PUBLIC_URL": run["url"],
        "PORTEFEUILLE_HEALTH_PORT": str(run["health_ports"]["segmenter"]),
        "PORTEFEUILLE_IMPORT_DIR": f"{running.folder}/imports",
        "PORTEFEUILLE_SECRET_KEY": ANY,
    }
    assert len(told["PORTEFEUILLE_SECRET_KEY"]) == 64
    assert len(set(run["health_ports"].values())) == 4


def test_the_secret_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.create()

    first = folder.secret_key()

    assert DataFolder(tmp_path / "data").secret_key() == first
    assert stat.S_IMODE((folder.path / "secret.key").stat().st_mode) == 0o600


def test_the_stop_goes_from_the_api_down_to_postgresql(installation: Installation) -> None:
    installation.start()

    assert installation.stop() == 0

    assert installation.stops()[0] == "api servers up"
    assert sorted(installation.stops()[1:]) == ["scheduler servers up", "segmenter servers up"]
    assert "database system is shut down" in installation.log("postgres")
    assert "Server Exiting.." in installation.log("nats")
    assert installation.survivors() == set()
    assert not (installation.folder / "run.json").exists()


@pytest.mark.parametrize("with_signal", [signal.SIGINT, signal.SIGHUP])
def test_a_second_stop_signal_does_not_make_the_stop_less_orderly(
    installation: Installation, with_signal: signal.Signals
) -> None:
    installation.start()

    assert installation.stop(with_signal, times=5) == 0

    assert len(installation.stops()) == 3
    assert "database system is shut down" in installation.log("postgres")
    assert installation.survivors() == set()


def test_a_stop_in_the_middle_of_the_start_is_as_orderly(installation: Installation) -> None:
    installation.supervisor = installation.launch(product="endless")
    wait_for(lambda: installation.settings_of("prepare"), "the preparation to be at work")

    assert installation.stop() == 0

    assert installation.stops() == ["prepare servers up"]
    assert "database system is shut down" in installation.log("postgres")
    assert installation.survivors() == set()


def test_who_does_not_stop_in_its_grace_is_killed_and_the_others_still_stop_in_order(
    installation: Installation,
) -> None:
    installation.start(product="stubborn")

    assert installation.stop() == 0

    assert "segmenter does not stop; killing it." in installation.log("supervisor")
    assert installation.stops() == ["api servers up"]
    assert "database system is shut down" in installation.log("postgres")
    assert installation.survivors() == set()


def test_a_server_named_in_the_settings_is_used_instead_of_an_own_one(installation: Installation) -> None:
    installation.settings["PORTEFEUILLE_NATS_URL"] = "nats://127.0.0.1:1"
    installation.start()

    assert sorted(installation.record()["processes"]) == ["api", "postgres", "scheduler", "segmenter"]
    assert installation.record()["nats_url"] == "nats://127.0.0.1:1"
    assert installation.settings_of("segmenter")["PORTEFEUILLE_NATS_URL"] == "nats://127.0.0.1:1"


def test_a_dotenv_file_counts_where_the_environment_says_nothing(installation: Installation) -> None:
    (installation.notes / ".env").write_text(
        "PORTEFEUILLE_PUBLIC_URL=https://crm.example\n"
        "PORTEFEUILLE_LOG_LEVEL=DEBUG\n"
        "PORTEFEUILLE_NATS_URL=\n"
        "PORTEFEUILLE_SECRET_KEY=change-me\n"
        "SOMETHING_ELSE=1\n"
    )
    installation.settings["PORTEFEUILLE_LOG_LEVEL"] = "WARNING"
    installation.start()

    told = installation.settings_of("segmenter")
    assert told["PORTEFEUILLE_PUBLIC_URL"] == "https://crm.example"
    assert told["PORTEFEUILLE_LOG_LEVEL"] == "WARNING"
    assert told["PORTEFEUILLE_NATS_URL"] == installation.record()["nats_url"]
    assert told["PORTEFEUILLE_SECRET_KEY"] == (installation.folder / "secret.key").read_text().strip()
    assert "nats" in installation.record()["processes"]


def test_the_supervisor_is_small_and_sleeps(running: Installation) -> None:
    assert running.supervisor is not None
    supervisor = psutil.Process(running.supervisor.pid)

    before = supervisor.num_ctx_switches().voluntary
    time.sleep(1)

    assert supervisor.num_ctx_switches().voluntary - before <= 1
    assert supervisor.memory_info().rss < 25 * 1024 * 1024
