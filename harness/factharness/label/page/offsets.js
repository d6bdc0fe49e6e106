// Places in a text: the server and the keys count code points, a JavaScript string counts units of 16 bits.
// They differ behind the first letter that takes two units, such as an emoji.

// {unit(point): the offset in the string, point(unit): the code point}
function offsetsOf(text) {
  if (!/[\ud800-\udbff]/.test(text)) return { unit: (point) => point, point: (unit) => unit };
  const units = [];
  let unit = 0;
  for (const letter of text) {
    units.push(unit);
    unit += letter.length;
  }
  units.push(unit);
  const point = (wanted) => {
    let [low, high] = [0, units.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (units[middle] <= wanted) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return { unit: (wanted) => units[wanted], point };
}
