"""``factharness cache``: the predictions that are kept."""

from __future__ import annotations

import click


@click.group()
def cache() -> None:
    """Look at the prediction cache, or empty it."""


@cache.command()
def stats() -> None:
    """Where it is, and how much is in it."""
    from factharness.run.cache import Cache, default_path

    with Cache(default_path(), _warn) as found:
        count, size = found.size()
    click.echo(f"{default_path()}: {count} predictions, {size / 1e6:.1f} MB")


@cache.command()
def clear() -> None:
    """Forget every prediction."""
    from factharness.run.cache import Cache, default_path

    with Cache(default_path(), _warn) as found:
        count, _ = found.size()
        found.clear()
    click.echo(f"forgot {count} predictions")


def _warn(message: str) -> None:
    click.echo(f"factharness: {message}", err=True)
