// From the state to what the parts of the page show.

// What names a fact among the lines of the server: its places and the label in its line.
const lineKey = (spans, label) => `${label} ${JSON.stringify(spans)}`;

// The lines that the server wrote, by paragraph and by fact: {ofFact: Map, comments: [[text] by paragraph]}.
function writtenLines(lines) {
  const ofFact = new Map();
  // The sides of an open difference stand in the file as comments; the page shows them as proposals.
  const isComment = (line) => line.fact === null && !/^\s*# [ab]: /.test(line.text);
  const comments = lines.map((own) => own.filter(isComment).map((line) => line.text.trim()));
  for (const line of lines.flat()) {
    if (line.fact !== null) ofFact.set(lineKey(line.spans, writtenLine(line.text).label), line);
  }
  return { ofFact, comments };
}

// The lines of a paragraph, what is labelled first. The last fact, on which the keys act, is among them wherever it is.
function paragraphItems(article, state, written) {
  const here = (fact) => article.at(fact.spans[0][0]) === state.paragraph;
  const current = currentFact(state);
  const item = (fact, hollow, by = "") => {
    const { label, said } = composedLine(article, fact);
    const line = written.ofFact.get(lineKey(fact.spans, label));
    // A line that the server wrote before the last change says something else.
    const same = line && sameButAnchors(writtenLine(line.text).said, said);
    const elsewhere = here(fact) ? null : article.at(fact.spans[0][0]) + 1;
    return { fact, hollow, by, elsewhere, current: current !== null && factKey(fact) === factKey(current), written: same ? line.text : null, reading: same ? line.reading : null };
  };
  const last = state.last === null ? null : state.facts[state.last];
  const shown = state.facts.filter((fact) => here(fact) || fact === last);
  const items = [
    ...shown.map((fact) => item(fact, isProposal(fact))),
    ...offered(state).filter(({ fact }) => here(fact)).map(({ fact, by }) => item(fact, true, by)),
  ];
  return items.sort((a, b) => a.hollow - b.hollow);
}

// Whether two lines say the same of a fact, wherever in the text its words are.
function sameButAnchors(one, other) {
  const parts = (said) => said.split(" | ").slice(1).map((part) => part.replace(/<[^>]*>/g, "").replace(/\s+/g, " ").trim());
  return String(parts(one)) === String(parts(other));
}

// What is to be decided besides the proposals of the file: [{fact, by}]. What back ends see in a paragraph, or the
// two sides of the difference that is visited.
function offered(state) {
  if (state.review) return state.review.items.map(({ fact, backends }) => ({ fact, by: `(${backends.join(", ")})` }));
  const difference = openDifference(state);
  if (!difference) return [];
  return ["a", "b"].filter((side) => difference[side]).map((side) => ({ fact: difference[side], by: `(${side.toUpperCase()})` }));
}

const openDifference = (state) => state.differences.find((one) => one.open && one.number === state.difference);

// The keys that decide a proposal or a difference come before those of the mode.
function hintsShown(state, keymap) {
  const all = hints(state, keymap);
  const keys = keysWith(keymap);
  if (state.mode === "text" && proposalHere(state) !== null) {
    const onward = state.doc.scope === "prelabel" ? [{ keys: [keys.paragraph], does: "next proposal" }] : [];
    return [{ keys: [keys.review], does: "accept" }, { keys: [keys.remove], does: "reject" }, ...onward,
      ...all.filter((hint) => hint.keys[0] !== keys.remove)];
  }
  if (!openDifference(state) || state.mode !== "text") return all;
  const decide = { 1: "as A", 2: "as B", 3: "both", 0: "neither" };
  return [...["1", "2", "3", "0"].map((key) => ({ keys: [key], does: decide[key] })), ...all];
}

// The fact that the keys of the mode are about.
function currentFact(state) {
  if (state.mode === "review" && state.review) return state.review.items[state.review.place]?.fact ?? null;
  return state.lastFact;
}

// Which words stand before what is typed in a mode, and what it is called for who hears the page.
const FORMS = {
  value: { before: "|", name: "Value of" },
  speaker: { before: "| by:", name: "Speaker of" },
  name: { before: "=", name: "Full name of the speaker of" },
  cue: { before: "| cue:", name: "Cue of" },
};

// The form in the line of the last fact, in the modes that type into it; null in others. `value` is what the server
// says of what is typed, or null.
function formOf(article, state, value) {
  const form = FORMS[state.mode];
  if (!form || !state.lastFact) return null;
  const words = anchor(state.lastFact.spans.map(article.words).join(" … "));
  return {
    name: `${form.name} ${words}`,
    before: `${words} ${form.before}`,
    typed: state.typed,
    after: value?.value ? [value.value, value.mod ? `mod: ${value.mod}` : ""].filter(Boolean).join(" | ") : "",
    // What is no value yet is not wrong yet: it may be half typed.
    reading: value?.value ? value.reading : value?.wrong ?? null,
    wrong: value?.value ? value.wrong : null,
  };
}

const MOST_IN_TEXT = 4;

// The numbered choices: in the text the first ones, where there is something to choose from.
function choicesShown(state) {
  const all = state.choices.map(({ key, words }) => ({ key, words }));
  if (state.mode === "value" && state.typed) return all.filter(({ key }) => key === state.typed);
  if (FORMS[state.mode]) return all;
  return state.mode === "text" && all.length > 1 ? all.slice(0, MOST_IN_TEXT) : [];
}

const MODES = {
  text: "Label", find: "Go to a word that starts with …", value: "Value of a date", speaker: "Speaker of a quote", cue: "Cue of a quote",
  name: "Name of a speaker", mod: "Modifier of a date", meto: "What is meant", type: "Type", review: "What back ends see", label: "Other label", help: "Keys",
};

// The caret's word and the label on it, for who hears the page.
function caretWords(article, state) {
  const [from, to] = state.caret;
  const on = state.facts.filter((fact) => fact.spans.some((span) => span[0] <= from && to <= span[1])).map((fact) => composedLine(article, fact).label);
  return `${article.words([from, to])}${on.length ? `, ${on.join(", ")}` : ""}`;
}

// What a key changed, for who hears the page; null when neither facts nor the caret did.
function changeWords(article, before, after) {
  if (before.facts !== after.facts) {
    const had = new Set(before.facts.map(factKey));
    const has = new Set(after.facts.map(factKey));
    const added = after.facts.filter((fact) => !had.has(factKey(fact)));
    const gone = before.facts.filter((fact) => !has.has(factKey(fact)));
    const words = added.slice(0, 3).map((fact) => factWords(article, fact)).join("; ");
    if (added.length) return `${gone.length ? "Now" : "Labelled"} ${words}${added.length > 3 ? ` and ${added.length - 3} more` : ""}`;
    return `Removed ${gone.slice(0, 3).map((fact) => factWords(article, fact)).join("; ")}`;
  }
  return String(before.caret) === String(after.caret) ? null : caretWords(article, after);
}

function countsOf(items, state) {
  const here = items.filter(({ elsewhere }) => !elsewhere);
  const open = here.filter(({ hollow }) => hollow).length;
  const facts = counted(here.length - open, "fact");
  const difference = openDifference(state);
  if (difference) return `A and B differ: ${difference.a && difference.b ? difference.differs.join(", ") : "only one has it"}`;
  if (!open) return facts;
  return `${facts}, ${open} ${state.review ? "that you have not" : "proposed"}`;
}
