"""A server that is killed at any moment loses nothing that it has answered, and does nothing twice."""

import http.client
import itertools
import random
import threading

import msgspec
import pytest
from label_articles import ASTRAL, entity, source
from label_client import Process

POOL = [
    msgspec.json.decode(msgspec.json.encode(entity(words, label)))
    for words in ("Alice Rey", "Brivac", "Marc Osse", ASTRAL, "l’Élysée")
    for label in ("PER", "LOC")
]


def batch(draw, facts, text):
    """A random batch that can be applied to ``facts``, and the facts after it."""
    after, operations = list(facts), []
    for fact in draw.sample(POOL, draw.randint(1, 3)):
        words = [text[slice(*span)] for span in fact["spans"]]
        if fact in after:
            after.remove(fact)
            operations.append({"before": fact})
        else:
            after.append(fact)
            operations.append({"after": fact, "words": words})
    return operations, after


def by_text(facts):
    return sorted(map(repr, facts))


@pytest.mark.slow
@pytest.mark.needs("starlette", "uvicorn")
def test_fifty_kills_lose_nothing(tmp_path):
    path = tmp_path / "essai.gold"
    path.write_text(source(), encoding="utf-8")
    draw = random.Random(7)
    sure, maybe, walked = [], None, 0
    for kill in range(50):
        server = Process(path)
        client = server.client()
        _, opened = client.get("/api/articles/essai")
        assert not opened["conflicts"]
        assert by_text(opened["facts"]) in [
            by_text(facts) for facts in (sure, sure if maybe is None else maybe)
        ]
        assert set(range(min(walked, 3))) <= set(opened["visited"])
        timer = threading.Timer(draw.uniform(0, 0.12), server.process.kill)
        timer.start()
        sure, hash_ = opened["facts"], opened["hash"]
        for number in itertools.count(1):
            operations, maybe = batch(draw, sure, opened["text"])
            operations.append({"visit": min(walked, 2)})
            body = {"hash": hash_, "tab": f"t{kill}", "number": number, "operations": operations}
            try:
                status, answer = client.post("/api/articles/essai/save", body)
            except (OSError, http.client.HTTPException):  # killed
                break
            assert (status, answer["conflicts"]) == (200, [])
            sure, hash_, walked = maybe, answer["hash"], walked + 1
        timer.join()
        server.kill()
    assert walked
