// Mirrors collector/diff/sequences.py: longest common subsequences, by a bounded form of Myers' greedy algorithm.

// The places [in before, in after] of a longest common subsequence, ascending in both. If more than `limit` elements differ,
// only the common start and end are found.
export function commonPairs(before, after, limit) {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const pairs = [];
  for (let place = 0; place < start; place += 1) pairs.push([place, place]);
  const middle = myers(before.slice(start, before.length - end), after.slice(start, after.length - end), limit);
  for (const [left, right] of middle) pairs.push([start + left, start + right]);
  for (let place = end; place > 0; place -= 1) pairs.push([before.length - place, after.length - place]);
  return pairs;
}

function myers(before, after, limit) {
  if (!before.length || !after.length || Math.abs(before.length - after.length) > limit) return [];
  const bound = Math.min(limit, before.length + after.length);
  const reached = new Int32Array(2 * bound + 3); // by diagonal: the furthest place in `before`; diagonal k is at k + bound + 1
  const trace = [];
  for (let differences = 0; differences <= bound; differences += 1) {
    trace.push(reached.slice(bound - differences, bound + differences + 3));
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      const at = bound + 1 + diagonal;
      let x = isDown(reached, at, diagonal, differences) ? reached[at + 1] : reached[at - 1] + 1;
      let y = x - diagonal;
      while (x < before.length && y < after.length && before[x] === after[y]) {
        x += 1;
        y += 1;
      }
      reached[at] = x;
      if (x >= before.length && y >= after.length) return walkBack(trace, before.length, after.length);
    }
  }
  return [];
}

function isDown(reached, at, diagonal, differences) {
  return diagonal === -differences || (diagonal !== differences && reached[at - 1] < reached[at + 1]);
}

function walkBack(trace, lastX, lastY) {
  const pairs = [];
  let [x, y] = [lastX, lastY];
  for (let differences = trace.length - 1; differences >= 0; differences -= 1) {
    const reached = trace[differences]; // diagonals -differences-1 … differences+1
    const diagonal = x - y;
    const at = diagonal + differences + 1;
    const down = isDown(reached, at, diagonal, differences);
    const fromX = down ? reached[at + 1] : reached[at - 1];
    const fromY = fromX - (down ? diagonal + 1 : diagonal - 1);
    while (x > Math.max(fromX, 0) && y > Math.max(fromY, 0)) {
      x -= 1;
      y -= 1;
      pairs.push([x, y]);
    }
    [x, y] = [fromX, fromY];
  }
  return pairs.reverse();
}
