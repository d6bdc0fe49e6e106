// What the server says of values as they are typed: the value, its reading in words, and what contradicts it.

// {known(typed, fact): the answer or null; ask(typed, fact); asking(): what waits for the last answer, or null}.
// `heard` is called when there is an answer.
function valuesOf(article, heard) {
  const answers = new Map();
  const key = (typed, fact) => JSON.stringify([typed, fact.spans[0], fact.label]);
  let waiting = null;
  return {
    known: (typed, fact) => (fact ? answers.get(key(typed, fact)) ?? null : null),
    asking: () => waiting,
    ask(typed, fact) {
      if (!typed || !fact || answers.has(key(typed, fact))) return;
      const answer = ask("/api/value", { id: article.id, typed, span: fact.spans[0], type: fact.label })
        .then((said) => answers.set(key(typed, fact), said))
        .catch((error) => answers.set(key(typed, fact), { value: null, wrong: error.message }))
        .then(() => {
          if (waiting === answer) waiting = null;
          heard();
        });
      waiting = answer;
    },
  };
}
