"""Events are a contract: each is documented, and none changes its shape by accident."""

import dataclasses
import json
from pathlib import Path
from typing import get_type_hints
from uuid import uuid4

import pytest

from shared.events.base import Envelope, Event
from shared.events.catalogue import CATALOGUE, decode
from tests.architecture.repository import ROOT

SNAPSHOT = Path(__file__).parent / "events.json"


def shape(event: type[Event]) -> dict[str, str]:
    hints = get_type_hints(event)
    return {
        field.name: str(hints[field.name]).replace("<class '", "").replace("'>", "")
        for field in dataclasses.fields(event)  # type: ignore[arg-type]
    }


def test_no_event_changes_its_shape_by_accident() -> None:
    """An added field is fine: write it into the snapshot. A changed meaning needs a new name."""
    expected = json.loads(SNAPSHOT.read_text())

    assert {name: shape(event) for name, event in CATALOGUE.items()} == expected


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_every_event_has_a_row_in_the_documentation(name: str) -> None:
    documented = (ROOT / "docs/events.md").read_text()
    fields = ", ".join(f"`{field}`" for field in shape(CATALOGUE[name]))

    assert any(line.startswith(f"| `{name}` |") and line.endswith(f"| {fields} |") for line in documented.splitlines())


@pytest.mark.parametrize("event", CATALOGUE.values(), ids=sorted(CATALOGUE))
def test_every_event_is_frozen_and_says_what_happened(event: type[Event]) -> None:
    assert event.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert (event.__doc__ or "").endswith(".")


def test_an_envelope_survives_the_wire() -> None:
    from datetime import UTC, datetime

    customer = uuid4()
    sent = Envelope(
        event_id=uuid4(),
        workspace_id=uuid4(),
        type="customer.updated",
        occurred_at=datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        data={"customer_id": str(customer), "fields": ["name"]},
        customer_id=customer,
        sequence=7,
        correlation_id="c",
    )

    received = Envelope.from_cloud_event(json.loads(json.dumps(sent.as_cloud_event())))

    assert received == sent
    assert decode(received) == CATALOGUE["customer.updated"](customer, ["name"])  # type: ignore[call-arg]
