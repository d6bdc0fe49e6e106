// The article: a row for each paragraph, of which only those are drawn again that look different.

// What is known of an article while it is open; `opened` is the server's answer.
function articleOf(opened) {
  const { text, paragraphs } = opened;
  const at = (place) => {
    let [low, high] = [0, paragraphs.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (paragraphs[middle][0] <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const offsets = offsetsOf(text);
  return {
    ...opened,
    offsets,
    at, // from a place to the number of its paragraph
    labels: opened.scheme.labels.map((label) => label.name),
    words: (span) => text.slice(offsets.unit(span[0]), offsets.unit(span[1])),
  };
}

// A number for each fact, the same while its content is the same: elements are found by it.
const factIds = {
  known: new Map(),
  of(fact) {
    const key = JSON.stringify(fact);
    if (!factIds.known.has(key)) factIds.known.set(key, factIds.known.size + 1);
    return factIds.known.get(key);
  },
};

const NEAR = 12; // paragraphs on each side of the caret's that are drawn at once; a screen shows fewer
const PAUSE = 150; // milliseconds without a key after which the others are drawn
const AT_ONCE = 20; // as many of them, so that a key need not wait

// Draws an article into `holder`. The answer's draw(view) brings it up to date:
//   view = {facts: [{fact, hollow}], caret: span or null, current: fact or null, paragraph: n, visited: Set}
function articleView(holder, article) {
  const rows = article.paragraphs.map((_, n) => paragraphRow(article, n));
  const wanted = []; // for each paragraph what it is to look like, and how it looks
  const drawn = rows.map(() => "");
  holder.replaceChildren(...rows);
  let active = null;
  let current = null;
  let later = null;

  function drawRow(n) {
    const looks = JSON.stringify(wanted[n]);
    if (looks === drawn[n]) return false;
    drawn[n] = looks;
    const [from, to] = article.paragraphs[n].map(article.offsets.unit);
    const { strokes, signs } = wanted[n];
    $(".t", rows[n]).replaceChildren(marked(article.text, from, to, strokes, signs));
    return true;
  }

  // The number of a quote is another one in every paragraph after a new quote: those far off can wait.
  function drawRest() {
    let left = AT_ONCE;
    for (let n = 0; n < rows.length && left; n++) if (drawRow(n)) left -= 1;
    markCurrent(holder, current);
    later = left ? null : setTimeout(drawRest);
  }

  return {
    rows,
    draw(view) {
      const facts = view.facts.map((one) => ({ ...one, id: factIds.of(one.fact) }));
      Object.assign(wanted, lanes(article, facts, view.paragraph, view.caret));
      const near = [view.paragraph, active ?? 0].flatMap((n) => [n - NEAR, n + NEAR]);
      for (const [n] of rows.entries()) {
        if ((n >= near[0] && n <= near[1]) || (n >= near[2] && n <= near[3])) drawRow(n);
      }
      clearTimeout(later);
      later = setTimeout(drawRest, drawn.includes("") ? 0 : PAUSE);
      if (active !== view.paragraph) {
        rows[active]?.classList.remove("act");
        rows[view.paragraph]?.classList.add("act");
        active = view.paragraph;
      }
      for (const [n, row] of rows.entries()) row.classList.toggle("todo", n !== active && !view.visited.has(n));
      current = view.current ? factIds.of(view.current) : null;
      markCurrent(holder, current);
      requestAnimationFrame(() => keepInside(rows[view.paragraph]));
    },
  };
}

const LETTER = 6.5; // pixels that a letter of a tag takes, about

// A tag near the end of its line would run over the margin: it ends at its place, and does not begin there.
function keepInside(row) {
  const edge = $(".t", row).getBoundingClientRect().right;
  for (const tag of $$(".m.tag", row)) {
    const { left } = tag.getBoundingClientRect();
    tag.classList.toggle("back", left + LETTER * tag.dataset.words.length > edge);
  }
}

function paragraphRow(article, n) {
  const heading = n === 0 && article.paragraphs.length > 1 && article.title === article.words(article.paragraphs[0]);
  const name = heading ? "h1" : "p";
  return make("div", { class: `row${heading ? " headline" : ""}`, "data-n": n },
    make("span", { class: "no num" }, String(n + 1)),
    make(name, { class: `t marked${heading ? " head" : ""}`, lang: "fr", dir: "auto" }));
}

// The marker behind the words of one fact: of a quote behind its speaker and its cue too.
function markCurrent(holder, id) {
  for (const element of $$(".s.on", holder)) element.classList.remove("on");
  if (id === null) return;
  for (const name of [id, `speaker-${id}`, `cue-${id}`]) {
    for (const element of $$(`.s[data-f~="${name}"]`, holder)) element.classList.add("on");
  }
}

// Brings the caret into view, between head and foot; a paragraph that the caret comes to, into the upper half.
function showCaret(holder, row, arrived) {
  const caret = $(".frame.caret", holder);
  if (!caret) return;
  const head = $(".masthead").getBoundingClientRect().bottom;
  const start = row.getBoundingClientRect().top;
  if (arrived && (start < head || start > innerHeight * 0.45)) scrollBy({ top: start - Math.max(head + 24, innerHeight * 0.2), behavior: "instant" });
  const box = caret.getBoundingClientRect();
  const bottom = innerHeight - $("#keys").offsetHeight - 72;
  if (box.top < head + 32 || box.bottom > bottom) scrollBy({ top: box.top - innerHeight * 0.4, behavior: "instant" });
}
