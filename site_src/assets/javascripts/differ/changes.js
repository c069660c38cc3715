// Mirrors collector/diff/changes.py, which defines the members of a change; this module writes them.

// The fields without those with their default: null, an empty text, zero, an empty list.
export function withoutDefaults(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isDefault(value)));
}

function isDefault(value) {
  return value === null || value === "" || value === 0 || (Array.isArray(value) && value.length === 0);
}

// Both values, if they differ; values are text, numbers, null, or lists of text.
export function pair(before, after) {
  return JSON.stringify(before) === JSON.stringify(after) ? null : [before, after];
}

// The values of a setting may be empty: only missing ones are left out.
export function settingChange(kind, name, before, after) {
  return {
    kind,
    ...withoutDefaults({ name }),
    ...(before === null ? {} : { before }),
    ...(after === null ? {} : { after }),
  };
}
