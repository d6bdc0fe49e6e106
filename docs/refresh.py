"""Prints the tables of figures of the pages again, with this version, and puts them into their places.

    python docs/refresh.py [NAME ...]     all of them, or only these
    python docs/refresh.py --list         the names, the pages and the commands; the links that lead elsewhere

A place in a page begins with ``<!-- figures: NAME -->`` and ends with ``<!-- end -->``. What needs something
that is not installed is left as it is, with a line that says so. A command that fails leaves its page as it is;
the exit code is then 1.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).resolve().parents[1]
FACTHARNESS = ("-c", "from factharness.cli import main; main()")
_PLACE = re.compile(r"<!-- figures: ([\w-]+) -->\n(.*?)<!-- end -->\n", re.DOTALL)
_LINK = re.compile(r"\]\((https?://[^)\s]+)\)")


class Figure(Struct, frozen=True):
    """A table: its page, the arguments to Python that print it, and the modules that they need.

    ``titles``: what the titles of the printed tables begin with that are shown; all of the output without it.
    ``fenced``: whether the output is shown as it stands, between fences; else it is Markdown.
    """

    name: str
    page: str
    command: tuple[str, ...]
    needs: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    fenced: bool = True


_PEERS = ("nervaluate", "seqeval", "seqscore")
_RUN_VARIANTS = (*FACTHARNESS, "run", "suites/variants.toml", "-o", "{folder}/run")

FIGURES = (
    Figure(
        "default-run",
        "README.md",
        (*FACTHARNESS, "run", "--no-cache", "-o", "{folder}/run"),
        ("spacy", "stanza"),
    ),
    Figure(
        "scorers",
        "docs/comparison.md",
        ("benchmarks/scorers_compared.py",),
        (*_PEERS, "spacy"),
        fenced=False,
    ),
    Figure(
        "scoring-speed",
        "docs/scoring-speed.md",
        ("benchmarks/scorer.py", "--articles", "2000", "20000", "200000"),
        _PEERS,
        fenced=False,
    ),
    Figure("scale", "docs/scale.md", ("benchmarks/scale.py",), ("spacy", "stanza"), fenced=False),
    Figure("soak", "docs/scale.md", ("benchmarks/soak.py",), fenced=False),
    Figure(
        "variants",
        "docs/variants.md",
        _RUN_VARIANTS,
        ("spacy", "stanza"),
        (
            "Entities: variants",
            "Dates: variants",
            "Quotes, direct and mixed: variants",
        ),
    ),
    Figure(
        "variant-names",
        "docs/variants.md",
        _RUN_VARIANTS,
        ("spacy", "stanza"),
        ("Recall in the variant names",),
    ),
    Figure(
        "pipelines",
        "docs/models.md",
        (*FACTHARNESS, "run", "pipelines", "-o", "{folder}/run"),
        ("spacy", "stanza", "fr_core_news_sm", "fr_core_news_md"),
        ("depeches@", "wikinews@", "Entities", "Quotes, direct and mixed", "Indirect quotes"),
    ),
)


def places(text: str) -> dict[str, str]:
    """What stands in each marked place of a page, by its name."""
    return dict(_PLACE.findall(text))


def placed(text: str, name: str, content: str) -> str:
    """The page with this content in the place of that name."""
    return _PLACE.sub(
        lambda place: (
            f"<!-- figures: {name} -->\n{content}\n<!-- end -->\n" if place[1] == name else place[0]
        ),
        text,
    )


def _sections(printed: str) -> Iterator[str]:
    """The tables of a run as it prints them, each with its title, a line between two empty ones."""
    yield from re.split(r"\n\n+(?=\S[^\n]*\n\n)", "\n\n" + printed.strip())


def shown(figure: Figure, printed: str) -> str:
    """The part of what a command prints that the page shows."""
    text = printed.strip()
    if figure.titles:
        parts = (part.strip() for part in _sections(printed))
        text = "\n\n".join(part for part in parts if part.startswith(figure.titles))
    return f"```\n{text}\n```" if figure.fenced else text


def missing(figure: Figure) -> list[str]:
    """The modules that it needs and that are not installed."""
    return [name for name in figure.needs if importlib.util.find_spec(name) is None]


def refresh(figure: Figure) -> bool:
    """Print a table and write it into its page; whether that went well, or was left out."""
    lacking = missing(figure)
    if lacking:
        print(f"{figure.name}: left as it is, needs {', '.join(lacking)}")
        return True
    print(f"{figure.name}: {figure.page} ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [part.replace("{folder}", folder) for part in figure.command]
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, capture_output=True, encoding="utf-8"
        )
    if done.returncode:
        print(f"{figure.name}: failed with {done.returncode}\n{done.stderr}", file=sys.stderr)
        return False
    page = ROOT / figure.page
    text = page.read_text(encoding="utf-8")
    page.write_text(placed(text, figure.name, shown(figure, done.stdout)), encoding="utf-8")
    return True


def pages() -> list[Path]:
    """README.md, CONTRIBUTING.md and all pages of docs/."""
    top = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    return [*top, *sorted((ROOT / "docs").rglob("*.md"))]


def listing() -> Iterator[str]:
    """A line for each table, then for each link that leads elsewhere."""
    for one in FIGURES:
        yield f"{one.name}  {one.page}  python {' '.join(one.command)}"
    for page in pages():
        for link in _LINK.findall(page.read_text(encoding="utf-8")):
            yield f"{page.relative_to(ROOT).as_posix()}  {link}"


def main(arguments: list[str] | None = None) -> int:
    """Refresh what is named; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="by default all")
    parser.add_argument("--list", action="store_true", help="run nothing")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - {one.name for one in FIGURES}
    if unknown:
        parser.error(f"no such table: {', '.join(sorted(unknown))}")
    if options.list:
        print(*listing(), sep="\n")
        return 0
    chosen = [one for one in FIGURES if not options.names or one.name in options.names]
    failed = [one.name for one in chosen if not refresh(one)]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
