"""From transactions to kept orders, revenue and margin (rules T1 to T7, C1)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from services.segmenter.domain.calendar import Window
from services.segmenter.domain.money import Converter
from services.segmenter.domain.rows import Transaction
from shared.domain.money import exact_sum


@dataclass(frozen=True, slots=True)
class DatedTransaction:
    """A transaction with its local day (D1), on or before the day asked about (D3)."""

    day: date
    row: Transaction


@dataclass(frozen=True, slots=True)
class Booking:
    """One converted row on its own day, in minor units; a margin of None is unknown (T6)."""

    day: date
    amount: int
    margin: int | None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What one customer bought: every booking, and the days of the kept orders, ascending, one a kept order (T3)."""

    bookings: tuple[Booking, ...] = ()
    order_days: tuple[date, ...] = ()

    def revenue(self, window: Window) -> int:
        """All rows booked in the window, attached or not; it can be zero or negative (T4)."""
        return sum(booking.amount for booking in self.bookings if booking.day in window)

    def margin(self, window: Window) -> int | None:
        """Amounts minus costs of the rows booked in the window, or None when one of the costs is unknown (T6)."""
        total = 0
        for booking in self.bookings:
            if booking.day in window:
                if booking.margin is None:
                    return None
                total += booking.margin
        return total

    def orders(self, window: Window) -> int:
        """Kept orders whose day lies in the window (T7)."""
        return sum(day in window for day in self.order_days)

    @property
    def first_purchase(self) -> date | None:
        return self.order_days[0] if self.order_days else None

    @property
    def last_purchase(self) -> date | None:
        return self.order_days[-1] if self.order_days else None

    @property
    def purchase_days(self) -> tuple[date, ...]:
        """Distinct days with a kept order, ascending."""
        return tuple(dict.fromkeys(self.order_days))


def open_ledger(rows: Sequence[DatedTransaction], converter: Converter) -> Ledger:
    """The ledger of one customer from all of its visible transactions, in any order."""
    opened_on = _order_days(rows)
    return Ledger(
        bookings=tuple(_book(dated, opened_on.get(_order_key(dated.row)), converter) for dated in rows),
        order_days=_kept_order_days(rows, opened_on),
    )


def _order_key(row: Transaction) -> str | tuple[str]:
    """Rows with one order id form an order; a row without is alone (T1). The tuple keeps the two apart."""
    return row.order_id or (row.transaction_id,)


def _order_days(rows: Iterable[DatedTransaction]) -> dict[str | tuple[str], date]:
    """Each order's day: that of its first sale row, by instant, then by id in code points (T2). No sale, no order."""
    first: dict[str | tuple[str], tuple[datetime, str, date]] = {}
    for dated in rows:
        if dated.row.kind == "sale":
            key = _order_key(dated.row)
            candidate = (dated.row.occurred_at, dated.row.transaction_id, dated.day)
            first[key] = min(first.get(key, candidate), candidate)
    return {key: day for key, (_, _, day) in first.items()}


def _kept_order_days(rows: Iterable[DatedTransaction], opened_on: dict[str | tuple[str], date]) -> tuple[date, ...]:
    """An order is kept while its rows' original amounts sum to more than zero (T3)."""
    amounts: dict[str | tuple[str], list[Decimal]] = defaultdict(list)
    for dated in rows:
        amounts[_order_key(dated.row)].append(dated.row.amount)
    return tuple(sorted(day for key, day in opened_on.items() if exact_sum(amounts[key]) > 0))


def _book(dated: DatedTransaction, order_day: date | None, converter: Converter) -> Booking:
    """C1: an attached refund takes its order's rate, so that a full refund nets to zero; other rows their own day's."""
    row = dated.row
    rate_day = order_day if row.kind == "refund" and order_day else dated.day
    amount = converter.to_minor(row.amount, row.currency, rate_day)
    if row.cost is not None:
        return Booking(dated.day, amount, amount - converter.to_minor(row.cost, row.currency, rate_day))
    # Goods that come back are not restocked: a refund without cost gives nothing back.
    return Booking(dated.day, amount, amount if row.kind == "refund" else None)
