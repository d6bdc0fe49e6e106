"""What a run says of gold that is not what it should be, and of articles of any length."""

import hashlib

import pytest

from factharness.text import normalise

HEADER = """gold      = 1
id        = "{id}"
lang      = "fr"
published = 2024-03-05
text      = "full"
sha256    = "{sha}"
+++

"""


def gold_file(folder, name, text, facts=""):
    folder.mkdir(exist_ok=True)
    text = normalise(text)
    sha = hashlib.sha256(text.encode()).hexdigest()
    body = "".join(f"> {part}\n\n" for part in text.split("\n\n") if part)
    path = folder / f"{name}.gold"
    path.write_text(
        HEADER.format(id=name, sha=sha) + body.rstrip("\n") + "\n" + facts, encoding="utf-8"
    )
    return path


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\x01\x02", "binary"),
        (b"\xff\xfe\xfa", "UTF-8"),
        (b"", "+++"),
        (HEADER.format(id="a", sha="0" * 64).encode()[:60], ""),
        ((HEADER.format(id="a", sha="0" * 64) + "> Un mot.\n").encode(), "SHA-256"),
    ],
)
def test_a_gold_file_that_cannot_be_used_stops_the_run_with_its_name(shell, content, said):
    folder = shell.folder / "bad"
    folder.mkdir()
    (folder / "a.gold").write_bytes(content)
    answer = shell("run", shell.suite(goldset=folder), "-o", "out")
    assert answer.returncode == 2
    assert "a.gold" in answer.stderr
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (shell.folder / "out").exists()


def test_a_set_without_an_article_is_inconclusive(shell):
    (shell.folder / "empty").mkdir()
    answer = shell("run", shell.suite(goldset=shell.folder / "empty"))
    assert answer.returncode in (2, 3)
    assert answer.stderr.startswith("factharness: ")


@pytest.mark.slow
def test_an_article_of_a_million_characters_is_scored(shell):
    text = ("Anne Morel part en 2024. " * 40_000)[:1_000_000]
    gold_file(shell.folder / "long", "long", text)
    answer = shell("run", shell.suite(goldset=shell.folder / "long"), "-o", "out")
    assert answer.returncode == 0, answer.stderr
    assert "80000" in answer.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("backend", "length"),
    [
        *(("rules", 1), ("rules", 1_000_000)),
        *(("spacy", 1), ("spacy", 200_000), ("stanza", 1), ("stanza", 100_000)),
    ],
)
def test_each_back_end_reads_articles_as_long_as_it_says(shell, backend, length):
    sentence = "La ministre Anne Morel a dit mardi 5 mars à Lyon : « Nous partirons. » "
    gold_file(shell.folder / "any", "any", (sentence * (1 + length // len(sentence)))[:length])
    suite = shell.suite(backends=f'[[backend]]\nuse = "{backend}"\n', goldset=shell.folder / "any")
    answer = shell("run", suite, "-o", "out")
    assert answer.returncode == 0, answer.stderr
