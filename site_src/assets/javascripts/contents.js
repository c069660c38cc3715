// Shows the content of a digest (an index, an image or a layer), even if no tag has it any more.

import { imagesOf, platformName, sizeOf, createdOf } from "./differ/model.js";
import { imageAddress } from "./digests.js";
import { h, table } from "./dom.js";
import { annotationRows, bounded, facts, imageParts, pull, stepBlock } from "./imageparts.js";
import { pairSteps } from "./step_layers.js";
import { firstImage, loadImage, loadState } from "./states.js";
import { count, exactSize, minute, size } from "./text.js";
import { digestLink } from "./values.js";

const MAX_ROWS = 200; // of a table

// The elements that describe an object. `number`: its number; `object`: its published form.
export async function contentsOf({ image, number }, object) {
  const address = imageAddress(image);
  if (object.manifest) return imageParts(image, await loadImage(address, number));
  if (object.state) return stateParts(image, await loadState(address, number));
  if (object.layer) return layerParts(object, await firstImage(address, number));
  if (object.artifact) return [artifacts([object])];
  const why = object.absent ? "An index names this manifest, but the registry did not have it." : "The archive lacks a part of its content.";
  return [h("p", {}, why)];
}

function stateParts(image, state) {
  const images = imagesOf(state);
  const attestations = state.all_images.length - images.length;
  return [
    images.length ? pull(`${image}@${state.digest}`) : null,
    facts([["Media type", bounded(state.media_type)], ...annotationRows(state.annotations)]),
    images.length ? h("h3", {}, "Platforms") : null,
    images.length ? platforms(images) : null,
    attestations ? h("p", {}, `The index also has ${count(attestations, "attestation manifest")}: `, links(state.all_images.filter((one) => !images.includes(one)))) : null,
    ...(state.artifacts.length ? [h("h3", {}, "Artifacts"), artifacts(state.artifacts.map(({ digest, ...said }) => ({ artifact: digest, ...said })))] : []),
    ...(state.absent.length ? [h("h3", {}, "Missing"), missing(state.absent)] : []),
  ].filter(Boolean);
}

function platforms(images) {
  const rows = images.slice(0, MAX_ROWS).map((one) => [
    bounded(platformName(one.platform)),
    size(sizeOf(one)),
    String(one.layers.length),
    minute(createdOf(one.config)),
    digestLink(one.manifest),
  ]);
  return h("div", {}, table(["Platform", "Size", "Layers", "Created", "Manifest"], rows, [1, 2]), left(images));
}

function links(images) {
  return images.slice(0, MAX_ROWS).flatMap((one, at) => [at ? ", " : "", digestLink(one.manifest)]);
}

function artifacts(all) {
  const rows = all.slice(0, MAX_ROWS).map(({ artifact, kind, size: bytes }) => [bounded(kind), exactSize(bytes), digestLink(artifact)]);
  return h("div", {}, table(["Type of the artifact", "Size", "Manifest"], rows, [1]), left(all));
}

function missing(digests) {
  const items = digests.slice(0, MAX_ROWS).map((digest) => h("li", {}, digestLink(digest)));
  return h("div", {}, h("p", {}, "The index names manifests that the registry did not have."), h("ul", {}, items), left(digests));
}

function left(all) {
  return all.length > MAX_ROWS ? h("p", {}, `and ${count(all.length - MAX_ROWS, "more", "more")}`) : null;
}

function layerParts(layer, first) {
  const at = first ? first.layers.findIndex(({ digest }) => digest === layer.layer) : -1;
  const step = first ? pairSteps(first.config.history, first.layers.map((layer) => layer.size)).indexOf(at) : -1;
  return [
    facts([
      ["Size", `${exactSize(layer.size)}, compressed`],
      layer.type ? ["Media type", bounded(layer.type)] : null,
      at >= 0 ? ["First seen in", [digestLink(first.manifest), ` (${bounded(platformName(first.platform))})`]] : null,
      at >= 0 ? ["Place", `${at + 1} of ${count(first.layers.length, "layer")}`] : null,
    ]),
    at >= 0 && step >= 0 ? h("h3", {}, "The step that made it") : null,
    at >= 0 && step >= 0 ? stepBlock(first.config.history[step]) : null,
  ].filter(Boolean);
}
