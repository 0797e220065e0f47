"""Segments, sequences, rules and endpoints of the demonstration, through the API's own commands.

Each is created once, by its name; what was deleted stays deleted.
"""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.api.alerts.commands import create_alert_rule
from services.api.alerts.schemas import NewAlertRule
from services.api.inbound_endpoints.commands import open_endpoint
from services.api.inbound_endpoints.schemas import NewInboundEndpoint, ProviderName
from services.api.reminders.commands import create_reminder_rule
from services.api.reminders.schemas import NewReminderRule
from services.api.security import Principal
from services.api.segments.commands import create_segment
from services.api.segments.schemas import NewSegment
from services.api.sequences.commands import create_sequence
from services.api.sequences.schemas import NewSequence
from services.api.templates.commands import create_template
from services.api.templates.schemas import NewTemplate
from services.api.work import Work
from services.cli.demo import automation
from services.cli.demo.portfolio import Row
from shared.clock import workspace_now
from shared.models import AlertRule, InboundEndpoint, ReminderRule, Segment, Sequence, Template
from shared.secrets_box import SecretsBox
from shared.settings import Settings

Named = type[Segment] | type[Template] | type[Sequence] | type[ReminderRule] | type[AlertRule] | type[InboundEndpoint]
ENDPOINTS: Final[dict[str, ProviderName]] = {"Brevo (démonstration)": "brevo", "Aircall (démonstration)": "aircall"}


async def as_admin(session: AsyncSession, workspace_id: UUID) -> Work:
    """Work as an admin of the workspace would do it; no key stands behind it."""
    return Work(session, Principal(workspace_id, UUID(int=0), "admin"), await workspace_now(session, workspace_id))


async def create_segments(work: Work) -> int:
    missing = await _missing(work, Segment, automation.segments())
    for row in missing:
        await create_segment(work, NewSegment(**row))
    return len(missing)


async def create_automation(work: Work, settings: Settings) -> int:
    """To be called when everybody is in the segments already: only who enters later runs through the sequences."""
    templates = await _missing(work, Template, automation.templates())
    for row in templates:
        await create_template(work, NewTemplate(**row))
    sequences = await _sequences(work)
    for row in sequences:
        await create_sequence(work, NewSequence(**row))
    reminders = await _missing(work, ReminderRule, automation.reminder_rules())
    for row in reminders:
        await create_reminder_rule(work, NewReminderRule(**row))
    alerts = await _missing(work, AlertRule, automation.alert_rules())
    for row in alerts:
        await create_alert_rule(work, NewAlertRule(**row))
    endpoints = await _open_endpoints(work, settings)
    return len(templates) + len(sequences) + len(reminders) + len(alerts) + endpoints


async def _sequences(work: Work) -> list[Row]:
    """Those that are missing. None can be made when the segment or a template it refers to was deleted."""
    segment_ids, template_ids = await _ids(work, Segment), await _ids(work, Template)
    try:
        wanted = automation.sequences(segment_ids, template_ids)
    except KeyError:
        return []
    return await _missing(work, Sequence, wanted)


async def _open_endpoints(work: Work, settings: Settings) -> int:
    box = SecretsBox(settings.secret_key.get_secret_value())
    missing = await _missing(work, InboundEndpoint, [{"name": name} for name in ENDPOINTS])
    for row in missing:
        new = NewInboundEndpoint(provider=ENDPOINTS[row["name"]], name=row["name"])
        await open_endpoint(work, new, box, settings.public_url)
    return len(missing)


async def _missing(work: Work, model: Named, wanted: Iterable[Row]) -> list[Row]:
    known = set(await work.session.scalars(select(model.name).where(model.workspace_id == work.workspace_id)))
    return [row for row in wanted if row["name"] not in known]


async def _ids(work: Work, model: type[Segment] | type[Template]) -> dict[str, str]:
    statement = select(model.name, model.id).where(model.workspace_id == work.workspace_id, model.deleted_at.is_(None))
    rows: Any = (await work.session.execute(statement)).all()
    return {name: str(id_) for name, id_ in rows}
