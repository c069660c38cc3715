// Values that collector/model/images.py and collector/model/platforms.py derive from states, images and configs.

import { sum } from "./python.js";

const MAX_PART = 50;

// The images that can be pulled and run: all but attestations.
export function imagesOf(state) {
  return state.all_images.filter((image) => !isAttestation(image.platform));
}

export function attestationsOf(state) {
  return state.all_images.filter((image) => isAttestation(image.platform));
}

function isAttestation({ os, architecture }) {
  return os === "unknown" && architecture === "unknown";
}

export function sizeOf(image) {
  return sum(image.layers.map((layer) => layer.size));
}

// The creation time of the image: the config's own, else that of its last step.
export function createdOf({ built, history }) {
  return built || ([...history].reverse().find((step) => step.created)?.created ?? null);
}

// `linux/arm64/v8`, `windows/amd64 10.0.14393.2007`.
export function platformName({ os, architecture, variant = "", "os.version": version = "" }) {
  const name = [os, architecture, variant].filter(Boolean).join("/");
  return version ? `${name} ${version}` : name;
}

// Equal for equal platforms.
export function platformKey({ os, architecture, variant = "", "os.version": version = "" }) {
  return JSON.stringify([os, architecture, variant, version]);
}

const SYSTEMS = { macos: "darwin" };
const ARCHITECTURES = { i386: "386", armhf: "arm", armel: "arm", x86_64: "amd64", "x86-64": "amd64", aarch64: "arm64" };
const IMPLIED = { i386: "", armhf: "v7", armel: "v6" };
const VARIANTS = {
  amd64: { v1: "" },
  arm64: { "": "v8", 8: "v8", 9: "v9", "9.0": "v9", "v9.0": "v9" },
  arm: { "": "v7", 5: "v5", 6: "v6", 7: "v7", 8: "v8" },
};

// The normalized spelling of a platform: `linux/arm64/v8` for `linux/arm64`.
export function normalized({ os, architecture, variant = "", ...rest }) {
  const [system, spelled, given] = [os, architecture, variant].map(lower);
  const name = own(ARCHITECTURES, spelled) ?? spelled;
  const kept = own(IMPLIED, spelled) ?? own(own(VARIANTS, name) ?? {}, given) ?? given;
  return { ...rest, os: own(SYSTEMS, system) ?? system, architecture: name, variant: kept };
}

function lower(text) {
  return [...text].every((char) => char < "\x80") ? text.toLowerCase() : text;
}

function own(table, key) {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

export function platformSlug(platform) {
  const { os, architecture, variant, "os.version": version = "" } = normalized(platform);
  const release = version.split(".").slice(0, 3).join(".");
  const parts = [os || "_", architecture || "_", variant, release].filter(Boolean);
  return parts.map((part) => part.replace(/[^A-Za-z0-9._]+/g, "_").slice(0, MAX_PART)).join("-");
}

// One slug per platform, in order; a second `linux-amd64` becomes `linux-amd64-2`.
export function platformSlugs(platforms) {
  const taken = new Set();
  const numbers = new Map();
  for (const platform of platforms) {
    const base = platformSlug(platform);
    let slug = base;
    while (taken.has(slug)) {
      numbers.set(base, (numbers.get(base) ?? 1) + 1);
      slug = `${base}-${numbers.get(base)}`;
    }
    taken.add(slug);
  }
  return [...taken];
}
