"""When a story takes place: everything is told as so many days before today."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Scene:
    """`today`, in the time zone and the currency of the workspace. The same seed gives the same story."""

    today: date
    zone: ZoneInfo
    currency: str
    seed: int

    def chance(self, topic: str) -> Random:
        """Randomness of its own for each topic: a change in one leaves the others as they were."""
        return Random(f"{self.seed}/{topic}")

    def day(self, age: int) -> date:
        return self.today - timedelta(days=age)

    def moment(self, age: int, chance: Random) -> datetime:
        """Some minute of the business hours of that day."""
        return datetime.combine(self.day(age), time(chance.randint(9, 17), chance.randint(0, 59)), self.zone)
