"""Annotated documents as a corpus for spaCy: tokens, sentences, lemmas, entities.

usage: python examples/to_spacy.py OUT.jsonl CORPUS.spacy
"""

import sys
from bisect import bisect_left

import spacy
from spacy.tokens import Doc, DocBin, Span

from pnews import Document
from pnews.formats.read import read


def to_spacy(document: Document, vocab: spacy.Vocab) -> Doc:
    """The document in spaCy's own shape; its text is the normalised one, blanks made one."""
    tokens = list(document.tokens)
    starts = {sentence.norm_start for sentence in document.sentences}
    ends = [token.norm_start for token in tokens[1:]] + [len(document.normalized)]
    made = Doc(
        vocab,
        words=[token.text for token in tokens],
        spaces=[token.norm_end < end for token, end in zip(tokens, ends, strict=True)],
        lemmas=[token.lemma for token in tokens],
        sent_starts=[token.norm_start in starts for token in tokens],
    )
    places = [token.norm_start for token in tokens]
    spans = (
        (bisect_left(places, one.norm_start), bisect_left(places, one.norm_end), one.type)
        for one in document.entities
    )
    made.ents = [Span(made, first, end, label=type_) for first, end, type_ in spans if first < end]
    return made


def main() -> None:
    """Read, turn, write."""
    vocab = spacy.blank("fa").vocab
    corpus = DocBin(docs=[to_spacy(document, vocab) for document in read([sys.argv[1]])])
    corpus.to_disk(sys.argv[2])
    print(len(corpus), "documents")


if __name__ == "__main__":
    main()
