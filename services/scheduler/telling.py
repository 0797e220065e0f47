"""Tell whom it concerns that an alert was raised or is over: a line in the product, and a mail where the rule asks."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.desk import Desk
from services.scheduler.domain.findings import Finding
from services.scheduler.domain.ledger import Outcome, alert_key
from services.scheduler.mailing import queue_notice
from services.scheduler.occasions import Occasion, decide
from services.scheduler.people import Person, find_person
from services.scheduler.workspaces import Company
from shared.domain.automation.alert_rule import AlertRule, Polarity
from shared.domain.rules.catalogue import standard_catalogue
from shared.models import Notification, UserAccount
from shared.texts import closest_language, text


@dataclass(frozen=True, slots=True)
class Raised:
    """One alert. `episode` counts those of its rule and scope object; `alert_id` is given for one that is over."""

    rule_id: UUID
    rule_version: int
    rule: AlertRule
    scope_key: str
    customer_id: UUID | None
    episode: int
    alert_id: UUID | None = None


async def tell_of(desk: Desk, company: Company, raised: Raised, finding: Finding, *, cleared: bool) -> None:
    """A notification; for a new alert also the ledger's row, and mails if the rule has that channel."""
    person = await find_person(desk.session, company.id, raised.customer_id) if raised.customer_id else None
    title, body = _words(company, raised, finding, person, cleared=cleared)
    occasion = _occasion(desk, company, raised)
    row = {
        "workspace_id": company.id,
        "user_id": person.customer.owner_id if person else None,
        "customer_id": raised.customer_id,
        "kind": "alert",
        "title": title,
        "body": body,
        "occurrence_key": f"alert/{raised.alert_id}/cleared" if cleared else occasion.key,
        "created_at": desk.now,
    }
    await desk.session.execute(insert(Notification).values(row).on_conflict_do_nothing())
    if cleared:
        return
    addressees = await _addressees(desk.session, company.id, person) if "email" in raised.rule.channels else []
    for user in addressees:
        await queue_notice(desk, occasion.part(str(user.id)), user.email, title, body)
    details = {"channels": list(raised.rule.channels), "finding": str(finding), "mails": len(addressees)}
    await decide(desk.session, occasion, Outcome.SENT, now=desk.now, details=details)


def _occasion(desk: Desk, company: Company, raised: Raised) -> Occasion:
    key = alert_key(
        rule_id=raised.rule_id, version=raised.rule_version, scope_key=raised.scope_key, episode=raised.episode
    )
    today = company.today(desk.now)
    return Occasion(company, "alert", key, today, raised.rule_id, raised.rule_version, raised.customer_id)


async def _addressees(session: AsyncSession, workspace_id: UUID, person: Person | None) -> list[UserAccount]:
    """The customer's owner; without one, and for the whole company, those who direct it."""
    if person and person.owner and person.owner.active:
        return [person.owner]
    directing = (UserAccount.workspace_id == workspace_id, UserAccount.active, UserAccount.role == "admin")
    return list(await session.scalars(select(UserAccount).where(*directing).order_by(UserAccount.id)))


def _words(
    company: Company, raised: Raised, finding: Finding, person: Person | None, *, cleared: bool
) -> tuple[str, str]:
    language, rule = company.language, raised.rule
    key = "alert.cleared" if cleared else "alert.raised"
    if rule.polarity is Polarity.POSITIVE and not cleared:
        key += ".positive"
    scope = person.customer.name if person else company.name
    figure = finding.figure if isinstance(finding.figure, str) else f"{finding.figure:.2f}".removesuffix(".00")
    values = {"metric": _label(rule.metric, language), "figure": figure, "threshold": finding.threshold}
    return text(key, language, rule=rule.name, scope=scope), text(
        f"alert.finding.{finding.relation}", language, **values
    )


def _label(metric: str, language: str) -> str:
    """The name that people know the figure by."""
    field = standard_catalogue().get(metric)
    if field is None:
        return metric
    return field.label_fr if closest_language(language) == "fr" else field.label_en
