"""What stops a start, told so that the reader knows what to do next."""

import errno
import os

_REMEDIES = {
    errno.ENOSPC: "Free some space on the disk and start again.",
    errno.EDQUOT: "Free some space in your disk quota and start again.",
    errno.EROFS: "Choose another --data-dir, where something can be written.",
    errno.EACCES: "This user may not write there. Choose another --data-dir, or start as the user who owns it.",
    errno.EPERM: "This user may not do that. Choose another --data-dir, or start as the user who owns it.",
    errno.ENOTDIR: "A part of that path is a file, not a folder. Choose another --data-dir.",
    errno.EEXIST: "A file stands where a folder is needed. Choose another --data-dir.",
    errno.EMFILE: "Too many files are open. Raise the limit (ulimit -n) and start again.",
    errno.ENAMETOOLONG: "That path is too long. Choose a shorter --data-dir.",
}


class StartError(Exception):
    """The product cannot start, or cannot go on. The message is complete: it is shown without a traceback."""


def explain(error: OSError) -> StartError:
    """Turn what the operating system refused us into a sentence with a remedy."""
    what = error.strerror or str(error)
    where = f"{error.filename}: " if error.filename else ""
    remedy = _REMEDIES.get(error.errno or 0, "")
    return StartError(f"{where}{what}. {remedy}".rstrip())


def with_remedy(last_words: str) -> str:
    """What a program said before it ended, and the remedy if it complained about a full or read-only disk."""
    remedies = [
        _REMEDIES[number] for number in (errno.ENOSPC, errno.EDQUOT, errno.EROFS) if os.strerror(number) in last_words
    ]
    return "\n".join([last_words, *remedies])
