"""What keys do on the labelling page, without the page: articles and keys in, facts out."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from key_handling import blank_page, fact, opened

pytestmark = [pytest.mark.browser, pytest.mark.needs("playwright")]

TEXT = (
    "Brivac perd sa maire\n\n"
    "Lundi, la maire de Brivac, Mme Léa Fontanel, a annoncé qu’elle « partait sans amertume » du conseil "
    "départemental de la Loire.\n\n"
    "« Je pars, a dit l’élue, mais je reviendrai. » Selon Paul Arnaud, de Radio Brivac, le vote du 12 mars à "
    "14 heures aura lieu. Un « flop », dit-on à Paris."
)

LEAVING = (
    "QUOTE mixed qu’elle « partait sans amertume » du conseil départemental de la Loire "
    "| by: la maire de Brivac, Mme Léa Fontanel = Léa Fontanel | cue: a annoncé"
)
ARNAUD = "Paul Arnaud, de Radio Brivac = Paul Arnaud"
RETURN = "QUOTE direct « Je pars, <+> mais je reviendrai. »"
BOTH = ["LOC Brivac", "LOC Brivac"]

CASES: list[tuple[str, list[str]]] = [
    # labels, the same strings with them, and moving on
    ("l", BOTH),
    ("l a", ["LOC Brivac"]),
    ("l u", []),
    ("l x", ["LOC Brivac"]),
    ("l x u", BOTH),
    ("p t", ["ORG Brivac"] * 2),
    ("p Backspace o", ["ORG Brivac"] * 2),
    ("z 3", BOTH),
    ("z 9", []),
    ("l i", ["LOC? Brivac"] * 2),
    ("l i i", BOTH),
    ("l y o", ["LOC Brivac | meto: ORG", "LOC Brivac"]),
    ("l y o y 0", BOTH),
    ("l d", ["LOC Brivac", "DATE Lundi | 2024-03-04", "LOC Brivac"]),
    ("l d p", ["LOC Brivac", "DATE Lundi | 2024-03-04", "LOC Brivac", "PER Léa Fontanel"]),
    # nested names
    ("Tab n n n n o", ["ORG conseil départemental de la Loire"]),
    ("Tab n n n n o Backspace l", ["ORG conseil départemental de la Loire", "LOC Loire"]),
    ("Tab Tab f r f r o", ["ORG Radio Brivac"]),
    ("Tab Tab f r f r o Backspace l", ["ORG Radio Brivac", "LOC Brivac"]),
    ("Tab Tab f r f r o Backspace Backspace p", ["ORG Radio Brivac", "PER Radio"]),
    ("Tab Tab f r f r o F r p", ["PER Radio Brivac"]),
    ("Tab Tab f r f r o t", ["LOC Radio Brivac"]),
    # finding words
    ("f m p", ["PER maire"]),
    ("f a a p", ["PER annoncé"]),
    ("f p p", ["PER perd"]),
    ("f z p", ["PER Brivac", "PER Brivac"]),
    ("f z F b l", BOTH),
    ("ArrowRight ArrowRight ArrowLeft p", ["PER perd"]),
    # edges
    ("f p p k", ["PER perd sa"]),
    ("f p p k j", ["PER perd"]),
    ("f p p j", ["PER perd"]),
    ("f p p g", ["PER Brivac perd"]),
    ("f p p K", ["PER perd sa maire"]),
    ("f p p G h", ["PER perd"]),
    # dates
    ("Tab d", ["DATE Lundi | 2024-03-04"]),
    ("Tab d v 2 0 2 4 Enter", ["DATE Lundi | 2024"]),
    ("Tab d v & Enter", ["DATE Lundi | 2024-03-04"]),
    ("Tab d v 2 Escape", ["DATE Lundi | 2024-03-04"]),
    ("Tab d v 2 3 Backspace Enter", ["DATE Lundi | 2024-03-11"]),
    ("Tab d e b", ["DATE Lundi | 2024-03-04 | mod: BEFORE"]),
    ("Tab d e B", ["DATE Lundi | 2024-03-04 | mod: ON_OR_BEFORE"]),
    ("Tab d e b e 0", ["DATE Lundi | 2024-03-04"]),
    ("Tab d t t t t", ["DATE Lundi | 2024-03-04"]),
    ("Tab d i", ["DATE? Lundi | 2024-03-04"]),
    # quotes
    ("Tab n n q", [LEAVING]),
    ("Tab n n n Q", [
        "QUOTE mixed « partait sans amertume » "
        "| by: la maire de Brivac, Mme Léa Fontanel = Léa Fontanel | cue: a annoncé"
    ]),
    ("Tab Tab q", [f"{RETURN} | by: l’élue | cue: a dit"]),
    ("Tab Tab q 0", [RETURN]),
    ("Tab Tab q 0 u", [f"{RETURN} | by: l’élue | cue: a dit"]),
    ("Tab Tab q s 2", [f"{RETURN} | by: {ARNAUD} | cue: a dit"]),
    ("Tab Tab q 2", [f"{RETURN} | by: {ARNAUD} | cue: a dit"]),
    ("Tab Tab q s p a u Enter", [f"{RETURN} | by: {ARNAUD} | cue: a dit"]),
    ("Tab Tab q c 0", [f"{RETURN} | by: l’élue"]),
    ("Tab Tab q r l e a Enter", [f"{RETURN} | by: l’élue = Léa Fontanel | cue: a dit"]),
    ("Tab Tab q r Z o é Enter", [f"{RETURN} | by: l’élue = Zoé | cue: a dit"]),
    ("Tab Tab q r Z Enter r 0", [f"{RETURN} | by: l’élue | cue: a dit"]),
    ("Tab Tab q f v ArrowLeft s", [f"{RETURN} | by: le vote du | cue: a dit"]),
    ("Tab Tab q f v c", [f"{RETURN} | by: l’élue | cue: vote"]),
    ("Tab Tab q f v c k", [f"{RETURN} | by: l’élue | cue: vote du"]),
    ("Tab Tab q t", ["QUOTE mixed « Je pars, <+> mais je reviendrai. » | by: l’élue | cue: a dit"]),
    ("Tab Tab q i", [RETURN.replace("QUOTE", "QUOTE?") + " | by: l’élue | cue: a dit"]),
    ("Tab Tab q i i", ["QUOTE? « Je pars, <+> mais je reviendrai. »"]),
    ("Tab Tab q F d w w", [RETURN.replace("<+>", "a dit l’élue,") + " | by: l’élue | cue: a dit"]),
    ("Tab Tab q F d w k", ["QUOTE direct « Je pars, <+> je reviendrai. » | by: l’élue | cue: a dit"]),
    ("Tab Tab Q F a w", [f"{RETURN} | by: {ARNAUD} | cue: Selon"]),
    # nothing to act on: nothing happens
    ("g", []), ("x", []), ("a", []), ("u", []), ("s", []), ("v", []), ("i", []), ("Escape", []), ("5", []),
]  # fmt: skip

RUN = """([article, keys, env]) => {
    const { state, operations, effects } = pressed(open(article), keys, { ...ENV, ...env });
    const words = surface(state.doc, state.caret);
    const facts = state.facts.map((fact) => inWords(state.doc, fact));
    return { facts, caret: words, operations, effects, visited: [...state.visited] };
}"""


@pytest.fixture(scope="module")
def sheet(chromium: Any) -> Any:
    return blank_page(chromium)


@pytest.fixture(scope="module")
def article() -> dict[str, Any]:
    return opened(TEXT)


def run(sheet: Any, article: dict[str, Any], keys: str, **env: Any) -> dict[str, Any]:
    result: dict[str, Any] = sheet.evaluate(RUN, [article, keys.split(), env])
    return result


@pytest.mark.parametrize(("keys", "facts"), CASES, ids=[keys for keys, _ in CASES])
def test_keys_make_facts(sheet, article, keys, facts):
    assert run(sheet, article, keys)["facts"] == facts


@pytest.mark.parametrize(
    ("keys", "caret"),
    [
        ("", "Brivac"),
        ("l", "Lundi"),
        ("n", "Lundi"),
        ("n b", "Brivac"),
        ("Tab", "Lundi"),
        ("Tab Shift+Tab", "Brivac"),
        ("Tab n n n", "«"),
        ("Tab n n n q", "Loire"),  # moves on past the marks of the quote
        ("Tab n n p", "«"),
        ("Tab Tab q", "Paul"),
        ("Tab Tab q f v s", "Paul"),  # back from where the speaker was taken
        ("f m", "maire"),
        ("f l f l", "la"),
        ("ArrowDown", "Lundi"),
        ("ArrowDown ArrowUp", "Brivac"),
        ("l d Backspace", "Lundi"),
        ("l l u u", "Brivac"),
        ("f a Backspace", "a"),
        ("l f b Backspace", "Brivac"),
    ],
)
def test_where_the_caret_goes(sheet, article, keys, caret):
    assert run(sheet, article, keys)["caret"] == caret


def test_a_key_press_is_one_batch_with_the_words_of_every_place(sheet, article):
    done = run(sheet, article, "l")
    [batch] = done["operations"]
    assert [operation["words"] for operation in batch if "words" in operation] == [["Brivac"]] * 2
    assert {"visit": 0} in batch  # the caret went on to the next paragraph
    done = run(sheet, article, "Tab Tab q")
    [*_, batch] = done["operations"]
    [quote] = batch
    assert quote["words"] == ["« Je pars,", "mais je reviendrai. »", "l’élue", "a dit"]


def test_undo_sends_the_inverse(sheet, article):
    there, back = run(sheet, article, "l u")["operations"]
    facts = [operation for operation in there if "after" in operation]
    assert [one["after"] for one in facts] == [one["before"] for one in reversed(back)]


@pytest.mark.parametrize("digit", "123456789")
def test_figures_go_by_their_place_on_azerty(sheet, article, digit):
    for keys in ("Tab Tab q {}", "Tab d {}", "Tab Tab q s {}", "z {}"):
        plain, azerty = (run(sheet, article, keys.format(one)) for one in (digit, f"&{digit}"))
        assert plain["facts"] == azerty["facts"]


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ("&1 &2 / &3", "12/3"),
        ("2 0 2 4 &6 0 3 &6 0 5", "2024-03-05"),
        ("1 &6 / &6", "16/6"),
        ("2 &0 2 &6", "2026"),
    ],
)
def test_the_key_of_6_writes_a_hyphen_where_one_can_stand(sheet, article, keys, value):
    assert run(sheet, article, f"Tab d v {keys} Enter")["facts"] == [f"DATE Lundi | {value}"]


def test_keys_can_be_given_to_other_actions(sheet, article):
    keymap = {"label LOC": "w", "date": "Shift+Enter"}
    assert (
        run(sheet, article, "w Shift+Enter", keymap=keymap)["facts"]
        == run(sheet, article, "l d")["facts"]
    )
    assert run(sheet, article, "l d", keymap=keymap)["facts"] == []


def test_a_key_with_ctrl_alt_or_meta_is_not_ours(sheet, article):
    done = sheet.evaluate(
        """(article) => ["ctrl", "alt", "meta"].map((held) => {
            const state = open(article);
            return press(state, { ...keyNamed("l"), [held]: true }, ENV).state === state;
        })""",
        article,
    )
    assert done == [True, True, True]


def test_paragraphs_left_behind_are_visited_and_the_last_one_at_its_end(sheet, article):
    assert run(sheet, article, "n")["visited"] == [0]
    assert run(sheet, article, "Tab Tab")["visited"] == [0, 1]
    assert run(sheet, article, "Tab Tab Tab")["visited"] == [0, 1, 2]
    assert run(sheet, article, "f p")["visited"] == []
    done = run(sheet, article, "Enter")
    assert (done["visited"], done["effects"]) == ([0], [{"review": 0}])


WALK = """([article, found, keys]) => {
    const start = review(open(article), 0, found);
    const { state, operations, effects } = pressed(start.state, keys, ENV);
    return { facts: state.facts.map((fact) => inWords(state.doc, fact)), mode: state.mode,
        operations: start.operations.concat(operations), effects: start.effects.concat(effects) };
}"""


@pytest.mark.parametrize(
    ("keys", "facts", "accepted"),
    [
        ("Enter Enter", ["LOC Brivac", "PER maire"], 2),
        ("x Enter", ["PER maire"], 1),
        ("Enter x", ["LOC Brivac"], 1),
        ("n Enter x", ["PER maire"], 1),
        ("x x", [], 0),
        (
            "Enter t Enter",
            ["MISC Brivac", "PER maire"],
            2,
        ),  # what was accepted can be mended on the way
        ("Enter Escape", ["LOC Brivac"], 1),
        ("Tab Shift+Tab Enter Escape", ["LOC Brivac"], 1),
    ],
)
def test_the_walk_through_what_a_back_end_sees(sheet, article, keys, facts, accepted):
    found = [
        {"fact": fact(article["text"], "LOC", "Brivac"), "backends": ["rules"]},
        {"fact": fact(article["text"], "PER", "maire"), "backends": ["rules"]},
    ]
    done = sheet.evaluate(WALK, [article, found, keys.split()])
    assert (done["facts"], done["mode"]) == (facts, "text")
    counted = [one for batch in done["operations"] for one in batch if "reviewed" in one]
    expected = {"paragraph": 0, "backends": ["rules"], "shown": 2, "accepted": accepted}
    assert counted == [{"reviewed": expected}]


def test_a_walk_without_anything_is_counted_too(sheet, article):
    done = sheet.evaluate(WALK, [article, [], []])
    assert done["operations"][0][0]["reviewed"]["shown"] == 0
    assert done["mode"] == "text"


@pytest.mark.parametrize(
    ("keys", "facts", "shown", "accepted"),
    [
        ("Tab Enter", ["LOC Brivac"], 1, 1),
        ("Tab Enter Enter", ["LOC Brivac", "PER maire"], 2, 2),
        ("Tab x", [], 1, 0),
        ("Tab Tab x Enter", ["LOC Brivac"], 2, 1),
        ("Tab o", ["ORG Brivac"], 1, 0),
        ("Tab t", ["MISC Brivac"], 1, 0),
        ("Tab Tab k g", ["PER sa maire"], 1, 0),
        ("Tab Enter u", [], 0, 0),
    ],
)
def test_proposals_are_accepted_rejected_or_mended(sheet, article, keys, facts, shown, accepted):
    note = {"attributes": {"note": "unconfirmed"}}
    text = article["text"]
    both = [fact(text, "LOC", "Brivac", **note), fact(text, "PER", "maire", **note)]
    done = run(sheet, {**article, "mode": "prelabel", "facts": both}, keys)
    assert [words for words in done["facts"] if "unconfirmed" not in words] == facts
    counts = [one["proposed"] for batch in done["operations"] for one in batch if "proposed" in one]
    assert sum(one["shown"] for one in counts) == shown
    assert sum(one["accepted"] for one in counts) == accepted


QUOTED = "QUOTE direct « Rien n’est sûr » | by: la maire de Brivac | cue: a dit"


@pytest.mark.parametrize(
    ("keys", "facts", "accepted"),
    [
        ("n Enter", ["QUOTE direct « Rien n’est sûr »"], 1),
        ("n x", [], 0),
        ("n q", [QUOTED], 0),
        ("n Q", [QUOTED], 0),
        ("n 1", ["QUOTE direct « Rien n’est sûr » | by: la maire de Brivac"], 0),
        ("n q u", [], 0),
    ],
)
def test_marks_that_nobody_confirmed_are_a_stop_and_give_way_to_what_is_labelled(
    sheet, keys, facts, accepted
):
    article = opened("Il pleut à Paris. « Rien n’est sûr », a dit la maire de Brivac.")
    marked = fact(
        article["text"],
        "direct",
        "« Rien n’est sûr »",
        kind="quote",
        attributes={"note": "unconfirmed"},
    )
    done = run(sheet, {**article, "facts": [marked]}, keys)
    assert [words for words in done["facts"] if "unconfirmed" not in words] == facts
    counts = [one["proposed"] for batch in done["operations"] for one in batch if "proposed" in one]
    assert sum(one["accepted"] for one in counts) == accepted


def test_an_article_that_begins_with_a_proposal_is_opened_on_it(sheet):
    article = opened("« Rien », a dit la maire de Brivac.")
    marked = fact(article["text"], "direct", "« Rien »", attributes={"note": "unconfirmed"})
    assert run(sheet, {**article, "facts": [marked]}, "Enter")["facts"] == ["QUOTE direct « Rien »"]


@pytest.mark.parametrize("decided", ["q", "Enter", "x"])
def test_after_a_proposal_the_caret_goes_on_to_the_next_stop(sheet, decided):
    article = opened("« Rien », a dit la maire de Brivac. « Tout », a dit le préfet.")
    notes = {"kind": "quote", "attributes": {"note": "unconfirmed"}}
    marked = [fact(article["text"], "direct", words, **notes) for words in ("« Rien »", "« Tout »")]
    done = run(sheet, {**article, "facts": marked}, f"{decided} l")
    assert [words for words in done["facts"] if "LOC" in words] == ["LOC Brivac"]


@pytest.mark.parametrize(
    ("keys", "facts", "decided"),
    [
        ("n 1", ["LOC Brivac"], [0]),
        ("n 2", ["ORG Brivac"], [0]),
        ("n 3", ["LOC Brivac", "ORG Brivac"], [0]),
        ("n 0", [], [0]),
        ("n 1 1", ["LOC Brivac", "PER maire"], [0, 1]),
        ("n n 2", [], [1]),
        ("n 1 u", [], [0, 0]),
        ("n &1", ["LOC Brivac"], [0]),
        ("1", [], []),
    ],
)
def test_differences_are_visited_and_decided(sheet, article, keys, facts, decided):
    text = article["text"]
    differences = [
        {
            "number": 0,
            "open": True,
            "a": fact(text, "LOC", "Brivac"),
            "b": fact(text, "ORG", "Brivac"),
        },
        {"number": 1, "open": True, "a": fact(text, "PER", "maire"), "b": None},
    ]
    done = run(sheet, {**article, "mode": "adjudicate", "differences": differences}, keys)
    assert done["facts"] == facts
    said = [
        one["decided"]["difference"]
        for batch in done["operations"]
        for one in batch
        if "decided" in one
    ]
    assert said == decided


def test_a_pointer_labels_what_it_has_dragged_over(sheet, article):
    facts = sheet.evaluate(
        """(article) => {
            const start = article.text.indexOf("sa maire");
            const dragged = mouse(open(article), [start, start + 8]).state;
            const { state } = labelKey(dragged, "ORG");
            return state.facts.map((fact) => inWords(state.doc, fact));
        }""",
        article,
    )
    assert facts == ["ORG sa maire"]


KEYS = [
    "n",
    "b",
    "f",
    "F",
    "l",
    "p",
    "o",
    "m",
    "d",
    "q",
    "Q",
    "w",
    "s",
    "c",
    "r",
    "v",
    "t",
    "i",
    "y",
    "e",
    "a",
    "x",
    "u",
    "g",
    "h",
    "j",
    "k",
    "G",
    "H",
    "J",
    "K",
    "z",
    "Tab",
    "Shift+Tab",
    "Backspace",
    "Enter",
    "Escape",
    "ArrowLeft",
    "ArrowRight",
    "ArrowUp",
    "ArrowDown",
    "0",
    "1",
    "2",
    "3",
    "9",
    "&6",
    "?",
    "é",
    "/",
    "-",
    "Shift+Enter",
    "N",
]

CHECKED = """([article, keys]) => {
    const env = ENV;
    let state = open(article);
    const before = JSON.stringify(state.facts);
    const last = state.doc.points.length;
    for (const name of keys) {
        const made = press(state, keyNamed(name), env);
        state = made.state;
        if (made.operations.length > 1) throw new Error(`${name}: more than one batch`);
        for (const fact of state.facts) {
            const places = placesOf(fact);
            const isPlace = ([start, end]) => 0 <= start && start < end && end <= last;
            const isInOne = ([start, end]) => paragraphAt(state.doc, start) === paragraphAt(state.doc, end - 1);
            const isPlain = fact.spans.length === 1 && fact.speaker === null && fact.cue === null;
            if (!places.every(isPlace)) throw new Error(`${name}: a place`);
            if (!places.every(isInOne)) throw new Error(`${name}: two paragraphs`);
            const isEarly = (span, n) => n > 0 && span[0] < fact.spans[n - 1][1];
            if (fact.spans.some(isEarly)) throw new Error(`${name}: order`);
            if (fact.kind !== "quote" && !isPlain) throw new Error(`${name}: a part`);
        }
        const keys = state.facts.map(factKey);
        if (new Set(keys).size !== keys.length) throw new Error(`${name}: twice`);
        if (state.lastFact !== null && state.last === null) throw new Error(`${name}: last fact`);
        hints(state, null);
        state.choices.length;
    }
    const end = state.facts.map((fact) => inWords(state.doc, fact));
    const undo = () => press(next(state, { mode: "text", review: null, find: null }), keyNamed("u"), env).state;
    while (state.undo !== null) state = undo();
    return { restored: JSON.stringify(state.facts) === before, end };
}"""


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("mode", ["blind", "prelabel"])
def test_no_keys_break_anything_and_undo_restores_all(sheet, article, mode, seed):
    chance = random.Random(seed)
    keys = chance.choices(KEYS, k=80)
    text = article["text"]
    facts = [
        fact(text, "LOC", "Brivac"),
        fact(text, "PER", "Léa Fontanel", attributes={"note": "unconfirmed"}),
    ]
    done = sheet.evaluate(CHECKED, [{**article, "mode": mode, "facts": facts}, keys])
    assert done["restored"], keys


@pytest.mark.parametrize("text", ["", "…", "« »", "a", "🎭", "l’", "« Oui", "𝒳 Ōé 🎭 Léa\n\n—"])
def test_odd_texts_take_any_key(sheet, text):
    for key in KEYS:
        assert sheet.evaluate(CHECKED, [opened(text), [key] * 3 + ["l", "q", key]])["restored"], (
            json.dumps(key)
        )
