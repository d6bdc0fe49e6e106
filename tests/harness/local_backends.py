"""Back ends for the tests, used as a suite's ``file:`` back ends and in other processes."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import signal
import sys
import time
from pathlib import Path

from factharness.errors import BackendError, ExtractionError
from factharness.facts import Date, Entity, Quote, Span


def read_if_there(name):
    path = Path(name)
    return path.read_text(encoding="utf-8") if path.exists() else ""


class Refusal(BackendError):
    """Cannot be made again from its text, as unpickling would."""

    def __init__(self, what, how):
        super().__init__(f"{what} is {how}")


class Panic(BaseException):
    """As those of libraries in Rust."""


class Capitals:
    """Every capitalised word a PER, every year a DATE, every « … » a direct quote; fails as it is told.

    ``when`` maps an article id to ``raise``, ``error``, ``die`` (SIGKILL), ``die_twice`` (not the third time
    that it is in the ``log``), ``fell`` (SIGKILL for the parent process, as often as ``fellings`` says),
    ``wait`` (until the file ``gate`` is there), ``quit`` (``os._exit(0)``), ``vanish`` (as ``quit``, in
    native code), ``leave`` (``sys.exit``), ``panic``, ``sleep``, ``doze`` (as ``sleep``, but nothing wakes it
    at first); ``sick`` maps a member (``build``, ``fingerprint``, ``label_scheme``, ``load``) to what it
    does: ``raise``, ``refuse``, ``refuse_alone`` (with an error that cannot be sent), ``leave``, ``panic``,
    ``die`` or ``die_once`` (with this ``log``). ``log`` is a file that gets a line for each article that is
    really worked on, ``pause`` the seconds each one takes, ``dozing`` those that it takes once it was woken.
    ``broken`` is a file with the ids of articles to fail on, as long as it is there.
    """

    def __init__(
        self,
        when=None,
        log=None,
        kinds=("entity", "date", "quote"),
        sick=None,
        pause=0,
        dozing=0,
        broken=None,
        gate=None,
        fellings=1,
    ):
        self.when, self.log, self.sick, self.pause = when or {}, log, sick or {}, pause
        self.dozing, self.broken, self.gate, self.fellings = dozing, broken, gate, fellings
        self.kinds = frozenset(kinds)
        self._suffer("build")

    def fingerprint(self):
        self._suffer("fingerprint")
        kinds = ",".join(sorted(self.kinds))
        return {"code": "capitals", "kinds": kinds, "sick": str(self.sick)}

    @property
    def label_scheme(self):
        self._suffer("label_scheme")
        return "fr-news-1"

    def load(self):
        self._suffer("load")

    def _suffer(self, member):
        what = self.sick.get(member)
        if what == "raise":
            raise OSError("a disk gone")
        if what == "refuse":
            raise BackendError("the model is broken", remedy="get another")
        if what == "refuse_alone":
            raise Refusal("the model", "broken")
        if what == "panic":
            raise Panic("a tokenizer's index out of range")
        if what == "leave":
            sys.exit(0)
        if what == "die" or (what == "die_once" and not Path(f"{self.log}.died").exists()):
            Path(f"{self.log}.died").touch()
            os.kill(os.getpid(), signal.SIGKILL)

    def extract(self, articles):
        for article in articles:
            self._note(article.id)
            time.sleep(self.pause)
            what = self.when.get(article.id)
            if self.broken and article.id in read_if_there(self.broken):
                what = "raise"
            if what == "raise":
                raise RuntimeError(f"cannot do {article.id}")
            if what == "die":
                os.kill(os.getpid(), signal.SIGKILL)
            if what == "die_twice" and self._times(article.id) <= 2:
                os.kill(os.getpid(), signal.SIGKILL)
            if what == "fell" and self._times(article.id) <= self.fellings:
                os.kill(os.getppid(), signal.SIGKILL)
                time.sleep(60)
            while what == "wait" and not Path(self.gate).exists():
                time.sleep(0.01)
            if what == "quit":
                os._exit(0)
            if what == "vanish":
                ctypes.CDLL(None)._exit(0)
            if what == "leave":
                sys.exit(0)
            if what == "panic":
                raise Panic
            if what == "sleep":
                time.sleep(60)
            if what == "doze":
                with contextlib.suppress(BaseException):
                    time.sleep(60)
                time.sleep(self.dozing)
            yield ExtractionError("no") if what == "error" else list(self._facts(article.text))

    def _note(self, name):
        if self.log:
            with open(self.log, "a", encoding="utf-8") as file:
                file.write(f"{name}\n")
            with open(f"{self.log}.pids", "a", encoding="utf-8") as file:
                file.write(f"{os.getpid()}\n")

    def _times(self, name):
        """How often an article is in the log."""
        return read_if_there(self.log).split().count(name)

    def _facts(self, text):
        if "entity" in self.kinds:
            for found in re.finditer(r"\b[A-ZÉ]\w+", text):
                yield Entity(Span(*found.span()), "PER")
        if "date" in self.kinds:
            for found in re.finditer(r"\b20\d\d\b", text):
                yield Date(Span(*found.span()), "DATE", found[0])
        if "quote" in self.kinds:
            for found in re.finditer(r"« [^»]* »", text):
                yield Quote((Span(*found.span()),), "direct")


build = Capitals
