"""Rules as callers give them: read with faults that point into the request, and kept in one form."""

import re
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import select

from services.api.work import Work
from shared.domain.rules.catalogue import standard_catalogue
from shared.domain.rules.faults import RuleError
from shared.domain.rules.fields import FieldCatalogue
from shared.domain.rules.operators import ARITY
from shared.domain.rules.parse import parse_rule
from shared.domain.rules.tree import Group
from shared.errors import Fault, InvalidInput
from shared.models import Segment

DEEPEST_JSON: Final = 60
"""Nesting of the whole document, the parts that are disabled included: nobody reads those, but they are stored."""
_LISTS: Final = frozenset({"many", "two", "segments"})
_COMMA: Final = re.compile(r"(?<!\\),")


async def fields_known(work: Work) -> FieldCatalogue:
    """The fields that a rule of this workspace may name, and the segments that it may refer to."""
    living = select(Segment.id).where(Segment.workspace_id == work.workspace_id, Segment.deleted_at.is_(None))
    return standard_catalogue(segments=[str(found) for found in await work.session.scalars(living)])


def read_rule(json: Any, fields: FieldCatalogue, pointer: str = "#/rule") -> Group:
    """The tree of a rule. Raises InvalidInput with every fault, each with its place in the request."""
    refuse_too_deep(json, pointer)
    try:
        return parse_rule(json, fields)
    except RuleError as error:
        faults = (Fault(pointer + fault.pointer[1:], fault.code, fault.detail) for fault in error.faults)
        raise InvalidInput(*faults) from error


def normal_form(json: Any) -> Any:
    """The same rule with lists as arrays, whatever way the builder wrote them. What is disabled stays as it is."""
    if not isinstance(json, dict) or json.get("disabled") is True or json.get("muted") is True:
        return json
    if isinstance(json.get("rules"), list):
        return {**json, "rules": [normal_form(member) for member in json["rules"]]}
    value = json.get("value")
    is_list = ARITY.get(str(json.get("operator"))) in _LISTS and json.get("valueSource") != "field"
    if is_list and isinstance(value, str):
        return {**json, "value": [part for text in _COMMA.split(value) if (part := text.replace("\\,", ",").strip())]}
    return json


def refuse_too_deep(json: Any, pointer: str) -> None:
    """Raises InvalidInput for a document that nothing could walk through. Level by level, without recursion."""
    level = [json]
    for _ in range(DEEPEST_JSON):
        level = [inner for node in level for inner in _inside(node)]
        if not level:
            return
    raise InvalidInput.at(pointer, "too_deep", f"JSON is nested at most {DEEPEST_JSON} deep here.")


def _inside(node: Any) -> Iterator[Any]:
    if isinstance(node, dict):
        yield from node.values()
    elif isinstance(node, list):
        yield from node
