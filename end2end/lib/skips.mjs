// What was not tried. Tests say it in a line of their error output, in JavaScript and in Rust alike; a reporter adds what the runner skips.
import { MAY_BE_SKIPPED } from "../may-be-skipped.mjs";

const LINE = /^SKIPPED, (.+?) is not tried: (.*)$/gm;

/** The line that says so. */
export const line = (what, why) => `SKIPPED, ${what} is not tried: ${why}`;

/** Says that something is not tried, where there is a reason. The answer is for `skip`. */
export function lacking(what, why) {
  if (why) console.error(line(what, why));
  return why ?? false;
}

/** What these lines say that was not tried, each once: `{what, why}`. */
export function said(text) {
  const found = new Map();
  for (const [, what, why] of text.matchAll(LINE)) found.set(what, why.trim());
  return [...found].map(([what, why]) => ({ what, why }));
}

/** Those of them that CI is not to leave out. */
export const unexcused = (skips, excuses = MAY_BE_SKIPPED) => skips.filter(({ what }) => !excuses.some((excuse) => excuse.what === what));

/** Tells what was not tried, last, where it is seen; answers how many of that are failures here. */
export function judge(skips, { isCi = Boolean(process.env.CI) } = {}) {
  for (const { what, why } of skips) console.error(line(what, why));
  const wrong = isCi ? unexcused(skips) : [];
  if (wrong.length > 0) console.error(`skipped, and not to be where CI is set (end2end/may-be-skipped.mjs): ${wrong.map(({ what }) => what).join(", ")}`);
  return wrong.length;
}
