"""TCP ports on this machine."""

import errno
import os
import socket
from pathlib import Path

from services.local.errors import StartError

LOOPBACK = "127.0.0.1"

_POOL_SIZE = 8000
_ATTEMPTS = 200


class FreePorts:
    """Ports nobody listens on, each given once, and good for a whole run although their servers may come and go.

    They lie outside the range from which the kernel takes the near end of outgoing connections. Within that range a
    client that keeps trying to reach a server that is down could be given the server's own port and block it.
    """

    def __init__(self) -> None:
        self._first = _first_ephemeral_port() - _POOL_SIZE
        self._given: set[int] = set()

    def take(self) -> int:
        for _ in range(_ATTEMPTS):
            port = self._first + int.from_bytes(os.urandom(4), "big") % _POOL_SIZE
            if port not in self._given and refusal(LOOPBACK, port) is None:
                self._given.add(port)
                return port
        raise StartError("No free port was found on this machine. Stop some programs and start again.")


def require_free(host: str, port: int) -> None:
    """Refuse a port that cannot be listened on, before anything is started."""
    if not 0 < port < 65536:
        raise StartError(f"{port} is not a port. Choose one between 1 and 65535 with --port, or 0 for any free one.")
    reason = refusal(host, port)
    if reason == errno.EADDRINUSE:
        raise StartError(
            f"Port {port} is in use by another program. Choose another one with --port, or --port 0 for any free one."
        )
    if reason == errno.EACCES:
        raise StartError(f"This user may not listen on port {port}. Choose one above 1023 with --port.")
    if reason is not None:
        raise StartError(f"Cannot listen on {host}, port {port}: {os.strerror(reason)}. Choose another with --port.")


def refusal(host: str, port: int) -> int | None:
    """The error number with which the system refuses this port, None if it is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As servers do, so that a port whose last connections are still fading away counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno or errno.EINVAL
    return None


def _first_ephemeral_port() -> int:
    settings = Path("/proc/sys/net/ipv4/ip_local_port_range")
    first = int(settings.read_text().split()[0]) if settings.exists() else 32768
    return first if first > _POOL_SIZE + 1024 else 32768
