"""Read inbound endpoints. Nobody can read their secrets."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.api.inbound_endpoints.schemas import InboundEndpointListParameters
from services.api.pagination import Sort, page
from services.api.work import Work
from shared.errors import NotFound
from shared.models import InboundEndpoint

NAMES = ("id", "provider", "name", "active", "created_at")
COLUMNS = [getattr(InboundEndpoint, name) for name in NAMES]


def as_endpoint(row: Any, public_url: str, *, secret: str | None = None) -> dict[str, Any]:
    url = f"{public_url.rstrip('/')}/v1/webhooks/in/{row['provider']}/{row['id']}"
    return {**{name: row[name] for name in NAMES}, "url": url, "secret": secret}


async def endpoint_by_id(work: Work, endpoint_id: UUID, public_url: str) -> dict[str, Any]:
    """Raises NotFound."""
    statement = select(*COLUMNS).where(
        InboundEndpoint.workspace_id == work.workspace_id, InboundEndpoint.id == endpoint_id
    )
    row = (await work.session.execute(statement)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"Inbound endpoint {endpoint_id} does not exist.")
    return as_endpoint(row, public_url)


async def endpoints_by(work: Work, wanted: InboundEndpointListParameters, public_url: str) -> dict[str, Any]:
    statement = select(*COLUMNS).where(InboundEndpoint.workspace_id == work.workspace_id)
    if wanted.provider is not None:
        statement = statement.where(InboundEndpoint.provider == wanted.provider)
    if wanted.active is not None:
        statement = statement.where(InboundEndpoint.active.is_(wanted.active))
    return await page(
        work,
        statement,
        Sort(InboundEndpoint.created_at, InboundEndpoint.id),
        cursor=wanted.cursor,
        limit=wanted.limit,
        view=lambda row: as_endpoint(row._mapping, public_url),  # noqa: SLF001  The documented way to read by name.
    )
