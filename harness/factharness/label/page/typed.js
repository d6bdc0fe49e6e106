// Modes that wait for a line or for one key more: speaker, cue, name, value, metonymy, modifier.

function lineOpened(state, mode) {
  return outcome(next(state, { mode, typed: "" }));
}

// A key while a line is open: a figure chooses (in a value it is typed, and chooses when it stays alone), letters
// narrow, Enter takes.
function inLine(state, key, action, env) {
  const closed = { mode: baseMode(state), typed: "" };
  if (key.key === "Escape" || action === "leave") return outcome(next(state, closed));
  if (key.key === "Backspace") return outcome(next(state, { typed: [...state.typed].slice(0, -1).join("") }));
  if (key.key === "Enter") return lineTaken(state, closed, env);
  const letter = typedBy(key, state.mode === "value" ? state.typed : "x");
  if (letter === null) return outcome(state);
  const chooses = state.mode !== "value" && /^[0-9]$/.test(letter) && (!state.typed || state.choices[Number(letter) - 1]);
  if (chooses) return chosen(state, letter);
  const typed = state.typed + letter;
  const after = next(state, { typed });
  return outcome(after, [], state.mode === "value" && candidate(after) === null ? [{ value: typed }] : []);
}

// The candidate of a value whose figure is all that is typed; null when there is none.
function candidate(state) {
  return state.choices.find(({ key }) => key === state.typed) || null;
}

function lineTaken(state, closed, env) {
  const fact = confirmed(state.lastFact);
  if (state.mode === "value") {
    if (!state.typed) return outcome(next(state, closed));
    const choice = candidate(state);
    if (choice !== null) return mended(state, withParts(fact, choice.parts), { parts: closed });
    const read = env.value ? env.value(state.typed, fact) : null;
    if (!read || !read.value) return said(state, "this is no value");
    const { mod, quant, freq } = { ...fact.attributes, ...given(read) };
    const meant = { type: read.type || fact.label, value: read.value, mod, quant, freq };
    return mended(state, withParts(fact, dateParts(fact, meant)), { parts: closed });
  }
  if (!state.typed) return state.mode === "name" ? outcome(next(state, closed)) : tookHere(state, state.mode);
  const part = state.mode === "name" ? null : state.mode;
  if (state.choices.length) return mended(state, withParts(fact, state.choices[0].parts), { parts: { ...closed, part } });
  if (state.mode === "name") return mended(state, withParts(fact, { name: state.typed.trim() || null }), { parts: closed });
  return said(state, "nobody is called so here");
}

// What a reading says, without what it leaves open.
function given(read) {
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== null && value !== undefined));
}

function tookHere(state, what) {
  const fact = confirmed(state.lastFact);
  const taken = what === "speaker" ? mentionAt(state) : { span: cueAt(state) };
  const parts = what === "speaker" ? { speaker: taken.span, name: taken.name } : { cue: taken.span };
  const at = state.aimed ? state.home : state.at;
  const after = { part: what, at, aimed: false, selection: null, mode: baseMode(state), typed: "" };
  return mended(state, withParts(fact, parts), { parts: after });
}

// The label that an action gives; null for one that gives none.
function labelOf(action) {
  return action !== null && action.startsWith("label ") ? action.slice(6) : null;
}

// Modes that wait for one key.
const ONE_KEY_MODES = {
  find: (state, key) => {
    if ([...key.key].length !== 1) return outcome(next(state, { mode: baseMode(state), find: null }));
    return toFound(state, key.key.toLowerCase(), state.find.step);
  },
  meto: (state, key, action) => {
    const back = { mode: baseMode(state) };
    const label = labelOf(action);
    if (label === null && digitOf(key) !== "0") return outcome(next(state, back));
    return mended(state, withAttribute(confirmed(state.lastFact), "meto", label), { parts: back });
  },
  mod: (state, key) => {
    const back = { mode: baseMode(state) };
    const mod = MODIFIERS[keyName(key)] || null;
    if (mod === null && digitOf(key) !== "0") return outcome(next(state, back));
    return mended(state, withAttribute(confirmed(state.lastFact), "mod", mod), { parts: back });
  },
  label: (state, key) => {
    const back = next(state, { mode: baseMode(state) });
    const label = state.doc.labels[Number(digitOf(key) || 0) - 1];
    return label === undefined ? outcome(back) : labelled(back, label);
  },
  help: (state, key, action) => {
    const back = next(state, { mode: baseMode(state) });
    const label = labelOf(action) || { date: "DATE", quote: "QUOTE" }[action];
    return label === undefined ? outcome(back) : outcome(back, [], [{ examples: label }]);
  },
};
