"""Passwords: hashed with Argon2id, off the event loop, two at a time: each costs 64 MiB and tens of milliseconds."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 12
LONGEST: Final = 1000
_hasher: Final = PasswordHasher()
_threads: Final = ThreadPoolExecutor(2, "passwords")


async def hash_password(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def fits(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one of the hash. Without hash the same work is done, and the answer is no."""
    fit = await asyncio.get_running_loop().run_in_executor(_threads, _verify, password_hash, password)
    return fit and password_hash is not None


def _verify(password_hash: str | None, password: str) -> bool:
    try:
        return _hasher.verify(password_hash or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("the password of nobody")
