"""Back end ``command``: any program that reads articles and writes facts, as JSON lines over stdio.

The records are those of :mod:`fact_extractors.records`. The program is started once and kept: it answers each
line with one line, and flushes. It is killed when it takes too long or answers nonsense, and started again
for the next article.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO

from fact_extractors import digests
from fact_extractors.options import kinds_named, scheme_named, seconds, texts
from fact_extractors.records import Unusable, outcome, request, shown
from fact_extractors.services.deadline import LONGEST
from factharness.errors import BackendError, BackendUnavailable, ExtractionError
from factharness.extractor import Outcome
from factharness.facts import KINDS, Article
from factharness.labels import SCHEME

GRACE = 1.0
"""Seconds a program has to end by itself when its input or its output has ended."""


def build(
    command: str | Sequence[str] = (),
    *,
    kinds: Sequence[str] = KINDS,
    label_scheme: str = SCHEME,
    timeout: float = 60,
    version: str = "",
) -> CommandExtractor:
    """A program as a back end.

    ``command``
        the program and its arguments: a list, or one string in the quoting of a shell (none is run).
    ``kinds``
        the kinds the program finds.
    ``label_scheme``
        the label set of its entities.
    ``timeout``
        seconds for one article; the first one includes the program's start.
    ``version``
        anything; change it when the program's answers change and its files do not show it.

    Raises ``BackendUnavailable`` when there is no such program, ``BackendError`` for options that make no
    sense.
    """
    try:
        argv = shlex.split(command) if isinstance(command, str) else texts(command, "command")
    except ValueError as error:
        raise BackendError(f"command: {error}", remedy="close the quotes, or use a list") from error
    if not argv:
        raise BackendError(
            "no command is given", remedy='options = { command = ["python", "my_program.py"] }'
        )
    if shutil.which(argv[0]) is None:
        raise BackendUnavailable(
            f"there is no program {argv[0]!r}", remedy="install it, or give its path"
        )
    return CommandExtractor(
        argv,
        kinds=kinds,
        label_scheme=label_scheme,
        timeout=seconds(timeout, "timeout"),
        version=version,
    )


class CommandExtractor:
    """See :class:`factharness.extractor.Extractor`; made by :func:`build`."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        kinds: Iterable[str],
        label_scheme: str,
        timeout: float,
        version: str,
    ) -> None:
        self.kinds = kinds_named(kinds)
        self.label_scheme = scheme_named(label_scheme)
        self._argv, self._timeout, self._version = tuple(argv), timeout, str(version)
        self._program: _Program | None = None

    def fingerprint(self) -> Mapping[str, str]:
        """The command line, the contents of the files it names, the options."""
        files = [Path(shutil.which(self._argv[0]) or self._argv[0]), *map(Path, self._argv[1:])]
        return {
            "code": digests.code("services/command.py", "records.py"),
            "command": shlex.join(self._argv),
            "files": digests.digest(path for path in files if path.is_file()),
            "version": self._version,
            "kinds": " ".join(sorted(self.kinds)),
            "labels": self.label_scheme,
        }

    def load(self) -> None:
        """Start the program."""
        try:
            self._started()
        except OSError as error:
            raise BackendError(f"{self._argv[0]} cannot be started: {error}") from error

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """What the program says of each article; see the protocol."""
        for article in articles:
            try:
                yield self._ask(article)
            except (ExtractionError, OSError) as error:
                yield ExtractionError(f"{self._argv[0]}: {error}")

    def _ask(self, article: Article) -> Outcome:
        line = request(article) + b"\n"
        program = self._started()
        try:
            return self._exchange(program, line, article)
        except _Died:
            if not program.has_answered:
                raise
        # It may have died of what it did before: the article deserves a program of its own.
        return self._exchange(self._started(), line, article)

    def _exchange(self, program: _Program, line: bytes, article: Article) -> Outcome:
        try:
            return outcome(program.ask(line, self._timeout), article)
        except BaseException:  # whatever it was, nobody knows what the program would answer next
            program.kill()
            self._program = None
            raise

    def _started(self) -> _Program:
        if self._program is None:
            self._program = _Program(self._argv)
        return self._program


class _Died(ExtractionError):
    """The program ended without an answer."""


class _Program:
    """A running program that answers a line with a line. Stopped at the latest when nobody holds it."""

    def __init__(self, argv: Sequence[str]) -> None:
        self.has_answered = False
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed by _stop)
        self._process = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,  # so that what it starts itself can be killed with it
        )
        self._lines, self._answers = SimpleQueue[bytes | None](), SimpleQueue[bytes]()
        threading.Thread(
            target=_converse, args=(self._process, self._lines, self._answers), daemon=True
        ).start()
        self.stop = weakref.finalize(self, _stop, self._process, self._errors, self._lines)

    def kill(self) -> None:
        """Stop it without asking."""
        _kill(self._process)
        self.stop()

    def ask(self, line: bytes, seconds: float) -> bytes:
        """The line it answers. Raises ``ExtractionError``: it took too long, or ended."""
        self._lines.put(line)
        try:
            answer = self._answers.get(timeout=seconds)
        except Empty:
            raise ExtractionError(f"no answer within {seconds:g} s; it was stopped") from None
        if not answer:
            raise _Died(self._epitaph())
        if not answer.endswith(b"\n") and len(answer) == LONGEST:
            raise Unusable(f"an answer of more than {LONGEST:,} bytes: {shown(answer)}")
        self.has_answered = True
        return answer

    def _epitaph(self) -> str:
        try:
            status = self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            return "it closed its output without an answer"
        how = f"ended by signal {-status}" if status < 0 else f"ended with status {status}"
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - 4096))
        last = self._errors.read().decode("utf-8", "replace").strip().splitlines()[-1:]
        return f"it {how} without an answer" + "".join(f": {line.strip()}" for line in last)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the program and all that it started."""
    if hasattr(os, "killpg"):
        with suppress(OSError):  # all of them are gone
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _converse(
    process: subprocess.Popen[bytes], lines: SimpleQueue[bytes | None], answers: SimpleQueue[bytes]
) -> None:
    """Send each of ``lines`` to the program and put its answer into ``answers``, until a line is None.

    An answer is empty when the program has closed one of its ends. Runs in a thread that nobody waits for: a
    daemon that the program has started may hold both pipes open for ever, without reading or writing.
    """
    stdin, stdout = process.stdin, process.stdout
    assert stdin is not None
    assert stdout is not None
    while (line := lines.get()) is not None:
        try:
            stdin.write(line)
            stdin.flush()
            answers.put(stdout.readline(LONGEST))
        except OSError:
            answers.put(b"")
    with suppress(OSError):  # what was still to be written has nobody to read it
        stdin.close()
    stdout.close()


def _stop(
    process: subprocess.Popen[bytes], errors: IO[bytes], lines: SimpleQueue[bytes | None]
) -> None:
    """Tell the program that no more comes, and kill it when that is not enough."""
    lines.put(None)
    with suppress(subprocess.TimeoutExpired):
        process.wait(GRACE)
    _kill(process)
    process.wait()
    errors.close()
