"""Tags are read as conlleval reads them; what a scheme does not allow is counted, dropped or refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factharness.errors import ScoreError
from factharness.score.tags import decode

SCHEMES = ("IOB1", "BIO", "IOE1", "IOE2", "BIOES", "BILOU")
PREFIXES = {"IOB1": "BI", "BIO": "BI", "IOE1": "IE", "IOE2": "IE", "BIOES": "BIES", "BILOU": "BILU"}


@st.composite
def chunked(draw) -> tuple[int, list[tuple[int, int, str]]]:
    """A sentence's length and chunks that do not overlap."""
    at, chunks = 0, []
    for gap, length, label in draw(
        st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3), st.sampled_from("XY")), max_size=5)
    ):
        chunks.append((at + gap, at + gap + length, label))
        at += gap + length
    return at + draw(st.integers(0, 2)), chunks


def encode(length: int, chunks: list[tuple[int, int, str]], scheme: str) -> list[str]:
    tags = ["O"] * length
    for number, (start, end, label) in enumerate(chunks):
        inside = ["I"] * (end - start)
        before = number and chunks[number - 1][1:] == (start, label)
        after = number + 1 < len(chunks) and chunks[number + 1][0] == end
        after = after and chunks[number + 1][2] == label
        if scheme == "BIO" or (scheme == "IOB1" and before):
            inside[0] = "B"
        elif scheme == "IOE2" or (scheme == "IOE1" and after):
            inside[-1] = "E"
        elif scheme in ("BIOES", "BILOU"):
            first, last, single = "BES" if scheme == "BIOES" else "BLU"
            inside[0], inside[-1] = first, last
            if end - start == 1:
                inside = [single]
        tags[start:end] = [f"{prefix}-{label}" for prefix in inside]
    return tags


@given(chunked(), st.sampled_from(SCHEMES), st.sampled_from(["repair", "discard", "refuse"]))
def test_what_is_encoded_comes_back(sentence, scheme, policy):
    length, chunks = sentence
    decoded = decode(encode(length, chunks, scheme), scheme, policy)
    assert decoded.spans == tuple(chunks)
    assert decoded.invalid == 0
    assert decoded.policy == f"{scheme.lower()}:{policy}"


def any_tags(scheme: str) -> st.SearchStrategy[list[str]]:
    tags = ["O"] + [f"{prefix}-{label}" for prefix in PREFIXES[scheme] for label in "XY"]
    return st.lists(st.sampled_from(tags), max_size=8)


@given(st.data(), st.sampled_from(SCHEMES))
def test_any_tags_are_read(data, scheme):
    tags = data.draw(any_tags(scheme))
    kept = decode(tags, scheme)
    covered = {place for start, end, _ in kept.spans for place in range(start, end)}
    assert covered == {place for place, tag in enumerate(tags) if tag != "O"}
    assert all(tags[i][2:] == label for start, end, label in kept.spans for i in range(start, end))
    discarded = decode(tags, scheme, "discard")
    assert set(discarded.spans) <= set(kept.spans)
    assert discarded.invalid == kept.invalid
    assert (discarded.spans == kept.spans) == (kept.invalid == 0)
    if kept.invalid:
        with pytest.raises(ScoreError, match="is not valid"):
            decode(tags, scheme, "refuse")
    else:
        assert decode(tags, scheme, "refuse").spans == kept.spans


@pytest.mark.needs("seqeval")
@settings(max_examples=200)
@given(any_tags("BIOES"))
def test_it_reads_as_seqeval_does_by_default(tags):
    """seqeval's default is conlleval's reading."""
    from seqeval.metrics import sequence_labeling as labeling

    theirs = [(start, end + 1, label) for label, start, end in labeling.get_entities(tags)]
    assert list(decode(tags, "BIOES").spans) == theirs


@pytest.mark.needs("seqscore")
@settings(max_examples=200)
@given(any_tags("BIO"))
def test_it_repairs_and_discards_bio_as_seqscore_does(tags):
    from seqscore import encoding, validation

    if not tags:
        return
    bio = encoding.get_encoding("BIO")
    for theirs, ours in (("conlleval", "repair"), ("discard", "discard")):
        result = validation.validate_labels(tags, bio, repair=theirs)
        labels = tags if result.is_valid() else result.repaired_labels
        mentions = {(m.span.start, m.span.end, m.type) for m in bio.decode_labels(labels)}
        assert set(decode(tags, "BIO", ours).spans) == mentions, ours


@pytest.mark.parametrize(
    ("scheme", "tags", "spans", "invalid"),
    [
        ("BIO", ["I-X", "I-X"], [(0, 2, "X")], 1),
        ("BIO", ["B-X", "I-Y"], [(0, 1, "X"), (1, 2, "Y")], 1),
        ("IOB1", ["O", "B-X"], [(1, 2, "X")], 1),
        ("IOB1", ["I-X", "B-X", "I-X"], [(0, 1, "X"), (1, 3, "X")], 0),
        ("IOE2", ["I-X", "O"], [(0, 1, "X")], 1),
        ("IOE1", ["E-X", "I-X"], [(0, 1, "X"), (1, 2, "X")], 0),
        ("IOE1", ["I-X", "E-X", "O"], [(0, 2, "X")], 1),
        ("BIOES", ["B-X", "O"], [(0, 1, "X")], 1),
        ("BIOES", ["B-X", "I-Y"], [(0, 1, "X"), (1, 2, "Y")], 2),
        ("BIOES", ["O", "I-X", "E-X"], [(1, 3, "X")], 1),
        ("BILOU", ["U-X", "L-X"], [(0, 1, "X"), (1, 2, "X")], 1),
        ("BILOU", ["B-X", "I-X", "B-X", "L-X"], [(0, 2, "X"), (2, 4, "X")], 1),
    ],
)
def test_invalid_boundaries(scheme, tags, spans, invalid):
    decoded = decode(tags, scheme)
    assert list(decoded.spans) == spans
    assert decoded.invalid == invalid


@pytest.mark.parametrize("scheme", ["IOE", "iob2", "IOBES", "bilou"])
def test_other_names_of_schemes(scheme):
    assert decode(["O"], scheme).spans == ()


def test_a_tag_without_label():
    assert decode(["B", "I", "O"]).spans == ((0, 2, "_"),)
    assert decode(["B-a-b"]).spans == ((0, 1, "a-b"),)


@pytest.mark.parametrize("tag", ["X-PER", "B-", "", "-PER", "E-PER", "b-PER", None, 3, "BI-X"])
def test_what_is_no_tag_is_refused(tag):
    with pytest.raises(ScoreError, match="token 1"):
        decode(["O", tag], "BIO")


def test_unknown_scheme_and_policy():
    with pytest.raises(ScoreError, match="scheme"):
        decode([], "BIOX")
    with pytest.raises(ScoreError, match="policy"):
        decode([], "BIO", "ignore")
