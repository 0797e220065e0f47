"""Conversion into the account's currency (rules C1 and C2). Everything after it is integers of minor units."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from services.segmenter.domain.rows import ExchangeRate
from shared.domain.money import convert_to_minor

_ONE = Decimal(1)


class MissingRate(LookupError):
    """No exchange rate on or before the needed day. Such a row is refused where it enters (I7), never taken 1:1."""

    def __init__(self, currency: str, day: date) -> None:
        super().__init__(f"no exchange rate for {currency} on {day} or before")


class Converter:
    """Amounts of any currency into minor units of the account's."""

    def __init__(self, currency: str, rates: Iterable[ExchangeRate]) -> None:
        self._currency = currency
        self._days: dict[str, list[date]] = defaultdict(list)
        self._rates: dict[str, list[Decimal]] = defaultdict(list)
        for rate in sorted(rates, key=lambda rate: rate.day):
            self._days[rate.currency].append(rate.day)
            self._rates[rate.currency].append(rate.rate)

    def rate(self, currency: str, day: date) -> Decimal:
        """The last rate dated on or before the day; 1 for the account's own currency (C1). Raises `MissingRate`."""
        if currency in ("", self._currency):
            return _ONE
        position = bisect_right(self._days[currency], day)
        if position == 0:
            raise MissingRate(currency, day)
        return self._rates[currency][position - 1]

    def to_minor(self, amount: Decimal, currency: str = "", day: date = date.max) -> int:
        """The amount at the rate of the day, in minor units, halves away from zero, its own currency too (C2)."""
        return convert_to_minor(amount, self.rate(currency, day), self._currency)
