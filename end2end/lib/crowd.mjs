// Many people at once: so many of them at a time, and what they were told.

/** Has `body` done for each of `people`, `width` of them at a time. */
export async function atOnce(people, width, body) {
  const waiting = people.values();
  await Promise.all(Array.from({ length: width }, async () => {
    for (const person of waiting) await body(person);
  }));
}

/** `part` of these numbers are not larger. */
export function share(numbers, part) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

/** A time in ms, as people read it. */
export const times = (took) => `page p50 ${share(took, 0.5).toFixed(0)}, p95 ${share(took, 0.95).toFixed(0)} ms`;
