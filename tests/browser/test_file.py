"""The page is one file: it opens from the disk and asks for nothing."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.needs("playwright")]


def test_it_opens_from_the_disk(windows, report, run):
    page = windows.open(report)
    assert page.title().startswith(run.manifest.suite)
    assert page.locator("main > section:visible").count() == 1


@pytest.mark.parametrize(
    ("script", "complaint"),
    [
        ("fetch('https://example.org/').catch(() => 0)", "example.org"),
        ("document.body.append(Object.assign(new Image(), {src: 'x.png'}))", "img-src"),
        ("console.warn('hm')", "warning: hm"),
        ("setTimeout(() => { throw new Error('hm') }, 0)", "error: hm"),
    ],
)
def test_what_it_should_not_do_would_be_seen(windows, report, script, complaint):
    page = windows.open(report)
    page.evaluate(f"() => {{ {script} }}")
    page.wait_for_timeout(100)
    assert any(complaint in line for line in windows.complaints)
    windows.complaints.clear()
