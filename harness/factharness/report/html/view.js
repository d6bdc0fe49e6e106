// Which kinds and back ends an article shows, as its address has it: ?kind=quote&backend=rules. Each may stand there
// several times; without a value, nothing is shown; where it does not stand, what is shown at first.
const MOST_SHOWN = 5;

// Hybrids only repeat what their parts say, so that they are shown when the reader asks for them.
function shownAtFirst() {
  const { backends } = facts.index;
  const all = backends.map((_, b) => b);
  const own = all.filter((b) => !backends[b].hybrid);
  return { kinds: Object.keys(KIND_NAMES), shown: (own.length ? own : all).slice(0, MOST_SHOWN) };
}

// Kinds and back ends, by number. Names that the page does not know are left out, and do not count.
function readView(query) {
  const first = shownAtFirst();
  const names = facts.index.backends.map((backend) => backend.name);
  const asked = (key, known) => {
    const values = query.getAll(key).filter((value) => !value || known.includes(value));
    return values.length ? known.filter((value) => values.includes(value)) : null;
  };
  const shown = asked("backend", names)?.map((name) => names.indexOf(name)).slice(0, MOST_SHOWN);
  return { kinds: asked("kind", first.kinds) ?? first.kinds, shown: shown ?? first.shown };
}

// The query of an address; empty where kinds and back ends are those that are shown at first.
function writeView({ kinds, shown }) {
  const first = shownAtFirst();
  const query = new URLSearchParams();
  const add = (key, values) => values.forEach((value) => query.append(key, value));
  if (kinds.length < first.kinds.length) add("kind", kinds.length ? kinds : [""]);
  if (String(shown) !== String(first.shown)) {
    add("backend", shown.length ? shown.map((b) => facts.index.backends[b].name) : [""]);
  }
  return String(query);
}

// "Only quotes of rules"; empty where nothing is left out.
function sayView({ kinds, shown }) {
  const first = shownAtFirst();
  const names = shown.map((b) => facts.index.backends[b].name);
  const parts = [];
  if (kinds.length < first.kinds.length) parts.push(kinds.map((kind) => KIND_NAMES[kind]).join(" and ") || "no kind");
  if (first.shown.some((b) => !shown.includes(b))) parts.push(names.length ? names.join(", ") : "no back end");
  return parts.length ? `Only ${parts.join(" of ")}` : "";
}
