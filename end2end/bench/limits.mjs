// The limit of the machine: a bare axum + SQLite + JSON server over the same Maildir, from the baseline's tools.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { get } from "../lib/http.mjs";
import { pause } from "./measure.mjs";
import { freePort } from "./ports.mjs";

/** The bare server, answering `list` and `msg`; or nothing without the tools. */
export async function bare(tools, maildir, work) {
  const folder = tools && path.join(tools, "limits");
  if (!folder || !existsSync(path.join(folder, "Cargo.toml"))) return null;
  const target = path.join(process.env.CARGO_TARGET_DIR ?? path.resolve(fileURLToPath(new URL(".", import.meta.url)), "../../target"), "limits");
  const build = spawnSync("cargo", ["build", "--release", "--quiet"], { cwd: folder, env: { ...process.env, CARGO_TARGET_DIR: target }, stdio: ["ignore", "inherit", "inherit"] });
  if (build.status !== 0) throw new Error("the baseline's limits did not build");
  const program = path.join(target, "release/limits");
  const database = path.join(work, "limits.db");
  rmSync(database, { force: true });
  if (spawnSync(program, ["index", maildir, database], { stdio: "ignore" }).status !== 0) throw new Error("limits index failed");
  const port = await freePort();
  const child = spawn(program, ["serve", String(port), database, maildir], { stdio: "ignore" });
  const ask = (question) => get(`http://127.0.0.1:${port}/${question}`);
  const stop = async () => {
    child.kill();
    await once(child, "exit");
  };
  for (let turn = 0; turn < 200; turn++) {
    if (await ask("list").then(() => true, () => pause(50))) return { pid: child.pid, ask, stop };
  }
  await stop();
  throw new Error("the bare server does not answer");
}
