"""Ask the contact policy about one customer and the channel e-mail, with everything it has to know."""

from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from services.scheduler.domain.contact_policy import decide
from services.scheduler.domain.contact_rules import Channel, Kind, Policy, Purpose, french_policy, quiet_hours
from services.scheduler.domain.contacts import (
    NO_LIMITS,
    Consent,
    Contact,
    History,
    Recipient,
    SequenceLimits,
    Suppression,
    Verdict,
)
from services.scheduler.workspaces import Company
from shared.db.sql import load_sql
from shared.domain.calendar import local_day

LONGEST_CAP: Final = timedelta(days=32)
# The list keeps the words of those who write it: a provider's bounce, a complaint, a person's opting out.
_SUPPRESSIONS: Final = {
    "hard_bounce": Suppression.HARD_BOUNCE,
    "hard_bounced": Suppression.HARD_BOUNCE,
    "bounced": Suppression.HARD_BOUNCE,
    "complaint": Suppression.COMPLAINT,
    "complained": Suppression.COMPLAINT,
    "opt_out": Suppression.OPT_OUT,
    "unsubscribed": Suppression.OPT_OUT,
}


async def may_write(
    session: AsyncSession,
    company: Company,
    customer_id: UUID,
    now: datetime,
    *,
    purpose: Purpose = Purpose.MARKETING,
    limits: SequenceLimits = NO_LIMITS,
) -> Verdict:
    """Now, later or not at all, with the reason. Raises LookupError if there is no such customer."""
    row = await _facts(session, company, customer_id, now)
    zone = company.zone_of(row["timezone"])
    recipient = Recipient(
        kind=Kind(row["kind"]),
        address=row["email"],
        zone=zone,
        consent=Consent(row["consent"] or Consent.NONE),
        existing_client=row["existing_client"],
        contract_running=row["contract_running"],
        suppressions=frozenset(_SUPPRESSIONS.get(reason, Suppression.OPT_OUT) for reason in row["suppressions"]),
    )
    history = History(tuple(Contact(Channel.EMAIL, at) for at in row["contacted_at"]))
    policy = policy_of(company, local_day(now, zone).year)
    return decide(Channel.EMAIL, recipient, policy, history, now, purpose=purpose, limits=limits)


async def _facts(session: AsyncSession, company: Company, customer_id: UUID, now: datetime) -> dict[str, Any]:
    parameters = {
        "workspace_id": company.id,
        "customer_id": customer_id,
        "today": company.today(now),
        "since": now - LONGEST_CAP,
    }
    found = (await session.execute(text(load_sql("services.scheduler", "sql/contact")), parameters)).mappings().first()
    if found is None:
        raise LookupError(f"customer {customer_id} does not exist")
    return dict(found)


def policy_of(company: Company, year: int) -> Policy:
    """The French defaults, and the quiet hours that the workspace has set: `{"quiet_hours": {"from": …, "to": …}}`."""
    policy = french_policy(holidays_around("FR", year))
    quiet = company.settings.get("quiet_hours")
    if not isinstance(quiet, dict):
        return policy
    silence = quiet_hours(time.fromisoformat(quiet["from"]), time.fromisoformat(quiet["to"]), frozenset(Channel))
    return Policy(windows=(*policy.windows, silence), caps=policy.caps)


@cache
def holidays_around(calendar: str, year: int) -> frozenset[date]:
    """The public holidays of that year and its neighbours. `calendar` is a country, or a country and a region."""
    from holidays import country_holidays  # noqa: PLC0415 - a large library that only sending processes need.

    country, _, region = calendar.partition("-")
    try:
        return frozenset(country_holidays(country, subdiv=region or None, years=range(year - 1, year + 3)))
    except NotImplementedError:  # Nobody publishes that calendar: every day counts as a working day.
        return frozenset()


def midnight_before(now: datetime, zone: tzinfo) -> datetime:
    """When the local day began."""
    return datetime.combine(local_day(now, zone), time(), zone)
