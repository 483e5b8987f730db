// Whoever breaks the tests off (Ctrl-C, a runner that is told to end) is left no mount, no process and no folder of theirs.
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { until } from "../lib/faults.mjs";

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const WAYS = {
  "the tests alone": [file("fixtures/stands.mjs")],
  "node's runner": ["--test", file("fixtures/stands.mjs")],
  "all that is run": [file("../run.mjs"), file("fixtures/stands.mjs")],
};

const isThere = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

for (const [name, args] of Object.entries(WAYS)) {
  // A terminal tells every process of Ctrl-C at once, and those that are told may tell others a second time.
  for (const [signal, whom, from] of [["SIGINT", "the whole group of ", -1], ["SIGTERM", "", 1], ["SIGTERM", "the whole group of ", -1]]) {
    test(`${signal} to ${whom}${name}`, { timeout: 120_000 }, async () => {
      // Else node takes it for one of its own runner's.
      const { NODE_TEST_CONTEXT, ...env } = process.env;
      const child = spawn(process.execPath, args, { env: { ...env, CI: "" }, stdio: ["ignore", "pipe", "inherit"], detached: true });
      const ended = once(child, "exit");
      let at;
      for await (const line of createInterface(child.stdout)) {
        const said = line.match(/stands (\{.*\})/)?.[1];
        if (said && (at = JSON.parse(said))) break;
      }
      assert.ok(at, "it came to stand");
      const standing = () => readFileSync("/proc/mounts", "utf8").split("\n").filter((line) => line.includes(` ${at.folder}/`));
      assert.equal(standing().length, at.stands.length, "mounts are looked for where they are");
      process.kill(from * child.pid, signal);
      const [code, by] = await ended;
      assert.ok(code !== 0 || by, "it does not say that all went well");
      await until(() => standing().length === 0, () => `nothing is mounted any more:\n${standing().join("\n")}`, 20);
      await until(() => !isThere(at.pid), "the portal has ended", 20);
      await until(() => !existsSync(at.folder), "the folder is gone", 20);
    });
  }
}
