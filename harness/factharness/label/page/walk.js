// Facts of others, decided one by one: proposals of the file, what a back end sees in a paragraph, differences.

function isProposal(fact) {
  return fact.attributes.note === "unconfirmed";
}

function proposalsOf(state) {
  return state.facts.filter(isProposal);
}

// The facts that are no proposals: the same list as long as the facts are the same.
function decidedOf(state) {
  const { facts } = state;
  if (!factsDecided.has(facts)) factsDecided.set(facts, facts.some(isProposal) ? facts.filter((fact) => !isProposal(fact)) : facts);
  return factsDecided.get(facts);
}
const factsDecided = new WeakMap();

// The caret on a stop; a proposal that begins there becomes the fact that keys act on.
function onStop(state, at) {
  const moved = next(state, { at, aimed: false, selection: null });
  const proposal = state.facts.find((fact) => isProposal(fact) && unitAt(state.doc, fact.spans[0][0]) === at);
  return proposal === undefined ? moved : onFact(moved, proposal).state;
}

function confirmed(fact) {
  return isProposal(fact) ? withAttribute(fact, "note", null) : fact;
}

// The operation that counts the proposals which these changes decide; none when they decide none. `sign` is -1
// when the changes are taken back.
function proposedBy(doc, changes, sign = 1) {
  const decided = changes.filter(([before, after]) => before && isProposal(before) && !(after && isProposal(after)));
  if (!decided.length) return [];
  const accepted = decided.filter(([before, after]) => after && factKey(confirmed(before)) === factKey(after));
  return [{ proposed: { backends: doc.backends, shown: sign * decided.length, accepted: sign * accepted.length } }];
}

// To the next proposal from the caret on, or the first: it becomes the fact that keys act on.
function toProposal(state, step) {
  const all = proposalsOf(state);
  const place = state.lastFact && isProposal(state.lastFact) ? all.indexOf(state.lastFact) : -1;
  const here = state.doc.units[state.at][0];
  const behind = all.findIndex((fact) => fact.spans[0][0] >= here);
  const number = place >= 0 ? place + step : step > 0 ? Math.max(0, behind) : (behind < 0 ? all.length : behind) - 1;
  return onFact(state, all[(number + all.length) % all.length]);
}

function onFact(state, fact) {
  const at = unitAt(state.doc, fact.spans[0][0]);
  return outcome(next(state, { at, lastFact: fact, group: [fact], part: null, aimed: false }));
}

// The proposal under the caret, that Enter accepts and x removes; null when there is none.
function proposalHere(state) {
  const fact = state.lastFact;
  return fact && isProposal(fact) && unitAt(state.doc, fact.spans[0][0]) === state.at ? fact : null;
}

function decideProposal(state, fact, after) {
  const made = changed(state, [[fact, after]], { lastFact: after, group: after ? [after] : [] });
  if (state.doc.scope !== "prelabel") return { ...made, state: toStop(made.state, 1).state };
  if (!proposalsOf(made.state).length) return { ...made, effects: [{ say: "no proposal left" }] };
  const onward = toProposal(next(made.state, { lastFact: null }), 1).state;
  return { ...made, state: onward };
}

// What back ends see in a paragraph and nobody labelled: [{fact, backends}]. The walk begins with the first.
function review(state, paragraph, found) {
  const items = found.map(({ fact, backends }) => ({ fact: frozen(fact), backends })).filter(isOpenIn(state));
  const walk = { paragraph, items, place: 0, shown: items.length, accepted: 0 };
  if (!items.length) {
    const ended = endReview(next(state, { review: walk }));
    return { ...ended, effects: [{ say: `nothing else is seen in paragraph ${paragraph + 1}` }] };
  }
  return outcome(toItem(next(state, { mode: "review", review: walk, selection: null }), 0));
}

function toItem(state, place) {
  const item = state.review.items[place];
  return next(state, { review: { ...state.review, place }, at: unitAt(state.doc, item.fact.spans[0][0]) });
}

// The walk left: what was shown and accepted is counted, and the caret goes on to the first stop behind the
// paragraph.
function endReview(state) {
  const { doc, review: { paragraph } } = state;
  const behind = doc.paragraphs[paragraph + 1];
  const at = behind ? stopFrom(state, unitAt(doc, behind[0]), 1, unitAt(doc, behind[0])) : state.at;
  return outcome(next(state, { mode: "text", review: null, at, aimed: false }), [countedReview(state)]);
}

function countedReview(state) {
  const { paragraph, shown, accepted } = state.review;
  return [{ reviewed: { paragraph, backends: state.doc.backends, shown, accepted } }];
}

// Whether nobody labelled, meanwhile, something of its kind at the place of an item.
function isOpenIn(state) {
  const meets = (own, fact) => own.spans.some((one) => fact.spans.some((other) => overlap(one, other)));
  return ({ fact }) => !state.facts.some((own) => own.kind === fact.kind && meets(own, fact));
}

// What was labelled by hand during the walk is not asked about any more; with the last of it, or when the caret
// leaves the paragraph, the walk is over.
function withWalk(before, made) {
  const { state } = made;
  if (state.review === null || state.review !== before.review || state.mode === "help") return made;
  const items = state.review.items.filter(isOpenIn(state));
  if (items.length && state.paragraph === state.review.paragraph) {
    const place = Math.min(state.review.place, items.length - 1);
    return { ...made, state: next(state, { review: { ...state.review, items, place } }) };
  }
  const mode = state.mode === "review" ? "text" : state.mode;
  return { ...made, state: next(state, { mode, review: null }), operations: joinedBatches(made.operations, countedReview(state)) };
}

// Enter, x and the moves in the walk; null for a key that does something else.
function inReview(state, action) {
  const walk = state.review;
  const item = walk.items[walk.place];
  if (action === "leave") return endReview(state);
  if (action === "next" || action === "paragraph") return outcome(toItem(state, (walk.place + 1) % walk.items.length));
  if (action === "previous" || action === "paragraph back") {
    return outcome(toItem(state, (walk.place + walk.items.length - 1) % walk.items.length));
  }
  if (action !== "review" && action !== "remove") return null;
  const accepts = action === "review";
  const items = walk.items.filter((other) => other !== item);
  const left = { ...walk, items, accepted: walk.accepted + (accepts ? 1 : 0) };
  const made = accepts
    ? changed(state, [[null, item.fact]], { lastFact: item.fact, group: [item.fact], part: null, review: left })
    : outcome(next(state, { review: left }));
  if (items.length) return { ...made, state: toItem(made.state, Math.min(walk.place, items.length - 1)) };
  const ended = endReview(made.state);
  return { ...ended, operations: joinedBatches(made.operations, ended.operations) };
}

// Batches of one key press as one.
function joinedBatches(...lists) {
  const batch = lists.flat(2);
  return batch.length ? [batch] : [];
}

// A difference of two labellings: {number, a, b, open}, the fact of each or null. 1 takes a, 2 takes b, 3 both,
// 0 neither; the caret goes on to the next one that is open.
const TAKES = { 1: ["a"], 2: ["b"], 3: ["a", "b"], 0: [] };

function placeOfDifference(one) {
  return Math.min(...[one.a, one.b].filter(Boolean).map((fact) => fact.spans[0][0]));
}

function toDifference(state, step) {
  const left = state.differences.filter((one) => one.open);
  if (!left.length) return said(state, "no difference left");
  const starts = left.map(placeOfDifference);
  const here = state.doc.units[state.at][0];
  const standing = left.findIndex((one) => one.number === state.difference);
  const behind = starts.findIndex((start) => start >= here);
  const place = standing >= 0 ? standing + step : step > 0 ? Math.max(0, behind) : (behind < 0 ? left.length : behind) - 1;
  const one = left[(place + left.length) % left.length];
  const at = unitAt(state.doc, placeOfDifference(one));
  return outcome(next(state, { difference: one.number, at, aimed: false, selection: null }));
}

function decideDifference(state, digit) {
  const one = state.differences.find((other) => other.number === state.difference);
  const taken = TAKES[digit].map((side) => one[side]).filter(Boolean).map(frozen);
  const keys = new Set(taken.map(factKey));
  const left = [one.a, one.b].filter(Boolean).map(frozen).filter((fact) => !keys.has(factKey(fact)));
  const changes = left.map((fact) => [fact, null]).concat(taken.map((fact) => [null, fact]));
  const differences = withOpen(state.differences, one.number, false);
  const last = { lastFact: taken[0] || null, group: taken.slice(0, 1) };
  const made = changed(state, changes, { differences, difference: null, ...last }, { decided: one.number });
  return { ...made, state: toDifference(made.state, 1).state };
}

function withOpen(differences, number, open) {
  return differences.map((one) => (one.number === number ? { ...one, open } : one));
}
