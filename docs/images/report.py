"""Takes the picture of a report that the README shows: ``report.png`` beside this file.

    factharness run -o out && python docs/images/report.py out/report.html

Needs what ``make test-browser`` installs.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tests" / "browser"))

import chromium

ADDRESS = "#articles/depeches/2025-09-14-marcadal-vichy"
WIDTH, HEIGHT = 1280, 860


def main(report: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(report.resolve().as_uri() + ADDRESS)
        for _ in range(3):
            page.keyboard.press("j")
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=HERE / "report.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
