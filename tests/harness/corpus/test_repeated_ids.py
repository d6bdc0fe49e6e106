"""The ids that a folder of parts has more than once are those that one process would have said."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.corpus import parts, repeated_ids
from factharness.corpus.extraction import NAMED, ExtractionCounts
from factharness.corpus.seen_ids import digest
from factharness.extracted.article import ExtractedArticle

NAMES = st.integers(0, 30).map(str)


def publish(folder, number, names):
    lines = folder / f".part-{number}.jsonl"
    lines.write_text("".join(json.dumps({"id": name, "facts": []}) + "\n" for name in names))
    ids = b"".join(map(digest, names))
    parts.publish(folder, lines, parts.PartReport(number, len(names), 0, 0, (), {}, ids))


@pytest.mark.parametrize("at_once", [1, 5, 1000])
@given(found=st.lists(st.lists(NAMES, max_size=20), max_size=5))
def test_as_one_process_says(tmp_path_factory, at_once, found):
    folder = tmp_path_factory.mktemp("of") / "out.jsonl"
    folder.mkdir()
    one = ExtractionCounts()
    for number, names in enumerate(found, 1):
        publish(folder, number, names)
        for name in names:
            one.add(ExtractedArticle(name, facts=()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeated_ids, "AT_ONCE", at_once)
        said = repeated_ids.repeated(folder, range(1, len(found) + 1), NAMED)
    assert said == (one.repeats, one.repeated)


def test_parts_that_are_not_complete_have_no_articles(tmp_path):
    folder = tmp_path / "out.csv"
    folder.mkdir()
    for number, names in enumerate((["a", "b"], ["b", "c"], ["c", "a"]), 1):
        publish(folder, number, names)
    assert repeated_ids.repeated(folder, range(1, 4), 10) == (3, ["b", "c", "a"])
    (folder / "part-00002.done").unlink()
    assert repeated_ids.repeated(folder, range(1, 4), 10) == (1, ["a"])
