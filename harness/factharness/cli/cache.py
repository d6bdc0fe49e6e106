"""``factharness cache``: the predictions that are kept."""

from __future__ import annotations

import click


@click.group()
def cache() -> None:
    """Look at the prediction cache, or empty it."""


@cache.command()
def stats() -> None:
    """Where it is, and how much is in it."""
    from factharness.backends.cache import Cache, default_path

    with Cache(default_path(), lambda _: None) as store:  # size says what is wrong with it
        count, size = store.size()
    click.echo(f"{default_path()}: {count} predictions, {size / 1e6:.1f} MB")


@cache.command()
def clear() -> None:
    """Forget every prediction; remove a cache that is broken."""
    from factharness.backends.cache import clear, default_path

    count = clear(default_path())
    what = "the cache, which was broken" if count is None else f"{count} predictions"
    click.echo(f"forgot {what}")
