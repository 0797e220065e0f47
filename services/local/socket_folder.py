"""The private folder of PostgreSQL's unix socket: inside its home if the path is fit for a socket, else under /tmp."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from services.local import refuge
from services.local.errors import StartError
from services.local.lodging import Lodging

SOCKET_FILE = ".s.PGSQL.5432"

_LONGEST = 107 - len(f"/{SOCKET_FILE}")
# The path goes into a list-valued setting and into the host of a URL, where commas and the like mean something.
_PLAIN = re.compile(rb"[A-Za-z0-9_./-]+")


def choose_socket_folder(lodging: Lodging) -> Path:
    """The same folder at every start of the same home. Only its parent is created here."""
    inside = lodging.home / "socket"
    if _is_fit(inside):
        return inside
    for parent in _temporary_folders():
        guard = parent / f"portefeuille-{refuge.stable_name(lodging.home)}"
        if _is_fit(guard / "socket") and parent.is_dir():
            guard.mkdir(mode=0o700, exist_ok=True)
            _open_for(lodging, refuge.own_folder(guard, os.geteuid()))
            return guard / "socket"
    raise StartError(f"{inside} is too long for a unix socket, and no temporary folder is short enough. Set TMPDIR.")


def open_socket_folder(folder: Path, lodging: Lodging) -> None:
    """Create the folder if needed, and clear it of what a killed server left.

    For root it belongs to PostgreSQL's user and to root's group: a root without the capability to ignore permissions
    still gets in.
    """
    identity = lodging.identity
    uid = identity.uid if identity else os.geteuid()
    if not folder.exists():
        folder.mkdir(mode=0o700)
        if identity:
            identity.own(folder, os.getegid())
            folder.chmod(0o2770)
    refuge.own_folder(folder, uid)
    for leftover in (SOCKET_FILE, f"{SOCKET_FILE}.lock"):
        (folder / leftover).unlink(missing_ok=True)


def close_socket_folder(folder: Path, lodging: Lodging) -> None:
    """Leave nothing behind in the temporary folder. A folder still in use stays."""
    if folder.parent != lodging.home:
        with suppress(OSError):
            folder.rmdir()
            folder.parent.rmdir()


def _is_fit(folder: Path) -> bool:
    path = os.fsencode(folder)
    return len(path) <= _LONGEST and _PLAIN.fullmatch(path) is not None


def _temporary_folders() -> Iterator[Path]:
    # Root's TMPDIR may be closed to PostgreSQL's user.
    if "TMPDIR" in os.environ and os.geteuid() != 0:
        yield Path(os.environ["TMPDIR"])
    yield Path("/tmp")  # noqa: S108  The folder made in it is private and checked for its owner.


def _open_for(lodging: Lodging, guard: Path) -> None:
    if lodging.identity:
        guard.chmod(0o711 if lodging.identity.capability is None else 0o700)
