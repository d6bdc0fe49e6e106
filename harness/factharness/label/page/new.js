// The form of a new article: its text was given as a file, the rest is asked for.
const ASKED = [
  { name: "id", says: "Identifier", hint: "lower-case letters, figures and hyphens; the file is named so", needed: true },
  { name: "published", says: "Published", hint: "5 mars 2024, 2024-03-05 …", needed: true },
  { name: "title", says: "Title", hint: "may be empty", needed: false },
  { name: "outlet", says: "Source", hint: "the newspaper or agency; may be empty", needed: false },
  { name: "url", says: "Address", hint: "where it stands on the web; may be empty", needed: false },
  { name: "licence", says: "Licence of the text", hint: "CC0-1.0, CC-BY-2.5, proprietary …", needed: true },
];

// `given` has what is known: {text, …}. done(opened) is called with the article that was made.
function drawNew(holder, given, done) {
  const fields = ASKED.map((asked) => ({ ...asked, input: make("input", { name: asked.name, required: asked.needed, value: given[asked.name] ?? "", autocomplete: "off", spellcheck: "false" }) }));
  const text = make("textarea", { name: "text", rows: 12, required: true, lang: "fr", spellcheck: "false" });
  text.value = given.text ?? "";
  const wrong = make("p", { class: "wrong", role: "alert" });
  const form = make("form", {},
    ...fields.map(({ says, hint, input }) => make("label", {}, make("span", {}, says, hint ? make("span", { class: "hint" }, hint) : null), input)),
    make("label", {}, make("span", {}, "Text", make("span", { class: "hint" }, "paragraphs with an empty line between them")), text),
    wrong,
    make("button", { type: "submit", class: "go" }, "Make the gold file and label it"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(fields.map(({ name, input }) => [name, input.value.trim()]));
    try {
      done(await ask("/api/articles", { ...values, text: text.value }));
    } catch (error) {
      if (error.status === undefined) throw error;
      wrong.textContent = [error.message, error.remedy].filter(Boolean).map(sentence).join(" ");
    }
  });
  holder.replaceChildren(make("h1", {}, "A new article"), make("p", { class: "intro" }, "What the gold file has to say about the text before it can be labelled."), form);
  fields.find(({ input }) => !input.value)?.input.focus();
}
