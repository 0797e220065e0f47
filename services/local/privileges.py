"""Running PostgreSQL although we are root, which it refuses: which other user runs it, and with which one capability.

Nothing outside the folders we created is ever changed: no permission of a parent folder, no new user.
"""

import os
import pwd
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from services.local.errors import StartError
from services.local.linux import (
    CAP_DAC_OVERRIDE,
    CAP_DAC_READ_SEARCH,
    keep_capabilities_across_setuid,
    reduce_capabilities_to,
)

_NOT_AS_ROOT = "PostgreSQL refuses to run as root,"
_REMEDY = "Start as an ordinary user."


@dataclass(frozen=True)
class Identity:
    """An existing, unprivileged user, and the capability it keeps to pass folders closed to it (None: none)."""

    uid: int
    gid: int
    name: str
    capability: int | None = None

    def assume(self) -> None:
        """Become this user for good. Runs in the child, between fork and exec."""
        if self.capability is not None:
            keep_capabilities_across_setuid()
        os.setgroups([])
        os.setresgid(self.gid, self.gid, self.gid)
        os.setresuid(self.uid, self.uid, self.uid)
        if self.capability is not None:
            reduce_capabilities_to(self.capability)

    def exists_for_us(self) -> bool:
        """Whether we may become this user at all."""
        return self._succeeds(":")

    def reaches(self, folder: Path, programs: Path) -> bool:
        """Whether this user, tried for real, can enter `folder` and run PostgreSQL from `programs`.

        pg_config is the smallest program that, like the server, looks for its own executable with access(2).
        """
        return self._succeeds('cd "$1" && exec "$2" --bindir', folder, programs / "pg_config")

    def _succeeds(self, script: str, *arguments: Path) -> bool:
        try:
            attempt = subprocess.run(
                ("/bin/sh", "-c", script, "sh", *arguments),
                env={"PATH": os.defpath},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=self.assume,
                check=False,
            )
        except subprocess.SubprocessError:
            # The kernel refused the change of user or the capability (a restricted container).
            return False
        return attempt.returncode == 0

    def own(self, folder: Path, group: int) -> None:
        """Give a folder of ours to this user."""
        try:
            os.chown(folder, self.uid, group)
        except PermissionError:
            raise StartError(f"{_NOT_AS_ROOT} and this root cannot give it files (CAP_CHOWN). {_REMEDY}") from None


def identities(user: pwd.struct_passwd) -> Iterator[Identity]:
    """The ways to be this user, least privilege first."""
    for capability in (None, CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
        yield Identity(user.pw_uid, user.pw_gid, user.pw_name, capability)


def unprivileged_user(cluster: Path) -> pwd.struct_passwd:
    """The user who owns the existing cluster, else `nobody`, else any other user but root."""
    user = _choose_user(cluster)
    if not next(identities(user)).exists_for_us():
        raise StartError(f"{_NOT_AS_ROOT} and this root cannot become another user (CAP_SETUID, CAP_SETGID). {_REMEDY}")
    return user


def _choose_user(cluster: Path) -> pwd.struct_passwd:
    owner = cluster.stat().st_uid if cluster.exists() else 0
    everyone = [user for user in pwd.getpwall() if user.pw_uid != 0]
    for user in everyone:
        if owner != 0 and user.pw_uid == owner:
            return user
    for user in everyone:
        if user.pw_name == "nobody":
            return user
    if not everyone:
        raise StartError(f"{_NOT_AS_ROOT} and this machine has no other user. Create one, and start as that user.")
    return everyone[0]
