// Who of a portal's processes names which files: `strace` writes it down, one file for each process.
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

/** What starts a program so that it is written down in `folder`. */
export const traced = (folder) => ["strace", "-D", "-ff", "-qq", "-s", "4096", "-e", "trace=execve,%file", "-o", path.join(folder, "trace")];

/** The calls on files below `at`, of the helpers that read the spool and of all other processes. */
export function calls(folder, at) {
  const files = readdirSync(folder).filter((name) => name.startsWith("trace."));
  const found = { helpers: [], others: [] };
  for (const name of files) {
    const text = readFileSync(path.join(folder, name), "utf8");
    const of = /execve\([^\n]*"helper", "spool"/.test(text) ? found.helpers : found.others;
    of.push(...text.split("\n").filter((line) => line.includes(`"${at}`)));
  }
  return found;
}
