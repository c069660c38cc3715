// Helpers to write the members of a change, which collector/diff/changes.py defines.

// The fields whose value is not the default (null, an empty text, zero, an empty list).
export function withoutDefaults(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isDefault(value)));
}

function isDefault(value) {
  return value === null || value === "" || value === 0 || (Array.isArray(value) && value.length === 0);
}

// Both values, if they differ. A value is a text, a number, null, or a list of texts.
export function pair(before, after) {
  return JSON.stringify(before) === JSON.stringify(after) ? null : [before, after];
}

// A setting may have an empty value, so only missing values are left out.
export function settingChange(kind, name, before, after) {
  return {
    kind,
    ...withoutDefaults({ name }),
    ...(before === null ? {} : { before }),
    ...(after === null ? {} : { after }),
  };
}
