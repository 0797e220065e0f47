"""The token of an unsubscribe link."""

from dataclasses import replace
from uuid import UUID

import pytest

from shared.unsubscribe import Unsubscription, make_unsubscribe_token, read_unsubscribe_token

WISH = Unsubscription(
    UUID("0198f000-0000-7000-8000-000000000001"),
    UUID("0198f000-0000-7000-8000-000000000002"),
    "email",
    UUID("0198f000-0000-7000-8000-000000000003"),
)


@pytest.mark.parametrize("wish", [WISH, replace(WISH, message_id=None), replace(WISH, channel="sms")])
def test_a_token_brings_back_the_wish(wish: Unsubscription) -> None:
    assert read_unsubscribe_token("key", make_unsubscribe_token("key", wish)) == wish


def test_a_token_is_stable_and_fits_into_an_address() -> None:
    token = make_unsubscribe_token("key", WISH)

    assert token == make_unsubscribe_token("key", WISH)
    assert len(token) < 100
    assert token.replace("-", "").replace("_", "").isalnum()


def test_no_single_changed_character_is_accepted() -> None:
    token = make_unsubscribe_token("key", WISH)
    for position in range(len(token) - 1):  # The last one also carries bits that mean nothing.
        changed = token[:position] + ("A" if token[position] != "A" else "B") + token[position + 1 :]
        assert read_unsubscribe_token("key", changed) is None


@pytest.mark.parametrize("token", ["", "A", "é", "====", "a" * 500, "0198f000"])
def test_nonsense_is_refused(token: str) -> None:
    assert read_unsubscribe_token("key", token) is None
