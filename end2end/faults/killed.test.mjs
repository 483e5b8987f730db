// F12: the processes that read the spool are killed at moments of a seeded choice, while people read and mail arrives; so is the portal.
// Pages are answered, and in the end every list is what one shows that nothing ever happened to. FUMIBAKO_KILL_SEED repeats a run.
// (`crash.test.mjs` kills the indexer two hundred times.)
import { strict as assert } from "node:assert";
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { numbers, seed } from "../lib/chance.mjs";
import { children, figure, rows, settled } from "../lib/faults.mjs";
import { message } from "../lib/mail.mjs";
import { campus, letters } from "../lib/outage.mjs";

const LETTERS = 400;
const KILLS = 120;
/** The portal itself is killed as often. */
const RESTARTS = 4;

test("helpers that are killed at any moment, and the portal, lose nothing", { timeout: 300_000 }, async () => {
  const chosen = seed("FUMIBAKO_KILL_SEED");
  const random = numbers(chosen);
  const site = await campus({ letters: LETTERS, mount: null, deadline: 10_000 });
  const spool = (options) => site.start(options);
  let portal = await spool();
  try {
    // One with the same keys and an index of its own comes to the end undisturbed.
    let who = await site.signIn("tanaka");
    const inbox = await who.inbox();
    rmSync(path.join(site.data, "index"), { recursive: true, force: true });
    await portal.stop();
    rmSync(path.join(site.data, "index"), { recursive: true, force: true });
    portal = await spool();
    const counts = { killed: 0, restarts: 0, pages: 0, refused: 0 };
    let arrived = 0;
    const read = async () => {
      while (reading) {
        const place = random() < 0.3 ? `${inbox}?page=${1 + Math.floor(random() * 8)}` : inbox;
        const answer = await who.ask(place).catch(() => null);
        // The portal itself may be on its way.
        if (!answer) continue;
        counts.pages++;
        assert.ok(answer.status === 200 || answer.status >= 500, `${place}: ${answer.status}`);
        const some = letters(answer.text());
        const letter = some.length ? await who.ask(some[Math.floor(random() * some.length)]).catch(() => null) : null;
        if (letter && letter.status !== 200) counts.refused++;
        assert.ok(!letter || letter.status === 200 || letter.status >= 500, `a letter is not gone: ${letter?.status}`);
      }
    };
    let reading = true;
    const readers = Promise.all([read(), read()]);
    readers.catch(() => (reading = false));
    while (counts.killed < KILLS && reading) {
      await new Promise((soon) => setTimeout(soon, random() * 60));
      if (random() < 0.1) site.spools.tanaka.add(message({ subject: `Arrived ${arrived++}`, text: "It did.\n" }));
      if (counts.killed >= ((counts.restarts + 1) * KILLS) / (RESTARTS + 1)) {
        counts.restarts++;
        process.kill(portal.pid, "SIGKILL");
        await portal.stop();
        portal = await spool();
        continue;
      }
      const helpers = children(portal.pid);
      if (helpers.length === 0) continue;
      try {
        process.kill(helpers[Math.floor(random() * helpers.length)], "SIGKILL");
        counts.killed++;
      } catch (error) {
        assert.equal(error.code, "ESRCH");
      }
    }
    reading = false;
    await readers;
    await settled(who, inbox, LETTERS + arrived);
    const disturbed = await rows(who, inbox);
    assert.equal(disturbed.length, LETTERS + arrived);
    await portal.stop();
    const left = readdirSync(path.join(site.data, "index"), { recursive: true });
    assert.ok(!left.some((name) => name.includes("set-aside")), "no index was found damaged");

    const golden = path.join(site.folder, "golden");
    mkdirSync(golden);
    for (const name of readdirSync(site.data).filter((name) => name.startsWith("state.sqlite"))) copyFileSync(path.join(site.data, name), path.join(golden, name));
    portal = await spool({ data: golden });
    who = await site.signIn("tanaka");
    await settled(who, inbox, LETTERS + arrived);
    // Which were opened is remembered beside the index, and so the same.
    assert.deepEqual(disturbed, await rows(who, inbox));
    figure(`${JSON.stringify(counts)}, ${arrived} arrived`);
  } finally {
    await portal.stop();
    await site.stop();
  }
});
