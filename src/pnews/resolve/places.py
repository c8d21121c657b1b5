"""Which names of places are one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pnews.resolve.claims import Claim, beginnings, by_base, index, longest_first, of_type
from pnews.resolve.names import Name, vocabulary


def headed_place(names: Sequence[Name]) -> Iterator[Claim]:
    """`باکو` is `شهر باکو`; `همدان` is `استان همدان` where no `شهر همدان` is named."""
    headed = by_base(of_type(names, "LOC"))
    for name in of_type(names, "LOC"):
        owners = [owner for owner in headed.get(name.key, ()) if _can_head(owner, name)]
        cities = [owner for owner in owners if "city" in owner.kinds]
        yield name, cities or owners


def _can_head(headed: Name, bare: Name) -> bool:
    """`استان تهران` isn't `تهران`: who writes a capital's or country's name means just that.

    An ordinary city may well stand for the province or county named after it.
    """
    best = bare.meanings[0].kind if bare.meanings else "city"
    return best == "city" or best in headed.kinds


def shortened_place(names: Sequence[Name]) -> Iterator[Claim]:
    """`شهرک اندیشه` is `شهرک اندیشه شهریار`, `اقلیم` is `اقلیم کردستان`."""
    places = of_type(names, "LOC")
    owners = index(places, beginnings)
    for name in longest_first(places):
        if name.words[0] in vocabulary("place") and not name.meanings:
            yield name, owners.get(name.key, ())
