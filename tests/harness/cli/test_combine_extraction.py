"""`factharness combine` of what `extract` wrote: byte for byte what one extraction writes."""

import json

import pytest

COUNT = 23


@pytest.fixture
def extract(shell):
    lines = (
        json.dumps({"id": f"a{n}", "text": f"Paul Durand, le {n + 1} mars."}) for n in range(COUNT)
    )
    (shell.folder / "c.jsonl").write_text("".join(f"{line}\n" for line in lines))

    def run(out, *more):
        said = shell("extract", "rules", "c.jsonl", "-o", out, *more)
        assert said.returncode == 0, said.stderr

    return run


@pytest.mark.parametrize("count", [1, 2, 5, 40])
def test_shards_in_any_order_are_the_whole(shell, extract, count):
    extract("whole.jsonl")
    names = [f"{k}.jsonl" for k in range(1, count + 1)]
    for k, name in enumerate(names, 1):
        if k <= COUNT:
            extract(name, "--shard", f"{k}/{count}")
        else:  # a shard without an article
            shell("extract", "rules", "c.jsonl", "-o", name, "--shard", f"{k}/{count}")
    said = shell("combine", *reversed(names), "-o", "all.jsonl")
    assert (said.returncode, said.stderr) == (0, f"all.jsonl: {COUNT} articles\n")
    assert (shell.folder / "all.jsonl").read_bytes() == (shell.folder / "whole.jsonl").read_bytes()


def test_the_ending_says_the_form(shell, extract):
    extract("whole.csv")
    for k in (1, 2):
        extract(f"{k}.csv", "--shard", f"{k}/2")
    assert shell("combine", "1.csv", "2.csv", "-o", "all.csv").returncode == 0
    assert (shell.folder / "all.csv").read_bytes() == (shell.folder / "whole.csv").read_bytes()
    assert "is there already" in shell("combine", "1.csv", "2.csv", "-o", "all.csv").stderr
    assert shell("combine", "1.csv", "2.csv", "-o", "all.csv", "--force").returncode == 0


def test_ids_of_several_shards_that_occur_twice_are_named(shell):
    names = [*"abcdefghijkl", *"lkjihgfedcba", "a"]
    lines = (json.dumps({"id": name, "text": "Le 2 mars."}) for name in names)
    (shell.folder / "c.jsonl").write_text("".join(f"{line}\n" for line in lines))
    for k in (1, 2):
        shell("extract", "rules", "c.jsonl", "-o", f"{k}.jsonl", "--shard", f"{k}/2")
    twice = "13 articles have an id that an earlier one has: l, k, j, i, h, g, f, e, d, c, …\n"
    said = shell("combine", "1.jsonl", "2.jsonl", "-o", "all.jsonl")
    assert (said.returncode, said.stderr) == (0, f"all.jsonl: {twice}all.jsonl: 25 articles\n")
    assert shell("combine", "1.jsonl", "2.jsonl", "-o", "b.csv", "-q").stderr == f"b.csv: {twice}"
    assert f"c.jsonl: {twice}" in shell("extract", "rules", "c.jsonl", "-o", "whole.jsonl").stderr


def test_what_is_not_all_of_one_extraction_is_refused(shell, extract):
    for k in (1, 2, 3):
        extract(f"{k}.jsonl", "--shard", f"{k}/3")
    extract("half.jsonl", "--shard", "1/2")
    extract("other.jsonl", "--shard", "2/3", "--option", 'kinds=["date"]')
    extract("whole.jsonl")

    def refused(*names, code=2):
        said = shell("combine", *names, "-o", "all.jsonl")
        assert said.returncode == code, said.stderr
        assert not (shell.folder / "all.jsonl").exists()
        return said.stderr

    assert "shard 2 of 3 is missing" in refused("1.jsonl", "3.jsonl")
    assert "shard 1 is also 1.jsonl" in refused("1.jsonl", "1.jsonl", "2.jsonl")
    assert "is no shard" in refused("whole.jsonl", "1.jsonl")
    assert "other shards" in refused("1.jsonl", "half.jsonl", code=4)
    assert "option kinds" in refused("1.jsonl", "other.jsonl", "3.jsonl", code=4)
    assert "cannot be read as a journal" in refused("c.jsonl")
    assert "either runs or files" in refused("1.jsonl", ".")
    journal = shell.folder / "2.jsonl.journal"
    kept = journal.read_bytes()
    journal.write_bytes(b"".join(kept.splitlines(keepends=True)[:-1]))
    assert "2.jsonl: is not complete" in refused("1.jsonl", "2.jsonl", "3.jsonl")
    journal.write_bytes(kept)
    lines = (shell.folder / "1.jsonl").read_bytes().splitlines(keepends=True)
    (shell.folder / "1.jsonl").write_bytes(b"".join(lines[:-1]))
    assert "1.jsonl: has too few articles" in refused("1.jsonl", "2.jsonl", "3.jsonl")
