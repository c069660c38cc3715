// How values read, as on the pages.

export function size(bytes) {
  const units = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];
  let unit = 0;
  for (; bytes >= 1000 && unit < units.length - 1; unit += 1) bytes /= 1000;
  // Half of a tenth goes to the even one, as on the pages: 1.25 KB is 1.2 KB.
  return `${(bytes % 1 === 0.25 ? bytes - 0.05 : bytes).toFixed(1)} ${units[unit]}`;
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

// Shows invisible characters as on the pages; collector/model/invisible.py has the same table.
export function visible(text) {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu,
    (character) => `⟨U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
}
