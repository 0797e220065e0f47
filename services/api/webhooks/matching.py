"""Whose event is it? By the message it names and by the address it carries; never by a guess.

Several customers may have got one message (one Message-ID, two recipients) and several may share one telephone number.
The message and the address then have to agree on exactly one of them; otherwise the event stays unmatched.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, and_, func, literal, null, or_, select, union, union_all

from services.api.webhooks.vocabulary import ProviderEvent
from services.api.work import Work
from shared.models import Contact, Customer, Interaction, Message

SENT_KINDS = ("email_sent", "sms")


@dataclass(frozen=True, slots=True)
class Match:
    """`message_ref` is written as the message has it that it was matched by (E1 joins on it); `message_id` if ours."""

    customer_id: UUID | None
    message_ref: str | None
    message_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Sent:
    customer_id: UUID
    message_ref: str | None
    message_id: UUID | None


async def match(work: Work, event: ProviderEvent) -> Match:
    sent = await _sent_messages(work, event.references) if event.references else []
    owners = await _owners(work, event) if event.address else set()
    customer_id = _agreed({one.customer_id for one in sent}, owners)
    best = next((one for one in sent if one.customer_id == customer_id), None)
    if best is None:
        return Match(customer_id, _own_reference(event))
    return Match(customer_id, best.message_ref or _own_reference(event), best.message_id)


def _agreed(recipients: set[UUID], owners: set[UUID]) -> UUID | None:
    """Both agree on one; or only the address is known, and is one's own; or an alias answers one's message."""
    for candidates in (recipients & owners, owners, recipients if not owners else set()):
        if len(candidates) == 1:
            return next(iter(candidates))
        if candidates:
            return None
    return None


def _own_reference(event: ProviderEvent) -> str | None:
    """The Message-ID that the provider names; other ids only if there is none."""
    return next((one for one in event.references if "@" in one), next(iter(event.references), None))


async def _sent_messages(work: Work, references: Sequence[str]) -> list[_Sent]:
    """Our messages first, then what was recorded of other tools' mails, calls and texts."""
    written = [*references, *(f"<{one}>" for one in references)]
    ours = select(
        literal(0).label("rank"), Message.customer_id, Message.message_ref.label("ref"), Message.id.label("message")
    ).where(
        Message.workspace_id == work.workspace_id,
        or_(Message.message_ref.in_(references), Message.id.in_(_ids(references))),
    )
    recorded = select(literal(1), Interaction.customer_id, Interaction.message_id, null()).where(
        Interaction.workspace_id == work.workspace_id,
        or_(
            and_(Interaction.message_id.in_(written), Interaction.kind.in_(SENT_KINDS)),
            Interaction.external_id.in_(references),
        ),
    )
    found = union_all(ours, recorded).subquery()
    statement = select(found).where(found.c.customer_id.in_(_living(work))).order_by(found.c.rank)
    rows = (await work.session.execute(statement)).all()
    return [_Sent(row.customer_id, row.ref, row.message) for row in rows]


async def _owners(work: Work, event: ProviderEvent) -> set[UUID]:
    """The living customers who have the address, themselves or through a contact."""
    by_mail = event.channel == "email"
    given = (event.address or "").lower()
    own = func.lower(Customer.email) == given if by_mail else Customer.phone == given
    of_contact = func.lower(Contact.email) == given if by_mail else Contact.phone == given
    direct = _living(work).where(own)
    through = select(Contact.customer_id).where(
        Contact.workspace_id == work.workspace_id, of_contact, Contact.customer_id.in_(_living(work))
    )
    return set((await work.session.scalars(union(direct, through))).all())


def _living(work: Work) -> Select[UUID]:
    return select(Customer.id).where(Customer.workspace_id == work.workspace_id, Customer.deleted_at.is_(None))


def _ids(references: Sequence[str]) -> list[UUID]:
    found = []
    for one in references:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found
