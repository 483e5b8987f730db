// The limit of the machine: a bare axum + SQLite + JSON list over the same Maildir, from the baseline's tools.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { get } from "../lib/http.mjs";
import { cpuTime } from "./measure.mjs";

const freePort = async () => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  return port;
};

/** Processor time of one list of the bare server, in ms; or nothing without the tools. */
export async function bareList(tools, maildir, work, requests) {
  const folder = tools && path.join(tools, "limits");
  if (!folder || !existsSync(path.join(folder, "Cargo.toml"))) return null;
  const target = path.join(process.env.CARGO_TARGET_DIR ?? path.resolve(fileURLToPath(new URL(".", import.meta.url)), "../../target"), "limits");
  const build = spawnSync("cargo", ["build", "--release", "--quiet"], { cwd: folder, env: { ...process.env, CARGO_TARGET_DIR: target }, stdio: ["ignore", "inherit", "inherit"] });
  if (build.status !== 0) throw new Error("the baseline's limits did not build");
  const program = path.join(target, "release/limits");
  const database = path.join(work, "limits.db");
  if (spawnSync(program, ["index", maildir, database], { stdio: "ignore" }).status !== 0) throw new Error("limits index failed");
  const port = await freePort();
  const child = spawn(program, ["serve", String(port), database, maildir], { stdio: "ignore" });
  try {
    const url = `http://127.0.0.1:${port}/list`;
    for (let turn = 0; turn < 200; turn++) {
      if (await get(url).then(() => true, () => new Promise((soon) => setTimeout(soon, 50, false)))) break;
    }
    const before = cpuTime(child.pid);
    for (let left = requests; left > 0; left--) await get(url);
    return (cpuTime(child.pid) - before) / requests;
  } finally {
    child.kill();
    await once(child, "exit");
  }
}
