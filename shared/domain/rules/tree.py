"""The typed rule tree. Immutable, comparable, and free of anything a user interface adds (ids, paths, colours)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from shared.domain.durations import Duration

Combinator = Literal["and", "or", "xor"]
ValueSource = Literal["value", "field"]

# A datetime is a date to Python: instants are meant too, always with a zone.
Scalar = str | bool | Decimal | date | Duration
RuleValue = Scalar | tuple[Scalar, ...] | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One comparison. With `value_source` "field", `value` is the name of the field to compare with."""

    field: str
    operator: str
    value: RuleValue = None
    value_source: ValueSource = "value"


@dataclass(frozen=True, slots=True)
class Group:
    """Rules and groups joined by one combinator. Without any, it matches everybody."""

    combinator: Combinator
    rules: "tuple[Rule | Group, ...]" = ()
    negated: bool = False


def walk(group: Group) -> Iterator[Rule]:
    """Every rule of the tree, from left to right."""
    for node in group.rules:
        if isinstance(node, Group):
            yield from walk(node)
        else:
            yield node
