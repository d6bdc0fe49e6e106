"""Finding a browser, and what is said where there is none."""

import chromium
import pytest


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """Puts programs of these names on the PATH, and nothing else; returns where they are."""
    monkeypatch.delenv(chromium.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))

    def has(*names):
        for name in names:
            (tmp_path / name).write_text("")
            (tmp_path / name).chmod(0o755)
        return tmp_path

    return has


def test_the_one_that_is_named_comes_first_then_those_on_the_path(machine, monkeypatch):
    folder = machine("google-chrome", "chromium")
    assert chromium.find() == str(folder / "chromium")
    monkeypatch.setenv(chromium.VARIABLE, "/opt/mine")
    assert chromium.find() == "/opt/mine"


def test_without_one_it_says_how_to_get_it(machine, monkeypatch, capsys):
    machine()
    monkeypatch.setattr("sys.argv", ["chromium.py"])
    assert chromium.find() is None
    assert chromium.main() == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "apt-get install chromium" in err
    assert chromium.VARIABLE in err
