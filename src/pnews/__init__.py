"""pnews: the pipeline for Persian news text.

>>> from pnews import annotate
>>> annotate("جو بایدن به باکو رفت.").entities[0].text
'جو بایدن'

The names below are imported when first used, so that `import pnews` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pnews.version import __version__

if TYPE_CHECKING:
    from pnews.aligned import AlignedText
    from pnews.document import Cluster, Document, Entity, Sentence, Token
    from pnews.errors import PnewsError
    from pnews.pipeline import Pipeline, annotate

__all__ = [
    "AlignedText",
    "Cluster",
    "Document",
    "Entity",
    "Pipeline",
    "PnewsError",
    "Sentence",
    "Token",
    "__version__",
    "annotate",
]

_HOMES = {
    "AlignedText": "pnews.aligned",
    "Cluster": "pnews.document",
    "Document": "pnews.document",
    "Entity": "pnews.document",
    "Pipeline": "pnews.pipeline",
    "PnewsError": "pnews.errors",
    "Sentence": "pnews.document",
    "Token": "pnews.document",
    "annotate": "pnews.pipeline",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'pnews' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
