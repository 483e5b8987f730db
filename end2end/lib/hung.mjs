// A spool on a mount that can be made to hang, as a file server does that is gone: every call on it waits until it is back, or its process
// is killed. A folder passed on by bindfs, which is stopped.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { stat } from "node:fs/promises";
import { atEnd } from "./endings.mjs";

/** What is missing to do so, or nothing. */
export function missing() {
  for (const [program, name] of [["bindfs", "bindfs"], ["fusermount3", "fuse3"]]) {
    if (spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0) return `Debian's ${name} is not there`;
  }
  if (!existsSync("/dev/fuse")) return "this system has no FUSE";
  return null;
}

/** `behind`, passed on at `at`. Nothing is remembered by the kernel, so every look asks. */
export async function mounted(behind, at) {
  mkdirSync(at, { recursive: true });
  const before = (await stat(at)).dev;
  const child = spawn("bindfs", ["-f", "-o", "attr_timeout=0,entry_timeout=0,negative_timeout=0,allow_other", behind, at], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const ended = once(child, "exit");
  const endWithUs = () => {
    child.kill("SIGCONT");
    child.kill("SIGKILL");
    spawnSync("fusermount3", ["-uz", at]);
  };
  const leave = atEnd(endWithUs);
  while ((await stat(at)).dev === before) {
    if (child.exitCode !== null) throw new Error(`bindfs ended: ${said}`);
    await new Promise((soon) => setTimeout(soon, 20));
  }
  return {
    /** From now on nothing answers. */
    hang: () => child.kill("SIGSTOP"),
    /** And again it does. */
    answer: () => child.kill("SIGCONT"),
    async remove() {
      leave();
      child.kill("SIGCONT");
      spawnSync("fusermount3", ["-uz", at]);
      child.kill("SIGKILL");
      await ended;
    },
  };
}
