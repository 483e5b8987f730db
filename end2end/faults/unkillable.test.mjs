// F1, F2: the file server has taken a question and does not answer. The process that asked cannot even be killed (a stopped bindfs has not
// taken it, so there it can: `outage/hang.test.mjs`). Everything is served all the same, other people are not concerned if it is one
// person's files, and the portal ends.
import { strict as assert } from "node:assert";
import { describe, test } from "node:test";
import { faulty, missing } from "../lib/faultfs.mjs";
import { children, figure, lacking, rows, settled, stateOf, until } from "../lib/faults.mjs";
import { campus, letters, source } from "../lib/outage.mjs";

const LETTERS = 60;
/** ms */
const DEADLINE = 300;

const isStuck = (pid) => {
  try {
    return stateOf(pid) === "D";
  } catch {
    return false;
  }
};

describe("helpers that cannot be killed", { skip: lacking("a helper that cannot be killed", missing()), timeout: 240_000 }, () => {
  const within = async (body) => {
    const site = await campus({ letters: LETTERS, mount: faulty, deadline: DEADLINE });
    const portal = await site.start();
    try {
      const [who, other] = [await site.signIn("tanaka"), await site.signIn("sato")];
      const [inbox, others] = [await who.inbox(), await other.inbox()];
      await settled(who, inbox, LETTERS);
      await settled(other, others, LETTERS);
      await body({ site, portal, who, other, inbox, others });
    } finally {
      await site.mount.answer();
      await portal.stop();
      await site.stop();
    }
  };
  const hung = async (who, inbox, before) => {
    const list = await who.ask(inbox);
    assert.equal(list.status, 200);
    assert.equal(source(list.text()), "saved");
    assert.deepEqual(await rows(who, inbox), before);
    const letter = await who.ask(letters(list.text())[30]);
    assert.ok(letter.status === 503 || source(letter.text()) === "saved", `${letter.status}`);
  };

  test("one person's files hang: the others' do not", () =>
    within(async ({ site, portal, who, other, inbox, others }) => {
      const before = await rows(who, inbox);
      await site.mount.hang("tanaka");
      for (let turn = 0; turn < 8; turn++) {
        await hung(who, inbox, before);
        const list = await other.ask(others);
        assert.equal(source(list.text()), "live", `turn ${turn}`);
        assert.equal((await other.ask(letters(list.text())[turn])).status, 200);
      }
      assert.match(portal.log(), /one person's/);
      await site.mount.answer();
      await settled(who, inbox, LETTERS);
      assert.deepEqual(await rows(who, inbox), before);
    }));

  test("everybody's hang for long: no helper is left, all is served from what is kept, and all comes back by itself", () =>
    within(async ({ site, portal, who, other, inbox, others }) => {
      const [before, theirs] = [await rows(who, inbox), await rows(other, others)];
      await site.mount.hang();
      let stuck = 0;
      await until(async () => {
        await hung(who, inbox, before);
        await hung(other, others, theirs);
        stuck = Math.max(stuck, children(portal.pid).filter(isStuck).length);
        return stuck >= 2 && /is left alone/.test(portal.log());
      }, () => `${stuck} helpers are stuck`, 30);
      const slowest = [];
      for (let turn = 0; turn < 20; turn++) slowest.push((await who.ask(inbox)).took);
      figure(`${stuck} helpers could not be killed; the slowest of 20 pages took ${Math.max(...slowest).toFixed(0)} ms`);
      await site.mount.answer();
      await settled(who, inbox, LETTERS);
      await settled(other, others, LETTERS);
      assert.deepEqual(await rows(who, inbox), before);
      await until(() => !children(portal.pid).some(isStuck), "those that hung are gone");
    }));

  test("it ends at a SIGTERM while they hang", () =>
    within(async ({ site, portal, who, inbox }) => {
      await site.mount.hang();
      await who.ask(inbox);
      await portal.stop();
    }));
});
