"""Who and what is named, when and how much: the tagger's labels and the grammar's values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from msgspec.structs import replace

from pnews.document import Document, Entity, EntityType, Sentence, Stage
from pnews.entities import schemes
from pnews.entities.recurring import Labels, with_recurring
from pnews.entities.tagger import Tagger, load

BATCH_DOCUMENTS = 32
BATCH_TOKENS = 20_000


def stage(
    *,
    scheme: str = "news",
    model: str = "fast",
    device: str = "cpu",
    threads: int | None = None,
    tagger: Tagger | None = None,
) -> Stage:
    """Adds `entities` in the types of a scheme, and the model's name to `meta`.

    Documents are read ahead, up to `BATCH_DOCUMENTS` or `BATCH_TOKENS`, and tagged together; a
    person who is named surely is then found again in the same document (`recurring`).
    The other options are those of `tagger.load`; `tagger` takes the place of what they name. In
    the first scheme, ours, the grammar of dates, times, money and percentages adds what the
    tagger misses; in the others it gives values only, so that their spans are those of the corpus.
    Raises InputError for an unknown scheme, model or device, ModelError for a missing or damaged
    model.
    """
    chosen = tagger or load(scheme, model=model, device=device, threads=threads)
    return lambda documents: _tag_all(documents, chosen, add=scheme == schemes.names()[0])


def _tag_all(documents: Iterable[Document], tagger: Tagger, *, add: bool) -> Iterator[Document]:
    from pnews.entities.values import with_values

    for batch in _batches(documents):
        sentences = [sentence for document in batch for sentence in document.sentences]
        words = [[token.text for token in sentence.tokens] for sentence in sentences]
        tagged, at = tagger.tag(words), 0
        for document in batch:
            end = at + len(document.sentences)
            labels = with_recurring(words[at:end], tagged[at:end])
            at = end
            meta = replace(document.meta, model=tagger.name)
            found = with_values(document, list(_entities(document, labels)), add=add)
            yield replace(document, entities=tuple(_numbered(found)), meta=meta)


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    tokens = 0
    for document in documents:
        batch.append(document)
        tokens += sum(len(sentence.tokens) for sentence in document.sentences)
        if len(batch) == BATCH_DOCUMENTS or tokens >= BATCH_TOKENS:
            yield batch
            batch, tokens = [], 0
    if batch:
        yield batch


def _entities(document: Document, labels: Iterable[Labels]) -> Iterator[Entity]:
    for sentence, tagged in zip(document.sentences, labels, strict=True):
        for span in schemes.spans([label for label, _ in tagged]):
            scores = [score for _, score in tagged[span.start : span.end]]
            yield _entity(document, sentence, span, scores)


def _numbered(entities: Iterable[Entity]) -> Iterator[Entity]:
    return (replace(entity, id=f"e{number}") for number, entity in enumerate(entities, 1))


def _entity(
    document: Document, sentence: Sentence, span: schemes.Span, scores: Sequence[float]
) -> Entity:
    first, last = sentence.tokens[span.start], sentence.tokens[span.end - 1]
    return Entity(
        id="",
        type=cast(EntityType, span.type),
        text=document.text[first.start : last.end],
        normalized=document.normalized[first.norm_start : last.norm_end],
        start=first.start,
        end=last.end,
        norm_start=first.norm_start,
        norm_end=last.norm_end,
        score=round(min(1.0, schemes.sureness(scores)), 4),
    )
