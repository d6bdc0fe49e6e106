// The state of one article while it is labelled: frozen, and each key press makes a new one.

// What the page draws from. `at` is the number of the caret's unit; `lastFact` the fact that corrections act on,
// `group` the facts that came with it, `part` what g h j k move: null the spans, "speaker", "cue", or {gap: n};
// `aimed` whether the labeller moved the caret there, from `home`; `inner` the unit that Backspace brought it to;
// `behind` the paragraph that the caret left by itself when a fact was made, until it moves again.
const STATE = {
  get caret() {
    return this.selection || this.doc.units[this.at] || [0, 0];
  },
  get last() {
    const place = this.lastFact === null ? -1 : this.facts.indexOf(this.lastFact);
    return place < 0 ? null : place;
  },
  get choices() {
    if (!choicesKnown.has(this)) choicesKnown.set(this, choicesOf(this));
    return choicesKnown.get(this);
  },
  get proposals() {
    return proposalsOf(this);
  },
  get paragraph() {
    return this.doc.units.length ? paragraphAt(this.doc, this.doc.units[this.at][0]) : 0;
  },
};

const choicesKnown = new WeakMap();

// The state in which an article is opened: the caret on the first stop without a label, or, where facts of others
// are decided, at the start.
function open(article) {
  const doc = readArticle(article);
  const state = Object.freeze(Object.assign(Object.create(STATE), {
    article, doc, facts: Object.freeze(article.facts.map(frozen).sort(factOrder)), at: 0, lastFact: null, group: [],
    part: null, mode: "text", typed: "", find: null, aimed: false, home: 0, inner: null, behind: null, selection: null, undo: null,
    visited: new Set(article.visited || []), review: null, differences: article.differences || [], difference: null,
  }));
  return doc.units.length && doc.scope === "blind" ? onStop(state, stopFrom(state, 0, 1, 0)) : state;
}

function frozen(fact) {
  return makeFact(fact.kind, fact.label, fact.spans, fact);
}

// The state with other values in some places.
function next(state, parts) {
  return Object.freeze(Object.assign(Object.create(STATE), state, parts));
}

// The facts of the file as the server sends them, when it was changed elsewhere. What was done here before cannot
// be undone any more.
function reload(state, facts) {
  const fresh = Object.freeze(facts.map(frozen).sort(factOrder));
  const key = state.lastFact && factKey(state.lastFact);
  const last = fresh.find((fact) => factKey(fact) === key) || null;
  return next(state, { facts: fresh, lastFact: last, group: [], undo: null, mode: "text", typed: "", review: null });
}

function outcome(state, operations = [], effects = []) {
  return { state, operations, effects };
}

function said(state, say) {
  return outcome(state, [], [{ say }]);
}

// The changes [before, after] made as one batch that one u takes back; `parts` are further new values of the
// state, or a function that makes them of the state with the new facts. `decided` is the number of a difference.
function changed(state, changes, parts = {}, { decided = null } = {}) {
  const { facts, done } = changedFacts(state.facts, changes);
  const isDone = done.length > 0 || decided !== null;
  const { at, lastFact, group, part, undo: before } = state;
  const made = isDone ? next(state, { facts, undo: { done, decided, at, lastFact, group, part, before } }) : state;
  const known = next(made, typeof parts === "function" ? parts(made) : parts);
  const last = known.lastFact === null ? null : known.facts.find((fact) => factKey(fact) === factKey(known.lastFact));
  const operations = done.map((change) => asOperation(state.doc, change)).concat(proposedBy(state.doc, done));
  if (decided !== null) operations.push({ decided: { difference: decided } });
  return outcome(next(known, { lastFact: last || null }), isDone ? [operations] : []);
}

// The last batch taken back.
function undone(state) {
  if (state.undo === null) return said(state, "nothing to undo");
  const { done, decided, at, lastFact, group, part, before } = state.undo;
  const inverse = done.map(([one, other]) => [other, one]).reverse();
  const { facts } = changedFacts(state.facts, inverse);
  const same = (fact) => facts.find((other) => factKey(other) === factKey(fact));
  const back = next(state, { facts, at, part, undo: before, mode: baseMode(state), typed: "", selection: null,
    lastFact: (lastFact && same(lastFact)) || null, group: group.map(same).filter(Boolean),
    differences: decided === null ? state.differences : withOpen(state.differences, decided, true),
    difference: decided === null ? state.difference : decided });
  const operations = inverse.map((change) => asOperation(state.doc, change)).concat(proposedBy(state.doc, done, -1));
  if (decided !== null) operations.push({ decided: { difference: decided, open: true } });
  return outcome(back, [operations]);
}

// The last fact becomes `after`; with `follow`, so do the facts that came with it.
function mended(state, after, { follow = false, parts = {} } = {}) {
  const last = state.lastFact;
  const others = follow ? followers(state, last, after) : [];
  const group = [after, ...others.map(([, fact]) => fact)];
  const kept = follow ? group : [after, ...state.group.filter((fact) => fact !== last)];
  return changed(state, [[last, after], ...others], { lastFact: after, group: kept, ...parts });
}

// The keys of the mode, for the foot of the page: [{keys, does}].
function hints(state, keymap) {
  const keys = keysWith(keymap);
  const line = (does, ...actions) => ({ keys: actions.map((action) => keys[action]).filter(Boolean), does });
  if (["speaker", "cue", "name", "value"].includes(state.mode)) {
    const figures = state.mode === "value" ? [{ keys: ["1–9"], does: "then Enter: choose" }]
      : [{ keys: ["1–9"], does: "choose" }, { keys: ["0"], does: "nobody" }];
    return [{ keys: ["Enter"], does: "take it" }, ...figures,
      { keys: [keys.leave], does: "leave" }];
  }
  if (state.mode === "review") {
    return [{ keys: ["Enter"], does: "accept" }, line("reject", "remove"), line("next", "next"), line("leave", "leave")];
  }
  if (state.mode === "mod") return Object.entries(MODIFIERS).map(([letter, does]) => ({ keys: [letter], does }));
  const labels = state.doc.labels.map((label) => keys[`label ${label}`]).filter(Boolean);
  return [{ keys: labels, does: "name" }, line("date", "date"), line("quote", "quote"), line("next stop", "next"),
    line("find", "find"), line("speaker", "speaker"), line("cue", "cue"), line("value", "value"), line("remove", "remove"),
    line("undo", "undo"), line("all keys", "help")];
}
