// Operations on texts and counts that behave as in Python. Its texts consist of code points, which decide length, cuts and order;
// its white space is another set of characters; a Counter keeps the order of insertion.

export const SPACE =
  "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";
const SPACES = new Set(SPACE);
const RUNS_OF_SPACE = new RegExp(`[${SPACE}]+`);

export function strip(text, characters = SPACES) {
  return lstrip(rstrip(text, characters), characters);
}

export function lstrip(text, characters = SPACES) {
  let start = 0;
  while (start < text.length && characters.has(text[start])) start += 1;
  return text.slice(start);
}

export function rstrip(text, characters = SPACES) {
  let end = text.length;
  while (end > 0 && characters.has(text[end - 1])) end -= 1;
  return text.slice(0, end);
}

// The words between white space.
export function split(text) {
  return text.split(RUNS_OF_SPACE).filter(Boolean);
}

// The parts before and after the first separator; all of it before if there is none.
export function partition(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}

export function removePrefix(text, prefix) {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

export function removeSuffix(text, suffix) {
  return text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text;
}

// The number of code points.
export function length(text) {
  let astral = 0;
  for (let at = 0; at < text.length; at += 1) if (isHighSurrogate(text, at)) astral += 1;
  return text.length - astral;
}

export function isLonger(text, most) {
  return text.length > most && (text.length > 2 * most || length(text) > most);
}

// The first code points: text[:most].
export function head(text, most) {
  let end = 0;
  for (let seen = 0; seen < most && end < text.length; seen += 1) end += isHighSurrogate(text, end) ? 2 : 1;
  return text.slice(0, end);
}

// The last code points: text[-most:].
export function tail(text, most) {
  let start = text.length;
  for (let seen = 0; seen < most && start > 0; seen += 1) start -= isHighSurrogate(text, start - 2) ? 2 : 1;
  return text.slice(start);
}

function isHighSurrogate(text, at) {
  const unit = text.charCodeAt(at); // NaN outside, which no range contains
  return unit >= 0xd800 && unit <= 0xdbff;
}

// Compares by code points, for sort: `<` compares UTF-16, in which U+1F600 comes before U+FF01.
export function compareTexts(left, right) {
  const shorter = Math.min(left.length, right.length);
  let at = 0;
  while (at < shorter && left[at] === right[at]) at += 1;
  return at < shorter ? rank(left, at) - rank(right, at) : left.length - right.length;
}

function rank(text, at) {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

// A Counter: the number of each item, in order of insertion.
export function counted(items) {
  const counts = new Map();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

// The sum; above 2^53, the nearest number.
export function sum(numbers) {
  const rough = numbers.reduce((soFar, number) => soFar + number, 0);
  return Number.isSafeInteger(rough) ? rough : Number(numbers.reduce((soFar, number) => soFar + BigInt(number), 0n));
}

// A function of one text, with a cache of its last results.
export function remembered(work, most) {
  const known = new Map();
  return (text) => {
    if (known.has(text)) return known.get(text);
    const result = work(text);
    if (known.size >= most) known.delete(known.keys().next().value);
    known.set(text, result);
    return result;
  };
}
