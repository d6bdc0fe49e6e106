"""``factharness cache``: the prediction cache."""

from __future__ import annotations

import click


@click.group()
def cache() -> None:
    """Show where the prediction cache is, or empty it."""


@cache.command()
def stats() -> None:
    """Show where the cache is, and how much is in it."""
    from factharness.backends.cache import Cache, default_path

    with Cache(default_path(), lambda _: None) as store:  # size says what is wrong with it
        count, size = store.size()
    click.echo(f"{default_path()}: {count} predictions, {size / 1e6:.1f} MB")


@cache.command()
def clear() -> None:
    """Remove all predictions from the cache; a broken cache file is deleted."""
    from factharness.backends.cache import clear, default_path

    count = clear(default_path())
    what = "the cache, which was broken" if count is None else f"{count} predictions"
    click.echo(f"forgot {what}")
