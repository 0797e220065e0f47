"""Python's collector of cyclic garbage, told to leave alone what a process has loaded."""

import gc

_YOUNG, _MIDDLE, _OLD = 50_000, 20, 20


def leave_what_is_loaded() -> None:
    """Call it once everything is imported. What is loaded stays anyway, and a thousand rows make garbage without
    cycles: looking for some among all of that took a tenth of the time (measured on batches of the api).
    """
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
