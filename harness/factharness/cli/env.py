"""``factharness env``: the versions and the machine, for bug reports and for comparing two machines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from factharness.backends.printed import aside
from factharness.cli.output import print_json
from factharness.escape import brief

if TYPE_CHECKING:
    from factharness.backends.environment import Environment


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def env(as_json: bool) -> None:
    """Print versions, what each back end's output depends on (model digests among it), and the hardware."""
    from factharness.backends.environment import environment

    with aside():
        found = environment()
    if as_json:
        print_json(found)
    else:
        click.echo("\n".join(_lines(found)))


def _lines(found: Environment) -> Iterator[str]:
    hardware = found.hardware
    memory = "unknown" if hardware.memory is None else f"{hardware.memory / 2**30:.1f} GiB"
    yield f"factharness {found.factharness}, Python {found.python}"
    yield f"platform    {found.platform}"
    yield f"processor   {hardware.processor}, {hardware.cores or 'unknown'} cores"
    yield f"memory      {memory}"
    yield f"GPU         {', '.join(hardware.gpus) or 'none'}"
    yield "\nlibraries"
    for name, version in found.libraries.items():
        yield f"  {name:<22} {version or 'not installed'}"
    for name, backend in found.backends.items():
        yield f"\nback end {name}" + (
            f": unavailable: {brief(backend.problem)}" if backend.problem else ""
        )
        for key, value in backend.fingerprint.items():
            yield f"  {key:<22} {value}"
