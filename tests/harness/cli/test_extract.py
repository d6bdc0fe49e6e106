"""`factharness extract` from outside: exit codes, and that nothing that ends it costs more than time."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

LOCAL = Path(__file__).resolve().parents[1] / "local_backends.py"

COUNT = 400


def write(folder, count=COUNT):
    path = folder / "c.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            file.write(json.dumps({"id": f"a{number}", "text": f"Anne {number} part en 2024."}))
            file.write("\n")
    return path


@pytest.fixture
def extract(shell):
    """Extract with the tests' own back end, from the small corpus unless another is named."""
    write(shell.folder)
    backend = f"file:{os.path.relpath(LOCAL, shell.folder)}:build"

    def run(*args, out="out.jsonl", corpus="c.jsonl"):
        return shell("extract", backend, corpus, "-o", out, *args)

    run.backend, run.folder = backend, shell.folder
    return run


def ids(path):
    return [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_what_was_extracted_is_counted_and_a_second_time_is_nothing_to_do(extract):
    said = extract()
    assert (said.returncode, said.stdout) == (0, "")
    assert said.stderr == "out.jsonl: 400 articles; 800 facts, 0 errors\n"
    before = (extract.folder / "out.jsonl").read_bytes()
    assert extract().stderr == "out.jsonl: 400 articles, 400 of them before; 800 facts, 0 errors\n"
    assert (extract.folder / "out.jsonl").read_bytes() == before
    assert extract("-q").stderr == ""


def test_what_it_writes_can_be_scored(extract, shell):
    extract("--option", 'kinds=["entity"]')
    said = shell("score", "--gold", "out.jsonl", "--pred", "out.jsonl", "--json")
    assert said.returncode == 0, said.stderr


@pytest.mark.parametrize(
    "ending",
    [".jsonl.gz", ".csv", pytest.param(".parquet", marks=pytest.mark.needs("pyarrow")), ""],
)
def test_every_form_can_be_scored_and_replayed(extract, shell, ending):
    folder = extract.folder
    write(folder, 30)
    extract("--option", 'when={ a7 = "raise" }')
    name = f"facts{ending}"
    if ending:
        assert extract("--option", 'when={ a7 = "raise" }', out=name).returncode == 1
    else:  # a folder of parts
        (folder / name).mkdir()
        lines = (folder / "out.jsonl").read_bytes().splitlines(keepends=True)
        for number, some in enumerate((lines[:9], lines[9:]), 1):
            (folder / name / f"part-{number:05}.jsonl").write_bytes(b"".join(some))
            (folder / name / f"part-{number:05}.done").write_text("{}")
    scores = {}
    for pred in ("out.jsonl", name):
        said = shell("score", "--gold", "out.jsonl", "--pred", pred, "--json", "--draws", "9")
        assert said.returncode == 0, said.stderr
        scores[pred] = json.loads(said.stdout)
        del scores[pred]["signature"]
    assert scores[name] == scores["out.jsonl"]
    assert scores[name]["articles"] == 29
    replayed = ("extract", "replay", "c.jsonl", "-o", "again.jsonl", "--option", f"path={name}")
    assert shell(*replayed).returncode == 1
    first, again = (
        (folder / file).read_text().splitlines() for file in ("out.jsonl", "again.jsonl")
    )
    assert again[:7] + again[8:] == first[:7] + first[8:]
    assert "RuntimeError: cannot do a7" in json.loads(again[7])["error"]


def test_failed_articles_are_named_and_a_budget_decides(extract):
    sick = ", ".join(f'a{n} = "error"' for n in range(12))
    said = extract("--option", f"when={{ {sick} }}")
    assert said.returncode == 1
    assert said.stderr.count(" failed on a") == 10
    assert "… and 2 more: see the errors in out.jsonl" in said.stderr
    assert extract("--option", f"when={{ {sick} }}", "--max-errors", "12").returncode == 0
    assert extract("--option", f"when={{ {sick} }}", "--max-errors", "3%").returncode == 0
    for budget in ("11", "2.9%"):
        said = extract("--option", f"when={{ {sick} }}", "--max-errors", budget)
        assert said.returncode == 3
        assert f"12 of 400 articles failed, more than --max-errors {budget} allows" in said.stderr


def test_repeated_ids_what_is_not_read_and_unknown_endings_are_said(extract):
    folder = extract.folder / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"id": "x", "text": "Anne"}\n' * 3)
    (folder / "note.md").write_text("")
    said = extract(corpus="in")
    assert said.returncode == 0
    assert "in: not read: 1 .md\n" in said.stderr
    assert "in: 2 articles have an id that an earlier one has: x, …\n" in said.stderr
    said = extract(out="f.xlsx")
    assert (said.returncode, "known" in said.stderr or ".parquet" in said.stderr) == (2, True)
    said = extract("--resume", out="new.csv")
    assert (said.returncode, "no extraction to continue" in said.stderr) == (2, True)


@pytest.mark.parametrize(
    ("when", "code", "said"),
    [
        ('when={ a7 = "raise", a9 = "error" }', 1, "400 articles; 796 facts, 2 errors"),
        ('sick={load="refuse"}', 2, "the model is broken; get another"),
        ('sick={load="raise"}', 2, "loading the back end: OSError: a disk gone"),
        ('sick={fingerprint="leave"}', 2, "it tried to end the program with exit code 0"),
        ("borken=true", 2, "unexpected keyword argument 'borken'"),
        ("broken", 2, "'broken' is not KEY=VALUE"),
    ],
)
def test_exit_codes(extract, when, code, said):
    answer = extract("--option", when)
    assert (answer.returncode, said in answer.stderr) == (code, True), answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(("line", "said"), [("no\n", "all failed: 1 article"), ("", "no article")])
def test_nothing_extracted_is_inconclusive(extract, line, said):
    (extract.folder / "bad.jsonl").write_text(line)
    answer = extract(corpus="bad.jsonl")
    assert (answer.returncode, said in answer.stderr) == (3, True), answer.stderr


def test_unknown_inputs_back_ends_and_folders_are_wrong_use(extract, shell):
    assert "no such input" in extract(corpus="none.jsonl").stderr
    assert "did you mean 'rules'?" in shell("extract", "rulse", "c.jsonl", "-o", "o.jsonl").stderr
    (extract.folder / "file").write_text("")
    answer = extract(out="file/out.jsonl")
    assert (answer.returncode, "cannot be written" in answer.stderr) == (2, True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_an_output_that_cannot_be_gone_on_with_is_wrong_use(extract):
    os.mkfifo(extract.folder / "pipe.jsonl")
    answer = extract(out="pipe.jsonl")
    assert answer.returncode == 2
    assert answer.stderr.startswith("factharness: pipe.jsonl: is no file; name one")
    assert not (extract.folder / "pipe.jsonl.journal").exists()


def started(extract, *options):
    return subprocess.Popen(
        [
            *(sys.executable, "-c", "from factharness.cli import main; main()", "extract"),
            *(extract.backend, "c.jsonl", "-o", "out.jsonl", *options),
        ],
        cwd=extract.folder,
        stderr=subprocess.PIPE,
    )


def until(out, lines):
    """Wait until ``out`` has that many lines."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if out.exists() and out.read_bytes().count(b"\n") >= lines:
            return
        time.sleep(0.002)
    raise AssertionError(f"{out} never got {lines} lines")


def killed(extract, moments):
    """Kill an extraction when it has so many lines, go on, and so forth; then let it finish."""
    out = extract.folder / "out.jsonl"
    for moment in moments:
        process = started(extract, "--option", "pause=0.001")
        until(out, moment)
        process.kill()
        process.wait()
        process.stderr.close()
    said = extract("--option", "pause=0.001")
    assert said.returncode == 0, said.stderr
    extract("--option", "pause=0", out="whole.jsonl")
    assert out.read_bytes() == (extract.folder / "whole.jsonl").read_bytes()
    assert ids(out) == [f"a{number}" for number in range(COUNT)]


def test_a_killed_extraction_goes_on_where_it_stopped(extract):
    killed(extract, [0, 1, 150, 151])


@pytest.mark.slow
def test_killed_at_any_moment_nothing_is_repeated_or_lost(extract):
    chance = random.Random(7)
    killed(extract, sorted(chance.randrange(COUNT - 40) for _ in range(30)))


def test_an_interrupted_extraction_says_how_to_go_on(extract):
    process = started(extract, "--option", 'when={ a50 = "sleep" }')
    until(extract.folder / "out.jsonl", 50)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"out.jsonl: stopped; the same command goes on from there" in said
    assert b"Traceback" not in said
    assert ids(extract.folder / "out.jsonl") == [f"a{number}" for number in range(50)]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_shows_how_many_of_how_many_the_rate_and_the_time_left(extract):
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", "from factharness.cli import main; main()", "extract"),
            *(extract.backend, "c.jsonl", "-o", "out.jsonl", "--shard", "1/4"),
            *("--option", "pause=0.01"),
        ],
        cwd=extract.folder,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            said += os.read(ours, 4096)
        except OSError:  # how a pseudo-terminal ends
            break
    os.close(ours)
    assert process.wait() == 0
    shown = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", said.decode())
    assert re.search(r"extracting .* \d+/100 \d+\.\d/s \d:\d\d:\d\d", shown), shown
    assert "out.jsonl: 100 articles" in shown


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_costs_nothing_but_time(extract, shell):
    limited = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (9999, 9999));"
        "from factharness.cli import main; main()"
    )
    said = subprocess.run(
        [sys.executable, "-c", limited, "extract", extract.backend, "c.jsonl", "-o", "out.jsonl"],
        cwd=extract.folder,
        capture_output=True,
        text=True,
    )
    assert said.returncode == 2
    assert "cannot be written: File too large; what is in it stays" in said.stderr
    assert (extract.folder / "out.jsonl").stat().st_size == 9999
    assert extract().returncode == 0
    assert ids(extract.folder / "out.jsonl") == [f"a{number}" for number in range(COUNT)]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs the peak of a process's memory")
def test_memory_does_not_grow_with_the_corpus(extract):
    """Peak of the resident memory in kilobytes, of the process and of its largest child."""
    measured = (
        "import resource, sys\n"
        "from factharness.cli import main\n"
        "try: main()\n"
        "finally:\n"
        "    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)\n"
        "    print('peak', *(resource.getrusage(one).ru_maxrss for one in who))\n"
    )
    peaks = {}
    for jobs in ("1", "2"):
        for count in (2_000, 40_000):
            write(extract.folder, count)
            said = subprocess.run(
                [
                    *(sys.executable, "-c", measured, "extract", extract.backend, "c.jsonl"),
                    *("-o", f"{jobs}-{count}.jsonl", "-j", jobs),
                ],
                cwd=extract.folder,
                capture_output=True,
                text=True,
            )
            assert said.returncode == 0, said.stderr
            peaks[jobs, count] = [int(n) for n in re.findall(r"\d+", said.stdout)]
        growth = [
            most - least
            for least, most in zip(peaks[jobs, 2_000], peaks[jobs, 40_000], strict=True)
        ]
        assert max(growth) < 4_096, peaks


def test_an_output_is_not_gone_on_with_by_other_code_of_the_same_version(extract, shell):
    code = (
        "class Silent:\n    kinds = frozenset({'date'})\n"
        "    def fingerprint(self): return {'version': '1'}\n"
        "    def extract(self, articles): return ([] for _ in articles)\n"
    )
    command = ("extract", "file:mine.py:Silent", "c.jsonl", "-o", "out.jsonl")
    (extract.folder / "mine.py").write_text(code, encoding="utf-8")
    assert shell(*command).returncode == 0
    (extract.folder / "mine.py").write_text(code + "# other\n", encoding="utf-8")
    said = shell(*command)
    assert (said.returncode, "was begun otherwise: file:code" in said.stderr) == (2, True)
