"""Ours against the floor: interleaved rounds, medians, one number."""

import statistics
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Round = Callable[[int], Awaitable[float]]


@dataclass(frozen=True)
class Ratio:
    """`ours` and `floor` per second, as medians of the rounds."""

    name: str
    ours: float
    floor: float
    wanted: float

    def __str__(self) -> str:
        verdict = "" if self.ratio >= self.wanted else f"  (short by {self.wanted - self.ratio:.2f})"
        return (
            f"{self.name:<46} {self.ours:>9,.0f}/s of {self.floor:>9,.0f}/s = {self.ratio:.2f}"
            f"  wanted {self.wanted:.2f}{verdict}"
        )

    @property
    def ratio(self) -> float:
        return self.ours / self.floor


async def compare(name: str, ours: Round, floor: Round, *, wanted: float, rounds: int = 5) -> Ratio:
    """Ours and the floor by turns, after one unmeasured round each, so that both see the same machine."""
    await ours(0), await floor(0)
    measured = [(await ours(number), await floor(number)) for number in range(1, rounds + 1)]
    return Ratio(name, statistics.median(m[0] for m in measured), statistics.median(m[1] for m in measured), wanted)
