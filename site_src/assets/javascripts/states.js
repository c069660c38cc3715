// Reads states from the objects of their image. site_src/api.md describes the files, collector/pages/objects the objects.

import { fetchOnce } from "./site.js";

const PLACES = 64; // in one file
const MAX_FILES = 8; // that are searched for an image
const LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";
const MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
const LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
const MADE = { "+": true, "-": false };
const SECOND = 1000; // milliseconds

// The file with the object of this number, and the object's index in it: `{file, place}`.
export async function loadFile(imageAddress, number) {
  const path = `api/v1/${imageAddress}objects/-${Math.floor(number / PLACES)}.json.gz`;
  return { file: await fetchOnce(path), place: number % PLACES };
}

async function loadObject(imageAddress, number) {
  const { file, place } = await loadFile(imageAddress, number);
  if (file.objects[place] === undefined) throw new Error(`${imageAddress}: no object ${number}`);
  return file.objects[place];
}

// The package list of an image: `{imageAddress, number}`; null if it is not known.
async function loadListPlace(imageAddress, number) {
  const { file, place } = await loadFile(imageAddress, number);
  const list = file.packages_of?.[place];
  return list === undefined ? null : { imageAddress, number: list };
}

function loadAll(load, imageAddress, numbers = []) {
  return Promise.all(numbers.map((number) => load(imageAddress, number)));
}

// The image with which a layer first appeared: the next one after it; null if there is none nearby.
export async function firstImage(imageAddress, number) {
  for (let near = 0; near < MAX_FILES; near += 1) {
    const { file, place } = await loadFile(imageAddress, number);
    const found = file.objects.findIndex((object, at) => at >= place && object.manifest);
    if (found >= 0) return loadImage(imageAddress, number - place + found);
    number += PLACES - place;
  }
  return null;
}

// The state of this number as a plain object: the JSON of collector.model.images.State.
export async function loadState(imageAddress, number) {
  const published = await loadObject(imageAddress, number);
  const [images, artifacts, absent] = await Promise.all([
    loadAll(loadImage, imageAddress, published.manifest ? [number] : published.images),
    loadAll(loadObject, imageAddress, published.artifacts),
    loadAll(loadObject, imageAddress, published.absent),
  ]);
  return {
    digest: published.manifest ?? published.state,
    media_type: published.manifest ? images[0].media_type : (published.type ?? LIST),
    all_images: images,
    annotations: (!published.manifest && published.annotations) || [],
    artifacts: artifacts.map(({ artifact, kind, size }) => ({ digest: artifact, kind, size })),
    absent: absent.map(({ absent }) => absent),
    unread: ((!published.manifest && published.unread) || []).map(platformOf),
  };
}

// One image: the JSON of collector.model.images.Image, and `list` if its packages are known.
export async function loadImage(imageAddress, number) {
  const published = await loadObject(imageAddress, number);
  const [list, layers, texts] = await Promise.all([
    loadListPlace(imageAddress, number),
    loadAll(loadObject, imageAddress, published.layers),
    loadAll(loadObject, imageAddress, published.steps),
  ]);
  return {
    manifest: published.manifest,
    media_type: published.type ?? MANIFEST,
    platform: platformOf(published.platform),
    config: config(published, texts),
    layers: layers.map(({ layer, size, type, has_size = true }) => ({ digest: layer, size, media_type: type ?? LAYER, has_size, last_modified: null })),
    annotations: published.annotations ?? [],
    attests: published.attests ?? null,
    ...(published.after && { after: published.after }),
    statements: published.statements ?? [],
    ...(list && { list }),
  };
}

// The parts of a published platform by name.
export function platformOf([os = "", architecture = "", variant = "", version = ""]) {
  return { os, architecture, ...(variant && { variant }), ...(version && { "os.version": version }) };
}

function config(published, texts) {
  const created = moments(published.created ?? []);
  const history = texts.map((text, at) => ({ created: created[at] ?? null, text, made_layer: MADE[published.made?.[at]] ?? null }));
  return {
    digest: published.config,
    platform: platformOf(published.config_platform ?? published.platform),
    history,
    docker_version: published.docker_version ?? null,
    entrypoint: published.entrypoint ?? null,
    cmd: published.cmd ?? null,
    shell: published.shell ?? null,
    built: published.built ?? null,
    runtime: published.runtime ? runtime(published.runtime) : null,
  };
}

function runtime(published) {
  return {
    environment: published.environment ?? [],
    labels: published.labels ?? [],
    exposed_ports: published.exposed_ports ?? [],
    volumes: published.volumes ?? [],
    working_directory: published.working_directory ?? "",
    user: published.user ?? "",
    stop_signal: published.stop_signal ?? "",
    healthcheck: published.healthcheck ?? null,
    on_build: published.on_build ?? [],
    stop_timeout: published.stop_timeout ?? null,
  };
}

// The times of steps. A number is the seconds since the last known time before it.
function moments(times) {
  let last = 0;
  return times.map((moment) => {
    if (typeof moment !== "number") {
      last = parseMoment(moment) ?? last;
      return moment;
    }
    last += moment * SECOND;
    return renderMoment(last);
  });
}

// Null for a missing or invalid time, such as a 30th of February or a year 0.
function parseMoment(text) {
  const moment = Date.parse(text);
  return text >= "0001" && !Number.isNaN(moment) && renderMoment(moment) === text ? moment : null;
}

function renderMoment(moment) {
  return `${new Date(moment).toISOString().slice(0, 19)}Z`;
}
