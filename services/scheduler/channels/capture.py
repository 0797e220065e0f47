"""Mails that stay here: those of a sandbox, and of an installation without a mail server. The message list has them."""

from datetime import datetime

from services.scheduler.channels.port import Accepted, Mail, Outcome, Rejected, UnfitHeader, as_email


class Capture:
    """Takes everything that a real channel could send."""

    async def send(self, mail: Mail, now: datetime) -> Outcome:
        try:
            as_email(mail, now)
        except UnfitHeader as error:
            return Rejected(str(error))
        return Accepted("captured", captured=True)

    async def close(self) -> None:
        """Nothing is held."""
