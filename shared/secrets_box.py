"""Secrets that we must be able to read again, encrypted at rest with a key derived from the installation's own."""

import base64
from typing import Final

# ruff: noqa: PLC0415 - cryptography takes 7 MB, which only a process that seals or opens something should pay.

_PURPOSE: Final = b"portefeuille secrets at rest, version 1"


class UnreadableSecret(Exception):
    """Sealed with another key, or damaged: it has to be set anew."""


class SecretsBox:
    """Seals and opens with one key: authenticated encryption, so damage is noticed."""

    def __init__(self, secret_key: str) -> None:
        from cryptography.fernet import Fernet
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        key = HKDF(SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret_key.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def seal(self, secret: str) -> bytes:
        return self._fernet.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """Raises UnreadableSecret."""
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise UnreadableSecret from error
