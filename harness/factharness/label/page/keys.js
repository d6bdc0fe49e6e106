// What a key press does: press(state, key, env) gives the new state, the batches for the server, and what the page
// is to do. env = {value(typed, fact), keymap, line(unit, step)}; the last is the unit a line further down or up.

function press(state, key, env = {}) {
  if (key.ctrl || key.alt || key.meta || !state.doc.units.length) return outcome(state);
  const name = keyName(key);
  const action = actionsOf(env.keymap)[name] || null;
  const made = TYPED_MODES.has(state.mode) ? inLine(state, key, action, env)
    : ONE_KEY_MODES[state.mode] ? ONE_KEY_MODES[state.mode](state, key, action)
      : inText(state, key, action, name, env);
  return withVisits(state, withWalk(state, made), action);
}

const TYPED_MODES = new Set(["speaker", "cue", "name", "value"]);

// A key in the text, or in the walk of the review.
function inText(state, key, action, name, env) {
  const found = state.find;
  if (found !== null && name.toLowerCase() === found.letter && !TAKES_CARET.has(action)) {
    return toFound(state, found.letter, found.step);
  }
  const here = found === null ? state : next(state, { find: null });
  if (here.review !== null && here.mode === "review") {
    const walked = inReview(here, action);
    if (walked !== null) return walked;
  }
  const digit = digitOf(key);
  if (digit !== null && action === null) return byDigit(here, digit);
  if (action === null) return outcome(here);
  if (labelOf(action) !== null) return labelled(here, labelOf(action));
  const act = ACTIONS[action];
  return act === undefined ? outcome(here) : act(here, env);
}

// What takes something at the caret: after f and a letter, that letter does it rather than search on.
const TAKES_CARET = new Set(["label PER", "label ORG", "label LOC", "label MISC", "other label", "date", "quote",
  "plain quote", "speaker", "cue", "gap", "back"]);

function toFound(state, letter, step) {
  const aimed = aim(state, findWord(state.doc, state.at, letter, step));
  return outcome(next(aimed, { find: { letter, step }, mode: baseMode(state) }));
}

function baseMode(state) {
  return state.review === null ? "text" : "review";
}

// The caret moved by the labeller to a place, from where s and c take what is there.
function aim(state, at) {
  return next(state, { at, aimed: true, home: state.aimed ? state.home : state.at, selection: null });
}

function toStop(state, step) {
  if (state.doc.scope === "adjudicate") return toDifference(state, step);
  const at = stopFrom(state, state.at, step);
  if (at !== state.at) return outcome(onStop(state, at));
  return said(next(state, { aimed: false, selection: null }), step > 0 ? "no stop further on" : "no stop before");
}

// What a key does to the last fact when there is one, of a kind when one is named; else the page says why not.
function onLast(act, kind = null) {
  return (state) => {
    if (state.lastFact === null) return said(state, "no fact yet");
    if (kind !== null && state.lastFact.kind !== kind) return said(state, `the last fact is no ${KIND_WORDS[kind]}`);
    return act(state);
  };
}
const KIND_WORDS = { entity: "name", date: "date", quote: "quote" };

function toParagraph(state, step) {
  if (state.doc.scope === "prelabel" && state.proposals.length) return toProposal(state, step);
  const at = paragraphFrom(state.doc, state.at, step);
  return outcome(next(state, { at, aimed: false, selection: null }));
}

function mention(state, what) {
  return state.aimed || state.selection ? tookHere(state, what) : lineOpened(state, what);
}

const ACTIONS = {
  next: (state) => toStop(state, 1),
  previous: (state) => toStop(state, -1),
  find: (state) => outcome(next(state, { mode: "find", find: { letter: null, step: 1 } })),
  "find back": (state) => outcome(next(state, { mode: "find", find: { letter: null, step: -1 } })),
  right: (state) => outcome(aim(state, wordBeside(state.doc, state.at, 1))),
  left: (state) => outcome(aim(state, wordBeside(state.doc, state.at, -1))),
  down: (state, env) => outcome(aim(state, lineFrom(state, env, 1))),
  up: (state, env) => outcome(aim(state, lineFrom(state, env, -1))),
  paragraph: (state) => toParagraph(state, 1),
  "paragraph back": (state) => toParagraph(state, -1),
  "other label": (state) => outcome(next(state, { mode: "label" })),
  date: dated,
  quote: (state) => quoted(state, false),
  "plain quote": (state) => quoted(state, true),
  back: backToFact,
  "start left": onLast((state) => edgeMoved(state, 0, -1, false)),
  "start right": onLast((state) => edgeMoved(state, 0, 1, false)),
  "end left": onLast((state) => edgeMoved(state, 1, -1, false)),
  "end right": onLast((state) => edgeMoved(state, 1, 1, false)),
  "start far left": onLast((state) => edgeMoved(state, 0, -1, true)),
  "start far right": onLast((state) => edgeMoved(state, 0, 1, true)),
  "end far left": onLast((state) => edgeMoved(state, 1, -1, true)),
  "end far right": onLast((state) => edgeMoved(state, 1, 1, true)),
  speaker: onLast((state) => mention(state, "speaker"), "quote"),
  cue: onLast((state) => mention(state, "cue"), "quote"),
  name: onLast((state) => lineOpened(state, "name"), "quote"),
  value: onLast((state) => lineOpened(state, "value"), "date"),
  type: onLast(typeTurned),
  ignore: onLast(ignoreTurned),
  metonymy: onLast((state) => outcome(next(state, { mode: "meto" })), "entity"),
  modifier: onLast((state) => outcome(next(state, { mode: "mod" })), "date"),
  "not the others": onlyLast,
  remove: removed,
  undo: undone,
  gap: onLast(gapTurned, "quote"),
  review: entered,
  done: (state) => outcome(state, [[{ done: true }]]),
  help: (state) => outcome(next(state, { mode: "help" })),
  leave: (state) => outcome(next(state, { selection: null, part: null, find: null })),
};

function lineFrom(state, env, step) {
  const at = env.line ? env.line(state.at, step) : sentenceFrom(state.doc, state.at, step);
  return at === null || at === undefined ? state.at : at;
}

// Enter in the text: the proposal under the caret is accepted; else the paragraph is done and its review asked for.
// When the last label took the caret on into the next paragraph, it is the one before that is done.
function entered(state) {
  const proposal = proposalHere(state);
  if (proposal !== null) return decideProposal(state, proposal, confirmed(proposal));
  return outcome(next(state, { behind: null }), [], [{ review: state.behind ?? state.paragraph }]);
}

const LEAVES_PARAGRAPH = new Set(["next", "paragraph", "down", "review", "done"]);

// The paragraphs that the caret left behind are gone through; so is the last one when there is nowhere to go on to.
function withVisits(before, made, action) {
  const state = withBehind(before, made.state);
  const isOfBehind = action === "review" && before.behind !== null;
  const ended = state.at === before.at && LEAVES_PARAGRAPH.has(action) && before.mode === "text" && !isOfBehind;
  const until = ended && action !== "review" && action !== "done" ? state.doc.paragraphs.length : state.paragraph + (ended ? 1 : 0);
  const gone = [];
  for (let n = before.paragraph; n < until; n++) if (!state.visited.has(n)) gone.push(n);
  if (!gone.length) return { ...made, state };
  const visited = new Set([...state.visited, ...gone]);
  const batch = joinedBatches(gone.map((visit) => ({ visit })), made.operations);
  return { ...made, state: next(state, { visited }), operations: batch };
}

function withBehind(before, state) {
  if (state.at === before.at) return state;
  const went = state.facts !== before.facts && state.paragraph > before.paragraph;
  return next(state, { behind: went ? before.paragraph : null });
}

// What a label key does, for a pointer.
function labelKey(state, label) {
  return withVisits(state, labelled(state, label), null);
}

// A click on a place puts the caret there; a dragged stretch is what the next label takes, as far as its first
// paragraph and without spaces around.
function mouse(state, [start, end]) {
  const { doc } = state;
  if (!doc.units.length) return outcome(state);
  const aimed = aim(state, unitAt(doc, start));
  let [first, last] = [start, Math.min(end, doc.paragraphs[paragraphAt(doc, start)][1])];
  while (first < last && /\s/.test(doc.points[first])) first++;
  while (first < last && /\s/.test(doc.points[last - 1])) last--;
  return outcome(first < last ? next(aimed, { selection: [first, last] }) : aimed);
}
