"""The command `import`: send a file to the API and follow it until it is in."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from services.cli.answers import Advance, CommandFailed, table
from services.cli.installation import Address

FINISHED: Final = {"completed", "failed", "cancelled"}
FAULT_COLUMNS: Final = ("line", "column", "code", "detail")
COUNTS: Final = ("created", "updated", "unchanged", "duplicate", "rejected")
FAULTS_SHOWN: Final = 5
_LOOK_EVERY: Final = 0.3


@dataclass(frozen=True, slots=True)
class Wanted:
    file: Path
    entity: str
    mapping: Path | None
    dry_run: bool


def send(address: Address, wanted: Wanted, *, wait: bool, advance: Advance) -> dict[str, Any]:
    """The import as the API has it: received, or finished with `wait`. Raises CommandFailed if it was refused.

    When lines were rejected, `faults` are the first of them and `faults_url` is where all of them are.
    """
    with httpx.Client(base_url=address.url, headers={"Authorization": f"Bearer {address.token}"}, timeout=600) as api:
        received = _upload(api, wanted)
        if not wait:
            return received
        place = received.get("location") or f"/v1/imports/{received['id']}"
        while (state := _json(api.get(place)))["status"] not in FINISHED:
            advance(int(state.get("rows_parsed") or 0), int(state.get("rows_total") or 0))
            time.sleep(_LOOK_EVERY)
        if state["status"] != "completed":
            reason = json.dumps(state.get("error"), ensure_ascii=False)
            raise CommandFailed(f"The import has {state['status']}: {reason}")
        return state | _faults(api, place) if has_rejected(state) else state


def has_rejected(state: dict[str, Any]) -> bool:
    """Lines of the file did not come in."""
    return bool(state.get("rejected"))


def in_words(state: dict[str, Any]) -> str:
    """One sentence about an import; under it the first faults, a line each, and how to see all of them."""
    if state["status"] not in FINISHED:
        return f"Received as import {state['id']}."
    counts = ", ".join(f"{name} {state[name]}" for name in COUNTS if name in state)
    summary = f"Import {state['id']} is {state['status']}: {counts}."
    if not has_rejected(state):
        return summary
    faults = table(FAULT_COLUMNS, [{**fault, "column": fault["column"] or "-"} for fault in state["faults"]])
    return f"{summary}\n{faults}\nEvery fault: GET {state['faults_url']} (as one file with Accept: text/csv)."


def _faults(api: httpx.Client, place: str) -> dict[str, Any]:
    """Those of the first lines: most often the others are of the same kind."""
    answer = api.get(f"{place}/errors", params={"limit": FAULTS_SHOWN})
    return {"faults": _json(answer)["items"], "faults_url": str(answer.url.copy_with(query=None))}


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
