"""`pnews schema`."""

from __future__ import annotations

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of a document.

    \b
    pnews schema > pnews.schema.json
    """
    import msgspec

    from pnews.formats.json import schema

    click.echo(msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode())
