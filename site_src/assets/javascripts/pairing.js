// Which step made which layer, by the rules of collector/pages/step_layers.py.

const RULES = [null, new Set(["RUN", "COPY", "ADD"]), new Set(["RUN", "COPY", "ADD", "WORKDIR"])]; // null: every step did

// For each step the place of its layer, or null where it made none or it cannot be told.
export function pairSteps(steps, layers) {
  const known = steps.map((step) => step.made_layer).filter((made) => made !== null);
  const ways = known.length ? [known] : RULES.map((makers) => steps.map(({ text }) => !makers || makers.has(text.split(" ", 1)[0].toUpperCase())));
  const made = ways.find((way) => way.length === steps.length && way.filter(Boolean).length === layers);
  let next = 0;
  return steps.map((_, at) => (made?.[at] ? next++ : null));
}
