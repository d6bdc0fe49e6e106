"""Prints the tables of figures of the pages again, with this version, and puts them into their places.

    python docs/refresh.py [NAME ...]     all of them, or only these
    python docs/refresh.py --list         the names, the pages and the commands; the links that lead elsewhere

A place in a page begins with ``<!-- figures: NAME -->`` and ends with ``<!-- end -->``. A place with a block of
a console is filled by the commands that are typed in it. Pictures are taken anew as well. What needs something
that is not here is left as it is, with a line that says so. A command that fails leaves its page as it is; the
exit code is then 1.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).resolve().parents[1]
# The labelling and training data, which is no part of the repository; the tests look for it in the same place.
SHARED = Path(os.environ.get("FACTHARNESS_SHARED", ROOT.parent / "shared"))
FACTHARNESS = ("-c", "from factharness.cli import main; main()")
_PLACE = re.compile(r"<!-- figures: ([\w-]+) -->\n(.*?)<!-- end -->\n", re.DOTALL)
_LINK = re.compile(r"\]\((https?://[^)\s]+)\)")


class Failed(Exception):
    """A command ended with another code than 0; the message has the code and what it said."""


class Figure(Struct, frozen=True):
    """A table: its page, the arguments to Python that print it, and the modules that they need.

    ``command``: without one, the place has a block of a console, whose own commands are run.
    ``titles``: what the titles of the printed tables begin with that are shown; all of the output without it.
    ``fenced``: whether the output is shown as it stands, between fences; else it is Markdown.
    ``before``: commands that are run first, in the same folder.
    ``texts``: gold sets whose texts have to be here.
    ``shared``: a file of the labelling and training data, given to the command as its last argument.
    ``browser``: whether it needs Chromium.
    """

    name: str
    page: str
    command: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    fenced: bool = True
    before: tuple[tuple[str, ...], ...] = ()
    texts: tuple[str, ...] = ()
    shared: str = ""
    browser: bool = False

    @property
    def picture(self) -> bool:
        """Whether the command makes the file itself."""
        return self.page.endswith(".png")


_PEERS = ("nervaluate", "seqeval", "seqscore")
_RUN_VARIANTS = (*FACTHARNESS, "run", "suites/variants.toml", "-o", "{folder}/run")
_RULES = (*FACTHARNESS, "run", "-b", "rules", "-o", "{folder}/run")
_TABLES = ("Entities", "Dates", "Quotes, direct and mixed", "Indirect quotes")
_PAIR = (*FACTHARNESS, "run", "-q", "-b", "rules", "-b", "spacy", "-o", "{folder}/out")

FIGURES = (
    Figure(
        "default-run",
        "README.md",
        (*FACTHARNESS, "run", "--no-cache", "-o", "{folder}/run"),
        ("spacy", "stanza"),
        ("depeches@", "Entities", "Dates", "Quotes, direct and mixed"),
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
    Figure(
        "targets",
        "docs/speed.md",
        ("benchmarks/targets.py",),
        ("nervaluate", "spacy", "stanza"),
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
        texts=("wikinews",),
    ),
    Figure(
        "pipelines-overhead",
        "docs/backends.md",
        ("benchmarks/backend_overhead.py", "--articles", "120"),
        ("spacy", "stanza"),
        fenced=False,
    ),
    Figure(
        "inedites-run",
        "goldsets/inedites/README.md",
        (*FACTHARNESS, "run", "--gold", "inedites", "-o", "{folder}/run"),
        ("spacy", "stanza"),
        ("inedites@", *_TABLES),
    ),
    Figure("rules-speed", "docs/rules.md", ("benchmarks/rules_speed.py",), fenced=False),
    Figure(
        "rules-scores",
        "docs/rules.md",
        (*_RULES, "--gold", "depeches", "--gold", "inedites"),
        titles=("depeches@", "inedites@", *_TABLES, "Seen and unseen articles"),
    ),
    Figure(
        "rules-wikinews",
        "docs/rules.md",
        (*_RULES, "--gold", "wikinews"),
        titles=("wikinews@", *_TABLES),
        texts=("wikinews",),
    ),
    Figure(
        "rules-sentences",
        "docs/rules.md",
        ("benchmarks/rules_elsewhere.py", "sentences"),
        fenced=False,
    ),
    Figure(
        "rules-winer",
        "docs/rules.md",
        ("benchmarks/rules_elsewhere.py", "articles"),
        fenced=False,
        shared="data/winer-fr/dev.jsonl",
    ),
    # Each peer is installed from the package index, so these need the network.
    *(
        Figure(
            f"dates-{name}",
            "docs/rules.md",
            ("benchmarks/dates.py", "--gold", name),
            fenced=False,
            texts=(name,),
        )
        for name in ("depeches", "wikinews")
    ),
    Figure(
        "phenomena",
        "docs/phenomena.md",
        (*FACTHARNESS, "gold", "stats", "--phenomena", "goldsets/depeches"),
        fenced=False,
    ),
    Figure("suggest", "docs/growing.md", needs=("spacy",), texts=("wikinews",)),
    Figure("plan", "docs/growing.md", needs=("spacy",)),
    Figure("mistakes", "docs/mistakes.md", needs=("spacy",)),
    *(
        Figure(f"mistakes-{name}", "docs/mistakes.md", needs=("spacy",), before=(_PAIR,))
        for name in ("values", "groups", "review")
    ),
    Figure(
        "label-article",
        "docs/label.md",
        ("benchmarks/label_page.py", "article"),
        ("playwright", "starlette", "uvicorn"),
        browser=True,
    ),
    Figure(
        "label-presses",
        "docs/label.md",
        ("benchmarks/labelling.py", "--table"),
        ("playwright",),
        fenced=False,
        texts=("wikinews",),
        browser=True,
    ),
    Figure(
        "report-picture",
        "docs/images/report.png",
        ("tests/browser/picture.py", "{folder}/run/report.html"),
        ("spacy", "stanza", "playwright"),
        before=((*FACTHARNESS, "run", "-q", "-o", "{folder}/run"),),
        browser=True,
    ),
    Figure(
        "label-picture",
        "docs/images/label.png",
        ("tests/browser/label_picture.py",),
        ("playwright", "starlette", "uvicorn"),
        browser=True,
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
    """The modules, texts, files and programs that it needs and that are not here."""
    lacking = [name for name in figure.needs if importlib.util.find_spec(name) is None]
    lacking += [f"the texts of {name}" for name in figure.texts if not _has_texts(name)]
    if figure.shared and not (SHARED / figure.shared).is_file():
        lacking.append(f"{figure.shared} in $FACTHARNESS_SHARED")
    if figure.browser and _run("tests/browser/chromium.py").returncode:
        lacking.append("Chromium")
    return lacking


def _has_texts(goldset: str) -> bool:
    from factharness.gold.sets import load_set
    from factharness.resources import find

    return bool(load_set(find("goldsets", goldset)).articles)


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, encoding="utf-8"
    )


def said(command: tuple[str, ...], folder: str) -> str:
    """What a command prints, ``{folder}`` being a folder of its own. Raises ``Failed``."""
    done = _run(*(part.replace("{folder}", folder) for part in command))
    if done.returncode:
        raise Failed(f"failed with {done.returncode}\n{done.stderr}")
    return done.stdout


def typed(block: str, folder: str) -> str:
    """A block of a console, its commands run again with ``out`` in ``folder``. Raises ``Failed``."""
    lines = []
    for command in re.findall(r"^\$ factharness (.*)$", block, re.MULTILINE):
        words = (re.sub(r"^out(?=$|:)", "{folder}/out", word) for word in shlex.split(command))
        lines += [f"$ factharness {command}", said((*FACTHARNESS, *words), folder).strip("\n")]
    return "\n".join(["```console", *filter(None, lines), "```"])


def refresh(figure: Figure) -> bool:
    """Print a table and write it into its page, or take a picture; whether that went well, or was left out."""
    lacking = missing(figure)
    if lacking:
        print(f"{figure.name}: left as it is, needs {', '.join(lacking)}")
        return True
    print(f"{figure.name}: {figure.page} ...", flush=True)
    page = ROOT / figure.page
    text = "" if figure.picture else page.read_text(encoding="utf-8")
    try:
        with tempfile.TemporaryDirectory() as folder:
            for command in figure.before:
                said(command, folder)
            if figure.command:
                last = (str(SHARED / figure.shared),) if figure.shared else ()
                content = shown(figure, said((*figure.command, *last), folder))
            else:
                content = typed(places(text)[figure.name], folder)
    except Failed as error:
        print(f"{figure.name}: {error}", file=sys.stderr)
        return False
    if not figure.picture:
        page.write_text(placed(text, figure.name, content), encoding="utf-8")
    return True


def pages() -> list[Path]:
    """README.md, CONTRIBUTING.md, all pages of docs/ and those of the gold sets."""
    top = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
    sets = sorted((ROOT / "goldsets").glob("*/README.md"))
    return [*top, *sorted((ROOT / "docs").rglob("*.md")), *sets]


def listing() -> Iterator[str]:
    """A line for each table and picture, then for each link that leads elsewhere."""
    for one in FIGURES:
        how = f"python {' '.join(one.command)}" if one.command else "what is typed in it"
        yield f"{one.name}  {one.page}  {' '.join(filter(None, (how, one.shared)))}"
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
