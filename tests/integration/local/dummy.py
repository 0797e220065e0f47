"""Small programs that stand in for the product's own: `python dummy.py ROLE [ARGUMENT …]`. Standard library only."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path


def answer_health_checks() -> None:
    """Like the api: answer on the port it was given."""
    import http.server  # Here, since the others start twice as fast without it.

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/health/ready" else 404)
            self.end_headers()

    address = (os.environ["PORTEFEUILLE_API_HOST"], int(os.environ["PORTEFEUILLE_API_PORT"]))
    http.server.ThreadingHTTPServer(address, Handler).serve_forever()


def work() -> None:
    """Like a worker: tell the settings, then wait."""
    for name, value in os.environ.items():
        if name.startswith("PORTEFEUILLE_"):
            print(f"{name}={value}")
    print("That is all.", flush=True)
    time.sleep(3600)


def stay() -> None:
    """Like a program that hangs: it hears no wish to stop."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("That is all.", flush=True)
    time.sleep(3600)


def write(path: str, text: str) -> None:
    Path(path).write_text(text)


def servers_answer() -> bool:
    """Whether PostgreSQL's socket and NATS's port still accept connections."""
    from urllib.parse import parse_qs, urlsplit

    host = parse_qs(urlsplit(os.environ["PORTEFEUILLE_DATABASE_URL"]).query)["host"][0]
    nats = urlsplit(os.environ["PORTEFEUILLE_NATS_URL"])
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(f"{host}/.s.PGSQL.5432")
        socket.create_connection((nats.hostname or "", nats.port or 0)).close()
    except OSError:
        return False
    return True


def stop_with_a_note(signal_number: int, frame: object) -> None:
    """Note who stopped while what was still there, for the tests about the order."""
    with (Path(os.environ["NOTES"]) / "stops").open("a") as notes:
        notes.write(f"{os.environ['NAME']} {'servers up' if servers_answer() else 'servers down'}\n")
    os._exit(0)


ROLES: dict[str, Callable[..., None]] = {
    "api": answer_health_checks,
    "work": work,
    "stay": stay,
    "write": write,
    "fail": sys.exit,
}

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop_with_a_note)
    os.environ["NAME"], role, *arguments = sys.argv[1:]
    ROLES[role](*arguments)
