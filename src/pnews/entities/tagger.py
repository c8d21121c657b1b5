"""What a tagger is: tokens in, labels with scores out; and the three that ship."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Protocol, TypeAlias

from pnews.entities import schemes
from pnews.errors import InputError

if TYPE_CHECKING:
    from pnews.entities.networks import Network
    from pnews.entities.packs import Pack

Weighted: TypeAlias = "Sequence[tuple[Network, float]]"

MODELS = ("fast", "accurate", "open")
"""The models that ship, the default first."""
DEVICES = ("cpu", "cuda")


class Tagger(Protocol):
    """Labels the tokens of sentences."""

    name: str
    """Goes to `meta.model`: model, scheme and version, `fast-news 2`."""

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[str, float]]]:
        """For each token of each sentence an IOB2 label and its probability, 0 to 1."""
        ...


class NetworkTagger:
    """One scheme's outputs, of one network or of several with their weights, decoded."""

    def __init__(self, networks: Weighted, pack: Pack, scheme: str) -> None:
        from pnews.entities.decoding import Decoder

        facts = pack.facts
        self.name = f"{facts.name}-{scheme} {facts.version}"
        self._networks = networks
        before = list(facts.labels)[: list(facts.labels).index(scheme)]
        start = sum(len(facts.labels[name]) for name in before)
        self._columns = slice(start, start + len(facts.labels[scheme]))
        self._decode = Decoder(
            facts.labels[scheme],
            temperature=facts.temperatures[scheme],
            transitions=pack.arrays[f"transitions-{scheme}"],
        )

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[str, float]]]:
        """The likeliest legal labels of each sentence, with their probabilities."""
        from pnews.entities.networks import mixed_outputs

        return self._decode(mixed_outputs(self._networks, sentences, self._columns))


@cache
def load(
    scheme: str, *, model: str = MODELS[0], device: str = DEVICES[0], threads: int | None = None
) -> Tagger:
    """The tagger of a scheme, kept once loaded; `threads` defaults to the cores, at most four.

    Raises InputError for an unknown scheme, model or device, or a scheme that the model doesn't
    have, ModelError for a missing or damaged model.
    """
    schemes.types(scheme)
    for name, given, known in (("model", model, MODELS), ("device", device, DEVICES)):
        if given not in known:
            raise InputError(f"{name} {given!r} is unknown; choose from {', '.join(known)}")
    pack, networks = _networks(model, device, threads)
    if scheme not in pack.facts.labels:
        has = ", ".join(pack.facts.labels)
        raise InputError(f"model {model!r} has no scheme {scheme!r}; it has {has}")
    return NetworkTagger(networks, pack, scheme)


@cache
def _networks(model: str, device: str, threads: int | None) -> tuple[Pack, Weighted]:
    """A model's pack, its network and its companion's; they serve all schemes."""
    from pnews.entities import networks, packs

    pack = packs.read(model)
    made = [(networks.build(pack, device=device, threads=threads), pack.facts.share)]
    if pack.facts.companion:
        ((companion, _),) = _networks(pack.facts.companion, device, threads)[1]
        made.append((companion, 1 - pack.facts.share))
    return pack, made
