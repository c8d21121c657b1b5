"""Model files as they ship: nothing of a file is used before its checksum is right.

A pack is a line of JSON (`Head`), then the bytes of its parts, the network first.
"""

from __future__ import annotations

import hashlib
import math
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from pnews import data
from pnews.errors import ModelError

PROTOCOL = "3"
"""Raised when what goes into the networks or comes out of them changes, or how a pack is written,
so that a model never meets inputs that it wasn't trained on."""

NETWORK = "network"
"""The name of the part that is the ONNX graph."""

Array = npt.NDArray[Any]


class Facts(msgspec.Struct, frozen=True):
    """What a pack says of itself."""

    name: str
    """`fast`, `accurate` or `open`."""
    version: int
    labels: dict[str, tuple[str, ...]]
    """The labels of each scheme, in the order of the network's outputs, scheme after scheme."""
    temperatures: dict[str, float]
    """What the outputs of each scheme are divided by, so that scores are true (Guo et al. 2017)."""
    classes: str = "words.marisa"
    """The file of word classes that the network learnt with."""
    companion: str | None = None
    """Another pack whose outputs are added to this one's."""
    share: float = 1.0
    """The weight of this one's outputs; the companion's have the rest."""


class Part(msgspec.Struct, frozen=True, array_like=True):
    """Bytes of a pack."""

    name: str
    type: str
    """Of its numbers, as numpy writes it: `|i1`, `<f2`."""
    shape: tuple[int, ...]


class Head(msgspec.Struct, frozen=True):
    """What stands before the parts."""

    facts: Facts
    parts: tuple[Part, ...]


class Pack(NamedTuple):
    """A model as read."""

    facts: Facts
    network: bytes
    arrays: dict[str, Array]
    """`transitions-SCHEME` (`decoding.Decoder`), and the word tables of `networks.Student`."""


def read(name: str) -> Pack:
    """The pack `NAME.pack`; raises ModelError if it is missing, damaged or of another protocol."""
    return unpack(checked(f"{name}.pack"))


def unpack(content: bytes) -> Pack:
    """The pack of a file's bytes."""
    at = content.index(b"\n") + 1
    head = msgspec.json.decode(content[:at], type=Head)
    arrays: dict[str, Array] = {}
    for part in head.parts:
        found = np.frombuffer(content, part.type, math.prod(part.shape), at).reshape(part.shape)
        arrays[part.name] = found
        at += found.nbytes
    return Pack(head.facts, arrays.pop(NETWORK).tobytes(), arrays)


def write(pack: Pack) -> bytes:
    """The pack as a file; the same pack gives the same bytes."""
    arrays = {NETWORK: np.frombuffer(pack.network, np.int8), **pack.arrays}
    parts = tuple(Part(name, array.dtype.str, array.shape) for name, array in arrays.items())
    head = msgspec.json.encode(Head(pack.facts, parts))
    return b"\n".join((head, b"".join(array.tobytes() for array in arrays.values())))


def checked(name: str) -> bytes:
    """A model file's bytes; raises ModelError unless `models.tsv` vouches for them."""
    path = data.path(name)
    found = path.read_bytes()
    register = {row[0]: row[1:] for row in data.rows("models")}
    if name not in register:
        raise ModelError(f"{path}: not listed in models.tsv; install pnews again")
    protocol, _, digest = register[name]
    if protocol != PROTOCOL:
        raise ModelError(
            f"{path}: of protocol {protocol}, but this pnews reads {PROTOCOL}; install pnews again"
        )
    if hashlib.sha256(found).hexdigest() != digest:
        raise ModelError(f"{path}: damaged (its checksum is wrong); install pnews again")
    return found
