// What belongs together, each list with its entry first: all of a list is asked for at once, where the browser would find one
// import after the other, with a round trip to the host for each. A test holds the lists to what the modules import.

const DIFFER = "changes config_settings configs differ healthchecks images instructions model platform_matches python sequences step_settings steps word_diff";

export const SEARCH = "searchbox combobox digestindex digests dom names queries site states suggestions text".split(" ");

export const DIFFERENCE = [
  ..."difference changes diffcolours dom histories site states text values".split(" "),
  ...DIFFER.split(" ").map((name) => `differ/${name}`),
];

export const COMPARISON = [
  ..."comparepage combobox copy digestindex digests names queries references sides targets".split(" "),
  ...DIFFERENCE.filter((name) => name !== "difference"),
];

export const DIGEST = "digestpage digestindex digests dom names queries site states text".split(" ");

// The entry of a list, when all of it is there.
export function load(names) {
  return Promise.all(names.map((name) => import(`./${name}.js`))).then(([entry]) => entry);
}
