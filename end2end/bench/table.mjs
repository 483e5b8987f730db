// The lines of the report: what was measured, how it stands to the other portal, the bar, and whether it is met.
import { ms } from "./measure.mjs";

const NAME = 46;
const FIGURE = 12;

/** How a unit is written. */
const WRITTEN = {
  ms,
  "/s": (value) => `${value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString("en")} /s`,
  s: (value) => `${value.toFixed(1)} s`,
  MiB: (value) => `${value.toFixed(1)} MiB`,
  KiB: (value) => `${value.toFixed(2)} KiB`,
  B: (value) => `${Math.round(value)} B`,
  "×": (value) => `${value.toFixed(2)}×`,
};

const significant = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value >= 0.1 ? value.toFixed(2) : value.toFixed(4));
const verdict = (value, bar, least) => ((least ? value >= bar : value <= bar) ? "met" : "MISSED");
const limit = (bar, least) => `${least ? "≥" : "≤"} ${bar}`;

/** The bar at this size, of those for 1,000, 10,000 and 100,000 messages. */
export const barAt = (size, [small, middle, large]) => (size >= 100_000 ? large : size >= 10_000 ? middle : small);

export function heading(title) {
  console.log(`\n${title.padEnd(NAME)} ${"ours".padStart(FIGURE)} ${"theirs".padStart(FIGURE)} ${"ratio".padStart(8)}  ${"bar".padEnd(8)}`);
}

/** A figure beside the other's, and a bar for their ratio; `least`: more is better. `spread` is told after it. */
export function compared(name, ours, theirs, { bar, least = false, unit = "ms", note = "" } = {}) {
  const write = WRITTEN[unit];
  const figures = `${name.padEnd(NAME)} ${write(ours).padStart(FIGURE)} ${(theirs === undefined ? "" : write(theirs)).padStart(FIGURE)}`;
  const ratio = ours / theirs;
  const judged = theirs === undefined ? "" : ` ${significant(ratio).padStart(8)}  ${bar === undefined ? "" : `${limit(bar, least).padEnd(8)} ${verdict(ratio, bar, least)}`}`;
  console.log(`${figures}${judged}${note && `   ${note}`}`.trimEnd());
}

/** A figure of ours with a bar of its own. */
export function alone(name, value, { bar, least = false, unit = "ms", note = "" } = {}) {
  const judged = bar === undefined ? "" : ` ${"".padStart(FIGURE)} ${"".padStart(8)}  ${limit(bar, least).padEnd(8)} ${verdict(value, bar, least)}`;
  console.log(`${name.padEnd(NAME)} ${WRITTEN[unit](value).padStart(FIGURE)}${judged}${note && `   ${note}`}`.trimEnd());
}

/** A sentence in place of a figure. */
export const said = (name, text) => console.log(`${name.padEnd(NAME)} ${text}`);
