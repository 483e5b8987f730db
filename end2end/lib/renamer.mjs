// Started by `faults/storm.test.mjs`: renames messages of a directory at random, in bursts, as a program does that marks them. Arguments:
// the directory, renames in a burst, bursts, seed. Prints how many it renamed.
import { readdirSync, renameSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { numbers } from "./chance.mjs";

/** ms */
const BETWEEN = 300;
const [cur, each, bursts, seed] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const random = numbers(seed);
let count = 0;
for (let burst = 0; burst < bursts; burst++) {
  if (burst > 0) await pause(BETWEEN);
  // Sorted: the order of a directory is no part of a seed.
  const names = readdirSync(cur).sort();
  for (let turn = 0; turn < each; turn++) {
    const at = Math.floor(random() * names.length);
    const [base, flags] = names[at].split(":2,");
    const renamed = `${base}:2,${flags.includes("F") ? flags.replace("F", "") : `F${flags}`}`;
    renameSync(path.join(cur, names[at]), path.join(cur, renamed));
    names[at] = renamed;
    count++;
  }
}
console.log(count);
