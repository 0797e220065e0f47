"""What the methods read: the rows of an account as plain values (rules I1 to I6)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from shared.domain.thresholds import Settings

TransactionKind = Literal["sale", "refund"]
SurveyKind = Literal["nps", "csat"]


@dataclass(frozen=True, slots=True)
class Account:
    """A workspace and the local day D it is looked at. `timezone` is an IANA name, `currency` an ISO 4217 code."""

    timezone: str
    currency: str
    as_of: date
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=True, slots=True)
class Customer:
    """`customer_id` is the external id where there is one, else the text of the id: it decides every tie (R2).

    `potential` is in the account's currency, None when unknown.
    """

    customer_id: str
    potential: Decimal | None = None
    lead_fit: int = 0


@dataclass(frozen=True, slots=True)
class Transaction:
    """`occurred_at` has a zone. Empty `order_id`: none. Empty `currency`: the account's. `cost` None: unknown."""

    transaction_id: str
    customer_id: str
    kind: TransactionKind
    occurred_at: datetime
    amount: Decimal
    cost: Decimal | None = None
    order_id: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    survey_id: str
    customer_id: str
    kind: SurveyKind
    score: int
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Interaction:
    """`kind` is one of I5 or another that no method counts. `cost` is in the account's currency."""

    customer_id: str
    kind: str
    occurred_at: datetime
    message_id: str = ""
    cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """Units of the account's currency for one of `currency`, from `day` on."""

    day: date
    currency: str
    rate: Decimal
