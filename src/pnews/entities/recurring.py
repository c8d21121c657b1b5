"""People named surely in an article, found again where the tagger only doubted.

The tagger sees a sentence at a time, and a surname alone that is also a word (`غنی`, rich) is told
by the name in full elsewhere in the article.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pnews.entities import schemes

Labels = list[tuple[str, float]]

SURE = 0.95
"""Score from which a person counts as named; this and the next were chosen on PEYMA's dev set."""
DOUBT = 0.97
"""Score up to which a word outside of names may be one."""
SCORE = 0.75
"""Of what is added: 28 of 37 were right on the development sets and half of gold-train."""
FEWEST_LETTERS = 3
"""Of a surname that is looked for alone."""
MOST_WORDS = 8
"""Of a name that is looked for; a longer run of labels is none."""


def with_recurring(sentences: Sequence[Sequence[str]], tagged: Sequence[Labels]) -> list[Labels]:
    """The labels of an article's sentences, with the people who recur in words labelled `O`."""
    people = set(_people(sentences, tagged))
    if not people:
        return list(tagged)
    made = []
    for words, labels in zip(sentences, tagged, strict=True):
        labels = list(labels)
        for start in range(len(words)):
            for end in range(min(start + MOST_WORDS, len(words)), start, -1):
                if tuple(words[start:end]) in people and _doubtful(labels[start:end]):
                    rest = end - start - 1
                    labels[start:end] = [("B-PER", SCORE), *[("I-PER", SCORE)] * rest]
                    break
        made.append(labels)
    return made


def _people(
    sentences: Sequence[Sequence[str]], tagged: Sequence[Labels]
) -> Iterator[tuple[str, ...]]:
    """The words of each person named surely, and the last of them."""
    for words, labels in zip(sentences, tagged, strict=True):
        for span in schemes.spans([label for label, _ in labels]):
            scores = [score for _, score in labels[span.start : span.end]]
            if span.type == "PER" and schemes.sureness(scores) >= SURE:
                name = tuple(words[span.start : span.end])
                yield name
                if len(name[-1]) >= FEWEST_LETTERS:
                    yield name[-1:]


def _doubtful(labels: Labels) -> bool:
    return all(label == schemes.OUTSIDE for label, _ in labels) and any(
        score <= DOUBT for _, score in labels
    )
