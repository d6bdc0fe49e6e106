// What acts on the last fact: its edges, type, mark of doubt, gap and numbered choices.

function edgeMoved(state, side, step, far) {
  const { doc, lastFact: fact, part } = state;
  const gap = part !== null && part.gap !== undefined ? part.gap : null;
  if (part === "speaker" || part === "cue") {
    if (fact[part] === null) return said(state, "nothing there to move");
    const moved = movedEdge(doc, fact[part], side, step, far);
    if (moved === fact[part]) return said(state, "no further");
    return mended(state, confirmed(withParts(fact, { [part]: moved })));
  }
  const spans = fact.spans.slice();
  // The start of a gap is the end of the fragment before it, its end the start of the one behind.
  const number = gap === null ? (side === 0 ? 0 : spans.length - 1) : side === 0 ? gap : gap + 1;
  spans[number] = movedEdge(doc, spans[number], gap === null ? side : 1 - side, step, far);
  if (spans[number] === fact.spans[number]) return said(state, "no further");
  if (spans.some((span, n) => n > 0 && span[0] < spans[n - 1][1])) return said(state, "the fragments meet here");
  let after = withParts(confirmed(fact), { spans });
  if (fact.kind === "date") {
    const known = dateAt(doc, spans[0]).candidates[0];
    if (known) after = withParts(after, dateParts(after, known));
  }
  const isTwin = (other) => other !== fact && other.kind === fact.kind && sameSpan(other.spans[0], spans[0]);
  if (fact.kind !== "quote" && state.facts.some(isTwin)) return said(state, "this is labelled already");
  return mended(state, after, { follow: fact.kind === "entity" });
}

const TURNS = {
  date: ["DATE", "TIME", "DURATION", "SET"],
  quote: ["direct", "mixed", "indirect"],
};

// The next type; that of a date with the value which it has in the candidates.
function typeTurned(state) {
  const fact = state.lastFact;
  const turns = fact.kind === "entity" ? state.doc.labels : TURNS[fact.kind];
  const label = turns[(turns.indexOf(fact.label) + 1) % turns.length];
  if (fact.kind !== "date") return mended(state, withParts(confirmed(fact), { label }), { follow: fact.kind === "entity" });
  const known = dateAt(state.doc, fact.spans[0]).candidates.find((candidate) => candidate.type === label);
  return mended(state, withParts(confirmed(fact), known ? dateParts(fact, known) : { label }));
}

// Don't care, and back. Marked words of nobody need no type, speaker and cue: a quote without a cue loses them.
function ignoreTurned(state) {
  const fact = confirmed(state.lastFact);
  if (fact.kind !== "quote") return mended(state, withParts(fact, { ignore: !fact.ignore }), { follow: true });
  const bare = { ignore: true, label: "", speaker: null, name: null, cue: null };
  const firm = { ignore: false, label: plainType(state.doc, fact.spans[0]) };
  if (fact.ignore && fact.label === "") return mended(state, withParts(fact, firm));
  if (fact.ignore) return mended(state, withParts(fact, bare));
  return mended(state, withParts(fact, fact.cue === null ? bare : { ignore: true }));
}

function onlyLast(state) {
  const others = state.group.filter((fact) => fact !== state.lastFact && state.facts.includes(fact));
  if (!others.length) return said(state, "no other place has this label with it");
  return changed(state, others.map((fact) => [fact, null]), { group: [state.lastFact] });
}

function removed(state) {
  const proposal = proposalHere(state);
  if (proposal !== null) return decideProposal(state, proposal, null);
  if (state.lastFact === null) return said(state, "no fact yet");
  return changed(state, [[state.lastFact, null]], { lastFact: null, group: [], part: null });
}

function gapTurned(state) {
  const made = gapAt(state, state.lastFact);
  if (made === null) return said(state, "no gap can begin here");
  const part = made.gap === null ? null : { gap: made.gap };
  const at = state.aimed ? state.home : state.at;
  return mended(state, withParts(confirmed(state.lastFact), { spans: made.spans }), { parts: { part, at, aimed: false } });
}

// A figure in the text: it decides a difference, or chooses the value of a date or the speaker of a quote.
function byDigit(state, digit) {
  if (state.doc.scope === "adjudicate" && state.difference !== null && TAKES[digit]) return decideDifference(state, digit);
  return chosen(state, digit);
}

// The choice of a number for the last fact. 0 is nobody: no speaker, no name and no cue.
function chosen(state, digit) {
  const fact = state.lastFact;
  if (fact === null) return said(state, "no fact yet");
  const back = { mode: baseMode(state), typed: "" };
  if (digit === "0") {
    if (fact.kind !== "quote") return said(next(state, back), "no such choice");
    const none = { speaker: { speaker: null, name: null, cue: null }, cue: { cue: null }, name: { name: null } };
    return mended(state, withParts(confirmed(fact), none[state.mode] || none.speaker), { parts: back });
  }
  const choice = state.choices[Number(digit) - 1];
  if (choice === undefined) return said(state, "no such choice");
  const part = { speaker: "speaker", cue: "cue" }[choice.what] || null;
  return mended(state, withParts(confirmed(fact), choice.parts), { parts: { ...back, part } });
}
