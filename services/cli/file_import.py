"""The command `import`: send a file to the API and follow it until it is in."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from services.cli.answers import Advance, CommandFailed
from services.cli.installation import Address

FINISHED: Final = {"completed", "failed", "cancelled"}
COUNTS: Final = ("created", "updated", "unchanged", "duplicate", "rejected")
_LOOK_EVERY: Final = 0.3


@dataclass(frozen=True, slots=True)
class Wanted:
    file: Path
    entity: str
    mapping: Path | None
    dry_run: bool


def send(address: Address, wanted: Wanted, *, wait: bool, advance: Advance) -> dict[str, Any]:
    """The import as the API has it: received, or finished with `wait`. Raises CommandFailed if it was refused."""
    with httpx.Client(base_url=address.url, headers={"Authorization": f"Bearer {address.token}"}, timeout=600) as api:
        received = _upload(api, wanted)
        if not wait:
            return received
        place = received.get("location") or f"/v1/imports/{received['id']}"
        while (state := _json(api.get(place)))["status"] not in FINISHED:
            advance(int(state.get("rows_parsed") or 0), int(state.get("rows_total") or 0))
            time.sleep(_LOOK_EVERY)
    if state["status"] != "completed":
        raise CommandFailed(f"The import has {state['status']}: {json.dumps(state.get('error'), ensure_ascii=False)}")
    return state


def in_words(state: dict[str, Any]) -> str:
    """One sentence about an import."""
    if state["status"] not in FINISHED:
        return f"Received as import {state['id']}."
    counts = ", ".join(f"{name} {state[name]}" for name in COUNTS if name in state)
    errors = f" See /v1/imports/{state['id']}/errors." if state.get("rejected") else ""
    return f"Import {state['id']} is {state['status']}: {counts}.{errors}"


def _upload(api: httpx.Client, wanted: Wanted) -> dict[str, Any]:
    fields = {"entity": wanted.entity, "dry_run": "true" if wanted.dry_run else "false"}
    if wanted.mapping is not None:
        fields["mapping"] = _mapping(wanted.mapping)
    try:
        with wanted.file.open("rb") as content:
            return _json(api.post("/v1/imports", data=fields, files={"file": (wanted.file.name, content)}))
    except OSError as error:
        raise CommandFailed(f"{wanted.file} cannot be read: {error.strerror}") from error


def _mapping(file: Path) -> str:
    try:
        return json.dumps(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise CommandFailed(f"The mapping {file} cannot be read: {error}") from error


def _json(answer: httpx.Response) -> dict[str, Any]:
    """The body of an answer. Raises CommandFailed with the API's own words for what is not a success."""
    try:
        body: dict[str, Any] = answer.json()
    except ValueError as error:
        raise CommandFailed(f"The API answered {answer.status_code} without JSON.") from error
    if not answer.is_success:
        faults = "; ".join(f"{fault['pointer']} {fault['detail']}" for fault in body.get("errors", []))
        raise CommandFailed(f"{body.get('title', answer.status_code)}: {faults or body.get('detail', '')}")
    return body
