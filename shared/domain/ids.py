"""Identifiers that sort by creation time: UUID version 7 (RFC 9562, section 5.7)."""

import os
import random
import threading
import time
from uuid import UUID

_TAIL_BITS = 74  # rand_a and rand_b of the RFC, used as one number.
_STEP_BITS = 32


class _TailSequence:
    """Random at first, then the previous tail plus a random step (method 2 of RFC 9562, section 6.2).

    The generator is seeded by the system once: identifiers must differ, they need not be secret, and asking the
    system for every one of them costs fifteen times as much.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(os.urandom(32))  # noqa: S311
        os.register_at_fork(after_in_child=self._seed)
        self._milliseconds = -1
        self._tail = 0

    def next(self, milliseconds: int) -> int:
        with self._lock:
            if milliseconds == self._milliseconds:
                self._tail += 1 + self._random.getrandbits(_STEP_BITS)
            else:
                # The top bit starts at zero: 2**41 steps fit before the tail could overflow.
                self._milliseconds, self._tail = milliseconds, self._random.getrandbits(_TAIL_BITS - 1)
            return self._tail

    def _seed(self) -> None:
        """A forked process must not go on with its parent's numbers."""
        self._random.seed(os.urandom(32))


_tails = _TailSequence()


def uuid7(now_ms: int | None = None) -> UUID:
    """A new identifier for the Unix time `now_ms` in milliseconds (default: the system clock).

    Identifiers made by one process for the same millisecond, one after the other, increase strictly; those of a
    later millisecond are greater. Between processes only the millisecond orders. Safe to call from several threads.
    """
    milliseconds = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    if not 0 <= milliseconds < 1 << 48:
        raise ValueError("the time of a UUID version 7 must fit in 48 bits of milliseconds")
    tail = _tails.next(milliseconds)
    value = milliseconds << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0b10 << 62 | tail & (1 << 62) - 1
    return UUID(int=value)
