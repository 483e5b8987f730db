// `make test` calls this: budgets, corpus, other mail programs, and the browser tests in both modes, against the built binary.
// `node end2end/run.mjs [harness|budgets|corpus|peers|outage|faults|plain|hydrated|security|axe|crash …]` runs only those. Where CI is set,
// what is skipped has failed, but for what `may-be-skipped.mjs` names.
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { program } from "./lib/browser.mjs";
import { binary } from "./lib/server.mjs";
import { judge, said } from "./lib/skips.mjs";
import { run } from "./lib/suite.mjs";
import { told } from "./lib/told.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const tests = (folder) => readdirSync(path.join(here, folder)).filter((name) => name.endsWith(".test.mjs")).map((name) => path.join(here, folder, name));
const SUITES = {
  harness: ["--test", ...tests("harness")],
  budgets: ["budgets.mjs"],
  corpus: ["corpus.mjs"],
  peers: ["--test", ...tests("peers")],
  outage: ["--test", ...tests("outage")],
  faults: ["--test", ...tests("faults")],
  plain: ["--test", ...tests("plain")],
  hydrated: ["--test", ...tests("hydrated")],
  security: ["--test", ...tests("security")],
  axe: ["--test", ...tests("axe")],
  crash: ["--test", path.join(here, "crash.test.mjs")],
};

try {
  console.log(`${binary()} in ${program()}`);
} catch (missing) {
  console.error(missing.message);
  process.exit(2);
}
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in SUITES) && !existsSync(name));
if (unknown.length > 0) {
  console.error(`no such tests: ${unknown.join(", ")}; there are ${Object.keys(SUITES).join(", ")}`);
  process.exit(2);
}
const failed = [];
const skips = [];
for (const name of asked.length > 0 ? asked : Object.keys(SUITES)) {
  console.log(`\n== ${name}`);
  const args = SUITES[name] ?? ["--test", name];
  // One file at a time: each starts a portal and a browser of its own, and the machine may be small.
  if (args[0] === "--test") {
    for (const file of args.slice(1)) {
      const { isFailed, skips: left } = await run(file);
      skips.push(...left);
      if (isFailed) failed.push(path.relative(here, file));
    }
  } else {
    const { status, text } = await told(process.execPath, [path.join(here, args[0])]);
    skips.push(...said(text));
    if (status !== 0) failed.push(args[0]);
  }
}
console.log();
if (judge(skips) > 0) failed.push("what was skipped");
if (failed.length > 0) {
  console.error(`\nfailed: ${failed.join(", ")}`);
  process.exit(1);
}
