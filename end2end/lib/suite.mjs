// One file of tests, run: whether it failed, and what it did not try.
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { atEnd } from "./endings.mjs";
import { said, unexcused } from "./skips.mjs";
import { told } from "./told.mjs";

const reporter = fileURLToPath(new URL("reporter.mjs", import.meta.url));

/** `{isFailed, skips}`. A file of which no test was run and none skipped has failed too. */
export async function run(file, options) {
  const ends = path.join(tmpdir(), `fumibako-tests-${process.pid}.jsonl`);
  const off = atEnd(() => rmSync(ends, { force: true }));
  const to = (name, where) => [`--test-reporter=${name}`, `--test-reporter-destination=${where}`];
  // In this one process: a runner between would end at a signal before the tests have put away what they mounted.
  const { status, text } = await told(process.execPath, [...to("spec", "stdout"), ...to(reporter, ends), file], options);
  let lines = [];
  try {
    lines = readFileSync(ends, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
  } catch {
    // It did not come to a test.
  }
  rmSync(ends, { force: true });
  off();
  const tests = lines.filter(({ end }) => !end);
  const skips = said(text);
  for (const { name, skip, todo } of tests) {
    const why = skip ?? todo;
    // What said itself that it is skipped gave the same reason to the runner.
    if (why !== null && !unexcused(skips).some((one) => one.why === String(why).trim())) skips.push({ what: name, why: why === true || why === "" ? "no reason given" : why });
  }
  const isIdle = !tests.some(({ isSuite, skip }) => !isSuite || skip !== null);
  if (isIdle && status === 0) console.error(`${file} has no test`);
  const isCut = tests.length === lines.length;
  if (isCut && status === 0) console.error(`${file} ended before its tests did`);
  return { isFailed: status !== 0 || isIdle || isCut, skips };
}
