"""Which wording a customer gets (shared.domain.automation.steps)."""

from collections import Counter
from uuid import UUID, uuid5

import pytest

from shared.domain.automation.steps import Email, Variant, choose_variant, step_fields

SEQUENCE = UUID(int=1)
A, B = Variant(UUID(int=10), 70), Variant(UUID(int=11), 30)
HELLO = Email("hello", (A, B))
CUSTOMERS = [uuid5(SEQUENCE, str(number)) for number in range(4000)]


def shares(step: Email, sequence_id: UUID = SEQUENCE) -> Counter[Variant]:
    return Counter(choose_variant(step, sequence_id=sequence_id, customer_id=customer) for customer in CUSTOMERS)


def test_a_customer_gets_the_same_variant_on_every_process_and_every_retry() -> None:
    chosen = [
        choose_variant(HELLO, sequence_id=SEQUENCE, customer_id=UUID(int=number)).template_id.int
        for number in range(8)
    ]  # fmt: skip
    assert chosen == [10, 10, 10, 10, 11, 11, 11, 11]  # Written down: a change of the hash would move customers.


def test_the_shares_follow_the_weights() -> None:
    assert 0.67 < shares(HELLO)[A] / len(CUSTOMERS) < 0.73


def test_another_step_or_sequence_draws_anew() -> None:
    def is_a(step: Email, sequence_id: UUID, customer: UUID) -> bool:
        return choose_variant(step, sequence_id=sequence_id, customer_id=customer) is A

    again = Email("again", HELLO.variants)
    for step, sequence_id in ((again, SEQUENCE), (HELLO, UUID(int=2))):
        same = sum(is_a(HELLO, SEQUENCE, customer) == is_a(step, sequence_id, customer) for customer in CUSTOMERS)
        assert 0.54 < same / len(CUSTOMERS) < 0.62  # 0.7² + 0.3² when the draws are independent.


def test_a_single_template_is_its_own_variant() -> None:
    only = Email("hello", (A,))
    assert shares(only) == Counter({A: len(CUSTOMERS)})


def test_an_email_without_variants_is_a_bug() -> None:
    with pytest.raises(ValueError, match="hello"):
        choose_variant(Email("hello", ()), sequence_id=SEQUENCE, customer_id=SEQUENCE)


def test_rules_may_ask_what_became_of_each_email() -> None:
    names = [field.name for field in step_fields(("hello", "again"))]
    assert len(names) == 12
    assert {"step.hello.opened", "step.hello.replied", "step.again.bounced"} <= set(names)
