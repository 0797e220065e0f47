"""What stops a start, told so that the reader knows what to do next."""

import errno

_REMEDIES = {
    errno.ENOSPC: "The disk is full. Free some space and start again.",
    errno.EDQUOT: "The disk quota is used up. Free some space and start again.",
    errno.EROFS: "The file system is read-only. Choose another --data-dir.",
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
    """Turn what the operating system refused into a sentence with a remedy."""
    what = error.strerror or str(error)
    where = f"{error.filename}: " if error.filename else ""
    remedy = _REMEDIES.get(error.errno or 0, "")
    return StartError(f"{where}{what}. {remedy}".rstrip())
