"""Which names of bodies (organisations, media, teams) are one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pnews.resolve.claims import Claim, beginnings, by_base, of_type
from pnews.resolve.keys import name_words
from pnews.resolve.knowledge import look_up
from pnews.resolve.names import Name, Words, phrases, vocabulary


def headed_body(names: Sequence[Name]) -> Iterator[Claim]:
    """`تسنیم` is `خبرگزاری تسنیم`; `باشگاه استقلال` is `تیم استقلال`.

    `سازمان` and `وزارت` don't change places like that, and who is known as something else
    isn't meant: `بسیج` is no `خبرگزاری بسیج`.
    """
    headed = by_base(of_type(names, "ORG"))
    for family in headed.values():
        for name in family:
            if "office" not in name.kinds:
                yield name, [next(owner for owner in family if owner.kinds == name.kinds)]
    for name in of_type(names, "ORG"):
        kinds = {record.kind for record in name.meanings}
        owners = headed.get(name.key, ())
        yield name, [owner for owner in owners if not kinds or kinds & owner.kinds]


def same_body(names: Sequence[Name]) -> Iterator[Claim]:
    """`وزارت خارجه ایالات متحده` is `وزارت امور خارجه آمریکا`."""
    first: dict[str, Name] = {}
    for name in of_type(names, "ORG"):
        yield name, [first.setdefault("".join(read_body(name.words)), name)]


def read_body(words: Words) -> Words:
    """A body's words with its synonyms and its country put in one form."""
    text = " ".join(("", *words, ""))
    for written, meant in phrases("same"):
        text = text.replace(written, meant)
    *inner, last = text.split() or words
    kept = [_without_ezafe(word) for word in inner if word not in vocabulary("idle")]
    return one_country((*kept, last))


def _without_ezafe(word: str) -> str:
    """`آویسای` before another word is `آویسا`; `هفته‌نامه‌ی` is `هفته‌نامه`."""
    return word[:-1] if word.endswith(("ای", "وی", "هی")) and len(word) > 3 else word


def one_country(words: Words) -> Words:
    """The words with a country's name at their end in its usual form."""
    for size in range(min(4, len(words) - 1), 0, -1):
        country = _country(words[-size:])
        if country:
            return (*words[:-size], *name_words(country))
    return words


def _country(words: Words) -> str:
    """The usual name of the country that these words name, or nothing."""
    records = look_up("".join(words), "LOC")
    return records[0].name if records and records[0].kind == "country" else ""


def home_body(names: Sequence[Name]) -> Iterator[Claim]:
    """`گمرک` is `گمرک ایران` even where `گمرک عراق` is named too."""
    bodies = read_bodies(names)
    home = vocabulary("home")
    homes = {"".join(words[:-1]): name for name, words in bodies.items() if words[-1] in home}
    for name, words in bodies.items():
        key = "".join(words)
        yield name, [homes[key]] if key in homes else []


def shortened_body(names: Sequence[Name]) -> Iterator[Claim]:
    """`وزارت دفاع` is `وزارت دفاع عراق`, the only longer name that starts so.

    `دادگستری استان` is `دادگستری استان قم`. A name that the knowledge base has is whole:
    `استقلال` is no short `استقلال خوزستان`.
    """
    bodies = read_bodies(names)
    owners: defaultdict[str, list[Name]] = defaultdict(list)
    for name, words in bodies.items():
        for key in beginnings(words):
            owners[key].append(name)
    for name, words in sorted(bodies.items(), key=lambda item: -len(item[1])):
        if not name.meanings:
            open_end = len(words) > 1 and words[-1] in vocabulary("idle")
            found = owners.get("".join(words[:-1] if open_end else words), ())
            yield name, [owner for owner in found if owner is not name]


def inner_words(names: Sequence[Name]) -> Iterator[Claim]:
    """`حوزه قزوین` is `حوزه علمیه قزوین`, `دولت ترامپ` is `دولت دونالد ترامپ`.

    A body's or a place's name may lose words between its first and its last; but `شهر دلیجان`
    is no `شهر اصناف دلیجان`.
    """
    for type_ in ("ORG", "LOC"):
        ends: defaultdict[tuple[str, str], list[Name]] = defaultdict(list)
        words = {name: read_body(name.words) for name in of_type(names, type_)}
        for name, read in words.items():
            ends[read[0], read[-1]].append(name)
        for name, read in sorted(words.items(), key=lambda item: -len(item[1])):
            if len(read) > 1 and not (type_ == "LOC" and name.kinds):
                longer = (other for other in ends[read[0], read[-1]] if other is not name)
                yield name, [other for other in longer if _loses(words[other], read)]


def _loses(words: Words, fewer: Words) -> bool:
    """Whether the words in their order are among the others, which tell no other team."""
    rest = iter(words)
    inside = len(fewer) < len(words) and all(word in rest for word in fewer)
    return inside and not any(w in vocabulary("apart") and w not in fewer for w in words)


def office_of_body(names: Sequence[Name]) -> Iterator[Claim]:
    """`انتقال خون استان ایلام` is `اداره کل انتقال خون استان ایلام`."""
    words = read_bodies(names)
    tails: defaultdict[str, list[Name]] = defaultdict(list)
    for name, read in words.items():
        for size in range(1, min(4, len(read) - 1)):
            if "".join(read[:size]) in vocabulary("office"):
                tails["".join(read[size:])].append(name)
    for name, read in words.items():
        if len(read) > 1:
            yield name, tails.get("".join(read), ())


def read_bodies(names: Sequence[Name]) -> dict[Name, Words]:
    """The bodies among the names, each with its words as `read_body` puts them."""
    return {name: read_body(name.words) for name in of_type(names, "ORG")}


def forget_home(names: Sequence[Name]) -> None:
    """`وزارت کشور` isn't Iran's where the document names a `وزارت کشور عراق` (in place)."""
    bodies = read_bodies(names)
    known = {"".join(words): name for name, words in bodies.items() if _is_office(name)}
    for name, words in bodies.items():
        for i in range(1, len(words)):
            short = known.get("".join(words[:i]))
            if short and not name.meanings and _country(words[i:]):
                short.meanings = ()


def _is_office(name: Name) -> bool:
    return any(record.kind == "office" for record in name.meanings)
