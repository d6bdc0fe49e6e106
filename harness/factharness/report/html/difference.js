// How many facts are fixed, broken and changed, each a link to their list.
{
  const holder = $("#changes");
  if (holder) {
    const counts = CHANGES.map((_, n) => facts.index.articles.flatMap((one) => one.changes[n]).reduce((sum, count) => sum + count, 0));
    const links = CHANGES.map((change, n) => make("a", { href: `#mistakes?change=${change}` }, `${number(counts[n])} ${change}`));
    holder.append(...links.flatMap((link, n) => [n ? ", " : "", link]), ".");
  }
}
