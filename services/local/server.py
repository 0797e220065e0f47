"""What PostgreSQL and NATS have in common for those who run them."""

from typing import Protocol

from services.local.process import Command


class Server(Protocol):
    """A server that can be made, started any number of times, asked whether it is ready, and tidied up after."""

    @property
    def name(self) -> str: ...

    @property
    def url(self) -> str: ...

    @property
    def remark(self) -> str | None:
        """What the operator should know about where the server lives."""

    def create(self) -> None:
        """Make what the server needs on disk. Harmless to repeat."""

    def command(self) -> Command:
        """How to start the server now, whatever state a killed one left behind."""

    def is_ready(self) -> bool:
        """Whether clients can use it. Raises StartError if waiting cannot help."""

    def tidy(self) -> None:
        """After the last stop: leave nothing outside the server's own folder."""
