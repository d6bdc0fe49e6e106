// The panel beside the current paragraph: its lines of the file, the form within the line, and the checks.

// The panel of an article. draw(row, shown) puts it into a row:
//   shown = {title, counts, items: [{fact, hollow, current, written, reading, by, elsewhere: paragraph}], comments, form, choices, checks: element}
//   form = {name, before, typed, after, reading, wrong} or null: what is typed into the line of the current fact
//   go = {fact(fact), choose(key), typed(words)}: what the pointer, and what a program that types for the labeller, do
function panelOf(article, go) {
  const input = make("input", { type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", lang: "fr" });
  const inside = make("div");
  const aside = make("aside", { class: "panel" }, inside);
  let looks = "";
  input.addEventListener("input", () => go.typed(input.value));
  const draw = (row, shown) => {
    const now = JSON.stringify([shown.title, shown.counts, shown.items, shown.comments, shown.form, shown.choices]);
    if (now !== looks) {
      looks = now;
      const list = make("ul", { class: "lines", tabindex: 0, "aria-label": "Lines of the file" }, ...shown.comments.map(commentElement), ...shown.items.map((item) => lineElement(article, item, shown, input, go)));
      aside.setAttribute("aria-label", shown.title);
      inside.replaceChildren(
        make("h2", {}, make("span", {}, shown.title), make("span", {}, shown.counts)),
        shown.items.length || shown.comments.length ? list : make("p", { class: "none" }, "Nothing is labelled here yet."));
    }
    $(".checks", inside)?.remove();
    inside.append(shown.checks);
    if (aside.parentElement !== row) row.append(aside);
    placeForm(aside, input, shown.form);
  };
  return { draw, input };
}

// The form keeps the place of typing; the line that is worked on is in view within its list.
function placeForm(aside, input, form) {
  if (form && input.value !== form.typed) input.value = form.typed;
  if (form && input.isConnected && document.activeElement !== input) input.focus({ preventScroll: true });
  const list = $(".lines", aside);
  const line = $(".now", aside);
  if (!list || !line) return;
  const top = line.offsetTop - list.offsetTop;
  if (top < list.scrollTop) list.scrollTop = top;
  else if (top + line.offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = top + line.offsetHeight - list.clientHeight;
}

function commentElement(text) {
  return make("li", { class: "comment" }, make("span"), make("span"), make("span", { class: "said", lang: "fr" }, isolated(text)));
}

function lineElement(article, item, shown, input, go) {
  const { fact, hollow, current } = item;
  const form = current ? shown.form : null;
  const { label, said } = item.written && !form ? writtenLine(item.written) : composedLine(article, fact);
  const words = make("span", { class: "said", lang: "fr" });
  if (form) {
    input.setAttribute("aria-label", form.name);
    words.append(...lineNodes(form.before), " ", input, " ", ...lineNodes(form.after));
  } else words.append(...lineNodes(said));
  if (item.elsewhere) words.append(make("span", { class: "sep" }, ` (paragraph ${item.elsewhere})`));
  if (hollow && item.by) words.append(make("span", { class: "sep" }, ` ${item.by}`));
  const { reading, wrong } = form ?? item;
  const element = make("li", { class: [inkOf(fact, article.labels), hollow && "hollow", current && "now"].filter(Boolean).join(" ") },
    make("span", { class: "square", "aria-hidden": "true" }),
    make("span", { class: "label" }, hollow ? make("span", { class: "vh" }, "Proposed: ") : null, label),
    words,
    reading ? make("span", { class: "reading", lang: "fr" }, reading) : null,
    wrong ? make("span", { class: "reading wrong" }, isolated(wrong)) : null,
    current && shown.choices.length ? choicesElement(shown.choices, go) : null);
  if (current) element.setAttribute("aria-current", "true");
  element.addEventListener("click", (event) => {
    if (!event.target.closest("input, button")) go.fact(fact);
  });
  return element;
}

function choicesElement(choices, go) {
  return make("span", { class: "choices" }, ...choices.map(({ key, words, what }) => {
    const one = button("", () => go.choose(key));
    one.append(make("kbd", {}, key), " ", make("i", { lang: "fr" }, isolated(words)), what ? ` ${what}` : "");
    return one;
  }));
}
