"""``factharness cache``: stored predictions, gold sets as they were parsed, and results of scoring."""

from __future__ import annotations

import click


@click.group()
def cache() -> None:
    """Show or remove what is kept of earlier work: predictions, parsed gold, results."""


@cache.command()
def stats() -> None:
    """Show where predictions, parsed gold and results are kept, and how much."""
    from factharness import kept
    from factharness.backends.cache import Cache, default_path
    from factharness.gold.store import kept_folder
    from factharness.gold.store import size as size_of_gold

    # A cache that cannot be read is reported by its size().
    with Cache(default_path(), lambda _: None) as store:
        count, size = store.size()
    click.echo(f"{default_path()}: {count} predictions, {size / 1e6:.1f} MB")
    sets, size = size_of_gold()
    click.echo(f"{kept_folder()}: {_gold_sets(sets)}, {size / 1e6:.1f} MB")
    results, size = kept.size()
    click.echo(f"{kept.kept_folder()}: {_results(results)}, {size / 1e6:.1f} MB")


@cache.command()
def clear() -> None:
    """Remove all predictions, parsed gold and results that are kept.

    A cache file that cannot be read is deleted.
    """
    from factharness import kept
    from factharness.backends.cache import clear, default_path
    from factharness.gold.store import clear as clear_gold

    count = clear(default_path())
    what = "the cache, which was broken" if count is None else f"{count} predictions"
    sets, results = clear_gold(), kept.clear()
    kinds = [what, _gold_sets(sets) if sets else "", _results(results) if results else ""]
    *others, last = filter(None, kinds)
    click.echo(f"forgot {', '.join(others)} and {last}" if others else f"forgot {last}")


def _results(number: int) -> str:
    return f"{number} result{'' if number == 1 else 's'}"


def _gold_sets(number: int) -> str:
    return f"{number} gold set{'' if number == 1 else 's'}"
