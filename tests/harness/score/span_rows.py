"""Hypothesis strategies for rows of labelled spans."""

from __future__ import annotations

from hypothesis import strategies as st

LABELS = ["LOC", "ORG", "PER"]


def rows(docs: int = 2, length: int = 9, most: int = 5, unique: bool = True) -> st.SearchStrategy:
    """(document, start, end, label) rows that nest, cross and touch."""
    one = st.tuples(
        st.sampled_from([f"d{i}" for i in range(docs)]),
        st.integers(0, length - 1),
        st.integers(1, 4),
        st.sampled_from(LABELS),
    ).map(lambda r: (r[0], r[1], r[1] + r[2], r[3]))
    return st.lists(one, max_size=most, unique=unique)


def flat_rows(docs: int = 2, most: int = 6) -> st.SearchStrategy:
    """Rows whose spans do not overlap within a document, as tags can say them; ends at most 24."""

    def lay(drawn: list[tuple[str, int, int, str]]) -> list[tuple[str, int, int, str]]:
        at: dict[str, int] = {}
        found = []
        for doc, gap, length, label in drawn:
            start = at.get(doc, 0) + gap
            at[doc] = start + length
            if at[doc] <= 24:
                found.append((doc, start, start + length, label))
        return found

    one = st.tuples(
        st.sampled_from([f"d{i}" for i in range(docs)]),
        st.integers(0, 3),
        st.integers(1, 4),
        st.sampled_from(LABELS),
    )
    return st.lists(one, max_size=most).map(lay)
