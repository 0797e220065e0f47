"""/v1/webhooks/in/{provider}/{endpoint_id}: a door of its own, because providers have no key of ours."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Request, Response
from sqlalchemy import text

from services.api.dependencies import services_of
from services.api.door import Services
from services.api.errors import problem
from services.api.routing import router
from services.api.security import Principal
from services.api.webhooks import commands
from services.api.webhooks.providers import PROVIDERS, Provider
from services.api.webhooks.reading import MAX_BYTES, read_json
from services.api.webhooks.schemas import Receipt
from services.api.wire import answer
from services.api.work import Work
from shared.db.session import enter_workspace
from shared.errors import NotFound, PortefeuilleError
from shared.logging import get_logger
from shared.secrets_box import SecretsBox

routes = router("webhooks", "webhooks")
_FIND = text("select workspace_id, provider, secret from find_inbound_endpoint(:id)")
_ANY_JSON = {"requestBody": {"required": True, "content": {"application/json": {"schema": {}}}}}
_RETRY_AFTER = {"Retry-After": "60"}
ProviderName = Annotated[str, Path(max_length=40, examples=["brevo", "aircall"])]


@routes.post("/in/{provider}/{endpoint_id}", response_model=Receipt, openapi_extra=_ANY_JSON)
async def receive_provider_events(request: Request, provider: ProviderName, endpoint_id: UUID) -> Response:
    """Called by mail and telephone tools, with the secret of their inbound endpoint. Repeats are welcome."""
    adapter = PROVIDERS.get(provider)
    if adapter is None:
        raise NotFound(f"There is no provider {provider}.")
    try:
        return answer(await _receive(request, services_of(request), adapter, provider, endpoint_id))
    except PortefeuilleError:
        raise
    except Exception as error:
        if adapter.failure_status == 503:
            raise
        # Whatever failed is ours, and this provider would drop the event after any other answer.
        get_logger().error("webhook.failed", provider=provider, exc_info=error)
        detail = "The events could not be stored. Send them again."
        return problem(request, adapter.failure_status, "rate_limited", detail, headers=_RETRY_AFTER)


async def _receive(
    request: Request, services: Services, adapter: Provider, provider: str, endpoint_id: UUID
) -> dict[str, int]:
    body = await request.body()
    if len(body) > MAX_BYTES:
        raise PortefeuilleError(f"At most {MAX_BYTES} bytes.", code="too_large")
    async with services.sessions() as session, session.begin():
        endpoint = (await session.execute(_FIND, {"id": endpoint_id})).one_or_none()
        if endpoint is None or endpoint.provider != provider:
            raise NotFound("There is no such endpoint.")
        box = SecretsBox(services.settings.secret_key.get_secret_value())
        content = read_json(adapter, request.headers, body, box.open(endpoint.secret))
        now = await enter_workspace(session, endpoint.workspace_id)
        work = Work(session, Principal(endpoint.workspace_id, endpoint_id, "admin"), now)
        return await commands.receive(work, provider, adapter.translate(content))
