// Mirrors collector/model/references.py: parses references and dates like the command line.

// An error with a message for the reader. `instead`: a text that would be valid.
export class Problem extends Error {
  constructor(message, hint = "", instead = null) {
    super(message);
    this.hint = hint;
    this.instead = instead;
  }
}

const DIGEST = /^(?:(?:sha256|sha512|blake3|v1)[:-])([0-9a-f]{7,128})$/i;
const ONLY_DIGEST = /^[0-9a-f]{20,128}$/i;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.\d+)?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;
const WHOLE_DIGEST = /^(?:(?:sha256|v1|none):[0-9a-f]{64}|sha512:[0-9a-f]{128}|(?!(?:sha256|sha512|v1|none):)[a-z0-9]{2,20}:[0-9a-f]{32,128})$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const REGISTRY = /^(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?$/;
const PATH = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const FORMS = "write IMAGE:TAG, IMAGE:TAG@2018-01-29 or IMAGE@sha256:…";

// Parses `IMAGE:TAG`, `IMAGE:TAG@DATE`, `IMAGE@DIGEST` or a digest alone into {image, tag, asOf, hex}. Missing parts are null;
// without a tag and a digest, the tag is `latest`.
export function parseAsked(text) {
  const asked = text.trim().replace(/^docker\s+(image\s+)?pull\s+/, "");
  if (!asked) throw new Problem("nothing to compare", FORMS);
  const alone = DIGEST.exec(asked)?.[1] ?? ONLY_DIGEST.exec(asked)?.[0];
  if (alone) return { image: null, tag: null, asOf: null, hex: alone.toLowerCase() };
  const at = asked.indexOf("@");
  const [name, pin] = at < 0 ? [asked, null] : [asked.slice(0, at), asked.slice(at + 1)];
  const colon = name.lastIndexOf(":");
  const isTagged = colon >= 0 && !name.slice(colon).includes("/");
  const image = isTagged ? name.slice(0, colon) : name;
  const tag = isTagged ? name.slice(colon + 1) : null;
  const hex = DIGEST.exec(pin ?? "")?.[1].toLowerCase() ?? null;
  if (!image || tag === "" || /\s/.test(name)) throw new Problem(`${quoted(asked)} does not name an image and a tag`, FORMS);
  return { image, tag: tag ?? (hex ? null : "latest"), asOf: pin === null || hex ? null : parseAsOf(pin), hex };
}

// Parses a reference as in builds, `IMAGE:TAG`, `IMAGE@DIGEST` or `IMAGE:TAG@DIGEST`, into {image, tag, isPinned}. If there is no
// tag, it is null beside a digest, and `latest` otherwise.
export function parseReference(text) {
  const at = text.indexOf("@");
  const [name, pin] = at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
  const colon = name.lastIndexOf(":");
  const isTagged = colon >= 0 && !name.slice(colon).includes("/");
  const [image, tag] = isTagged ? [name.slice(0, colon), name.slice(colon + 1)] : [name, ""];
  const isPinned = pin !== null;
  const isValid = isImageName(image) && (!tag || TAG.test(tag)) && (!isPinned || WHOLE_DIGEST.test(pin));
  if (!isValid) throw new Problem(`${quoted(text)} is not a reference to an image`);
  return { image, tag: tag || (isPinned ? null : "latest"), isPinned };
}

// Docker's grammar: the first part is a registry if it has a dot, a port or a capital letter.
function isImageName(name) {
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0));
  const hasRegistry = first === "localhost" || /[.:A-Z]/.test(first);
  const path = hasRegistry ? name.slice(slash + 1) : name;
  return name.length <= 517 && !/^[0-9a-f]{64}$/.test(name) && PATH.test(path) && (!hasRegistry || REGISTRY.test(first));
}

// A day means its end, in UTC.
export function parseAsOf(text) {
  const time = DAY.test(text) ? `${text}T23:59:59Z` : text.replace(/ (?=\d\d:\d\d$)/, "+"); // addresses turn + into a space
  const match = TIME.exec(time);
  const [, day, clock, sign, hours = "0", minutes = "0"] = match ?? [];
  const moment = match ? new Date(`${day}T${clock}Z`) : null;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  const asked = new Date(moment?.getTime() - (sign === "-" ? -offset : offset));
  if (!moment || !isThatMoment(moment, day, clock) || hours > 23 || minutes > 59 || !isInCalendar(asked)) {
    throw new Problem(`not a date: ${quoted(text)}`, "write a day (2018-01-29) or a time (2018-01-29T12:00:00Z)");
  }
  return rendered(asked);
}

// Years go from 1 to 9999.
function isInCalendar(moment) {
  return moment.getUTCFullYear() >= 1 && moment.getUTCFullYear() <= 9999;
}

// Date would read the 31st of April as the 1st of May.
function isThatMoment(moment, day, clock) {
  return !Number.isNaN(moment.getTime()) && rendered(moment) === `${day}T${clock}Z`;
}

export function rendered(moment) {
  return `${moment.toISOString().slice(0, 19)}Z`;
}

export function quoted(text) {
  return `“${text.length > 100 ? `${text.slice(0, 100)}…` : text}”`;
}
