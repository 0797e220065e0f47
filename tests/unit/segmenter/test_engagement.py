"""Engagement with our messages (rule E1)."""

from decimal import Decimal

from services.segmenter.domain.engagement import Engagement
from tests.unit.segmenter.account import Row, score_of, touch

SILENT = Engagement(0, 0, 0, None, None, 0)


def measured(*rows: Row) -> Engagement:
    return score_of("c", *rows, touch("bystander", "email_sent", message="m1")).engagement


def sent(message: str, day: str = "2026-03-01") -> Row:
    return touch("c", "email_sent", day, message)


def test_repeated_opens_count_once_and_a_click_without_an_open_is_an_open() -> None:
    found = measured(
        *(sent(message) for message in ("m1", "m2", "m3", "m3")),
        touch("c", "email_opened", message="m1"),
        touch("c", "email_opened", message="m1"),
        touch("c", "email_clicked", message="m2"),
        touch("c", "email_clicked", message="m2"),
    )
    assert found == Engagement(3, 2, 1, Decimal("66.666667"), Decimal("33.333333"), 0)


def test_what_bounced_was_not_delivered_whenever_it_bounced_and_its_opens_do_not_count() -> None:
    found = measured(
        sent("m1"), sent("m2"), touch("c", "email_bounced", message="m2"), touch("c", "email_opened", message="m2")
    )
    assert found == Engagement(1, 0, 0, Decimal(0), Decimal(0), 0)


def test_opens_of_unknown_messages_and_of_messages_to_others_do_not_count() -> None:
    found = measured(sent("m2"), touch("c", "email_opened", message="m1"), touch("c", "email_opened", message="x"))
    assert (found.delivered, found.opened) == (1, 0)


def test_the_message_must_have_been_sent_in_the_90_days_but_may_be_opened_at_any_time_until_today() -> None:
    assert measured(sent("m1", "2025-12-31"), touch("c", "email_opened", "2026-03-01", "m1")) == SILENT
    found = measured(
        sent("m1", "2026-01-01"),
        touch("c", "email_opened", "2025-12-30", "m1"),
        sent("m2", "2026-03-31"),
        touch("c", "email_opened", "2026-04-01", "m2"),
        touch("c", "email_bounced", "2026-04-01", "m2"),
    )
    assert (found.delivered, found.opened) == (2, 1)


def test_nothing_delivered_is_no_rate_rather_than_zero_percent() -> None:
    assert measured() == SILENT
    assert measured(sent(""), touch("c", "email_opened")) == SILENT


def test_social_interactions_are_counted_in_the_window() -> None:
    found = measured(touch("c", "social"), touch("c", "social"), touch("c", "social", "2025-12-31"), touch("c", "call"))
    assert found.social == 2
