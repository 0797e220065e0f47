"""Kinds of private customers, each with the buying habits that put it into its class (definitions §5 and §7)."""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Archetype:
    """Ranges are inclusive; ages are days before today. All purchases lie within `span` days of the last one."""

    name: str
    people: int
    purchases: tuple[int, int]
    last_age: tuple[int, int]
    span: tuple[int, int]
    items: tuple[int, int]

    def purchase_ages(self, chance: Random) -> tuple[int, ...]:
        """Days before today of each purchase, oldest first; two purchases may share a day."""
        count = chance.randint(*self.purchases)
        if count == 0:
            return ()
        last, span = chance.randint(*self.last_age), chance.randint(*self.span)
        earlier = (last + chance.randint(1, span) for _ in range(count - 1))
        return tuple(sorted((last, *earlier), reverse=True))


ARCHETYPES = (
    #          name           people  purchases  last age     span        items a purchase
    Archetype("champion", 45, (10, 18), (1, 6), (300, 355), (3, 8)),
    Archetype("loyal", 55, (5, 9), (8, 60), (240, 300), (2, 5)),
    Archetype("new", 40, (1, 2), (1, 12), (1, 15), (1, 3)),
    Archetype("occasional", 60, (2, 4), (25, 110), (120, 240), (1, 4)),
    Archetype("vanished_champion", 8, (36, 42), (120, 150), (190, 205), (3, 8)),
    Archetype("at_risk", 36, (6, 10), (120, 170), (120, 180), (2, 6)),
    Archetype("hibernating", 46, (1, 2), (130, 178), (60, 150), (1, 2)),
    Archetype("dormant", 40, (1, 6), (190, 600), (60, 400), (1, 4)),
    Archetype("lost", 25, (1, 8), (760, 1100), (100, 400), (1, 4)),
    Archetype("hot_prospect", 12, (0, 0), (0, 0), (0, 0), (0, 0)),
    Archetype("warm_prospect", 18, (0, 0), (0, 0), (0, 0), (0, 0)),
    Archetype("cold_prospect", 15, (0, 0), (0, 0), (0, 0), (0, 0)),
)
