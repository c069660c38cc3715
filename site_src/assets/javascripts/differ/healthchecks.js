// Mirrors collector/diff/healthchecks.py: health checks as text, from the fields of a config or from a step as Go printed it.

import { sum } from "./python.js";

const SECOND = 10 ** 9; // nanoseconds
const MAX_LENGTH = 4_000;
const PRINTED = /^&\{\[((?:"(?:[^"\\]|\\[^\n])*" ?)*)\] ((?:"[0-9a-zµ.]*" ){2,4})'(\\?[^']{0,9})'\}$/u;
const QUOTED = /"((?:[^"\\]|\\[^\n])*)"/gu;
const ESCAPE = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([^xu]))/gu;
const ESCAPES = { n: "\n", t: "\t", r: "\r", v: "\v", f: "\f", b: "\b", a: "\x07" };
const DURATION = /([0-9]{1,6})(?:\.([0-9]{1,9}))?(h|m(?!s)|s|ms|µs|ns)/gu;
const UNITS = { h: 3600 * SECOND, m: 60 * SECOND, s: SECOND, ms: 10 ** 6, "µs": 10 ** 3, ns: 1 };

export function healthcheckWords({ test, interval = 0, timeout = 0, start_period = 0, start_interval = 0, retries = 0 }) {
  if (test[0] === "NONE") return "disabled";
  const words = test[0] === "CMD" || test[0] === "CMD-SHELL" ? test.slice(1) : test;
  const ran = words.join(" ") || (test.length ? "nothing" : "inherited from the base image");
  const said = [
    interval ? `every ${seconds(interval)}` : "",
    timeout ? `timeout ${seconds(timeout)}` : "",
    start_period ? `start period ${seconds(start_period)}` : "",
    start_interval ? `start interval ${seconds(start_interval)}` : "",
    retries ? `${retries} ${retries === 1 ? "retry" : "retries"}` : "",
  ].filter(Boolean);
  return said.length ? `${ran} (${said.join(", ")})` : ran;
}

// The health check in a step's text without its instruction; null if it has another form.
export function printedHealthcheck(text) {
  const found = [...text].length <= MAX_LENGTH ? PRINTED.exec(text) : null;
  if (!found) return null;
  const [interval, timeout, start_period = 0, start_interval = 0] = quoted(found[2]).map(nanoseconds);
  const retries = [...unescaped(found[3])];
  return {
    test: quoted(found[1]).map(unescaped),
    interval,
    timeout,
    start_period,
    start_interval,
    retries: retries.length === 1 ? retries[0].codePointAt(0) : 0,
  };
}

function quoted(text) {
  return [...text.matchAll(QUOTED)].map((found) => found[1]);
}

function unescaped(text) {
  return text.replace(ESCAPE, (_, byte, unit, char) => {
    if (char) return Object.hasOwn(ESCAPES, char) ? ESCAPES[char] : char;
    const code = parseInt(byte ?? unit, 16);
    return code >= 0xd800 && code < 0xe000 ? "\ufffd" : String.fromCodePoint(code);
  });
}

function nanoseconds(text) {
  const parts = [...text.matchAll(DURATION)];
  return sum(parts.map(([, whole, rest, unit]) => whole * UNITS[unit] + (rest ? Math.floor((rest * UNITS[unit]) / 10 ** rest.length) : 0)));
}

// `30 s`, `1 min 30 s`, `0.5 s`.
function seconds(nanoseconds) {
  const [whole, rest] = [Math.floor(nanoseconds / SECOND), nanoseconds % SECOND];
  if (rest) return `${whole}.${String(rest).padStart(9, "0").replace(/0+$/, "")} s`;
  if (whole < 60) return `${whole} s`;
  return whole % 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${whole / 60} min`;
}
