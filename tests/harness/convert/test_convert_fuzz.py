"""Nothing that a file can contain makes an import raise anything but an error a user can mend."""

from contextlib import suppress
from datetime import date

import pytest
from convert_strategies import articles
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from factharness.convert import FORMATS, export_gold, import_gold
from factharness.errors import HarnessError
from factharness.gold.files import decode
from factharness.gold.format import render
from factharness.gold.new import composed
from factharness.gold.parse import parse
from factharness.labels import MAPS

FAST = sorted(FORMATS.keys() - {"spacy"})


@pytest.mark.parametrize("name", FAST)
@settings(max_examples=25)
@given(raw=st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)))
def test_any_bytes(name, raw):
    files = {"a.txt": raw, "a.ann": raw} if name == "brat" else {"a.x": raw}
    with suppress(HarnessError):
        import_gold(name, files)


@pytest.mark.parametrize("name", sorted(FORMATS))
@settings(max_examples=25)
@given(gold=articles(), junk=st.text(max_size=4), where=st.floats(0, 1), length=st.integers(0, 8))
def test_damaged_exports(name, gold, junk, where, length):
    files = {}
    for file, raw in export_gold(name, [gold]).files.items():
        at = int(where * len(raw))
        files[file] = raw[:at] + junk.encode() + raw[at + length :]
    with suppress(HarnessError):
        for article in import_gold(name, files, table=MAPS["ontonotes"])[0]:
            published = structs.replace(article.article, published=date(2024, 3, 5))
            source = render(composed(structs.replace(article, article=published))[0])
            parse(decode(source.encode(), "a.gold"))
