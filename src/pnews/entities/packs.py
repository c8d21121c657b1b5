"""Model files as they ship: nothing of a file is used before its checksum is right.

A pack is an uncompressed zip: `facts.json` (`Facts`), `network.onnx`, and arrays as `NAME.npy`.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from pnews import data
from pnews.errors import ModelError

PROTOCOL = "2"
"""Raised when what goes into the networks or comes out of them changes, so that a model never
meets inputs that it wasn't trained on."""

Array = npt.NDArray[Any]


class Facts(msgspec.Struct, frozen=True):
    """What a pack says of itself."""

    name: str
    """`fast` or `accurate`."""
    version: int
    labels: dict[str, tuple[str, ...]]
    """The labels of each scheme, in the order of the network's outputs, scheme after scheme."""
    temperatures: dict[str, float]
    """What the outputs of each scheme are divided by, so that scores are true (Guo et al. 2017)."""
    companion: str | None = None
    """Another pack whose outputs are added to this one's."""
    share: float = 1.0
    """The weight of this one's outputs; the companion's have the rest."""


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
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        arrays = {
            member.removesuffix(".npy"): np.load(io.BytesIO(files.read(member)))
            for member in files.namelist()
            if member.endswith(".npy")
        }
        facts = msgspec.json.decode(files.read("facts.json"), type=Facts)
        return Pack(facts, files.read("network.onnx"), arrays)


def write(pack: Pack) -> bytes:
    """The pack as a file; the same pack gives the same bytes."""
    content = {"facts.json": msgspec.json.encode(pack.facts), "network.onnx": pack.network}
    for name, array in pack.arrays.items():
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        content[f"{name}.npy"] = buffer.getvalue()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as files:
        for name, part in content.items():
            files.writestr(zipfile.ZipInfo(name), part)
    return made.getvalue()


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
