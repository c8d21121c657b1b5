"""Which names of persons are one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pnews.resolve.claims import Claim, beginnings, index, longest_first, of_type
from pnews.resolve.keys import without_article
from pnews.resolve.names import Name, Words, vocabulary


def same_person_less_given(names: Sequence[Name]) -> Iterator[Claim]:
    """`جواد ظریف` is `محمدجواد ظریف`."""
    owners: defaultdict[str, list[Name]] = defaultdict(list)
    for name in people(names):
        for key in _less_given(name.words):
            owners[key].append(name)
    for name in people(names):
        if len(name.words) > 1:
            yield name, owners.get(name.key, ())


def _less_given(words: Words) -> Iterator[str]:
    """Keys of a full name less a first half of its given name, `محمد` written apart or not."""
    for half in vocabulary("given"):
        if words[0] == half and len(words) > 2:
            yield "".join(words[1:])
        elif words[0].startswith(half) and len(words) > 1 and len(words[0]) > len(half) + 1:
            yield "".join((words[0][len(half) :], *words[1:]))


def longer_surname(names: Sequence[Name]) -> Iterator[Claim]:
    """`محمد عیدی` is `محمد عیدی نجف‌آبادی`."""
    owners = index(people(names), beginnings)
    for name in people(names):
        if len(name.words) > 1:
            yield name, owners.get(name.key, ())


def surname(names: Sequence[Name]) -> Iterator[Claim]:
    """`علی‌اف` is `الهام علی‌اف`, before or after it in the text; `حریری` is `سعد الحریری`."""
    owners = index(people(names), _surnames)
    for owner, words in glued(people(names)).items():
        for key in _surnames(words):
            owners[key].append(owner)
    for name in longest_first(people(names)):
        found = owners.get(without_article(name.key), ())
        yield name, [owner for owner in found if owner is not name]


def glued(names: Sequence[Name]) -> dict[Name, Words]:
    """Names whose first two words lost their space, and their words put right.

    The document tells: `صمدنیکخواه بهرامی` is so beside `صمد نیکخواه`.
    """
    parted = {"".join(name.words[:2]): name.words[:2] for name in names if len(name.words) > 1}
    return {
        name: parted[name.words[0]] + name.words[1:] for name in names if name.words[0] in parted
    }


def _surnames(words: Words) -> Iterator[str]:
    for i in range(1, len(words)):
        yield without_article("".join(words[i:]))


def middle_of_name(names: Sequence[Name]) -> Iterator[Claim]:
    """`نیکبخت` is `علیرضا نیکبخت واحدی`."""
    owners = index(people(names), _middles)
    for name in _neither_surname_nor_saint(names):
        yield name, owners.get(name.key, ())


def _middles(words: Words) -> Iterator[str]:
    for first in range(1, len(words) - 1):
        for last in range(first + 1, len(words)):
            yield "".join(words[first:last])


def first_name(names: Sequence[Name]) -> Iterator[Claim]:
    """`برانکو` is `برانکو ایوانکوویچ`; but `علی` or `فاطمه` alone may be a saint."""
    owners = index(people(names), lambda words: iter(words[:1] if len(words) > 1 else ()))
    for name in _neither_surname_nor_saint(names):
        yield name, owners.get(name.key, ())


def _neither_surname_nor_saint(names: Sequence[Name]) -> Iterator[Name]:
    surnames = index(people(names), _surnames)
    for name in people(names):
        if name.key not in surnames and name.key not in vocabulary("saint"):
            yield name


def people(names: Iterable[Name]) -> list[Name]:
    """The names of persons."""
    return of_type(names, "PER")
