"""The browser, its windows, and a run whose page the tests open: a real one, small, with every kind of mistake.

Tests of pages are marked ``browser``: ``make test-browser`` installs what they need and runs them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import chromium as program
import corrupted_gold
import gold_files
from label_server import Server
from small_runs import small_run

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Of a module and not of the whole session, since Playwright leaves an event loop running in this thread, and
# other tests start their own.
@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A headless Chromium. Skips the test where there is none, and says how to get it."""
    place = program.find()
    if place is None:
        pytest.skip(program.HOW)
    from playwright.sync_api import sync_playwright

    # Chromium writes below these; an ordinary user's may not be there.
    home = tmp_path_factory.mktemp("home")
    folders = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=place, args=ARGUMENTS, env=os.environ | folders
        )
        yield browser
        browser.close()


class Windows:
    """Opens files in windows, and keeps what a page of one file that needs no network does not do.

    ``complaints`` are requests for anything but the file, errors and warnings on the console, and errors that
    no script caught.
    """

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self.complaints: list[str] = []

    def open(
        self, file: Path, address: str = "", *, width: int = 1200, height: int = 900, **options: Any
    ) -> Any:
        """A new window with ``file`` at an address such as ``#overview``.

        ``options`` are those of Playwright's ``new_context``: ``color_scheme``, ``reduced_motion`` …
        """
        place = file.as_uri()
        context = self.context(width=width, height=height, **options)
        page = self.watched(context, lambda url: url.partition("#")[0] == place)
        page.goto(place + address)
        return page

    def context(self, *, width: int = 1200, height: int = 900, **options: Any) -> Any:
        """A browser of its own, without what others stored; its windows share what they store."""
        return self._browser.new_context(
            viewport={"width": width, "height": height}, **({"reduced_motion": "reduce"} | options)
        )

    def watched(self, context: Any, own: Callable[[str], bool]) -> Any:
        """A new window in which every request counts as a complaint but those for which ``own`` is true."""
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("request", lambda asked: self._requested(asked.url, own(asked.url)))
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        return page

    def close(self) -> None:
        for context in self._browser.contexts:
            context.close()

    def _requested(self, url: str, own: bool) -> None:
        if not own:
            self.complaints.append(f"request: {url[:200]}")

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")


@pytest.fixture
def windows(chromium: Any) -> Iterator[Windows]:
    """Opens pages; the test fails for what they complain of, unless it looked at it and cleared it."""
    windows = Windows(chromium)
    yield windows
    windows.close()
    assert windows.complaints == []


class Labels:
    """Labelling pages, each of a server that really runs, in windows whose complaints are kept."""

    def __init__(self, windows: Windows, folder: Path) -> None:
        self.windows, self.folder = windows, folder
        self._servers: list[Server] = []

    def serve(self, *words: str | Path) -> Server:
        """Start ``factharness label`` with these words; it ends with the test."""
        server = Server(self.folder, *words).start()
        self._servers.append(server)
        return server

    def open(self, server: Server, address: str = "", **options: Any) -> Any:
        """A window with the page, at an address such as ``#articles``, when it shows something."""
        return self.tab(server, self.windows.context(**options), address)

    def tab(self, server: Server, context: Any, address: str = "") -> Any:
        """The same in a browser that is there."""
        origin = server.address.partition("?")[0]
        page = self.windows.watched(context, lambda url: url.startswith(origin))
        page.goto(server.address)
        if address:
            page.goto(origin + address)
        page.locator("main > section:visible").wait_for()
        return page

    def close(self) -> None:
        self.windows.close()  # first, or the pages complain of a server that is gone
        for server in self._servers:
            server.kill()


@pytest.fixture
def labels(windows: Windows, tmp_path: Path) -> Iterator[Labels]:
    """Opens labelling pages. Files of the test go into ``labels.folder``."""
    labels = Labels(windows, tmp_path)
    yield labels
    labels.close()


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The rules, and three back ends made of broken gold, on dispatches and on an article of odd characters."""
    from factharness.gold.sets import load_set
    from factharness.resources import find

    folder = tmp_path_factory.mktemp("run")
    gold = [*load_set(find("goldsets", "depeches")).articles, gold_files.tricky(folder / "tricky")]
    also = {"tricky": gold_files.FORGOTTEN}
    stored = {
        name: corrupted_gold.store(folder / f"{name}.jsonl", gold, name, share, also)
        for name, share in (("careful", 0.05), ("hasty", 0.2), ("careless", 0.5))
    }
    return small_run(folder, ["depeches", folder / "tricky"], {"rules": "rules", **stored}, limit=8)


@pytest.fixture(scope="session")
def report(run: Any) -> Path:
    """The page of the run."""
    return run.path / "report.html"
