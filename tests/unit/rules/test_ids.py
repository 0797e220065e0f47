"""UUID version 7 (shared.domain.ids)."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122

import pytest

from shared.domain.ids import uuid7

NOON = 1_774_872_000_000


def test_the_first_48_bits_are_the_milliseconds_and_version_and_variant_are_those_of_the_rfc() -> None:
    made = uuid7(NOON)
    assert made.int >> 80 == NOON
    assert made.version == 7
    assert made.variant == RFC_4122


def test_the_system_clock_is_the_default() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()
    after = time.time_ns() // 1_000_000
    assert before <= made.int >> 80 <= after


def test_identifiers_of_one_millisecond_increase_strictly() -> None:
    made = [uuid7(NOON) for _ in range(2_000)]
    assert made == sorted(set(made))
    assert {one.int >> 80 for one in made} == {NOON}


def test_a_later_millisecond_is_greater_whatever_was_drawn_before() -> None:
    assert uuid7(NOON + 1) > uuid7(NOON)
    assert uuid7(NOON + 2) > uuid7(NOON + 1)


def test_threads_never_draw_the_same_identifier() -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: uuid7(NOON), range(2_000)))
    assert len(set(made)) == 2_000


@pytest.mark.parametrize("milliseconds", [-1, 1 << 48])
def test_a_time_that_does_not_fit_is_refused(milliseconds: int) -> None:
    with pytest.raises(ValueError, match="48 bits"):
        uuid7(milliseconds)
