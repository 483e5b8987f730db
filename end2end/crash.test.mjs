// Building an index is killed two hundred times at points of a seeded choice, or done by several processes at once. What is left is an
// index that the next run goes on with, and in the end it shows what one shows that was never disturbed. FUMIBAKO_CRASH_SEED repeats a
// run.
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { numbers, seed } from "./lib/chance.mjs";
import { client } from "./lib/http.mjs";
import { Maildir, attachment, message } from "./lib/mail.mjs";
import { binary, scratch, serve } from "./lib/server.mjs";

const KILLS = 200;
const MESSAGES = 3000;
/** An index that was finished is compared this often, and at the end. */
const COMPARE_EVERY = 15;

const MAILBOXES = ["", "Sent", "研究室/輪講"];

function fill(root) {
  const spool = new Maildir(root);
  MAILBOXES.slice(1).forEach((mailbox) => spool.makeMailbox(mailbox));
  const file = attachment({ name: "notes.txt", type: "text/plain", body: Buffer.from("line\n") });
  for (let number = 0; number < MESSAGES; number++) {
    const date = new Date(Date.UTC(2020, 0, 1) + number * 7_200_000);
    const files = number % 9 === 0 ? [file] : [];
    const content = message({ subject: `Number ${number} 会議`, date, text: `Text of ${number}.\n`, files });
    spool.add(content, { mailbox: MAILBOXES[number % 3], flags: ["", "S", "FS"][number % 4] ?? "RS", arrived: date });
  }
}

/** Every list as it is shown. */
async function shown(args, data) {
  const portal = await serve(args, { data });
  try {
    const who = await client(portal);
    const inbox = (await who.get(await who.inbox())).text();
    const lists = [];
    for (const [, href, name] of inbox.matchAll(/<li id="in-rail-[^>]*><a href="(\/m\/[a-z2-7]+)" title="([^"]*)"/g)) {
      for (let page = 1, pages = 1; page <= pages; page++) {
        const html = (await who.get(`${href}?page=${page}`)).text();
        pages = Number(html.match(/Page [\d,]+ of ([\d,]+)/)?.[1] ?? 1);
        lists.push(`${name} ${html.match(/class="counts">(.*?)<\/span>/)[1]}`, ...[...html.matchAll(/<li id="r-.*?<\/li>/gs)].map(([row]) => row));
      }
    }
    return lists;
  } finally {
    await portal.stop();
  }
}

/** A spool, the lists of an index of it that was built in peace, and a data folder with the same key, so that ids are the same. */
async function undisturbed(body) {
  const { folder, remove } = await scratch("fumibako-crash");
  try {
    const root = path.join(folder, "Maildir");
    fill(root);
    const args = ["--maildir", root];
    const start = (data) => spawn(binary(), ["index", "--all", ...args, "--data", data], { stdio: "ignore" });
    const peaceful = path.join(folder, "undisturbed");
    const began = performance.now();
    assert.deepEqual(await once(start(peaceful), "exit"), [0, null]);
    const whole = performance.now() - began;
    const golden = await shown(args, peaceful);
    assert.equal(golden.filter((row) => row.startsWith("<li")).length, MESSAGES);
    const data = path.join(folder, "disturbed");
    mkdirSync(data);
    for (const name of readdirSync(peaceful).filter((name) => name.startsWith("state.sqlite"))) copyFileSync(path.join(peaceful, name), path.join(data, name));
    await body({ args, data, start, golden, whole });
    const left = existsSync(path.join(data, "index")) ? readdirSync(path.join(data, "index"), { recursive: true }) : [];
    assert.ok(!left.some((name) => name.includes("set-aside")), `none was found damaged: ${left.join(", ")}`);
  } finally {
    await remove();
  }
}

test("an index that is killed while it is built ends as one that never was", { timeout: 900_000 }, () => undisturbed(async ({ args, data, start, golden, whole }) => {
  const chosen = seed("FUMIBAKO_CRASH_SEED");
  const random = numbers(chosen);
  const counts = { killed: 0, finished: 0, compared: 0 };
  for (let last = false; !last; ) {
    last = counts.killed >= KILLS;
    const child = start(data);
    const timer = last ? undefined : setTimeout(() => child.kill("SIGKILL"), random() * whole);
    const [code, signal] = await once(child, "exit");
    clearTimeout(timer);
    if (signal === "SIGKILL") {
      counts.killed++;
      continue;
    }
    assert.equal(code, 0, `after ${counts.killed} kills of seed ${chosen}`);
    if (last || ++counts.finished % COMPARE_EVERY === 0) {
      counts.compared++;
      assert.deepEqual(await shown(args, data), golden, `after ${counts.killed} kills of seed ${chosen}`);
    }
    // Begin again, so that there is something to be disturbed at.
    if (!last) rmSync(path.join(data, "index"), { recursive: true });
  }
  console.log(JSON.stringify(counts));
}));

test("processes that build one index at once spoil nothing", { timeout: 300_000 }, () => undisturbed(async ({ args, data, start, golden }) => {
  for (let round = 0; round < 10; round++) {
    rmSync(path.join(data, "index"), { recursive: true, force: true });
    const ends = await Promise.all([1, 2, 3].map(() => once(start(data), "exit")));
    assert.deepEqual(ends, [[0, null], [0, null], [0, null]]);
  }
  assert.deepEqual(await shown(args, data), golden);
}));
