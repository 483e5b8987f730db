// Starts the built portal on a free loopback port with its own data folder, and ends exactly the process it started.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isFree } from "../bench/ports.mjs";
import { atEnd } from "./endings.mjs";

const root = path.resolve(fileURLToPath(new URL(".", import.meta.url)), "../..");

/** The binary under test: FUMIBAKO_BIN, or what `make release` leaves behind. */
export function binary() {
  const target = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
  const found = process.env.FUMIBAKO_BIN ?? path.join(target, "release/fumibako");
  if (!existsSync(found)) throw new Error(`${found} is not there: run make release first, or set FUMIBAKO_BIN`);
  return found;
}

/** A folder that is removed when the process ends well or badly. */
export async function scratch(name = "fumibako") {
  const folder = await mkdtemp(path.join(tmpdir(), `${name}-`));
  const leave = atEnd(() => {
    // What could not be unmounted might never answer.
    if (readFileSync("/proc/mounts", "utf8").includes(` ${folder}/`)) throw new Error(`something is still mounted in ${folder}`);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return { folder, remove: () => (leave(), rm(folder, { recursive: true, force: true })) };
}

/** Waits until `read` gives something, looking again whenever `emitter` speaks. */
async function until(emitter, event, read, gaveUp) {
  for (let found; ; ) {
    if ((found = read())) return found;
    await Promise.race([once(emitter, event), gaveUp]);
  }
}

/** Runs what follows where the first argument, a folder, is mounted read-only; the process keeps its pid. */
const READ_ONLY = ["unshare", "--map-root-user", "--mount", "sh", "-c", 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'];

/** Whether this system lets us mount anything in a namespace of our own. */
export const canMount = (folder) => spawnSync(READ_ONLY[0], [...READ_ONLY.slice(1), folder, "true"]).status === 0;

/**
 * Runs `fumibako serve` with the given arguments (`["--maildir", dir]`). The answer has `origin`, `links` (one a person, unused),
 * `freshLink()`, `pid`, `data`, `log()` and `stop()`. `readOnly` is a folder that this portal cannot write to; `behind` is a command that
 * runs it; without `links`, none are waited for.
 */
export async function serve(args, { data, listen = "127.0.0.1:0", env = {}, readOnly, behind = [], links: printed = true } = {}) {
  const own = data ? undefined : await scratch();
  const folder = data ?? own.folder;
  const command = [...behind, binary(), "serve", ...args, "--data", folder, "--listen", listen];
  const [program, ...rest] = readOnly ? [...READ_ONLY, readOnly, ...command] : command;
  const child = spawn(program, rest, {
    env: { ...process.env, RUST_LOG: process.env.RUST_LOG ?? "warn", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let out = "";
  let log = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (log = (log + text).slice(-200_000)));
  const ended = once(child, "exit");
  // Also when a test ends by an error of its own.
  const leave = atEnd(() => child.kill("SIGTERM"));
  ended.then(leave);
  const died = ended.then(([code, signal]) => {
    throw new Error(`the portal ended (${code ?? signal}) while it was waited for:\n${log}`);
  });
  died.catch(() => {});
  const links = () => [...out.matchAll(/^Open (http\S+) \((.*)\)$/gm)].map(([, url, name]) => ({ url, name }));
  // Where people sign in through a campus portal alone, it says on stderr that it listens.
  if (printed) await until(child.stdout, "data", () => links().length > 0, died);
  else await until(child.stderr, "data", () => log.includes("Listening on "), died);
  const portal = {
    pid: child.pid,
    data: folder,
    origin: printed ? new URL(links()[0].url).origin : `http://${listen}`,
    links: links(),
    log: () => log,
    /** A new one-time link of the first person; `serve` prints them again on Enter. */
    async freshLink(name = links()[0].name) {
      const before = links().length;
      child.stdin.write("\n");
      // Those of others may still be on their way from the start.
      const fresh = () => links().slice(before).find((link) => link.name === name);
      return (await until(child.stdout, "data", fresh, died)).url;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await ended;
      // One of the system's choice is not asked for again.
      if (!listen.endsWith(":0")) await isFree(listen.split(":").at(-1));
      await own?.remove();
    },
  };
  return portal;
}
