"""``factharness cache``: stored predictions, and gold sets in the form in which they were parsed."""

from __future__ import annotations

import click


@click.group()
def cache() -> None:
    """Show or remove what is kept of earlier work: predictions, parsed gold sets."""


@cache.command()
def stats() -> None:
    """Show where predictions and parsed gold are kept, and how much."""
    from factharness.backends.cache import Cache, default_path
    from factharness.gold.store import kept_folder
    from factharness.gold.store import size as size_of_gold

    with Cache(
        default_path(), lambda _: None
    ) as store:  # a cache that cannot be read is reported by size()
        count, size = store.size()
    click.echo(f"{default_path()}: {count} predictions, {size / 1e6:.1f} MB")
    sets, size = size_of_gold()
    click.echo(f"{kept_folder()}: {_gold_sets(sets)}, {size / 1e6:.1f} MB")


@cache.command()
def clear() -> None:
    """Remove all predictions and parsed gold that are kept.

    A cache file that cannot be read is deleted.
    """
    from factharness.backends.cache import clear, default_path
    from factharness.gold.store import clear as clear_gold

    count = clear(default_path())
    what = "the cache, which was broken" if count is None else f"{count} predictions"
    sets = clear_gold()
    click.echo(f"forgot {what} and {_gold_sets(sets)}" if sets else f"forgot {what}")


def _gold_sets(number: int) -> str:
    return f"{number} gold set{'' if number == 1 else 's'}"
