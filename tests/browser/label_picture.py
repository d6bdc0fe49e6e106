"""Takes the picture of the labelling page that docs/label.md shows, docs/images/label.png.

    python tests/browser/label_picture.py

Needs what ``make test-browser`` installs, and the extra ``label``.
"""

import re
import tempfile
from pathlib import Path

import chromium
import label_server

from factharness.resources import find

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "images" / "label.png"
ARTICLE = "2021-04-15-proces-planfoy"
UNLABELLED = re.compile(r"(?<=\n)> Mercredi, jour.*", re.DOTALL)
"""From the fifth paragraph on: what is not labelled yet in the picture."""
LABELLED = "d d p d q d l p"
TYPED = "v 2 4 / 1 2 / 1 9"


def main() -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "mygold"
        folder.mkdir()
        text = (find("goldsets", "depeches") / f"{ARTICLE}.gold").read_text(encoding="utf-8")
        text = text.replace('status = "adjudicated"', 'status = "draft"')
        begun = UNLABELLED.sub(lambda rest: re.sub(r"(?m)^  .*\n", "", rest[0]), text)
        (folder / f"{ARTICLE}.gold").write_text(begun, encoding="utf-8")
        server = label_server.Server(Path(name), folder / f"{ARTICLE}.gold").start()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=chromium.find(), args=["--no-sandbox", "--disable-gpu"]
                )
                page = browser.new_page(
                    viewport={"width": 1280, "height": 860}, color_scheme="light"
                )
                page.goto(server.address)
                page.locator(".frame.caret").wait_for()
                label_server.press(page, LABELLED)
                page.locator(".row .s", has_text="24 décembre 2019").click()
                label_server.press(page, TYPED)
                label_server.saved(page)
                page.wait_for_timeout(500)
                page.screenshot(path=PICTURE)
                browser.close()
        finally:
            server.kill()


if __name__ == "__main__":
    main()
