"""Definitions of automation as callers give them: read by the domain, and what they refer to looked up.

A definition is stored as it was sent, so that the scheduler reads exactly what was checked here.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import select

from services.api.rules_given import refuse_too_deep
from services.api.work import Work
from shared.domain.automation.documents import InvalidDefinition
from shared.domain.automation.steps import OWNER, TEAM
from shared.errors import Fault, InvalidInput
from shared.models import Segment, Template, UserAccount
from shared.rendering import TemplateFault, unknown_variables

T = TypeVar("T")
TEXTS: Final = ("title", "message")
PEOPLE: Final = ("assignee", "to")
NESTED: Final = ("then", "else", "variants")

Located = tuple[str, Mapping[str, Any]]


def read_definition(parse: Callable[[object], T], document: Mapping[str, Any]) -> T:
    """What the domain makes of it. Raises InvalidInput with every fault and its place."""
    for name, member in document.items():
        refuse_too_deep(member, f"#/{name}")
    try:
        return parse(dict(document))
    except InvalidDefinition as error:
        raise InvalidInput(*(Fault(fault.pointer, fault.code, fault.detail) for fault in error.faults)) from error


async def check_references(work: Work, document: Mapping[str, Any], name: str) -> None:
    """Raises InvalidInput for templates and users that do not exist, and for placeholders that nobody could fill.

    `name` is the list of the document's steps or actions; the document was read already, so it has the right shape.
    """
    parts = list(_parts(document.get(name) or [], f"#/{name}"))
    faults = [fault for pointer, part in parts for fault in _text_faults(pointer, part)]
    faults += await _missing_templates(work, parts)
    faults += await _missing_users(work, parts)
    if faults:
        raise InvalidInput(*faults)


async def check_segment(work: Work, segment_id: UUID | str | None, pointer: str) -> None:
    """Raises InvalidInput unless the segment lives; None refers to nothing."""
    if segment_id is None:
        return
    statement = select(Segment.id).where(
        Segment.workspace_id == work.workspace_id, Segment.id == segment_id, Segment.deleted_at.is_(None)
    )
    if await work.session.scalar(statement) is None:
        raise InvalidInput.at(pointer, "unknown_segment", "No such segment in this workspace.")


def _parts(items: list[Any], pointer: str) -> Iterator[Located]:
    """Every step or action, those inside branches and the variants of e-mails included."""
    for index, item in enumerate(items):
        yield f"{pointer}/{index}", item
        for name in NESTED:
            yield from _parts(item.get(name) or [], f"{pointer}/{index}/{name}")


def _text_faults(pointer: str, part: Mapping[str, Any]) -> Iterator[Fault]:
    for name in TEXTS:
        if not isinstance(source := part.get(name), str):
            continue
        try:
            unknown = unknown_variables(source)
        except TemplateFault as fault:
            yield Fault(f"{pointer}/{name}", "bad_template", str(fault))
            continue
        for variable in unknown:
            yield Fault(f"{pointer}/{name}", "unknown_variable", f"There is no {variable[:100]}.")


async def _missing_templates(work: Work, parts: list[Located]) -> list[Fault]:
    named = {f"{pointer}/template_id": UUID(part["template_id"]) for pointer, part in parts if part.get("template_id")}
    statement = select(Template.id).where(
        Template.workspace_id == work.workspace_id,
        Template.id.in_(named.values()),
        Template.deleted_at.is_(None),
        Template.channel == "email",
    )
    known = set(await work.session.scalars(statement)) if named else set()
    detail = "No such e-mail template in this workspace."
    return [Fault(pointer, "unknown_template", detail) for pointer, found in named.items() if found not in known]


async def _missing_users(work: Work, parts: list[Located]) -> list[Fault]:
    named = {
        f"{pointer}/{name}": UUID(part[name])
        for pointer, part in parts
        for name in PEOPLE
        if part.get(name) not in {None, OWNER, TEAM}
    }
    statement = select(UserAccount.id).where(
        UserAccount.workspace_id == work.workspace_id, UserAccount.id.in_(named.values()), UserAccount.active
    )
    known = set(await work.session.scalars(statement)) if named else set()
    detail = "No such active user in this workspace."
    return [Fault(pointer, "unknown_owner", detail) for pointer, found in named.items() if found not in known]
