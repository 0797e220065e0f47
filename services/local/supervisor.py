"""Keeps processes running: starts them in stages, starts again what ends, stops everything in reverse order.

One thread, no event loop: it sleeps in the kernel until a child ends, a signal comes or something is due.
"""

import math
import time
from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path

from services.local.errors import StartError, with_remedy
from services.local.journal import Journal
from services.local.logs import last_lines, rotate
from services.local.process import Child, Command, describe_exit
from services.local.signals import Signals, StopRequested
from services.local.watched import Recipe, Watched

_ASK_EVERY = 0.05
_REASSURE_EVERY = 10.0
_LOOK_AT_LOGS_EVERY = 5.0
_ENDS_BEFORE_GIVING_UP = 3


class Supervisor:
    """`changed` is told the process numbers by name whenever they change."""

    def __init__(self, signals: Signals, journal: Journal, changed: Callable[[Mapping[str, int]], None]) -> None:
        self._signals = signals
        self._journal = journal
        self._changed = changed
        self._stages: list[list[Watched]] = []
        self._reported: Mapping[str, int] = {}

    def start(self, recipes: Mapping[str, Recipe]) -> None:
        """Start these together, as the next stage, and keep them running."""
        stage: list[Watched] = []
        self._stages.append(stage)
        for name, recipe in recipes.items():
            watched = Watched(name, recipe)
            watched.start(time.monotonic())
            stage.append(watched)
        self._report()

    def run(self, command: Command) -> None:
        """Run this to its end. Raises StartError with its last words if it failed."""
        child = Child(command)
        try:
            while (status := child.exit_status()) is None:
                self._pass_time(_REASSURE_EVERY)
        except StopRequested:
            child.stop()
            raise
        if status != 0:
            words = last_lines(command.log, child.log_start)
            raise StartError(f"{command.name} failed ({describe_exit(status)}):\n{with_remedy(words)}")

    def wait_until(self, ready: Callable[[], bool], name: str, patience: float = math.inf) -> None:
        """Wait until `ready`. Gives up when the process `name` has ended several times, or after `patience` seconds."""
        watched = next(one for one in self._all() if one.name == name)
        began = told = time.monotonic()
        while not ready():
            self._pass_time(_ASK_EVERY)
            now = time.monotonic()
            if watched.ends >= _ENDS_BEFORE_GIVING_UP:
                raise StartError(
                    f"{name} ended {watched.ends} times instead of getting ready:\n{with_remedy(watched.last_words())}"
                )
            if now - began > patience:
                raise StartError(f"{name} is not ready after {patience:.0f} s:\n{watched.last_words()}")
            if now - told > _REASSURE_EVERY:
                told = now
                self._journal.announce(f"Still waiting for {name} ({now - began:.0f} s) …")

    def serve(self, logs: Path) -> None:
        """Look after everybody, and after the size of their logs, until StopRequested is raised."""
        while True:
            due = time.monotonic() + _LOOK_AT_LOGS_EVERY
            while (left := due - time.monotonic()) > 0:
                self._pass_time(left)
            self._rotate(logs)

    def stop(self) -> None:
        """Stop the stages from the last to the first; whoever outstays its grace is killed."""
        for stage in reversed(self._stages):
            self._stop_together([one.child for one in stage if one.child is not None])
        self._stages.clear()

    def _stop_together(self, leaving: list[Child]) -> None:
        asked_at = time.monotonic()
        for child in leaving:
            child.ask_to_stop()
        while leaving := [child for child in leaving if child.exit_status() is None]:
            for child in leaving:
                if time.monotonic() - asked_at > child.command.grace:
                    self._journal.warn(f"{child.command.name} does not stop; killing it.")
                    child.kill()
            self._signals.wait_undisturbed(_ASK_EVERY)

    def _pass_time(self, seconds: float) -> None:
        """Look after everybody, then sleep until something happens, at most `seconds`."""
        now = time.monotonic()
        for one in self._all():
            if trouble := one.tend(now):
                self._journal.warn(trouble)
        self._report()
        next_restart = min((one.restart_at for one in self._all()), default=math.inf)
        self._signals.wait(min(seconds, next_restart - time.monotonic()))

    def _rotate(self, logs: Path) -> None:
        try:
            for log in sorted(logs.glob("*.log")):
                rotate(log)
        except OSError as error:
            self._journal.warn(f"A log cannot be rotated: {error}")

    def _report(self) -> None:
        running = {one.name: one.child.pid for one in self._all() if one.child is not None}
        if running != self._reported:
            self._reported = running
            self._changed(running)

    def _all(self) -> chain[Watched]:
        return chain.from_iterable(self._stages)
