"""May we write or call at all: consent, existing clients, companies, suppression (contact_policy)."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.scheduler.domain.contact_rules import Channel, Kind, Purpose, RuleId
from services.scheduler.domain.contacts import Allowed, Consent, Refused, Suppression, Verdict
from services.scheduler.domain.ledger import Reason
from tests.unit.scheduler.contacting import BEFORE_THE_SWITCH, NOBODY_KNOWN, POLICY, TUESDAY, WILLING, ask

NO_OPT_IN = Refused(Reason.NO_CONSENT, RuleId.EMAIL_OPT_IN)
NO_SMS_OPT_IN = Refused(Reason.NO_CONSENT, RuleId.SMS_OPT_IN)
WITHDRAWN = Refused(Reason.UNSUBSCRIBED, RuleId.WITHDRAWN)
NOT_OFFERED = Refused(Reason.NO_CONSENT, RuleId.OPT_OUT_OFFERED)


@pytest.mark.parametrize(
    ("kind", "consent", "existing_client", "expected"),
    [
        (Kind.PERSON, Consent.NONE, False, NO_OPT_IN),
        (Kind.PERSON, Consent.GRANTED, False, Allowed()),
        (Kind.PERSON, Consent.NONE, True, Allowed()),
        (Kind.PERSON, Consent.WITHDRAWN, True, WITHDRAWN),
        (Kind.COMPANY, Consent.NONE, False, Allowed()),
        (Kind.COMPANY, Consent.WITHDRAWN, False, WITHDRAWN),
    ],
)
def test_email_needs_opt_in_of_a_person_or_an_existing_client_while_opt_out_suffices_for_a_company(
    kind: Kind, consent: Consent, existing_client: bool, expected: Verdict
) -> None:
    answer = ask(Channel.EMAIL, NOBODY_KNOWN, kind=kind, consent=consent, existing_client=existing_client)
    assert answer == expected


@pytest.mark.parametrize(
    ("kind", "existing_client", "expected"),
    [(Kind.PERSON, True, NO_OPT_IN), (Kind.COMPANY, False, NOT_OFFERED)],
)
def test_without_an_opt_out_on_offer_neither_clients_nor_companies_are_written_to_unasked(
    kind: Kind, existing_client: bool, expected: Verdict
) -> None:
    silent = replace(POLICY, opt_out_offered=frozenset())
    assert ask(Channel.EMAIL, NOBODY_KNOWN, policy=silent, kind=kind, existing_client=existing_client) == expected
    assert ask(Channel.EMAIL, WILLING, policy=silent, kind=kind) == Allowed()


def test_a_workspace_may_ask_for_opt_in_of_its_clients_too() -> None:
    strict = replace(POLICY, existing_clients_without_opt_in=False)
    assert ask(Channel.EMAIL, NOBODY_KNOWN, policy=strict, existing_client=True) == NO_OPT_IN


def test_a_text_message_needs_the_grounds_of_an_email_and_names_its_own_rule() -> None:
    assert ask(Channel.SMS, NOBODY_KNOWN) == NO_SMS_OPT_IN
    assert ask(Channel.SMS, NOBODY_KNOWN, existing_client=True) == Allowed()


@pytest.mark.parametrize(
    ("suppression", "reason", "rule_id"),
    [
        (Suppression.HARD_BOUNCE, Reason.HARD_BOUNCED, RuleId.HARD_BOUNCE),
        (Suppression.COMPLAINT, Reason.COMPLAINED, RuleId.COMPLAINT),
        (Suppression.OPT_OUT, Reason.UNSUBSCRIBED, RuleId.OPT_OUT),
    ],
)
@pytest.mark.parametrize("kind", list(Kind))
def test_a_suppressed_address_is_not_written_to_whatever_was_agreed(
    kind: Kind, suppression: Suppression, reason: Reason, rule_id: RuleId
) -> None:
    assert ask(Channel.EMAIL, kind=kind, suppressions=frozenset({suppression})) == Refused(reason, rule_id)


def test_of_several_reasons_the_dead_address_is_named_first() -> None:
    everything = frozenset(Suppression)
    assert ask(Channel.EMAIL, suppressions=everything) == Refused(Reason.HARD_BOUNCED, RuleId.HARD_BOUNCE)


@pytest.mark.parametrize("address", [None, ""])
@pytest.mark.parametrize("channel", list(Channel))
def test_without_an_address_nothing_is_sent(channel: Channel, address: str | None) -> None:
    assert ask(channel, address=address) == Refused(Reason.NO_ADDRESS, RuleId.ADDRESS)


def test_a_service_message_needs_no_consent_and_survives_an_opt_out() -> None:
    answer = ask(
        Channel.EMAIL,
        NOBODY_KNOWN,
        purpose=Purpose.SERVICE,
        consent=Consent.WITHDRAWN,
        suppressions=frozenset({Suppression.OPT_OUT}),
    )
    assert answer == Allowed()


@pytest.mark.parametrize("suppression", [Suppression.HARD_BOUNCE, Suppression.COMPLAINT])
def test_not_even_a_service_message_goes_to_a_dead_or_complaining_address(suppression: Suppression) -> None:
    assert isinstance(
        ask(Channel.EMAIL, purpose=Purpose.SERVICE, suppressions=frozenset({suppression})),
        Refused,
    )


@pytest.mark.parametrize(
    ("kind", "consent", "contract_running", "before", "after"),
    [
        (Kind.PERSON, Consent.NONE, False, Allowed(), Refused(Reason.NO_CONSENT, RuleId.PHONE_CONSENT)),
        (Kind.PERSON, Consent.NONE, True, Allowed(), Allowed()),
        (Kind.PERSON, Consent.GRANTED, False, Allowed(), Allowed()),
        (Kind.PERSON, Consent.WITHDRAWN, True, WITHDRAWN, WITHDRAWN),
        (Kind.COMPANY, Consent.NONE, False, Allowed(), Allowed()),
    ],
)
def test_calling_a_person_needs_consent_from_11_august_2026_unless_a_contract_runs(
    kind: Kind, consent: Consent, contract_running: bool, before: Verdict, after: Verdict
) -> None:
    def call(at: datetime) -> Verdict:
        return ask(Channel.PHONE, NOBODY_KNOWN, at=at, kind=kind, consent=consent, contract_running=contract_running)

    assert call(BEFORE_THE_SWITCH) == before
    assert call(TUESDAY) == after


def test_the_switch_happens_at_midnight_where_the_person_lives() -> None:
    reunion = ZoneInfo("Indian/Reunion")
    moment = datetime(2026, 8, 11, 6, 30, tzinfo=UTC)  # 10:30 in Saint-Denis, 20:30 the day before in Honolulu.
    assert ask(Channel.PHONE, NOBODY_KNOWN, at=moment, zone=reunion) == Refused(Reason.NO_CONSENT, RuleId.PHONE_CONSENT)
    assert not isinstance(ask(Channel.PHONE, NOBODY_KNOWN, at=moment, zone=ZoneInfo("Pacific/Honolulu")), Refused)


def test_a_workspace_outside_france_may_switch_the_consent_rule_off() -> None:
    elsewhere = replace(POLICY, phone_consent_from=None)
    assert ask(Channel.PHONE, NOBODY_KNOWN, policy=elsewhere) == Allowed()
