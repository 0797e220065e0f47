"""The catalogue of a workspace: the product's fields and its own."""

from collections.abc import Iterable

from shared.domain.rules.customer_fields import CUSTOMER_FIELDS
from shared.domain.rules.fields import Field, FieldCatalogue
from shared.domain.rules.score_fields import SCORE_FIELDS


def standard_catalogue(
    *, custom_fields: Iterable[Field] = (), segments: Iterable[str] | None = None, open_custom_fields: bool = True
) -> FieldCatalogue:
    """Customer fields, scores, and the custom fields given, which carry their full name `custom_fields.x`."""
    return FieldCatalogue(
        (*CUSTOMER_FIELDS, *SCORE_FIELDS, *custom_fields), segments=segments, open_custom_fields=open_custom_fields
    )
