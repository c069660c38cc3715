// Reads states from the objects of their image. site_src/api.md describes the files, collector/pages/objects the objects.

import { fetchOnce } from "./site.js";

const PLACES = 64; // numbers of a file
const NEAR = 8; // files
const LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";
const MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
const LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
const MADE = { "+": true, "-": false };
const SECOND = 1000;

// The place of the object with this number: `{file, place}`.
export async function loadFile(imageAddress, number) {
  const path = `api/v1/${imageAddress}objects/-${Math.floor(number / PLACES)}.json.gz`;
  return { file: await fetchOnce(path), place: number % PLACES };
}

async function loadObject(imageAddress, number) {
  const { file, place } = await loadFile(imageAddress, number);
  if (file.objects[place] === undefined) throw new Error(`${imageAddress}: no object ${number}`);
  return file.objects[place];
}

// Where the packages of an image are listed: `{imageAddress, number}`; null if they are not known.
async function loadListPlace(imageAddress, number) {
  const { file, place } = await loadFile(imageAddress, number);
  const list = file.packages_of?.[place];
  return list === undefined ? null : { imageAddress, number: list };
}

function loadAll(load, imageAddress, numbers = []) {
  return Promise.all(numbers.map((number) => load(imageAddress, number)));
}

// The image with which a layer first appeared is the next one after it; null if none is near.
export async function firstImage(imageAddress, number) {
  for (let near = 0; near < NEAR; near += 1) {
    const { file, place } = await loadFile(imageAddress, number);
    const found = file.objects.findIndex((object, at) => at >= place && object.manifest);
    if (found >= 0) return loadImage(imageAddress, number - place + found);
    number += PLACES - place;
  }
  return null;
}

// The state of this number as a plain object: the JSON of collector.model.images.State.
export async function loadState(imageAddress, number) {
  const said = await loadObject(imageAddress, number);
  const [images, artifacts, absent] = await Promise.all([
    loadAll(loadImage, imageAddress, said.manifest ? [number] : said.images),
    loadAll(loadObject, imageAddress, said.artifacts),
    loadAll(loadObject, imageAddress, said.absent),
  ]);
  return {
    digest: said.manifest ?? said.state,
    media_type: said.manifest ? images[0].media_type : (said.type ?? LIST),
    all_images: images,
    annotations: (!said.manifest && said.annotations) || [],
    artifacts: artifacts.map(({ artifact, kind, size }) => ({ digest: artifact, kind, size })),
    absent: absent.map(({ absent }) => absent),
    unread: ((!said.manifest && said.unread) || []).map(platform),
  };
}

// One image: the JSON of collector.model.images.Image, and `list` if its packages are known.
export async function loadImage(imageAddress, number) {
  const said = await loadObject(imageAddress, number);
  const [list, layers, texts] = await Promise.all([
    loadListPlace(imageAddress, number),
    loadAll(loadObject, imageAddress, said.layers),
    loadAll(loadObject, imageAddress, said.steps),
  ]);
  return {
    manifest: said.manifest,
    media_type: said.type ?? MANIFEST,
    platform: platform(said.platform),
    config: config(said, texts),
    layers: layers.map(({ layer, size, type, has_size = true }) => ({ digest: layer, size, media_type: type ?? LAYER, has_size, last_modified: null })),
    annotations: said.annotations ?? [],
    attests: said.attests ?? null,
    ...(said.after && { after: said.after }),
    statements: said.statements ?? [],
    ...(list && { list }),
  };
}

function platform([os = "", architecture = "", variant = "", version = ""]) {
  return { os, architecture, ...(variant && { variant }), ...(version && { "os.version": version }) };
}

function config(said, texts) {
  const created = moments(said.created ?? []);
  const history = texts.map((text, at) => ({ created: created[at] ?? null, text, made_layer: MADE[said.made?.[at]] ?? null }));
  return {
    digest: said.config,
    platform: platform(said.config_platform ?? said.platform),
    history,
    docker_version: said.docker_version ?? null,
    entrypoint: said.entrypoint ?? null,
    cmd: said.cmd ?? null,
    shell: said.shell ?? null,
    built: said.built ?? null,
    runtime: said.runtime ? runtime(said.runtime) : null,
  };
}

function runtime(said) {
  return {
    environment: said.environment ?? [],
    labels: said.labels ?? [],
    exposed_ports: said.exposed_ports ?? [],
    volumes: said.volumes ?? [],
    working_directory: said.working_directory ?? "",
    user: said.user ?? "",
    stop_signal: said.stop_signal ?? "",
    healthcheck: said.healthcheck ?? null,
    on_build: said.on_build ?? [],
    stop_timeout: said.stop_timeout ?? null,
  };
}

// Numbers are seconds since the last known time before them.
function moments(said) {
  let last = 0;
  return said.map((moment) => {
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
