"""How often a span is covered, against comparing it with every other span."""

from hypothesis import given
from hypothesis import strategies as st

from factharness.covered import Covered
from factharness.facts import Span

spans = st.builds(
    lambda start, length: Span(start, start + length), st.integers(0, 12), st.integers(1, 6)
)


@given(st.lists(spans, max_size=8), spans)
def test_it_is_covered_as_often_as_spans_overlap_it(others, span):
    times = sum(other.overlaps(span) for other in others)
    assert Covered(iter(others)).times(span) == times
    assert Covered(others).touches(span) == (times > 0)
