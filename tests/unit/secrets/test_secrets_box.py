"""Secrets at rest."""

import pytest

from shared.secrets_box import SecretsBox, UnreadableSecret


def test_what_is_sealed_can_be_opened_with_the_same_key_only() -> None:
    sealed = SecretsBox("a key").seal("jeton très secret")

    assert b"secret" not in sealed
    assert SecretsBox("a key").open(sealed) == "jeton très secret"
    with pytest.raises(UnreadableSecret):
        SecretsBox("another key").open(sealed)


def test_damage_is_noticed() -> None:
    sealed = SecretsBox("a key").seal("secret")

    with pytest.raises(UnreadableSecret):
        SecretsBox("a key").open(sealed[:-2] + b"AA")


def test_the_same_secret_is_sealed_differently_each_time() -> None:
    box = SecretsBox("a key")

    assert box.seal("secret") != box.seal("secret")
