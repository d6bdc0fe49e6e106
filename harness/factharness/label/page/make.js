// Facts made at the caret: names, dates, quotes; and the way back to one.

// Where the caret goes when a fact was made: to the next stop without a label.
function movesOn(state, from) {
  return { at: stopFrom(state, state.at, 1, from), aimed: false, selection: null, part: null };
}

// The name at the caret gets a label, and with it the same strings. A name that has just this extent changes its
// label.
function labelled(state, label) {
  if (!state.doc.labels.includes(label)) return said(state, `${label} is no label of this scheme`);
  const span = nameSpan(state, label);
  const there = state.facts.find((fact) => fact.kind === "entity" && sameSpan(fact.spans[0], span)) || null;
  const fact = makeFact("entity", label, [span]);
  const same = there !== null || state.selection ? [] : sameElsewhere(state, span, label);
  const others = same.map((other) => makeFact("entity", label, [other]));
  const after = there === null ? fact : withParts(confirmed(there), { label });
  const changes = [[there, after], ...others.map((other) => [null, other])];
  if (there !== null && there === state.lastFact) changes.push(...followers(state, there, after));
  const group = changes.map(([, made]) => made);
  return changed(state, changes, (made) => ({ lastFact: after, group, ...movesOn(made, state.at + 1) }));
}

function dated(state) {
  const { span, candidates } = dateAid(state);
  const there = state.facts.find((fact) => fact.kind === "date" && sameSpan(fact.spans[0], span)) || null;
  // A date inside a name is don't care.
  const ignore = state.facts.some((fact) => fact.kind === "entity" && within(span, fact.spans[0]));
  const plain = makeFact("date", "DATE", [span], { ignore });
  const proposed = candidates.length ? withParts(plain, dateParts(plain, candidates[0])) : plain;
  const fact = there === null ? proposed : confirmed(there);
  return changed(state, [[there, fact]], (made) => ({ lastFact: fact, group: [fact], ...movesOn(made, state.at + 1) }));
}

function quoted(state, plain) {
  const { spans, label, speaker, name, cue } = quoteParts(state, plain);
  const fact = makeFact("quote", label, spans, { speaker, name, cue });
  const unit = state.doc.units[state.at];
  const from = state.doc.isMark.has(unit[0]) && within(unit, hull(spans)) ? state.at + 1 : state.at;
  const meets = (other) => other.kind === "quote" && other.spans.some((one) => spans.some((span) => overlap(one, span)));
  const [first = null, ...others] = proposalsOf(state).filter(meets);
  const changes = [[first, fact], ...others.map((other) => [other, null])];
  return changed(state, changes, (made) => ({ lastFact: fact, group: [fact], ...movesOn(made, from) }));
}

// Back to the last fact, or to the labelled fact that the caret was moved to. The caret goes to its last capital,
// where a name inside it may be labelled, and at the next press to the one before.
function backToFact(state) {
  const { doc } = state;
  const under = state.aimed ? smallestAt(doc, state.facts, state.at, null) : null;
  const fact = under || state.lastFact;
  if (fact === null) return said(state, "no fact yet");
  const [start, end] = fact.kind === "quote" ? fact.spans[0] : hull(fact.spans);
  const first = unitAt(doc, start);
  if (under && under !== state.lastFact) {
    return outcome(next(state, { lastFact: under, group: [under], part: null, aimed: false }));
  }
  const isInside = state.at > first && doc.units[state.at][1] <= end;
  let at = isInside ? state.at - 1 : unitAt(doc, end - 1);
  while (at > first && !(/\p{Lu}/u.test(doc.points[doc.units[at][0]]) && doc.units[at][1] <= end)) at--;
  return outcome(next(state, { at, inner: at, aimed: false, part: null, selection: null }));
}
