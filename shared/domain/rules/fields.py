"""The fields a rule may name, and the catalogue that knows them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shared.domain.rules.operators import EMPTINESS, OPERATORS_OF, FieldType

CUSTOM_PREFIX = "custom_fields."
SCORE_PREFIX = "scores."
SEGMENTS_FIELD = "segments"
# Where a record holds the value a score had before its last recorded change: `previous.scores.abc_revenue`.
PREVIOUS_PREFIX = "previous."


@dataclass(frozen=True, slots=True)
class Field:
    """One field. Without `operators` it has those of its type; one that is never empty offers no `null`, `notNull`.

    `values` are the codes of an enum, or the elements a list may have; empty means any text. `unit` is `days`,
    `percent`, `points`, `currency` (the workspace's) or nothing. `description` is the rule number of a score.
    """

    name: str
    label_fr: str
    label_en: str
    type: FieldType
    operators: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    nullable: bool = True
    group: str = "customer"
    unit: str | None = None
    description: str = ""

    def __post_init__(self) -> None:
        if not self.operators:
            usual = OPERATORS_OF[self.type]
            kept = tuple(operator for operator in usual if self.nullable or operator not in EMPTINESS)
            object.__setattr__(self, "operators", kept)


class FieldCatalogue:
    """The fields of one workspace, in the order a builder shows them. Later fields replace earlier of the same name.

    `segments` are the ids that memberOf may name; None accepts any id. With `open_custom_fields` a custom field
    that nobody declared is accepted too, typed by the rule that uses it (see `custom_fields`).
    """

    def __init__(
        self,
        fields: Iterable[Field],
        *,
        segments: Iterable[str] | None = None,
        open_custom_fields: bool = True,
    ) -> None:
        self._fields = {field.name: field for field in fields}
        self.segments = None if segments is None else frozenset(segments)
        self.open_custom_fields = open_custom_fields

    def __iter__(self) -> Iterator[Field]:
        return iter(self._fields.values())

    def __len__(self) -> int:
        return len(self._fields)

    def get(self, name: str) -> Field | None:
        """The declared field of that name, or None."""
        return self._fields.get(name)
