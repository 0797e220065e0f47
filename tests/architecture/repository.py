"""The files of the repository, as git knows them."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def tracked_files(*suffixes: str) -> Iterator[Path]:
    """Tracked files that exist, relative to the root; all of them when no suffix is given."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listing.split("\0")):
        path = Path(name)
        if (ROOT / path).is_file() and (not suffixes or path.suffix in suffixes):
            yield path


def text_of(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")
