"""Four times as many facts in an article are compared, and drawn on a page, with about four times the work."""

import pytest
from counted_work import steps
from page_runs import gold_set, run_of, stored

from factharness.facts import Entity, Span
from factharness.report.html import difference
from factharness.report.mistakes import flip_lines
from factharness.runs import texts as texts_module
from factharness.runs.comparison import compare_runs
from factharness.runs.filters import Filter
from factharness.runs.flips import flip_entries
from factharness.runs.texts import Texts

SMALL = 120
PLACE = len("Ana et Bo. ")


def missed(size):
    """Names that only one side finds."""
    names = [Entity(Span(PLACE * n, PLACE * n + 3), "PER") for n in range(size)]
    return names, [], names


def made_up(size):
    """Words that one side takes for names, and the other does not."""
    names = [Entity(Span(PLACE * n, PLACE * n + 3), "PER") for n in range(size)]
    words = [Entity(Span(PLACE * n + 7, PLACE * n + 9), "LOC") for n in range(size)]
    return names, [*names, *words], words


def cut_elsewhere(size):
    """Names that both sides cut wrongly, each in its own way."""
    names, shorter, longer = (
        [Entity(Span(PLACE * n, PLACE * n + end), "PER") for n in range(size)] for end in (6, 3, 9)
    )
    return names, shorter, longer


def within_others(size):
    """Names within names, which are not scored."""
    names = [Entity(Span(PLACE * n, PLACE * n + end), "PER") for n in range(size) for end in (9, 3)]
    return names, names[::2], []


def compared(folder, facts, size):
    """A run of two back ends on one article: its gold, and what the two find."""
    folder.mkdir()
    gold, *found = facts(size)
    goldset = gold_set(folder / "set", {"a": (("Ana et Bo. " * size).strip(), gold)})
    names = ("one", "two")
    files = {
        name: stored(folder / name, {"a": own}) for name, own in zip(names, found, strict=True)
    }
    return run_of(folder, [goldset], files)


@pytest.mark.parametrize("facts", [missed, made_up, cut_elsewhere, within_others])
@pytest.mark.parametrize("page", [False, True], ids=["list", "page"])
def test_comparing_two_back_ends_on_a_long_article(facts, page, tmp_path):
    def work(run):
        (one,) = compare_runs((run, "one"), (run, "two"), draws=10, seed=0)
        if page:
            return difference.render([one], Texts(run))
        return [
            list(flip_lines(entry, width=80, here=None))
            for entry in flip_entries(one, Filter(), Texts(run))
        ]

    small, large = (compared(tmp_path / str(size), facts, size) for size in (SMALL, 4 * SMALL))
    work(small)  # what is made once and kept
    assert steps(lambda: work(large)) < 4.6 * steps(lambda: work(small))


def test_finding_the_lines_of_many_facts(tmp_path):
    def work(size):
        text = "\n\n".join(["Ana et Bo."] * size)
        run = run_of(
            *(tmp_path, [gold_set(tmp_path / str(size), {"a": (text, [])})]),
            {"one": stored(tmp_path / "one", {"a": []})},
            out=f"out-{size}",
        )
        texts, name = Texts(run), str(size)
        return steps(lambda: [texts.line(name, "a", 12 * place) for place in range(size)])

    assert work(4 * SMALL) < 4.6 * work(SMALL)


def test_the_file_of_an_article_is_looked_for_once_for_all_of_its_facts(tmp_path, monkeypatch):
    run = compared(tmp_path / "some", missed, 8)
    looked, looks = [], texts_module._file
    monkeypatch.setattr(texts_module, "_file", lambda *of: looked.append(of) or looks(*of))
    (one,) = compare_runs((run, "one"), (run, "two"), draws=10, seed=0)
    assert len([*flip_entries(one, Filter(), Texts(run))]) == 8
    assert len(looked) <= 2  # to read the text, and to name the file
