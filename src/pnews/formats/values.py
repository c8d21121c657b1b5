"""What entities are worth, in typed columns."""

from __future__ import annotations

from typing import NamedTuple

from pnews.document import Entity, Money


class Value(NamedTuple):
    """An entity's value: as text, as a number that can be summed, and the money it is in.

    `text` is ISO 8601 for DATE and TIME, a decimal number for MONEY and PERCENT, `10/20` for a
    range; `number` is null for dates and ranges; `currency` is ISO 4217.
    """

    text: str | None = None
    number: float | None = None
    currency: str | None = None


def value_of(entity: Entity) -> Value:
    """The value of an entity in three columns, null where it has none."""
    match entity.value:
        case None:
            return Value()
        case Money(amount, currency):
            return Value(amount, _number(amount), currency)
        case str(text):
            return Value(text)
        case number:
            return Value(str(number), float(number))


def _number(amount: str) -> float | None:
    try:
        return float(amount)
    except ValueError:  # a range
        return None
