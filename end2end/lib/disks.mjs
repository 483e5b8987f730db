// File systems of a few megabytes in a file or in memory, to be filled, frozen or made read-only. They need root.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { atEnd } from "./endings.mjs";

/** Runs a program that has to succeed. */
export function must(program, ...args) {
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
}

/** Why this system has no ext4 in a file, or nothing: it is tried. */
export function noLoop() {
  const image = path.join(tmpdir(), `fumibako-loop-${process.pid}`);
  try {
    const disk = loop(image);
    disk.remove();
    return null;
  } catch (error) {
    return `no ext4 can be mounted from a file (${String(error.message).trim().split("\n")[0]})`;
  } finally {
    rmSync(image, { force: true });
    rmSync(`${image}.at`, { force: true, recursive: true });
  }
}

/** Why nothing can be mounted in memory, or nothing. */
export function noTmpfs() {
  const at = path.join(tmpdir(), `fumibako-tmpfs-${process.pid}`);
  try {
    memory(at, "64k").remove();
    return null;
  } catch (error) {
    return `no tmpfs can be mounted (${String(error.message).trim().split("\n")[0]})`;
  } finally {
    rmSync(at, { force: true, recursive: true });
  }
}

/** A tmpfs of that size. */
export function memory(at, size) {
  mkdirSync(at, { recursive: true });
  must("mount", "-t", "tmpfs", "-o", `size=${size}`, "fumibako", at);
  const off = () => spawnSync("umount", ["-l", at]);
  const leave = atEnd(off);
  return { at, remove: () => (leave(), off()) };
}

/** An ext4 in a file, mounted beside it. */
function loop(image, at = `${image}.at`) {
  mkdirSync(at, { recursive: true });
  writeFileSync(image, "");
  truncateSync(image, 64 << 20);
  must("mkfs.ext4", "-q", "-F", image);
  must("mount", "-o", "loop", image, at);
  const off = () => {
    spawnSync("fsfreeze", ["-u", at]);
    spawnSync("umount", ["-l", at]);
  };
  const leave = atEnd(off);
  return {
    /** Writing waits, reading does not. */
    freeze: () => must("fsfreeze", "-f", at),
    thaw: () => spawnSync("fsfreeze", ["-u", at]),
    readOnly: () => must("mount", "-o", "remount,ro", at),
    writable: () => must("mount", "-o", "remount,rw", at),
    remove() {
      leave();
      off();
      rmSync(image, { force: true });
    },
  };
}

/** For `campus`: what lies `behind` is copied to an ext4 that is mounted `at`. */
export async function onLoop(behind, at) {
  const disk = loop(`${at}.ext4`, at);
  cpSync(behind, at, { recursive: true, preserveTimestamps: true });
  return disk;
}
