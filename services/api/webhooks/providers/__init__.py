"""The registry of providers. An adapter verifies and translates one provider's calls and knows nothing else.

To add one: write a module with a class of this shape, and name it below.
"""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from services.api.webhooks.providers.aircall import Aircall
from services.api.webhooks.providers.brevo import Brevo
from services.api.webhooks.vocabulary import ProviderEvent


class Provider(Protocol):
    """`failure_status` is our answer to a failure of ours that the provider takes as "send it again"."""

    failure_status: int

    def verify(self, headers: Mapping[str, str], body: bytes, secret: str) -> None:
        """Raises Unauthorized unless the call carries the secret; json.JSONDecodeError if it needs JSON to look."""

    def translate(self, body: Any) -> list[ProviderEvent]:
        """Everything in the parsed body, in the normalised vocabulary. Never raises: what is odd is `unknown`."""


PROVIDERS: Final[Mapping[str, Provider]] = {"brevo": Brevo(), "aircall": Aircall()}
