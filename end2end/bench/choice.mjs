// What is measured: all of it, or what FUMIBAKO_BENCH_ONLY or the words of the command line name; at the sizes of
// FUMIBAKO_BENCH_SIZES, else at those for which the other portal has a Maildir.

/** The sections, in the order in which they run. */
export const SECTIONS = {
  warm: "lists, letters and searches, one request at a time",
  load: "requests a second, sixteen at once",
  arrival: "the first list after a new message",
  cost: "processor time, against a bare server",
  clicks: "from the click to the letter, in a browser",
  start: "start with the index made",
  first: "the first visit ever",
  indexing: "making the index",
  growth: "the largest size against the smallest",
  readers: "memory for one more reader",
  download: "a large attachment",
  signins: "five hundred sign-ins in a minute",
  idle: "memory for sessions that nobody uses",
  hang: "a file system that stops, under both portals",
  outage: "a spool that hangs",
  others: "what one that hangs costs others, and mail servers that hang cost readers",
};

const words = (text) => (text ?? "").split(/[\s,]+/).filter(Boolean);

function refuse(why) {
  console.error(why);
  process.exit(2);
}

/** `has(section)`, and the sizes asked for (none if nobody asked). */
export function choice() {
  const named = [...process.argv.slice(2), ...words(process.env.FUMIBAKO_BENCH_ONLY)];
  const unknown = named.filter((name) => !(name in SECTIONS));
  if (unknown.length > 0) refuse(`no such sections: ${unknown.join(", ")}; there are\n${Object.entries(SECTIONS).map(([name, what]) => `  ${name.padEnd(10)}${what}`).join("\n")}`);
  const sizes = words(process.env.FUMIBAKO_BENCH_SIZES).map(Number);
  if (sizes.some((size) => !Number.isInteger(size) || size < 100)) refuse("FUMIBAKO_BENCH_SIZES takes numbers of messages from 100, such as \"1000 10000\"");
  return { has: (section) => named.length === 0 || named.includes(section), sizes: sizes.sort((a, b) => a - b) };
}
