"""Open, change and close inbound endpoints. Their secrets are sealed before they are stored."""

import secrets
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update

from services.api.inbound_endpoints.queries import COLUMNS, as_endpoint, endpoint_by_id
from services.api.inbound_endpoints.schemas import InboundEndpointChange, NewInboundEndpoint
from services.api.work import Work
from shared.errors import InvalidInput, NotFound
from shared.models import InboundEndpoint
from shared.secrets_box import SecretsBox


async def open_endpoint(work: Work, new: NewInboundEndpoint, box: SecretsBox, public_url: str) -> dict[str, Any]:
    """The endpoint with its secret, which is never shown again."""
    secret = new.secret or secrets.token_urlsafe(32)
    values = {
        "workspace_id": work.workspace_id,
        "provider": new.provider,
        "name": new.name,
        "secret": box.seal(secret),
        "created_at": work.now,
    }
    row = (await work.session.execute(insert(InboundEndpoint).values(values).returning(*COLUMNS))).mappings().one()
    return as_endpoint(row, public_url, secret=secret)


async def change_endpoint(
    work: Work, endpoint_id: UUID, change: InboundEndpointChange, box: SecretsBox, public_url: str
) -> dict[str, Any]:
    """Raises NotFound. A new secret is in the answer; the old one is refused from the commit on."""
    sent = change.model_dump(include=change.model_fields_set)
    for name in ("name", "active"):
        if name in sent and sent[name] is None:
            raise InvalidInput.at(f"#/{name}", "required", "This field cannot be emptied.")
    if change.secret is not None and change.rotate_secret:
        raise InvalidInput.at("#/rotate_secret", "bad_value", "Give a secret or ask for one, not both.")
    secret = secrets.token_urlsafe(32) if change.rotate_secret else change.secret
    values: dict[str, Any] = {name: sent[name] for name in ("name", "active") if name in sent}
    if secret is not None:
        values["secret"] = box.seal(secret)
    if not values:
        return await endpoint_by_id(work, endpoint_id, public_url)
    statement = (
        update(InboundEndpoint)
        .where(InboundEndpoint.workspace_id == work.workspace_id, InboundEndpoint.id == endpoint_id)
        .values(values)
        .returning(*COLUMNS)
    )
    row = (await work.session.execute(statement)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"Inbound endpoint {endpoint_id} does not exist.")
    return as_endpoint(row, public_url, secret=secret)


async def close_endpoint(work: Work, endpoint_id: UUID) -> None:
    """Raises NotFound. What it has received stays."""
    await endpoint_by_id(work, endpoint_id, "")
    await work.session.execute(
        delete(InboundEndpoint).where(
            InboundEndpoint.workspace_id == work.workspace_id, InboundEndpoint.id == endpoint_id
        )
    )
