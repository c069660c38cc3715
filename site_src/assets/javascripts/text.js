// Formats values like the pages.

const UNITS = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];

export function size(bytes) {
  return sizesAlike([bytes])[0];
}

// The sizes, all in the unit of the largest; collector/model/sizes.py has the same rule.
// A no-break space keeps each on one line.
export function sizesAlike(sizes) {
  let unit = 0;
  for (let value = Math.max(...sizes); value >= 1000 && unit < UNITS.length - 1; unit += 1) value /= 1000;
  return sizes.map((bytes) => `${rounded(bytes, unit)}\u00a0${UNITS[unit]}`);
}

function rounded(bytes, unit) {
  if (unit === 0) return String(bytes);
  let value = bytes;
  for (let step = 0; step < unit; step += 1) value /= 1000;
  const digits = value === 0 || value >= 0.05 ? 1 : value >= 0.005 ? 2 : 3;
  // Half a tenth is rounded to even, as on the pages: 1.25 KB is 1.2 KB.
  return (value % 1 === 0.25 ? value - 0.05 : value).toFixed(digits);
}

export function exactSize(bytes) {
  return bytes >= 1000 ? `${size(bytes)} (${bytes.toLocaleString("en")} bytes)` : size(bytes);
}

export function day(time) {
  return time.slice(0, 10);
}

export function minute(time) {
  return time ? `${time.slice(0, 10)} ${time.slice(11, 16)} UTC` : "unknown";
}

export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

// Makes invisible characters visible, like the pages; collector/model/invisible.py has the same table.
export function visible(text) {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu,
    (character) => `⟨U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
}
