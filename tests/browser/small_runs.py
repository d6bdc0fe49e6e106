"""Runs that tests make: a suite written from names, and run into a folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import factharness as fh


def small_run(
    folder: Path,
    goldsets: Sequence[str | Path],
    backends: Mapping[str, str | Path],
    *,
    limit: int | None = None,
) -> fh.Run:
    """Run a suite of these gold sets and back ends into ``folder/out``.

    A back end is a path of stored predictions, for ``replay``, or what a suite says after ``use``.
    """
    lines = [
        f"[suite]\ngoldsets = {json.dumps([str(name) for name in goldsets])}",
        'regimes = ["strict", "partial"]\nslices = ["rubrique"]',
    ]
    for name, source in backends.items():
        use = "replay" if isinstance(source, Path) else source
        lines.append(f'[[backend]]\nuse = "{use}"\nname = "{name}"')
        if isinstance(source, Path):
            lines.append(f"options = {{ path = {json.dumps(str(source))} }}")
    suite = folder / "small.toml"
    suite.write_text("\n".join(lines), encoding="utf-8")
    return fh.run(suite, limit=limit, cache=False, output=folder / "out")
