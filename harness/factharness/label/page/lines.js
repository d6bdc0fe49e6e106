// The line of a fact in the file, as the page writes it until the server has.
const MOST_WORDS = 6;
const SEPARATORS = /(\| (?:by|cue|mod|meto|quant|freq|note|to):|\||<(?:\.\.\.|\+|#\d+)>| = |= )/g;

// {label, said}: what stands in the column of labels, and what follows it.
function composedLine(article, fact) {
  const label = `${fact.kind === "quote" ? "QUOTE" : fact.label}${fact.ignore ? "?" : ""}`;
  const parts = [fact.spans.map((span) => anchor(article.words(span))).join(" <+> ")];
  if (fact.kind === "date" && fact.value) parts.push(fact.value);
  if (fact.kind === "quote") {
    if (fact.label && !fact.ignore) parts.push(fact.label);
    if (fact.speaker || fact.name) {
      const speaker = fact.speaker ? anchor(article.words(fact.speaker)) : "-";
      parts.push(`by: ${speaker}${fact.name ? ` = ${fact.name}` : ""}`);
    } else if (!fact.ignore) parts.push("by: -");
    if (fact.cue) parts.push(`cue: ${anchor(article.words(fact.cue))}`);
  }
  for (const [name, value] of Object.entries(fact.attributes ?? {})) parts.push(`${name}: ${value}`);
  return { label, said: parts.join(" | ") };
}

// Long words with their middle left out, as the file may have them.
function anchor(words) {
  const all = words.trim().split(/\s+/);
  if (all.length <= 2 * MOST_WORDS) return all.join(" ");
  return `${all.slice(0, MOST_WORDS).join(" ")} <...> ${all.slice(-MOST_WORDS).join(" ")}`;
}

// What the server wrote, parted in the same way.
function writtenLine(text) {
  const [, label, said] = /^\s*(\S+)\s*(.*)$/s.exec(text);
  return { label, said };
}

// The words of a line as nodes, in which what belongs to the format is quieter.
function lineNodes(said) {
  return said.split(SEPARATORS).map((piece, n) => (n % 2 ? make("span", { class: "sep" }, piece) : piece));
}

// What names a fact to a screen reader and in messages: "PER, Claire Dumoulin".
function factWords(article, fact) {
  const { label, said } = composedLine(article, fact);
  return `${label}, ${said.replace(" | note: unconfirmed", "").replaceAll(" | ", ", ").replaceAll(" <...> ", " … ").replaceAll(" <+> ", " … ")}`;
}
