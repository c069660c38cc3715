// Mirrors collector/diff/changes.py, which says what a change is made of: here, how it is written.

// The fields without those that have their default: nothing, an empty text, zero, an empty list.
export function withoutDefaults(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isDefault(value)));
}

function isDefault(value) {
  return value === null || value === "" || value === 0 || (Array.isArray(value) && value.length === 0);
}

// Both values, where they differ; values are text, numbers, null, or lists of text.
export function pair(before, after) {
  return JSON.stringify(before) === JSON.stringify(after) ? null : [before, after];
}

// A setting's values may be empty: only what is not there is left out.
export function settingChange(kind, name, before, after) {
  return {
    kind,
    ...withoutDefaults({ name }),
    ...(before === null ? {} : { before }),
    ...(after === null ? {} : { after }),
  };
}
