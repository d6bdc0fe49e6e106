"""``factharness init``: a repository of one's own, with gold, a back end, a suite and a gate that pass."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

COMPLETION = {
    "bash": 'eval "$(_FACTHARNESS_COMPLETE=bash_source factharness)"    # in ~/.bashrc',
    "zsh": 'eval "$(_FACTHARNESS_COMPLETE=zsh_source factharness)"    # in ~/.zshrc',
    "fish": "_FACTHARNESS_COMPLETE=fish_source factharness | source    # in ~/.config/fish/config.fish",
}
"""The line that lets a shell complete commands and options, and where it belongs."""


@click.command()
@click.argument(
    "directory",
    metavar="[DIR]",
    default=".",
    type=click.Path(file_okay=False, path_type=Path),
)
def init(directory: Path) -> None:
    """Make DIR a repository that measures extractors: gold, a back end, a suite, a gate and its baseline.

    What is written works at once: `factharness run ci`, `factharness check` and `pytest` pass in it. DIR is
    this folder unless it is named. Files that many repositories have (README.md, .gitignore, those of
    continuous integration) stay as they are where they exist.

    Exit codes: 0 done; 2 DIR has a suite, a gold set or a back end of these names already.
    """
    from factharness import starter

    starter.refuse_another(directory)
    with tempfile.TemporaryDirectory() as name:
        whole = Path(name)
        starter.write(whole)
        _bless(whole)
        written, left = starter.move(whole, directory)
    for path in written:
        click.echo(f"{path}")
    for path in left:
        click.echo(f"{path}: is there already, and stays as it is")
    click.echo(_next(directory))


def _bless(folder: Path) -> None:
    """Run the suite of a new repository, and make the run its baseline."""
    from factharness import api
    from factharness.gate.baseline import of, save

    with tempfile.TemporaryDirectory() as name:
        suite = folder / "suites" / "ci.toml"
        run = api.run(suite, cache=False, html=False, output=Path(name) / "first")
        reason = "the first run, made by factharness init"
        save(of(run, reason), folder / "reports" / "baselines" / "ci.json")


def _next(directory: Path) -> str:
    """What to type next, in the shell that is used."""
    lines = ["", "Now:"]
    if directory.resolve() != Path.cwd():
        lines.append(f"  cd {directory}")
    lines += [
        "  factharness run ci -o reports/first",
        "  factharness check reports/first",
        "  factharness label goldsets/exemple    # needs factharness[label]",
    ]
    shell = Path(os.environ.get("SHELL", "")).name
    if shell in COMPLETION:
        lines += ["", f"To complete commands and options with Tab, in {shell}:"]
        lines.append(f"  {COMPLETION[shell]}")
    return "\n".join(lines)
