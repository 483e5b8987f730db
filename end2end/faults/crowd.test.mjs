// F26: everybody comes at once when the spool is back. The queue has an end, nobody is told that there is no mail, and what is asked of
// the spool stays within what its helpers can ask. FUMIBAKO_CROWD is how many come for the first time, FUMIBAKO_CROWD_BACK how many have
// been here before: 5000 of them take a quarter of an hour to make ready.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { atOnce, times } from "../lib/crowd.mjs";
import { faulty, missing } from "../lib/faultfs.mjs";
import { children, counted, figure, lacking, until } from "../lib/faults.mjs";
import { campus, source } from "../lib/outage.mjs";
import { binary } from "../lib/server.mjs";
import { told } from "../lib/told.mjs";

const NEW = Number(process.env.FUMIBAKO_CROWD ?? 120);
const BACK = Number(process.env.FUMIBAKO_CROWD_BACK ?? 120);
const LETTERS = 5;
/** ms; a page waits so long for the spool. */
const DEADLINE = 800;
/** Helpers for those who wait, half as many more, and the prober: none is started besides. */
const HELPERS = 4 + 2 + 1;
/** So many requests are under way at once. */
const WIDTH = 64;
/** And so many while the crowd is made ready. */
const READY = 8;
/** s; after this somebody looks again who is not told when to. */
const SOON = 2;
/** ms; how much longer each answer of the spool takes, as after an outage it does: so a queue can come to be. */
const SLOWER = 1;
/** Times as many questions as to a portal that was just started, which looks at everything anew too. */
const BUDGET = 2;

const named = (count) => Array.from({ length: count }, (_, number) => `p${String(number).padStart(4, "0")}`);
const isSpool = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("\0spool\0");
  } catch {
    return false;
  }
};

/** What the process of a portal comes to while `body` runs: its helpers and its memory. */
async function watched(portal, body) {
  const most = { helpers: 0, mebibytes: 0 };
  const look = () => {
    most.helpers = Math.max(most.helpers, children(portal.pid).filter(isSpool).length);
    most.mebibytes = Math.max(most.mebibytes, Math.round(Number(readFileSync(`/proc/${portal.pid}/status`, "utf8").match(/VmRSS:\s*(\d+)/)[1]) / 1024));
  };
  const timer = setInterval(look, 50);
  try {
    await body();
    look();
  } finally {
    clearInterval(timer);
  }
  return most;
}

/** The spool hangs, and `some` find it out. */
async function fails(site, portal, some) {
  await site.mount.hang();
  await Promise.all(some.map((look) => look().catch(() => null)));
  await until(() => /is left alone/.test(portal.log()), "it is left alone");
}

describe("everybody comes at once", { skip: lacking("a crowd after an outage", missing()), timeout: 300_000 + 500 * (NEW + BACK) }, () => {
  test(`${NEW} people come for the first time when the spool is back`, async () => {
    const people = named(NEW);
    const site = await campus({ letters: LETTERS, mount: faulty, deadline: DEADLINE, people });
    const portal = await site.start();
    try {
      await fails(site, portal, people.slice(0, 8).map((person) => async () => (await site.signIn(person)).ask("/")));
      await site.mount.answer();
      await until(() => /answers again/.test(portal.log()), "it answers again");
      await site.mount.tell("reset");
      await site.mount.tell(`delay ${SLOWER}`);
      const began = performance.now();
      const took = [];
      const counts = { live: 0, saved: 0, refused: 0 };
      const come = async (person) => {
        let who;
        for (let turn = 0; turn < 100; turn++) {
          who ??= await site.signIn(person).catch(() => null);
          let answer = await who?.ask("/");
          if (answer) took.push(answer.took);
          if (answer?.headers.location?.startsWith("/m/")) {
            answer = await who.ask(answer.headers.location);
            took.push(answer.took);
            if (answer.status === 200 && source(answer.text()) === "live") {
              assert.equal(counted(answer.text()), LETTERS, "nobody sees an empty mailbox");
              return counts.live++;
            }
            counts[answer.status === 200 ? "saved" : "refused"]++;
          } else counts.refused++;
          // Whoever was told to come again does, as a browser's reload would, and not all at the same moment.
          await pause(1_000 * Number(answer?.headers["retry-after"] ?? SOON) + 10 * (turn % 97));
        }
        throw new Error(`${person} never got in`);
      };
      const most = await watched(portal, () => Promise.all(people.map(come)));
      const seconds = (performance.now() - began) / 1000;
      const { total } = await site.mount.counts();
      figure(`${NEW} people within ${seconds.toFixed(1)} s: ${JSON.stringify(counts)}; ${times(took)}; ${(total / seconds).toFixed(0)} questions a second to the spool, ${(total / NEW).toFixed(0)} a person; ${JSON.stringify(most)}`);
      assert.equal(counts.live, NEW);
      assert.ok(most.helpers <= HELPERS, `${most.helpers} helpers`);
    } finally {
      await portal.stop();
      await site.stop();
    }
  });

  test(`${BACK} people who have been here before come when the spool is back`, async () => {
    const people = named(BACK);
    const site = await campus({ letters: LETTERS, mount: faulty, deadline: DEADLINE, people });
    const indexed = await told(binary(), ["index", "--all", "--config", site.file, "--data", site.data], { quiet: true });
    assert.equal(indexed.status, 0, indexed.text);
    const portal = await site.start();
    try {
      const known = new Map();
      /** The list of somebody's inbox: how it came, and where from. Each second one has to sign in, others come with their session. */
      const visit = async (person, wave) => {
        const there = known.get(person);
        if (wave.signs(person)) {
          const again = await site.signIn(person).catch(() => null);
          if (!again) return (wave.counts.failed++, false);
          there.who = again;
        }
        const answer = await there.who.ask(there.inbox).catch(() => null);
        if (!answer || answer.status !== 200) return (wave.counts.failed++, false);
        wave.took.push(answer.took);
        assert.equal(counted(answer.text()), LETTERS, "nobody sees an empty mailbox");
        const from = source(answer.text());
        wave.counts[from]++;
        return from === "live";
      };
      /** All come, and come again until what they see is live. */
      const wave = async (began) => {
        const of = { took: [], counts: { live: 0, saved: 0, failed: 0 }, rounds: 0, signed: new Set() };
        of.signs = (person) => Number(person.slice(1)) % 2 === 0 && !of.signed.has(person) && of.signed.add(person);
        of.most = await watched(portal, async () => {
          for (let left = people; left.length > 0; of.rounds++) {
            const again = [];
            await atOnce(left, WIDTH, async (person) => {
              if (!(await visit(person, of))) again.push(person);
            });
            left = again;
            // Whoever is not shown what is so now looks again, as a browser does.
            if (left.length > 0) await pause(1_000 * SOON);
          }
        });
        of.seconds = (performance.now() - began) / 1000;
        of.questions = (await site.mount.counts()).total;
        return of;
      };
      const tell = (when, { took, counts, rounds, most, seconds, questions }) => figure(`${BACK} people ${when}: ${seconds.toFixed(1)} s until all is live, ${rounds} rounds, ${JSON.stringify(counts)}; ${times(took)}; ${(questions / seconds).toFixed(0)} questions a second to the spool, ${(questions / BACK).toFixed(1)} a person; ${JSON.stringify(most)}`);

      await atOnce(people, READY, async (person) => {
        const who = await site.signIn(person);
        known.set(person, { who, inbox: await until(() => who.inbox(), `${person} is known`) });
      });
      await site.mount.tell("reset");
      const first = await wave(performance.now());
      tell("of a portal that was just started", first);
      // What is read behind makes people wait: until that is done, each time more of them are shown at once what is so.
      let healthy;
      for (let turn = 1, before = first; ; turn++, before = healthy) {
        await site.mount.tell("reset");
        healthy = await wave(performance.now());
        tell(`for the ${turn}. time while all is well`, healthy);
        if (healthy.counts.saved >= before.counts.saved) break;
      }
      await fails(site, portal, people.slice(0, 8).map((person) => () => known.get(person).who.ask(known.get(person).inbox)));
      await site.mount.tell("reset");
      await site.mount.answer();
      const after = await wave(performance.now());
      tell("after an outage", after);
      for (const { counts, most } of [first, healthy, after]) {
        assert.equal(counts.live, BACK);
        assert.equal(counts.failed, 0, "everybody is shown their mail, as it was if it cannot be had as it is");
        assert.ok(most.helpers <= HELPERS, `${most.helpers} helpers`);
      }
      assert.ok(after.questions <= BUDGET * first.questions, `${after.questions} questions to the spool, ${first.questions} of a portal that was just started`);
    } finally {
      await portal.stop();
      await site.stop();
    }
  });
});
