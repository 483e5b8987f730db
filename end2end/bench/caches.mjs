// What the kernel remembers of files: dropped before a first visit, filled before what is measured with warm files.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";

/** Drops the page cache of the whole machine; says whether it may. */
export function drop() {
  spawnSync("sync");
  try {
    writeFileSync("/proc/sys/vm/drop_caches", "3\n");
    return true;
  } catch {
    return false;
  }
}

/** Reads every file below `folder` once. */
export async function fill(folder) {
  const child = spawn("find", [folder, "-type", "f", "-exec", "cat", "{}", "+"], { stdio: ["ignore", "ignore", "ignore"] });
  await once(child, "exit");
}
