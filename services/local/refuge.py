"""The last resort of root without capabilities: a folder outside its own closed ones, for PostgreSQL's other user."""

import os
import shutil
import stat
from pathlib import Path

from services.local.errors import StartError

PARENTS: tuple[Path, ...] = (Path("/var/lib"), Path("/tmp"))  # noqa: S108  Checked for its owner before use.


def open_refuge() -> Path:
    """Create or find the folder that keeps what had to move."""
    for parent in PARENTS:
        refuge = parent / "portefeuille"
        try:
            refuge.mkdir(mode=0o711, exist_ok=True)
        except OSError:
            continue
        return own_folder(refuge, os.geteuid())
    names = " or ".join(map(str, PARENTS))
    raise StartError(f"PostgreSQL needs a folder that others than root can enter. Make {names} writable.")


def own_folder(folder: Path, uid: int) -> Path:
    """Return the folder if it is a real one that belongs to `uid`; a folder somebody else prepared is refused."""
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != uid:
        raise StartError(f"{folder} is not a folder of the user with number {uid}. Remove it and start again.")
    return folder


def stable_name(folder: Path) -> str:
    """A short name that stays the same as long as the folder does."""
    status = folder.stat()
    return f"{status.st_dev:x}-{status.st_ino:x}"


def copy_programs(programs: Path, refuge: Path) -> Path:
    """Copy PostgreSQL's installation, readable by everyone, unless this very one is there already."""
    package = programs.parent.parent
    target = refuge / f"postgresql-{(programs / 'postgres').stat().st_mtime_ns:x}"
    if not target.exists():
        draft = target.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        # The executables look for their libraries at this place relative to themselves.
        libraries = f"{package.name}.libs"
        shutil.copytree(package / "pginstall", draft / package.name / "pginstall", symlinks=True)
        shutil.copytree(package.parent / libraries, draft / libraries, symlinks=True)
        _open_to_everyone(draft)
        draft.rename(target)
    return target / package.name / "pginstall" / "bin"


def _open_to_everyone(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def move_home(home: Path, refuge: Path) -> Path:
    """Let an empty home live in the refuge and leave a link in its place, so that every later start finds it there.

    A home with data in it is never moved behind the operator's back.
    """
    target = refuge / f"{stable_name(home)}-{os.urandom(4).hex()}"
    if (home / "cluster").exists():
        raise StartError(
            f"The database in {home} was made by a root with more rights than this one has. Give them back "
            f"(CAP_DAC_READ_SEARCH and CAP_SETPCAP), or move it: mv {home} {target} && ln -s {target} {home}"
        )
    target.mkdir(mode=0o711)
    shutil.rmtree(home)
    home.symlink_to(target)
    return target
