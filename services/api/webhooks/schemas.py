"""The answer to a provider. Providers read its status only."""

from services.api.schemas import View


class Receipt(View):
    """How many events were received, and how many of them were new."""

    received: int
    new: int
