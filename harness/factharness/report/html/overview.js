// The overview: sorting the tables of scores, showing another regime or label, and copying the tables.

const NARROW = "\u202f";
const UNDEFINED = "\u2013";

// Sorting. The heading that is sorted by carries aria-sort; undefined numbers stay at the end.
{
  const valueOf = (row, place) => {
    const cell = row.cells[place];
    return place === 0 ? cell.textContent : cell.dataset.value === undefined ? null : Number(cell.dataset.value);
  };
  function sortBy(head, descending) {
    const table = head.closest("table");
    const rows = $$("tbody tr", table);
    rows.sort((one, other) => {
      const [a, b] = [valueOf(one, head.cellIndex), valueOf(other, head.cellIndex)];
      if (a === null || b === null) return (a === null) - (b === null);
      const order = typeof a === "string" ? a.localeCompare(b) : a - b;
      return descending ? -order : order;
    });
    table.tBodies[0].append(...rows);
    for (const other of $$("th[aria-sort]", table)) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", descending ? "descending" : "ascending");
  }
  document.addEventListener("click", (event) => {
    const head = event.target.closest("table.scores th button")?.closest("th");
    if (!head) return;
    const sorted = head.getAttribute("aria-sort");
    // Names begin with A, numbers with the best.
    sortBy(head, sorted ? sorted === "ascending" : head.cellIndex !== 0);
  });
  // After other numbers are shown, the order is that of the heading that was sorted by.
  document.addEventListener("switched", (event) => {
    const head = $("th[aria-sort]", event.target);
    if (head) sortBy(head, head.getAttribute("aria-sort") === "descending");
  });
}

// Regime and label. What a heading shows of the counts is written in its data-shows: a name, f1:REGIME, or
// share:REGIME/REGIME, the right facts under the first among those under the second.
{
  const SVG = "http://www.w3.org/2000/svg";
  const tables = $$("table.scores[data-kind]");
  const first = new Map(tables.map((table) => [table, $("tbody", table).cloneNode(true)]));
  const axes = new Map(tables.map((table) => [table, $("thead .ci", table).cloneNode(true)]));

  const own = (object, key) => (object && Object.hasOwn(object, key) ? object[key] : undefined);
  const ratio = (part, whole) => (whole ? part / whole : null);
  const f1 = (counts) => (counts ? ratio(2 * counts[0], 2 * counts[0] + counts[1] + counts[2]) : null);

  // The kind and the name in the value of a switch: "*:strict" is for all kinds, "date:type" for one.
  function parted(value) {
    const [which, ...name] = value.split(":");
    return [which, name.join(":")];
  }

  // What "exact" is for quotes is what "strict" is for others.
  const aliases = { strict: "exact", partial: "proportional" };

  function shown(counts, shows, countsUnder) {
    if (shows === "pred") return counts ? counts[0] + counts[1] : null;
    if (shows === "precision") return counts ? ratio(counts[0], counts[0] + counts[1]) : null;
    if (shows === "recall") return counts ? ratio(counts[0], counts[0] + counts[2]) : null;
    if (shows === "f1") return f1(counts);
    if (shows === "interval") return counts?.[3] ?? null;
    const [what, names] = shows.split(":");
    const [right, among] = names.split("/").map(countsUnder);
    if (what === "f1") return f1(right);
    return right && among ? ratio(right[0], among[0]) : null;
  }

  const whole = (value) => value.toLocaleString("en", { maximumFractionDigits: 1 }).replaceAll(",", NARROW);
  function text(value, shows, counts) {
    if (value === null) return UNDEFINED;
    if (shows === "pred") return whole(value);
    if (shows === "interval") return `${counts[3].toFixed(3)}${UNDEFINED}${counts[4].toFixed(3)}`;
    return value.toFixed(3);
  }

  function line(attributes) {
    const element = document.createElementNS(SVG, attributes.r ? "circle" : attributes.label ? "text" : "line");
    for (const [key, value] of Object.entries(attributes)) if (key !== "label") element.setAttribute(key, value);
    if (attributes.label) element.textContent = attributes.label;
    return element;
  }

  // Other numbers may lie below the scale of the first ones, so they are drawn on one from 0 to 1.
  const marks = [0, 0.25, 0.5, 0.75, 1];
  const percent = (value) => `${(value * 100).toFixed(2)}%`;
  function drawAxis(svg) {
    svg.replaceChildren(
      ...marks.map((mark) => line({ x: percent(mark), y: 14, "text-anchor": "middle", label: mark.toFixed(2) })),
    );
  }
  function drawInterval(svg, counts) {
    const value = f1(counts);
    const parts = marks.map((mark) => line({ x1: percent(mark), x2: percent(mark), y1: "-40%", y2: "140%" }));
    if (counts?.length > 3) {
      parts.push(line({ class: "w", x1: percent(counts[3]), x2: percent(counts[4]), y1: "50%", y2: "50%" }));
    }
    if (value !== null) parts.push(line({ cx: percent(value), cy: "50%", r: 3.5 }));
    svg.replaceChildren(...parts);
  }

  // What a table shows of the choice: its regime and label as they are stored, and in words what it has not.
  function choiceFor({ dataset: { goldset, kind, regime: main, label: all } }) {
    const stored = own(own(data("scores"), goldset), kind);
    const chosen = { regime: main, label: all, without: [] };
    const [ofLabels, label] = parted($("#label").value);
    // A table of one label only, such as that of indirect quotes, stays with it.
    if (label && all === "*" && ofLabels === kind && own(stored, label)) chosen.label = label;
    else if (label && label !== all) {
      chosen.without.push(`No ${label} here: ${all === "*" ? "all labels are" : `${all} is`} shown.`);
    }
    const [which, regime] = parted($("#regime").value);
    const name = kind === "quote" ? (own(aliases, regime) ?? regime) : regime;
    if (["*", kind].includes(which) && own(own(stored, chosen.label), name)) chosen.regime = name;
    else chosen.without.push(`No ${regime} here: ${main} is shown.`);
    return chosen;
  }

  function rewrite(table, label, regime) {
    const stored = own(own(own(data("scores"), table.dataset.goldset), table.dataset.kind), label);
    const countsUnder = (name, backend) => own(own(stored, name), backend);
    const heads = $$("thead th", table);
    for (const row of $$("tbody tr", table)) {
      const counts = countsUnder(regime, row.dataset.backend);
      drawInterval($(".ci", row), counts);
      heads.forEach((head, place) => {
        const { shows } = head.dataset;
        if (!shows) return;
        const value = shown(counts, shows, (name) => countsUnder(name, row.dataset.backend));
        const cell = row.cells[place];
        if (value === null) delete cell.dataset.value;
        else cell.dataset.value = value;
        cell.classList.remove("best", "surely");
        $("span", cell).textContent = text(value, shows, counts);
      });
    }
    markBest(table, heads);
    return Math.max(0, ...Object.values(own(stored, regime) ?? {}).map(([right, , missed]) => right + missed));
  }

  // Borrowed facts are never marked, nor a column in which all are equal. Whether a lead may be chance was not
  // tested for other regimes and labels, so nothing is underlined.
  function markBest(table, heads) {
    const rows = $$("tbody tr:not(.borrowed)", table);
    heads.forEach((head, place) => {
      if (!head.dataset.shows || ["pred", "interval"].includes(head.dataset.shows)) return;
      const cells = rows.map((row) => row.cells[place]).filter((cell) => cell.dataset.value !== undefined);
      const best = Math.max(...cells.map((cell) => Number(cell.dataset.value))).toFixed(3);
      const top = cells.filter((cell) => Number(cell.dataset.value).toFixed(3) === best);
      if (top.length < cells.length) for (const cell of top) cell.classList.add("best");
    });
  }

  // A table without anything of the choice stays as it was, with its caption, its marks and its interval.
  function show() {
    for (const table of tables) {
      const { regime: main, label: all } = table.dataset;
      const { regime, label, without } = choiceFor(table);
      const changed = regime !== main || label !== all;
      table.tBodies[0].replaceWith(first.get(table).cloneNode(true));
      $("thead .ci", table).replaceWith(axes.get(table).cloneNode(true));
      const said = [...without];
      if (changed) {
        drawAxis($("thead .ci", table));
        const gold = rewrite(table, label, regime);
        const names = label === all ? [regime] : [regime, label];
        said.unshift(`Shown: ${names.join(", ")}, ${whole(gold)} in gold.`);
      }
      const row = table.closest(".row");
      $(".caption", row).hidden = changed;
      $(".switched", row).hidden = !said.length;
      $(".switched", row).textContent = said.join(" ");
      table.dispatchEvent(new CustomEvent("switched", { bubbles: true }));
    }
    const asFirst = !$("#regime").selectedIndex && !$("#label").selectedIndex;
    $("#switched").textContent = asFirst ? "" : `Intervals are known for ${withIntervals().join(", ")} over all labels; elsewhere ${UNDEFINED} stands.`;
  }

  // The regimes of which the run has intervals.
  function withIntervals() {
    const found = Object.values(data("scores")).flatMap((byKind) =>
      Object.values(byKind).flatMap((byLabel) => Object.entries(own(byLabel, "*") ?? {})),
    );
    const known = found.filter(([, backends]) => Object.values(backends).some((counts) => counts.length > 3));
    return [...new Set(known.map(([regime]) => regime))];
  }

  // The choice is kept in the address: #overview?regime=date:value&label=date:TIME; a regime of all kinds has
  // no kind before it.
  function keep() {
    const [which, regime] = parted($("#regime").value);
    const query = [];
    if ($("#regime").selectedIndex) query.push(["regime", which === "*" ? regime : $("#regime").value]);
    if ($("#label").selectedIndex) query.push(["label", $("#label").value]);
    history.replaceState(null, "", `#overview${query.length ? "?" : ""}${queryOf(query)}`);
  }
  function choose(select, asked) {
    const place = [...select.options].findIndex(({ value }) => [asked, `*:${asked}`].includes(value));
    const changed = select.selectedIndex !== Math.max(0, place);
    select.selectedIndex = Math.max(0, place);
    return changed;
  }

  $("#switches").hidden = !tables.length;
  for (const select of $$("#switches select")) {
    select.addEventListener("change", () => {
      keep();
      show();
    });
  }
  $("#part-overview").addEventListener("shown", ({ detail: { query } }) => {
    const changed = ["regime", "label"].map((name) => choose($(`#${name}`), query.get(name)));
    if (changed.includes(true)) show();
  });
}

// Copying. A page opened from disk may not be allowed to use the clipboard: then the text is shown, selected.
$("#copy").addEventListener("click", async () => {
  const markdown = data("markdown");
  const area = $("#markdown");
  try {
    await navigator.clipboard.writeText(markdown);
    $("#copied").textContent = "Copied.";
  } catch {
    area.hidden = false;
    area.value = markdown;
    area.select();
    $("#copied").textContent = document.execCommand("copy") ? "Copied." : "Press Ctrl+C to copy the text below.";
  }
});
