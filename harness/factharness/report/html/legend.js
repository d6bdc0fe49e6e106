// How to read the lines: a specimen with the back ends that are shown, then labels and marks.
function drawLegend(holder, view) {
  const names = view.shown.map((b) => facts.index.backends[b].name);
  const labels = facts.ordered();
  const entities = labels.filter((label) => label.kind === "entity").map((label) => [sample(label.ink), label.name]);
  const lines = [[sample("ok", true), "right"], [sample("dc"), "don’t care"]];
  const others = [];
  if (labels.some((label) => label.kind === "date")) others.push([sample("date"), "date, time"]);
  if (labels.some((label) => label.kind === "quote")) others.push([sample("quote", true), "quote"]);
  const marks = WHATS.map((what) => [mark(what), whatName(what)]);
  holder.replaceChildren(
    specimen(names),
    ...columns([...entities, ...others], 3),
    ...columns(lines, 3),
    ...columns(marks, 4),
    make("p", {}, "A quote that is right has its grey line under its first and last words only."),
  );
}

function columns(rows, most) {
  const lists = [];
  for (let n = 0; n < rows.length; n += most) {
    const pairs = rows.slice(n, n + most).flatMap(([sign, name]) => [make("dt", {}, sign), make("dd", {}, isolated(name))]);
    lists.push(make("dl", {}, ...pairs));
  }
  return lists;
}

// A word as it is drawn in an article, with a line from each lane to its name.
function specimen(names) {
  const says = names.map((name, n) => {
    const what = ["right, so grey", "ORG, wrong label", "missed"][n % 3];
    return `${name}: ${what}`;
  });
  const lines = ["gold: PER", ...says];
  const height = Math.max(74, 18 * lines.length + 4);
  const drawing = svgElement("svg", {
    class: "fig", width: 270, height, viewBox: `0 0 270 ${height}`, role: "img",
    "aria-label": `How to read the lines: under the word stand ${["gold", ...names].join(", ")}`,
  });
  const word = svgElement("text", { class: "w", x: 0, y: 20, textLength: 66 }, "Dvorská");
  drawing.append(word);
  for (const [n, words] of lines.entries()) {
    const lane = n ? 42.5 + 8 * (n - 1) : 30;
    const at = 12 + 18 * n;
    drawing.append(svgElement("path", { d: `M82 ${lane} 104 ${at}H112` }));
    drawing.append(svgElement("text", { x: 117, y: at + 4 }, words));
    drawing.append(...laneOfSpecimen(n ? (n - 1) % 3 : -1, lane));
  }
  return drawing;
}

function laneOfSpecimen(sort, y) {
  const bar = (x, width, high, ink) => {
    const rect = svgElement("rect", { x, y: y - high / 2, width, height: high });
    rect.style.fill = `var(--${ink})`;
    return rect;
  };
  const sign = (what) => {
    const use = svgElement("use", { href: `#m-${what}`, x: 68, y: y - 4, width: 8, height: 8 });
    use.style.color = "var(--ink)";
    return use;
  };
  if (sort === -1) return [bar(0, 66, 4, "per")];
  if (sort === 0) return [bar(0, 66, 1.5, "quiet")];
  if (sort === 1) return [...[0, 11, 22, 33, 44, 55].map((x) => bar(x, 8, 3, "org")), sign("label")];
  return [sign("missed")];
}
