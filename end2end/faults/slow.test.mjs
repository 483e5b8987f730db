// F3: the spool is slow. The same pages, with a label; what is read behind stops by itself; and what is asked of the spool falls to a
// tenth at most.
import { strict as assert } from "node:assert";
import { test } from "node:test";
import { faulty, missing } from "../lib/faultfs.mjs";
import { counted, figure, lacking, settled, until } from "../lib/faults.mjs";
import { campus, source, subjects } from "../lib/outage.mjs";

const LETTERS = 400;
/** What is asked of the spool for so many pages is compared. */
const PAGES = 160;
const skip = lacking("a spool that is slow", missing());

for (const delay of [200, 3_000]) {
  test(`each answer takes ${delay} ms more`, { skip, timeout: 240_000 }, async () => {
    const site = await campus({ letters: LETTERS, mount: faulty, deadline: 800, people: ["tanaka", "sato", "suzuki"] });
    const portal = await site.start();
    try {
      const people = [];
      for (const name of ["tanaka", "sato"]) {
        const who = await site.signIn(name);
        people.push([who, await who.inbox()]);
      }
      for (const [who, inbox] of people) await settled(who, inbox, LETTERS);
      /** Both look around; how many questions reach the spool meanwhile, until it has been looked after at least. */
      const load = async (check) => {
        await site.mount.tell("reset");
        await Promise.all([...people, ...people].map(async ([who, inbox], number) => {
          for (let turn = 0; turn < PAGES / 4; turn++) check(await who.ask(turn % 4 === number ? `${inbox}?page=2` : inbox));
        }));
        await until(async () => (await site.mount.counts()).total > 0, "the prober looks after it");
        return (await site.mount.counts()).total;
      };
      const healthy = await load((answer) => assert.equal(source(answer.text()), "live"));

      await site.mount.tell(`delay ${delay}`);
      // A person who comes for the first time: everything of theirs would be read behind.
      const comes = site.signIn("suzuki").then(async (who) => who.ask("/"));
      const looks = async () => Promise.all(people.map(([who, inbox]) => who.ask(inbox)));
      await until(async () => {
        await looks();
        return /is left alone/.test(portal.log());
      }, "the spool is left alone");
      await comes;
      let slow;
      await until(async () => {
        slow = await load((answer) => {
          assert.equal(answer.status, 200);
          assert.equal(source(answer.text()), "saved");
          assert.equal(counted(answer.text()), LETTERS);
          assert.equal(subjects(answer.text()).length, 50);
        });
        // What was asked before is still on its way, at first.
        return slow <= healthy / 10;
      }, () => `a tenth of the questions: ${slow} of ${healthy}`);
      figure(`questions to the spool for ${PAGES} pages: ${healthy} healthy, ${slow} when each takes ${delay} ms (${((100 * slow) / healthy).toFixed(1)} %)`);

      await site.mount.answer();
      for (const [who, inbox] of people) await settled(who, inbox, LETTERS);
    } finally {
      await portal.stop();
      await site.stop();
    }
  });
}
