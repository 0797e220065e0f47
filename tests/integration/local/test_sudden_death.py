"""kill -9, at the worst moment, of anything: nothing is left running, nothing is lost, the next start works."""

import os
import signal
import subprocess

import psutil

from tests.integration.local.installation import Installation, is_alive, wait_for


async def test_nothing_outlives_a_killed_supervisor_and_the_next_start_finds_all_data(
    installation: Installation,
) -> None:
    installation.start()
    await installation.remember("before the kill")

    installation.lose_supervisor()

    wait_for(lambda: not installation.survivors(), "every child to end")
    assert "database system is shut down" in installation.log("postgres")
    installation.start()
    assert await installation.remembered() == "before the kill"


async def test_a_start_right_after_the_kill_waits_for_the_last_of_the_former_processes(
    installation: Installation,
) -> None:
    installation.start()
    port = installation.record()["api_port"]
    former = psutil.Process(installation.pid("scheduler"))
    former.suspend()
    installation.lose_supervisor()

    installation.supervisor = installation.launch(port)
    wait_for(lambda: installation.survivors() == {former.pid}, "all but the suspended one to end")
    assert installation.supervisor.poll() is None
    former.resume()

    assert installation.supervisor.stdout is not None
    assert f"http://127.0.0.1:{port} " in installation.supervisor.stdout.readline()


async def test_the_start_after_a_kill_of_everything_finds_all_data(installation: Installation) -> None:
    installation.start()
    await installation.remember("before everything died")
    postgres = psutil.Process(installation.pid("postgres"))
    everything = [postgres.pid, *(backend.pid for backend in postgres.children()), installation.pid("nats")]

    for pid in everything:
        os.kill(pid, signal.SIGSTOP)
    installation.lose_supervisor()
    for pid in everything:
        os.kill(pid, signal.SIGKILL)

    installation.start()
    assert await installation.remembered() == "before everything died"
    assert "automatic recovery in progress" in installation.log("postgres")


def test_a_stranger_whose_number_stands_in_an_old_pid_file_is_left_alone(installation: Installation) -> None:
    installation.start()
    installation.stop()
    cluster = installation.folder / "postgres" / "cluster"
    # Of PostgreSQL's own user: about others PostgreSQL would know by itself that they are not its server.
    stranger = subprocess.Popen(("sleep", "600"), user=cluster.stat().st_uid)
    try:
        (cluster / "postmaster.pid").write_text(f"{stranger.pid}\n{cluster}\n1700000000\n5432\n/nowhere\n\n  42  42\n")

        installation.start()

        assert installation.stop() == 0
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


async def test_a_pid_file_cut_short_by_a_crash_does_not_prevent_the_start(installation: Installation) -> None:
    installation.start()
    installation.stop()
    (installation.folder / "postgres" / "cluster" / "postmaster.pid").write_text("")

    installation.start()

    assert await installation.query("SELECT 1") == 1


async def test_a_kill_during_the_first_start_leaves_nothing_that_spoils_the_next(
    new_installation: Installation,
) -> None:
    draft = new_installation.folder / "postgres" / "cluster.new"
    new_installation.supervisor = new_installation.launch()
    wait_for((draft / "PG_VERSION").exists, "initdb to be at work")

    new_installation.lose_supervisor()

    new_installation.start()
    assert await new_installation.query("SELECT current_database()") == "portefeuille"
    assert not draft.exists()


def test_a_suspended_supervisor_does_not_hold_its_children_up(installation: Installation) -> None:
    installation.start()
    assert installation.supervisor is not None

    installation.supervisor.send_signal(signal.SIGSTOP)
    scheduler = installation.pid("scheduler")
    os.kill(scheduler, signal.SIGTERM)
    wait_for(lambda: not is_alive(scheduler), "the scheduler to stop although nobody listens")

    installation.supervisor.send_signal(signal.SIGCONT)
    wait_for(lambda: installation.record()["processes"].get("scheduler", scheduler) != scheduler, "another scheduler")
