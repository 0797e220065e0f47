"""A bounded load: sales that are sent until each one is confirmed, whatever is killed meanwhile."""

import threading
import time
from typing import Any

import httpx

from tests.journeys.system import System

GIVE_UP_AFTER = 60.0


class Sales(threading.Thread):
    """One sale per customer, each with a reference of its own, so that sending it again is safe."""

    def __init__(self, system: System, customer_ids: list[str], *, pause: float = 0.02) -> None:
        super().__init__(daemon=True)
        self._system = system
        self._customer_ids = customer_ids
        self._pause = pause
        self.confirmed: list[str] = []
        self.refusals: list[int] = []
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            with httpx.Client(base_url=self._system.run["url"], headers=self._system.api.headers, timeout=5) as client:
                for customer_id in self._customer_ids:
                    self._sell(client, customer_id)
                    time.sleep(self._pause)
        except BaseException as error:  # noqa: BLE001  It belongs to the test, which runs in another thread.
            self.failure = error

    def _sell(self, client: httpx.Client, customer_id: str) -> None:
        sale = {"customer_id": customer_id, "kind": "sale", "amount": "10.00", "external_id": f"sale-{customer_id}"}
        deadline = time.monotonic() + GIVE_UP_AFTER
        while True:
            try:
                response = client.post("/v1/transactions", json=sale)
            except httpx.HTTPError:
                response = None
            if response is not None and response.status_code in {200, 201}:
                self.confirmed.append(response.json()["id"])
                return
            if response is not None:
                self.refusals.append(response.status_code)
                assert response.status_code == 503, response.text
                assert response.headers["retry-after"], "a 503 says when to try again"
            assert time.monotonic() < deadline, "the api never came back"
            time.sleep(0.1)

    def finish(self) -> None:
        self.join(GIVE_UP_AFTER * 2)
        assert not self.is_alive()
        if self.failure:
            raise self.failure


def add_customers(api: httpx.Client, count: int, prefix: str) -> list[dict[str, Any]]:
    """Companies with an address each, in one batch."""
    rows = [
        {"external_id": f"{prefix}-{number}", "kind": "company", "name": f"Client {number}",
         "email": f"{prefix}-{number}@client.example.com"}
        for number in range(count)
    ]  # fmt: skip
    answer = api.post("/v1/customers/batch", json={"items": rows})
    assert answer.status_code == 200, answer.text
    return [row | {"id": result["id"]} for row, result in zip(rows, answer.json()["items"], strict=True)]
