"""One process that is started again, later and later, whenever it ends."""

import math
from collections.abc import Callable

from services.local.logs import last_lines
from services.local.process import Child, Command, describe_exit

FIRST_DELAY = 0.1
LONGEST_DELAY = 10.0
RAN_WELL = 30.0  # Seconds of running after which the next end counts as the first.

_LONGEST_QUOTE = 300

Recipe = Callable[[], Command]


class Watched:
    """`recipe` is asked before every start, so that it can clear what a killed process left. Times are monotonic."""

    def __init__(self, name: str, recipe: Recipe) -> None:
        self.name = name
        self.ends = 0
        self.child: Child | None = None
        self.restart_at = math.inf
        self._recipe = recipe
        self._delay = FIRST_DELAY
        self._started_at = 0.0
        self._last_child: Child | None = None

    def start(self, now: float) -> None:
        self._started_at = now
        self.child = Child(self._recipe())
        self._last_child = self.child
        self.restart_at = math.inf

    def tend(self, now: float) -> str | None:
        """Notice that it ended, or start it again when its time has come. Returns what went wrong, for people."""
        if self.child is None:
            return self._restart(now) if now >= self.restart_at else None
        status = self.child.exit_status()
        if status is None:
            return None
        if now - self._started_at >= RAN_WELL:
            self._delay = FIRST_DELAY
        self.child = None
        told = self._postpone(now, f"ended ({describe_exit(status)})")
        words = self.last_words(lines=1).strip() if status > 0 else ""
        return f"{told} It said: {words[:_LONGEST_QUOTE]}" if words else told

    def last_words(self, lines: int = 15) -> str:
        """What its log says last, from the latest start on."""
        if self._last_child is None:
            return ""
        return last_lines(self._last_child.command.log, self._last_child.log_start, lines)

    def _restart(self, now: float) -> str | None:
        try:
            self.start(now)
        except OSError as error:
            return self._postpone(now, f"cannot be started ({error})")
        return None

    def _postpone(self, now: float, reason: str) -> str:
        delay = self._delay
        self.ends += 1
        self.restart_at = now + delay
        self._delay = min(2 * delay, LONGEST_DELAY)
        return f"{self.name} {reason}; starting it again in {delay:g} s."
