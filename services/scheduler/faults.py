"""Whose fault is it: the outside's, which is waited out, or that of the work at hand, which counts as a try."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from shared.errors import TemporarilyUnavailable


def is_outside_fault(error: BaseException) -> bool:
    """Whether trying the same again, as soon as the outside is back, is right."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    return isinstance(error, TemporarilyUnavailable | OSError | TimeoutError)
