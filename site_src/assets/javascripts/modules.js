// Groups of modules, each with its entry first. All modules of a group are requested at once. Otherwise the browser would find the
// imports one after another, with a round trip for each. A test compares the groups with the imports.

const DIFFER = "changes config_settings configs differ healthchecks images instructions model package_changes platform_matches python sequences step_settings steps word_diff";

export const SEARCH =
  "searchbox combobox digestindex digests dom names packageindex packages queries site states suggestions text versions".split(" ");

export const DIFFERENCE = [
  ..."difference changes diffcolours dom histories historyparts packageindex packagelists site states steps_in_settings text values".split(" "),
  ...DIFFER.split(" ").map((name) => `differ/${name}`),
];

export const COMPARISON = [
  ..."comparepage combobox copy digestindex digests examples historyparts names platformfates queries references sides targets".split(" "),
  ...DIFFERENCE.filter((name) => !["difference", "histories", "historyparts"].includes(name)),
];

export const DIGEST = "digestpage digestindex digests dom examples lookup names queries site states text versions".split(" ");

export const PACKAGE = "packagepage digestindex digests dom lookup packageindex packages site states text".split(" ");

export const WHY = [
  ..."whypage build_changes copy digestindex digests dom examples historyparts historytable modules names queries".split(" "),
  ..."references release_text site states text differ/python".split(" "),
  ..."dockerfile files instructions variables yaml_blocks yaml_files yaml_flow yaml_lines yaml_scalars yaml_values".split(" ").map((name) => `dockerfiles/${name}`),
];

// Loads all modules of a group, and resolves to its entry.
export function load(names) {
  return Promise.all(names.map((name) => import(`./${name}.js`))).then(([entry]) => entry);
}
