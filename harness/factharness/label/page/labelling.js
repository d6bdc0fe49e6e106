// An article while it is open: keys and clicks become a new state, operations that are saved, and another look.

// Opens what the server answered. `on` = {article(step), articles()}: what leads to another article, and follow(),
// the actions that do it from here. The answer has press(key), which says whether the key was one of the page's,
// tried(), see saver(), and close().
function labelling(opened, on) {
  const holder = $("#article");
  const article = articleOf(opened);
  const view = articleView(holder, article);
  const panel = panelOf(article, { fact: toFact, choose: (figure) => pressKey(plainKey(figure)), typed: typeAnew });
  const values = valuesOf(article, () => draw());
  const save = saver(article, { saved, waiting, refused });
  const keymap = opened.keys ?? {};
  const keys = keysWith(keymap);
  const env = { keymap, value: values.known, line: (_, step) => unitInLine(article, state, step) };
  let state = open(opened);
  let written = writtenLines(opened.lines);
  let { problems } = opened;
  let savedAt = null;
  let unsaved = save.unsaved;
  let checked = null; // the problem that was gone to last
  let held = null; // the keys pressed while Enter waits for what the server reads of a value

  // --- keys and clicks ---

  const OWN = {
    check: nextCheck,
    examples: () => showExamples(state.lastFact?.kind === "quote" ? state.lastFact.label || "direct" : state.lastFact?.label ?? "PER"),
    "next article": () => on.article(1),
    "previous article": () => on.article(-1),
    articles: on.articles,
  };

  function pressKey(key) {
    if (held !== null) {
      held.push(key);
      return true;
    }
    const own = state.mode === "text" && !key.ctrl && !key.alt && !key.meta && OWN[actionsOf(keymap)[keyName(key)]];
    if (own) {
      own();
      return true;
    }
    // The server may still be reading what was typed: Enter takes what it answers.
    if (key.key === "Enter" && state.mode === "value" && values.asking()) {
      held = [];
      values.asking().then(() => {
        const later = held;
        held = null;
        take(press(state, key, env));
        later.forEach(pressKey);
      });
      return true;
    }
    const result = press(state, key, env);
    if (result.state === state && !result.operations.length && !result.effects.length) return false;
    take(result);
    return true;
  }

  function take({ state: after, operations, effects }) {
    const before = state;
    state = after;
    if (operations.length) untell("refused"); // it stays until something else is done
    for (const batch of operations) if (batch.length) save.add(batch);
    say(changeWords(article, before, after) ?? "");
    for (const effect of effects) perform(effect);
    draw();
    // On a narrow screen the line that is typed stands below its paragraph.
    if (FORMS[state.mode]) panel.input.scrollIntoView({ block: "nearest", behavior: "instant" });
    else showCaret(holder, view.rows[state.paragraph], state.paragraph !== before.paragraph);
  }

  function perform(effect) {
    if (effect.say) say(effect.say);
    if (effect.value !== undefined) values.ask(effect.value, state.lastFact);
    if (effect.review !== undefined) askReview(effect.review);
    if (effect.examples !== undefined) showExamples(effect.examples);
  }


  // What did not come by keys, such as pasted words, is typed letter by letter.
  function typeAnew(words) {
    for (const key of [...[...state.typed].map(() => "Backspace"), ...words]) take(press(state, plainKey(key), env));
  }

  // The caret goes to the fact, and the key that goes back to a fact makes it the last one.
  function toFact(fact) {
    toPlace([fact.spans[0][0], fact.spans[0][0]]);
    take(press(state, plainKey(keys.back), env));
  }

  function toPlace(span) {
    take(mouse(state, span));
  }

  // --- checks, examples, review ---

  // The one after that which was gone to last; the first time, the first of this paragraph or after it.
  function nextCheck() {
    const all = problems.filter((problem) => problem.paragraph !== null).sort((one, other) => one.line - other.line);
    const last = all.findIndex((problem) => checked && problem.line === checked.line && problem.message === checked.message);
    const first = all.findIndex((problem) => problem.paragraph >= state.paragraph);
    if (!all.length) return say("no check to go to");
    return toProblem(all[last < 0 ? Math.max(first, 0) : (last + 1) % all.length]);
  }

  function toProblem(problem) {
    checked = problem;
    const place = problem.spans[0]?.[0] ?? article.paragraphs[problem.paragraph ?? 0][0];
    const fact = problem.spans.length ? state.facts.find((one) => sameSpan(one.spans[0], problem.spans[0])) : null;
    if (fact && fact !== state.lastFact) toFact(fact);
    else toPlace([place, place]);
    say([problem.message, remedyOf(problem, keys)].filter(Boolean).join(". "));
  }

  async function showExamples(label) {
    try {
      const found = await ask(`/api/examples/${encodeURIComponent(label)}`);
      openExamples(found, [...article.labels, "DATE", "TIME", "DURATION", "SET", "direct", "mixed", "indirect"], showExamples);
    } catch (error) {
      tellError("examples", error);
    }
  }

  // The server compares with what is saved.
  async function askReview(paragraph) {
    await save.settled();
    try {
      const { facts } = await ask(`${articlePath(article.id)}/review`, { paragraph, backends: null });
      take(review(state, paragraph, facts));
    } catch (error) {
      tellError("review", error);
    }
  }

  // --- what the server says ---

  function saved(answer, operations, waitingBatches) {
    ({ problems } = answer);
    written = writtenLines(answer.lines);
    savedAt = answer.saved;
    if (operations.some(({ done }) => done)) tellFinished(problems, on.follow().filter((action) => keys[action]).map((action) => `${keys[action]}: ${action}.`));
    if (answer.state) {
      // What is still on its way was made of facts that may not be there any more.
      const changes = waitingBatches.flat().filter((one) => one.before || one.after).map((one) => [one.before, one.after]);
      state = renewed(changedFacts(answer.state, changes).facts, answer.differences);
      tellChanged(article, answer);
    }
    draw();
  }

  function waiting(count, gone) {
    unsaved = count;
    if (gone) {
      tell("gone", ["The server does not answer.", "Go on: what you do is kept here and is saved when it is back. If it was started anew under another address, open that address in this window."], { error: true });
    } else untell("gone");
    drawTop();
  }

  const renewed = (facts, differences = []) => next(reload(state, facts), { differences });

  async function refused(error, again) {
    tellError("refused", error);
    if (again) return;
    const now = await ask(articlePath(article.id));
    state = renewed(now.facts, now.differences);
    draw();
  }

  // --- what is seen ---

  function drawTop() {
    const proposals = state.proposals.length;
    const differences = state.differences.filter((one) => one.open).length;
    drawHead({
      path: article.path, paragraph: state.paragraph, paragraphs: article.paragraphs.length, visited: state.visited,
      facts: state.facts.length - proposals, left: differences || proposals, what: differences ? "difference" : "proposal", saved: savedAt, unsaved,
    });
  }

  function draw() {
    const value = state.mode === "value" && state.typed ? values.known(state.typed, state.lastFact) : null;
    view.draw({
      facts: [...state.facts.map((fact) => ({ fact, hollow: isProposal(fact) })), ...offered(state).map(({ fact }) => ({ fact, hollow: true }))],
      caret: state.caret, current: currentFact(state), paragraph: state.paragraph, visited: state.visited,
    });
    const items = paragraphItems(article, state, written);
    panel.draw(view.rows[state.paragraph], {
      title: `Paragraph ${state.paragraph + 1} in the file`,
      counts: countsOf(items, state),
      items,
      comments: written.comments[state.paragraph] ?? [],
      form: formOf(article, state, value),
      choices: choicesShown(state),
      checks: checksElement(article, problems, state.paragraph, keys, toProblem),
    });
    if (state.mode === "help") openHelp(keys);
    else closeHelp();
    // A button that was pressed in the panel is drawn anew, and is gone.
    const lost = document.activeElement === document.body || (!FORMS[state.mode] && panel.input === document.activeElement);
    if (lost && !$("#help").open) holder.focus({ preventScroll: true });
    drawTop();
    drawFoot({ mode: MODES[state.mode] ?? state.mode, hints: hintsShown(state, keymap).filter(({ keys: [key] }) => key !== keys.help), always: [{ keys: [keys.help], does: "all keys" }], press: (name) => pressKey(plainKey(name)) });
  }

  holder.hidden = false;
  if (opened.restored) tell("restored", [`${counted(opened.restored, "change")} that the last server had not written any more ${opened.restored === 1 ? "is" : "are"} in the file now.`]);
  if (save.restored.length) {
    state = reload(state, changedFacts(state.facts, save.restored.flat().filter((one) => one.before || one.after).map((one) => [one.before, one.after])).facts);
    save.start();
  }
  if (opened.mode === "adjudicate") take(press(next(state, { at: 0 }), plainKey(keys.next), env));
  draw();
  holder.focus({ preventScroll: true });
  showCaret(holder, view.rows[state.paragraph], true);
  return {
    press: pressKey,
    point(span, onFact) {
      toPlace(span);
      if (onFact) take(press(state, plainKey(keys.back), env));
    },
    article,
    get unsaved() {
      return save.unsaved;
    },
    // The overlay was closed by the pointer or the browser's own key.
    closed() {
      helpIs.open = false;
      if (state.mode === "help") take(press(state, plainKey("Escape"), env));
    },
    tried: save.tried,
    close() {
      save.close();
      holder.hidden = true;
    },
  };
}

// A key press by the name that the keymap has for it.
function plainKey(name) {
  const key = name.replace(/^Shift\+/, "");
  const shift = key !== name || (key.length === 1 && key !== key.toLowerCase());
  return { key, code: /^\d$/.test(key) ? `Digit${key}` : "", shift, ctrl: false, alt: false, meta: false };
}
