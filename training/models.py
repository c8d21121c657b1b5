"""What `src/pnews/data/models.tsv` says of each model file: protocol, version, checksum."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pnews import data
from pnews.entities.packs import PROTOCOL

REGISTER = data.FOLDER / "models.tsv"
HEAD = "# file\tprotocol\tversion\tSHA-256; written by training/models.py\n"


def publish(name: str, content: bytes, version: int) -> Path:
    """Write a model file into the package and enter it in the register."""
    target = data.FOLDER / name
    _replace(target, content)
    rows = {row[0]: row for row in data.rows.__wrapped__("models")} if REGISTER.exists() else {}
    digest = hashlib.sha256(content).hexdigest()
    rows[name] = (name, PROTOCOL, str(version), digest)
    lines = ("\t".join(rows[known]) + "\n" for known in sorted(rows))
    _replace(REGISTER, (HEAD + "".join(lines)).encode())
    data.rows.cache_clear()
    return target


def _replace(target: Path, content: bytes) -> None:
    """Put a new file in the place of the old one, which processes may still have open."""
    part = target.with_suffix(".part")
    part.write_bytes(content)
    part.replace(target)
