"""Asking a server whether it is ready, in its own words over a plain socket.

Each question costs one connection and no client library. A server that is down or still starting is "not ready",
an answer that waiting cannot improve is an error.
"""

import json
import socket
import struct
from pathlib import Path

from services.local.errors import StartError

_TIMEOUT = 2.0
_PROTOCOL_3 = 196608
_CANNOT_CONNECT_NOW = "57P03"  # Starting up, recovering after a crash or shutting down.
_TOO_MANY_CONNECTIONS = "53300"


def postgres_is_ready(socket_file: Path, user: str, database: str) -> bool:
    """Whether a session can be opened: crash recovery is over and the database is there."""
    parameters = b"".join(part.encode() + b"\0" for part in ("user", user, "database", database)) + b"\0"
    startup = struct.pack("!II", 8 + len(parameters), _PROTOCOL_3) + parameters
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(_TIMEOUT)
            connection.connect(str(socket_file))
            connection.sendall(startup)
            return _session_opens(connection)
    except OSError:
        return False


def _session_opens(connection: socket.socket) -> bool:
    with connection.makefile("rb") as answers:
        while header := answers.read(5):
            kind, length = struct.unpack("!cI", header)
            body = answers.read(length - 4)
            if kind == b"E":
                return _refusal_will_pass(body)
            if kind == b"Z":
                connection.sendall(struct.pack("!cI", b"X", 4))
                return True
    return False


def _refusal_will_pass(body: bytes) -> bool:
    fields = {field[:1]: field[1:].decode(errors="replace") for field in body.split(b"\0") if field}
    if fields.get(b"C") not in (_CANNOT_CONNECT_NOW, _TOO_MANY_CONNECTIONS):
        raise StartError(f"PostgreSQL refuses the connection: {fields.get(b'M', 'no reason given')}")
    return False


def nats_is_ready(host: str, port: int) -> bool:
    """Whether NATS greets and says that JetStream is on."""
    try:
        with socket.create_connection((host, port), _TIMEOUT) as connection, connection.makefile("rb") as answers:
            verb, _, greeting = answers.readline().partition(b" ")
            return verb == b"INFO" and bool(json.loads(greeting).get("jetstream"))
    except OSError:
        return False


def http_is_ready(host: str, port: int, path: str) -> bool:
    """Whether a GET of this path is answered with 200."""
    request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((host, port), _TIMEOUT) as connection, connection.makefile("rb") as answers:
            connection.sendall(request.encode())
            return answers.readline().split(b" ")[1:2] == [b"200"]
    except OSError:
        return False
