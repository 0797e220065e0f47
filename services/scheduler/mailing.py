"""From a template to a message that waits to be sent: rendered once, frozen, with all its headers."""

from datetime import datetime
from html import escape
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.channels.port import Mail, UnfitHeader, as_email
from services.scheduler.desk import Desk
from services.scheduler.occasions import Occasion
from services.scheduler.people import Person
from shared.domain.ids import uuid7
from shared.models import Message, Template
from shared.rendering import TemplateFault, render_html, render_text
from shared.telemetry import current_correlation
from shared.texts import text
from shared.unsubscribe import Unsubscription

CHANNEL: Final = "email"


class CannotCompose(ValueError):
    """This template and this customer give no message that could be sent; trying again would not help."""


async def find_template(session: AsyncSession, workspace_id: UUID, template_id: UUID) -> Template:
    """Raises CannotCompose if it is gone."""
    alive = (Template.workspace_id == workspace_id, Template.id == template_id, Template.deleted_at.is_(None))
    found = await session.scalar(select(Template).where(*alive))
    if found is None:
        raise CannotCompose(f"the template {template_id} does not exist any more")
    return found


async def queue_mail(
    desk: Desk, occasion: Occasion, person: Person, template: Template, *, not_before: datetime
) -> UUID | None:
    """Freeze the message and put it in the queue. None if this occasion has its message already.

    Raises CannotCompose.
    """
    message_id = uuid7()
    mail = _compose(desk, occasion, person, template, message_id)
    row = _row(desk, occasion, mail, message_id) | {
        "customer_id": person.customer.id,
        "template_id": template.id,
        "next_try_at": not_before,
    }
    return await _insert(desk.session, row)


async def queue_notice(desk: Desk, occasion: Occasion, address: str, title: str, body: str) -> UUID | None:
    """A mail to a user of ours: no customer, no unsubscribing. None if it is there already."""
    message_id = uuid7()
    footer = text("mail.notification.footer", occasion.company.language, company=occasion.company.name)
    mail = Mail(
        message_ref=desk.letterhead.new_reference(message_id),
        sender=desk.letterhead.sender,
        recipient=address,
        subject=" ".join(title.split()),
        body_text=f"{body}\n\n-- \n{footer}\n",
        headers={"Auto-Submitted": "auto-generated", "X-Portefeuille-Message": str(message_id)},
    )
    return await _insert(desk.session, _row(desk, occasion, mail, message_id))


async def _insert(session: AsyncSession, row: dict[str, Any]) -> UUID | None:
    statement = insert(Message).values(row).on_conflict_do_nothing().returning(Message.id)
    found: UUID | None = await session.scalar(statement)
    return found


def _row(desk: Desk, occasion: Occasion, mail: Mail, message_id: UUID) -> dict[str, Any]:
    return {
        "workspace_id": occasion.company.id,
        "id": message_id,
        "channel": CHANNEL,
        "occurrence_key": occasion.key,
        "enrollment_id": occasion.enrollment_id,
        "step_id": occasion.step_id,
        "message_ref": mail.message_ref,
        "recipient": mail.recipient,
        "subject": mail.subject,
        "body_text": mail.body_text,
        "body_html": mail.body_html,
        "headers": dict(mail.headers),
        "next_try_at": desk.now,
        "queued_at": desk.now,
        "correlation_id": current_correlation(),
        "created_at": desk.now,
    }


def _compose(desk: Desk, occasion: Occasion, person: Person, template: Template, message_id: UUID) -> Mail:
    wish = Unsubscription(occasion.company.id, person.customer.id, CHANNEL, message_id)
    link = desk.letterhead.unsubscribe_url(wish)
    values = person.values(occasion.company) | {"unsubscribe_url": link}
    try:
        mail = Mail(
            message_ref=desk.letterhead.new_reference(message_id),
            sender=desk.letterhead.sender,
            recipient=person.customer.email or "",
            subject=render_text(template.subject or "", values),
            body_text=_with_footer(render_text(template.body_text, values), occasion, template.language, link),
            body_html=_html(template, values, occasion, link),
            headers=_headers(message_id, link),
        )
        as_email(mail, desk.now)
    except (TemplateFault, UnfitHeader) as error:
        raise CannotCompose(str(error)) from error
    return mail


def _headers(message_id: UUID, link: str) -> dict[str, str]:
    """One-click unsubscribing (RFC 8058), and our id for providers that give Message-IDs of their own."""
    return {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "X-Mailin-custom": f'{{"message_id": "{message_id}"}}',
        "X-Portefeuille-Message": str(message_id),
    }


def _with_footer(body: str, occasion: Occasion, language: str, link: str) -> str:
    reason = text("mail.footer.reason", language, company=occasion.company.name)
    return f"{body.rstrip()}\n\n-- \n{reason}\n{text('mail.footer.unsubscribe', language)} : {link}\n"


def _html(template: Template, values: dict[str, Any], occasion: Occasion, link: str) -> str | None:
    if template.body_html is None:
        return None
    reason = escape(text("mail.footer.reason", template.language, company=occasion.company.name))
    word = escape(text("mail.footer.unsubscribe", template.language))
    footer = f'<hr><p><small>{reason} <a href="{escape(link)}">{word}</a></small></p>'
    return f"{render_html(template.body_html, values).rstrip()}\n{footer}\n"
