"""From what may go wrong outside to one sentence. What is not expected is a bug, and shows its traceback."""

from services.cli.answers import CommandFailed


def explained(error: Exception) -> str | None:
    """The sentence, or None for a bug of ours."""
    if isinstance(error, CommandFailed):
        return str(error)
    return _of_database(error) or _of_network(error)


def _of_database(error: Exception) -> str | None:
    import asyncpg
    from sqlalchemy.exc import ArgumentError, DBAPIError

    if isinstance(error, ArgumentError):
        return f"PORTEFEUILLE_DATABASE_URL is no database URL: {error}"
    original = error.orig if isinstance(error, DBAPIError) else error
    cause = getattr(original, "__cause__", None) or original
    if isinstance(cause, asyncpg.UndefinedTableError | asyncpg.UndefinedColumnError):
        return f"The database is not at the newest schema ({cause}). Run: portefeuille migrate"
    if isinstance(cause, asyncpg.PostgresError | asyncpg.InterfaceError | OSError):
        return f"The database refuses: {cause}"
    return None


def _of_network(error: Exception) -> str | None:
    import httpx

    from shared.errors import PortefeuilleError

    if isinstance(error, httpx.HTTPError):
        return f"The API does not answer: {str(error) or type(error).__name__}"
    return error.detail or error.code if isinstance(error, PortefeuilleError) else None
