// F26: everybody comes at once when the spool is back. The queue has an end, nobody is told that there is no mail, and what is asked of
// the spool stays within what its helpers can ask.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { faulty, missing } from "../lib/faultfs.mjs";
import { children, counted, figure, lacking, until } from "../lib/faults.mjs";
import { campus, source } from "../lib/outage.mjs";

const PEOPLE = Number(process.env.FUMIBAKO_CROWD ?? 120);
const LETTERS = 5;
/** ms; a page waits so long for the spool. */
const DEADLINE = 800;
/** Helpers for those who wait, half as many more, and the prober: none is started besides. */
const HELPERS = 4 + 2 + 1;

describe("everybody comes at once", { skip: lacking("a crowd after an outage", missing()), timeout: 300_000 }, () => {
  test(`${PEOPLE} people sign in when the spool is back`, async () => {
    const people = Array.from({ length: PEOPLE }, (_, number) => `p${String(number).padStart(4, "0")}`);
    const site = await campus({ letters: LETTERS, mount: faulty, deadline: DEADLINE, people });
    const portal = await site.start();
    try {
      // The spool hangs, and some find it out.
      await site.mount.hang();
      await Promise.all(people.slice(0, 8).map((person) => site.signIn(person).then((who) => who.ask("/")).catch(() => null)));
      await until(() => /is left alone/.test(portal.log()), "it is left alone");
      await site.mount.answer();
      await until(() => /answers again/.test(portal.log()), "it answers again", 60);
      await site.mount.tell("reset");
      // Every answer of the spool takes a while, as after an outage it does: so a queue can come to be.
      await site.mount.tell("delay 1");
      const began = performance.now();
      const times = [];
      const counts = { live: 0, saved: 0, refused: 0 };
      const come = async (person) => {
        let who;
        for (let turn = 0; turn < 100; turn++) {
          who ??= await site.signIn(person).catch(() => null);
          const first = await who?.ask("/");
          if (first) times.push(first.took);
          const inbox = first?.headers.location;
          if (inbox?.startsWith("/m/")) {
            const list = await who.ask(inbox);
            times.push(list.took);
            if (list.status === 200 && source(list.text()) === "live") {
              assert.equal(counted(list.text()), LETTERS, "nobody sees an empty mailbox");
              return counts.live++;
            }
            counts[list.status === 200 ? "saved" : "refused"]++;
          } else counts.refused++;
          // Whoever was told to come again does, as a browser's reload would.
          await new Promise((soon) => setTimeout(soon, 2_000 + 10 * (turn % 97)));
        }
        throw new Error(`${person} never got in`);
      };
      let most = 0;
      const spools = (pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("\0spool\0");
        } catch {
          return false;
        }
      };
      const watch = setInterval(() => (most = Math.max(most, children(portal.pid).filter(spools).length)), 50);
      await Promise.all(people.map(come));
      clearInterval(watch);
      const seconds = (performance.now() - began) / 1000;
      const { total } = await site.mount.counts();
      times.sort((a, b) => a - b);
      figure(`${PEOPLE} people within ${seconds.toFixed(1)} s: ${JSON.stringify(counts)}; page p50 ${times[Math.floor(times.length / 2)].toFixed(0)}, p95 ${times[Math.floor(times.length * 0.95)].toFixed(0)} ms; ${(total / seconds).toFixed(0)} questions a second to the spool, ${(total / PEOPLE).toFixed(0)} a person; at most ${most} helpers`);
      assert.equal(counts.live, PEOPLE);
      assert.ok(most <= HELPERS, `${most} helpers`);
    } finally {
      await portal.stop();
      await site.stop();
    }
  });
});
