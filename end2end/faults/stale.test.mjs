// F7, F8, F24: what the file server tells of times is old, coarse or of another clock. Deliveries show all the same, and nothing is taken
// for deleted.
import { strict as assert } from "node:assert";
import { statSync, utimesSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { faulty, missing } from "../lib/faultfs.mjs";
import { counted, lacking, rows, settled, until } from "../lib/faults.mjs";
import { message } from "../lib/mail.mjs";
import { campus, subjects } from "../lib/outage.mjs";

const LETTERS = 30;
/** Questions by which one directory is listed, that of the mailboxes: those of messages are not. */
const ONE_DIRECTORY = 2;
/** ms */
const TICK = 1_000;

/** A campus whose file server was told `told`, read through, and what to do there. */
async function told(lines, body, { remembers = false } = {}) {
  const site = await campus({ letters: LETTERS, mount: faulty, deadline: 5_000 });
  const portal = await site.start();
  try {
    for (const line of lines) await site.mount.tell(line);
    const who = await site.signIn("tanaka");
    const inbox = await who.inbox();
    await settled(who, inbox, LETTERS);
    const spool = site.spools.tanaka;
    const deliver = (subject) => spool.add(message({ subject, text: `${subject}.\n` }), { arrived: new Date() });
    const shows = (subject) => async () => subjects((await who.ask(inbox)).text()).includes(subject);
    await body({ site, who, inbox, spool, deliver, shows });
    assert.equal(new Set(await rows(who, inbox)).size, (await rows(who, inbox)).length, "no row twice");
    assert.ok(remembers || !/is left alone/.test(portal.log()));
  } finally {
    await portal.stop();
    await site.stop();
  }
}

describe("times that cannot be believed", { skip: lacking("a file server whose times are old, coarse or wrong", missing()), timeout: 240_000 }, () => {
  test("attributes and absence are remembered for ten seconds: a delivery shows all the same, and nothing is missing meanwhile", () =>
    told(["remember 10000"], async ({ site, who, inbox, spool, deliver, shows }) => {
      // Directories that were changed just now are listed at each look, and a listing is always true.
      const byStampsAlone = () => until(async () => {
        await site.mount.tell("reset");
        await who.ask(inbox);
        return (await site.mount.counts()).readdir <= ONE_DIRECTORY;
      }, "its times are believed");
      let missed = 0;
      for (let turn = 0; turn < 1; turn++) {
        await byStampsAlone();
        const place = deliver(`Late ${turn}`);
        missed += !(await shows(`Late ${turn}`)());
        let fewest = Infinity;
        await until(async () => {
          fewest = Math.min(fewest, counted((await who.ask(inbox)).text()));
          return shows(`Late ${turn}`)();
        }, `delivery ${turn}`);
        assert.ok(fewest >= LETTERS + turn, `${fewest}`);
        await byStampsAlone();
        // Renamed on the server: the name that is remembered is not there any more.
        spool.setFlags(place, "FS");
        assert.equal((await who.ask(inbox)).status, 200);
        await until(async () => {
          const html = (await who.ask(inbox)).text();
          assert.equal(counted(html), LETTERS + turn + 1, "a rename is no deletion");
          return !/<li id="r-[^>]*unread/.test(html);
        }, "its flags show");
      }
      assert.ok(missed > 0, "what was remembered was felt");
    }));

  test("two deliveries within one tick of its clock, the list being read between them", () =>
    told([`times ${TICK} 0`], async ({ who, inbox, spool, deliver, shows }) => {
      const tick = () => Math.floor(statSync(path.join(spool.root, "new")).mtimeMs / TICK);
      let turn = 0;
      // A second may begin between the two: those do not count, and have to show as well.
      for (let within = 0; within < 4; turn++) {
        assert.ok(turn < 100, "two deliveries are seldom so far apart");
        deliver(`First ${turn}`);
        const first = tick();
        assert.equal((await who.ask(inbox)).status, 200);
        deliver(`Second ${turn}`);
        within += tick() === first;
        for (const which of ["First", "Second"]) await until(shows(`${which} ${turn}`), `${which} ${turn}`);
      }
      await settled(who, inbox, LETTERS + 2 * turn);
    }));

  for (const ahead of [10_000, -10_000]) {
    test(`its clock is ${Math.abs(ahead) / 1000} s ${ahead > 0 ? "ahead" : "behind"}`, () =>
      told([`times 0 ${ahead}`], async ({ who, inbox, deliver, shows }) => {
        for (let turn = 0; turn < 4; turn++) {
          deliver(`One ${turn}`);
          assert.equal((await who.ask(inbox)).status, 200);
          deliver(`Two ${turn}`);
          for (const which of ["One", "Two"]) await until(shows(`${which} ${turn}`), `${which} ${turn}`);
        }
        await settled(who, inbox, LETTERS + 8);
      }));
  }

  test("somebody sets the times of the directories, to what is to come and to what is long past", () =>
    told([], async ({ who, inbox, spool, deliver, shows }) => {
      const touch = (seconds) => {
        for (const name of ["new", "cur"]) utimesSync(path.join(spool.root, name), Date.now() / 1000 + seconds, Date.now() / 1000 + seconds);
      };
      for (const [turn, seconds] of [10, -10, 86_400, -86_400].entries()) {
        touch(seconds);
        assert.equal((await who.ask(inbox)).status, 200);
        deliver(`Touched ${turn}`);
        touch(seconds);
        await until(shows(`Touched ${turn}`), `delivery with the time ${seconds} s away`);
      }
      await settled(who, inbox, LETTERS + 4);
    }));
});
