"""Change the workspace: its settings, and in a sandbox its clock."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, func, literal, select, update

from services.api.locking import check_version
from services.api.work import Work
from services.api.workspace.queries import as_workspace, own_thresholds, test_clock
from services.api.workspace.schemas import ClockAdvance, ClockSetting, WorkspaceChange
from shared.domain.overrides import InvalidSettings
from shared.domain.thresholds import Settings
from shared.errors import Conflict, Fault, InvalidInput, NotFound
from shared.events.segments import WorkspaceUpdated
from shared.models import Transaction, Workspace
from shared.outbox.append import append

_COLUMNS = ("name", "timezone", "currency", "language")
_KEPT_IN_SETTINGS = ("quiet_hours", "require_if_match")


async def change_workspace(work: Work, given: WorkspaceChange, version: int | None) -> dict[str, Any]:
    """Writes only what differs. Raises Conflict for another currency once there are transactions."""
    workspace = await _locked(work)
    check_version(workspace.version, version)
    changed = _differences(workspace, given.model_dump(include=given.model_fields_set, by_alias=True))
    if "currency" in changed:
        await _refuse_amounts(work)
    if not changed:
        return as_workspace(workspace)
    fields = sorted(_names(workspace, changed))
    for name, value in changed.items():
        setattr(workspace, name, value)
    workspace.version += 1
    await work.session.flush()
    await append(work.session, work.workspace_id, [WorkspaceUpdated(fields)], now=work.now)
    return as_workspace(workspace)


async def set_clock(work: Work, given: ClockSetting) -> dict[str, Any]:
    """It is that time at once; an advance that is under way ends. Raises NotFound outside a sandbox."""
    await test_clock(work)
    offset = literal(given.now, DateTime(timezone=True)) - func.now()
    return await _move_clock(work, {"clock_offset": offset, "clock_target": None}, now=given.now)


async def advance_clock(work: Work, given: ClockAdvance) -> dict[str, Any]:
    """Says where the clock shall go; the scheduler moves it. Raises InvalidInput for a moment that has passed."""
    clock = await test_clock(work)
    if given.to < clock["now"]:
        raise InvalidInput.at("#/to", "not_forward", f"It is {clock['now'].isoformat()}; PUT sets the clock back.")
    if given.to - clock["now"] > timedelta(days=3660):
        raise InvalidInput.at("#/to", "out_of_range", "At most ten years at a time.")
    return await _move_clock(work, {"clock_target": given.to}, now=work.now)


async def _move_clock(work: Work, values: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    await work.session.execute(update(Workspace).where(Workspace.id == work.workspace_id).values(values))
    await append(work.session, work.workspace_id, [WorkspaceUpdated(sorted(values))], now=now)
    return await test_clock(work)


async def _locked(work: Work) -> Workspace:
    statement = select(Workspace).where(Workspace.id == work.workspace_id).with_for_update()
    found = await work.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def _differences(workspace: Workspace, sent: dict[str, Any]) -> dict[str, Any]:
    """The columns that change. Raises InvalidInput for thresholds that nobody can apply, and for emptied fields."""
    emptied = [name for name in (*_COLUMNS, "require_if_match") if name in sent and sent[name] is None]
    if emptied:
        raise InvalidInput(*(Fault(f"#/{name}", "required", "This field cannot be emptied.") for name in emptied))
    settings = merged(workspace.settings, sent.get("settings") or {})
    settings = merged(settings, {name: sent[name] for name in _KEPT_IN_SETTINGS if name in sent})
    if unknown := set(sent.get("settings") or {}) & set(_KEPT_IN_SETTINGS):
        raise InvalidInput.at(f"#/settings/{min(unknown)}", "unknown_setting", "It stands beside the settings.")
    _check_thresholds(workspace.settings, sent.get("settings") or {})
    values = {name: sent[name] for name in _COLUMNS if name in sent} | {"settings": settings}
    return {name: value for name, value in values.items() if getattr(workspace, name) != value}


def merged(stored: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent over what is stored, group by group; null takes away."""
    result = dict(stored)
    for name, value in sent.items():
        if isinstance(value, Mapping) and isinstance(result.get(name), Mapping):
            result[name] = merged(result[name], value)
        else:
            result[name] = value
    return {name: value for name, value in result.items() if value is not None}


def _check_thresholds(stored: Mapping[str, Any], sent: Mapping[str, Any]) -> None:
    try:
        Settings.from_mapping(merged(own_thresholds(stored), sent))
    except InvalidSettings as error:
        faults = (Fault(f"#/settings{fault.pointer[1:]}", fault.code, fault.detail) for fault in error.faults)
        raise InvalidInput(*faults) from error


def _names(workspace: Workspace, changed: Mapping[str, Any]) -> set[str]:
    """What the event tells: columns by their names, thresholds together, the other settings each by its own."""
    names = set(changed)
    if "settings" not in changed:
        return names
    before, after = workspace.settings, changed["settings"]
    names |= {name for name in _KEPT_IN_SETTINGS if before.get(name) != after.get(name)}
    return names if own_thresholds(before) != own_thresholds(after) else names - {"settings"}


async def _refuse_amounts(work: Work) -> None:
    """Amounts were converted and rounded for the currency they were recorded under."""
    statement = select(Transaction.id).where(Transaction.workspace_id == work.workspace_id).limit(1)
    if await work.session.scalar(statement) is not None:
        raise Conflict("Transactions are recorded in the present currency.", code="currency_in_use")
