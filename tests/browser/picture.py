"""Takes the picture of a report that the README shows, docs/images/report.png.

    factharness run -o out && python tests/browser/picture.py out/report.html

Needs what ``make test-browser`` installs.
"""

import sys
from pathlib import Path

import chromium

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "images" / "report.png"
ADDRESS = "#articles/depeches/2025-09-14-marcadal-vichy"


def main(report: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        page.goto(report.resolve().as_uri() + ADDRESS)
        page.keyboard.press("j")  # to the first mistake
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
