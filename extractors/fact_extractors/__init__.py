"""Fact extractors for French news: the back ends that come with factharness."""
