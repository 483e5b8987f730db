// What is skipped is told, and where CI is set it has failed: a machine on which nothing can be tried is not green.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { said } from "../lib/skips.mjs";
import { told } from "../lib/told.mjs";

const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const run = (fixture, env) => spawnSync(process.execPath, [file("../run.mjs"), file(`fixtures/${fixture}.mjs`)], { encoding: "utf8", env: { ...process.env, ...env } });

test("where CI is set what is skipped has failed, and else it is told", () => {
  for (const [ci, status] of [["", 0], ["true", 1]]) {
    const { status: ended, stderr } = run("skips", { CI: ci });
    assert.equal(ended, status, stderr);
    const skipped = said(stderr).map(({ what }) => what);
    assert.deepEqual(skipped.sort(), ["a suite", "mail that others wrote", "one that is still to be made", "one that skips itself", "one that the runner skips"]);
    const wrong = stderr.match(/^skipped, and not to be .*: (.*)$/m)?.[1].split(", ").sort();
    assert.deepEqual(wrong, ci ? skipped.filter((what) => what !== "mail that others wrote").sort() : undefined);
  }
});

test("what may be skipped is no failure where CI is set", () => {
  const { status, stderr } = run("skips", { CI: "true", FIXTURE: "excused" });
  assert.equal(status, 0, stderr);
  assert.deepEqual(said(stderr), [{ what: "mail that others wrote", why: "nobody named any" }]);
});

test("a file without a test has failed", () => {
  const { status, stderr } = run("idle", { CI: "" });
  assert.equal(status, 1);
  assert.match(stderr, /has no test/);
});

test("a file that ends before its tests do has failed", () => {
  const { status, stderr } = run("cut", { CI: "" });
  assert.equal(status, 1);
  assert.match(stderr, /ended before its tests did/);
});

test("what one stream says in pieces is read though the other says something between", async () => {
  const pieces = 'process.stderr.write("SKIPPED, "); process.stdout.write("test x ... ok\\n"); process.stderr.write("one is not tried: why\\n");';
  const { text } = await told(process.execPath, ["-e", pieces], { quiet: true });
  assert.deepEqual(said(text), [{ what: "one", why: "why" }]);
});
