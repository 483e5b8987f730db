// A spool on our own file system for tests (`crates/faultfs`): slow, away, failing, and counting what is asked of it.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { atEnd } from "./endings.mjs";

const root = path.resolve(fileURLToPath(new URL(".", import.meta.url)), "../..");

/** FUMIBAKO_FAULTFS, or what `make faultfs` leaves behind. */
const program = () => process.env.FUMIBAKO_FAULTFS ?? path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, "target"), "debug/faultfs");

/** What is missing to do so, or nothing. */
export function missing() {
  if (!existsSync("/dev/fuse")) return "this system has no FUSE";
  if (process.getuid() !== 0) return "it wants root";
  if (spawnSync("sh", ["-c", "command -v fusermount3"]).status !== 0) return "Debian's fuse3 is not there";
  if (!existsSync(program())) return `${program()} is not there: make faultfs`;
  return null;
}

/** `behind`, passed on read-only at `at`. */
export async function faulty(behind, at) {
  mkdirSync(at, { recursive: true });
  const child = spawn(program(), [behind, at], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const endWithUs = () => {
    spawnSync("fusermount3", ["-uz", at]);
    child.kill("SIGKILL");
  };
  const leave = atEnd(endWithUs);
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("faultfs ended");
    if (value.startsWith("error")) throw new Error(value);
    return value;
  };
  await next();
  let last = Promise.resolve();
  // One line, one answer, in order.
  const tell = (line) => {
    child.stdin.write(`${line}\n`);
    return (last = last.then(next));
  };
  return {
    /** See `crates/faultfs/src/command.rs`. */
    tell,
    /** How often what was asked since the last `reset`. */
    counts: async () => JSON.parse(await tell("counts")),
    hang: (within = "", ops = "any") => tell(`hang ${ops} ${within}`.trim()),
    answer: () => tell("heal"),
    async remove() {
      leave();
      if (child.exitCode === null) await tell("heal").catch(() => {});
      spawnSync("fusermount3", ["-uz", at]);
      child.stdin.end();
      child.kill("SIGKILL");
      await ended;
    },
  };
}
