// Reads a text that was typed or pasted into a search: finds a digest, or the name of an image with its tag.

import { parseDigest } from "./digests.js";

const MAX_LENGTH = 2_000; // characters that are read
const DIGEST = /(?<![0-9a-z])sha(?:256|512)[:-]([0-9a-f]{7,128})(?![0-9a-z])/i;
const WHOLE_DIGEST = /(?<![0-9a-z])([0-9a-f]{64}|[0-9a-f]{128})(?![0-9a-z])/i;
const LISTED = /^(\S+)\s+(\S+)\s+(?:sha256:)?([0-9a-f]{12,64})(?:\s|$)/i; // repository, tag, Image ID: `docker images`
// A prompt before a command: `$`, `root@host:~#`, `PS C:\\>`.
const PROMPT = /^.{0,200}?[$#>%]\s+(?=(?:sudo|docker|podman|nerdctl|buildah|crane|skopeo)\s)/i;
const COMMAND = /^(?:sudo\s+)?(?:docker|podman|nerdctl|buildah|crane|skopeo)\s+(?:(?:image|container)\s+)?[a-z-]+\s+/i;
const FROM = /^from\s+/i;
const YAML = /^(?:-\s*)?image:\s*/i;
const PULLING = /^(?:(\S+):\s+)?pulling from\s+(\S+)/i; // `3.6-slim: Pulling from library/python`
const MESSAGE = /\b(?:image for|up to date for|find image|manifest for)\s+(\S+)/i; // other lines of Docker
const ASSIGNED = /=([^\s=]*[:/][^\s=]*)$/; // `kubectl set image deployment/web app=python:3.6`
const SCHEME = /^(?:docker|oci):\/\//i;
const HUB = /^(?:https?:\/\/)?(?:hub|registry\.hub|www)\.docker\.com\//i;
const REGISTRIES = /^(?:https?:\/\/)?(?:(?:(?:index|registry-1)\.)?docker\.io|registry\.hub\.docker\.com|mirror\.gcr\.io|public\.ecr\.aws\/docker)\/+(?=.)/i;

// `{hex, isSure, name}`: the hex digits of a digest, or null; whether the text can only be a digest (`20180129` and `deadbeef` may
// be names too); and the text to search for among the names.
export function parseQuery(text) {
  const line = text.trim().slice(0, MAX_LENGTH).replace(PROMPT, "");
  const listed = LISTED.exec(line);
  const hex = parseDigest(line) ?? (DIGEST.exec(line) ?? WHOLE_DIGEST.exec(line))?.[1].toLowerCase() ?? listed?.[3].toLowerCase() ?? null;
  const isSure = hex !== null && !listed && (DIGEST.test(line) || /^[0-9a-f]{20}/i.test(line) || WHOLE_DIGEST.test(line) || line.includes("@"));
  return { hex, isSure, name: listed ? named(listed[1], listed[2]) : nameIn(line) };
}

function nameIn(line) {
  if (HUB.test(line)) return onHub(line);
  if (FROM.test(line)) return firstName(line.replace(FROM, "").replace(/\s+as\s+\S+\s*$/i, ""));
  if (COMMAND.test(line)) return firstName(line.replace(COMMAND, ""));
  const pulling = PULLING.exec(line);
  if (pulling) return named(pulling[2], pulling[1]);
  const word = (MESSAGE.exec(line) ?? ASSIGNED.exec(line))?.[1];
  return familiar(unquoted(word ?? line.replace(YAML, "")));
}

// The first word of a command that looks like a name. Options come before it; `8080:80` is the value of one.
function firstName(line) {
  const words = line.split(/\s+/).map(unquoted).filter((word) => word && !word.startsWith("-"));
  return familiar(words.find((word) => /^[a-z0-9[]/i.test(word) && !/^[\d.:]+(\/\w+)?$/.test(word) && !/[=\\$]/.test(word)) ?? words[0] ?? "");
}

// /_/python, /r/bitnami/redis/tags, /layers/library/python/3.6/images/sha256-…, all with ?name= or ?tab=tags&name=
function onHub(line) {
  const url = new URL(line.replace(HUB, "https://hub.docker.com/"));
  const [kind, ...path] = url.pathname.split("/").filter(Boolean);
  const layers = kind === "layers" || kind === "_" || kind === "r" || kind === "repository" ? path : [kind, ...path];
  const words = layers[0] === "docker" && kind === "repository" ? layers.slice(1) : layers;
  const isOfficial = kind === "_" || words[0] === "library";
  const image = isOfficial ? (words[0] === "library" ? words[1] : words[0]) : words.slice(0, 2).join("/");
  const tag = kind === "layers" ? words[2] : url.searchParams.get("name");
  return named(image ?? "", tag ?? "");
}

function named(image, tag) {
  const name = familiar(image);
  return tag && tag !== "<none>" ? `${name}:${tag}` : name;
}

// The familiar name. Docker Hub has several addresses, and the copies of its images have others.
function familiar(name) {
  return name.replace(SCHEME, "").replace(REGISTRIES, "").replace(/^library\/(?=.)/, "").replace(/@.*$/, "");
}

function unquoted(word) {
  return word.replace(/^["'`“‘]+|["'`”’,;]+$/g, "");
}

// Names that differ from a word in few characters, nearest first: one of them may have been meant.
export function nearest(word, names) {
  const most = word.length > 5 ? 2 : 1;
  return names
    .map((name) => ({ name, distance: Math.abs(name.length - word.length) > most ? Infinity : distance(word, name) }))
    .filter((one) => one.distance <= most)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}

// The optimal string alignment distance: insertions, deletions, replacements, and swaps of neighbours.
function distance(a, b) {
  let [older, before] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let row = 1; row <= a.length; row += 1) {
    const now = [row];
    for (let at = 1; at <= b.length; at += 1) {
      const isSame = a[row - 1] === b[at - 1];
      now[at] = Math.min(before[at] + 1, now[at - 1] + 1, before[at - 1] + (isSame ? 0 : 1));
      if (row > 1 && at > 1 && a[row - 1] === b[at - 2] && a[row - 2] === b[at - 1]) now[at] = Math.min(now[at], older[at - 2] + 1);
    }
    [older, before] = [before, now];
  }
  return before[b.length];
}
