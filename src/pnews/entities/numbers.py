"""Numbers in figures and words."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from pnews.entities.expressions import Atom, Words

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


TENTHS = {"دهم": Decimal("0.1")}
"""An ordinal that after a cardinal is a fraction: سه دهم"""


def count(words: Words, part: str) -> int:
    """The whole number that a part of a match writes."""
    return int(number(words.pairs(part)))


def number(pairs: Iterable[tuple[str, Atom]]) -> Decimal:
    """The number of atoms with their classes: `۲۴ میلیون و ۸۵۰ هزار`, `سه و نیم میلیون`.

    A multiplier takes all smaller numbers before it (`دو هزار و ۵۰۰ میلیارد`), a fraction its
    own (`هشت و سه دهم`). Atoms of other classes count for nothing.
    """
    parts: list[Decimal] = []
    sign = 1
    for cls, atom in pairs:
        if cls in ("digits", "decimal"):
            parts.append(figure(atom.text))
        elif cls == "fraction" or (cls == "ordinal" and parts and atom.text in TENTHS):
            unit = TENTHS.get(atom.text) or Decimal(atom.value)
            parts.append((parts.pop() if parts else Decimal(1)) * unit)
        elif cls in ("cardinal", "ordinal", "half_unit"):
            parts.append(Decimal(atom.value))
        elif cls == "minus":
            sign = -1
        elif cls == "multiplier":
            factor = Decimal(atom.value)
            smaller = [part for part in parts if part < factor]
            parts = [part for part in parts if part >= factor]
            parts.append((sum(smaller, Decimal(0)) or Decimal(1)) * factor)
    return sign * sum(parts, Decimal(0))


def figure(written: str) -> Decimal:
    """A number in digits; `.`, `٫` and `/` part decimals, `٬` and `,` thousands.

    `۱۲,۵` and `۹,۵` are decimals: what stands after the only comma isn't three digits.
    """
    text = written.translate(_DIGITS).replace("٫", ".").replace("/", ".").replace("٬", ",")
    if text.count(",") == 1 and len(text.rpartition(",")[2]) != 3 and "." not in text:
        text = text.replace(",", ".")
    text = text.replace(",", "")
    if text.count(".") > 1:
        text = text.replace(".", "")
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(0)


def written(value: Decimal) -> str:
    """Without exponent or idle zeros: `24850000`, `12.5`."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
