"""/health/live, /health/ready and /metrics: for operators and load balancers, without a key."""

from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from services.api.dependencies import services_of
from services.api.door import Services
from services.api.wire import answer
from shared.db.version import is_at_head
from shared.messaging import ask_broker, backlog

routes = APIRouter(tags=["health"], generate_unique_id_function=lambda route: route.name)
CONSUMERS = ("segmenter", "scheduler")


@routes.get("/health/live", response_model=dict[str, str])
async def is_alive() -> Response:
    """The process answers."""
    return answer({"status": "live"})


@routes.get("/health/ready", response_model=dict[str, Any], responses={503: {"model": dict[str, Any]}})
async def is_ready(request: Request) -> Response:
    """Every dependency by name, and how far behind the segmenter and the scheduler are. 503 unless all are there."""
    services = services_of(request)
    checks = {
        "database": await _checked(_database, services),
        "migrations": await _checked(_migrations, services),
        "broker": await _checked(_broker, services),
    }
    answers = checks["broker"]["status"] == "ok"
    lag = {name: {"events": await _pending(services, name) if answers else None} for name in CONSUMERS}
    ready = all(check["status"] == "ok" for check in checks.values())
    body = {"status": "ready" if ready else "unavailable", "dependencies": checks, "lag": lag}
    return answer(body, 200 if ready else 503, None if ready else {"Retry-After": "2"})


@routes.get("/metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    """Prometheus' text format."""
    await services_of(request).extras["lag"].measure()
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _checked(check: Any, services: Services) -> dict[str, Any]:
    try:
        return {"status": "ok", **await check(services)}
    except Exception as error:  # noqa: BLE001  Whatever it is: the dependency is not usable, and the answer says why.
        return {"status": "unavailable", "error": type(error).__name__}


async def _database(services: Services) -> dict[str, Any]:
    async with services.sessions() as session:
        await session.execute(text("select 1"))
    return {}


async def _migrations(services: Services) -> dict[str, Any]:
    if not services.extras.get("at_head"):
        services.extras["at_head"] = await is_at_head(services.extras["engine"])
    if not services.extras["at_head"]:
        raise RuntimeError("The database is not at the newest migration.")
    return {}


async def _broker(services: Services) -> dict[str, Any]:
    await ask_broker(services.broker)
    return {}


async def _pending(services: Services, consumer: str) -> int | None:
    """Events not yet finished; null while the consumer never ran or the broker does not answer."""
    try:
        return await backlog(services.broker.jetstream(timeout=1), consumer)
    except Exception:  # noqa: BLE001  The broker's own check says what is wrong.
        return None
