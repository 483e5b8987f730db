// F18: an index is overwritten in the middle, cut, or deleted, while the portal runs and while it does not. It is made again, mail is read
// from the spool meanwhile, and in the end every row is what it was.
import { strict as assert } from "node:assert";
import { closeSync, openSync, readdirSync, rmSync, statSync, truncateSync, writeSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { rows, settled, until } from "../lib/faults.mjs";
import { campus, letters, source } from "../lib/outage.mjs";

const LETTERS = 400;
/** The files of the indexes, not of what is saved beside them. */
const indexes = (data) => readdirSync(path.join(data, "index"), { recursive: true }).map((name) => path.join(data, "index", name)).filter((name) => statSync(name).isFile() && /\.sqlite(-wal|-shm)?$/.test(name) && !name.includes(".saved"));

const harm = {
  "overwritten in the middle": (file) => {
    const { size } = statSync(file);
    const fd = openSync(file, "r+");
    // Pages of a database; noise that is the same each time.
    const noise = Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 197 + 13) & 0xff));
    for (const at of [Math.floor(size / 2 / 4096) * 4096, 4096]) writeSync(fd, noise, 0, noise.length, Math.min(at, Math.max(0, size - 4096)));
    closeSync(fd);
  },
  "cut in half": (file) => truncateSync(file, Math.floor(statSync(file).size / 2)),
  deleted: (file) => rmSync(file, { force: true }),
};

describe("an index that is lost", { timeout: 240_000 }, () => {
  let site, portal, who, inbox, golden;
  before(async () => {
    site = await campus({ letters: LETTERS, mount: null, deadline: 5_000, people: ["tanaka"] });
    portal = await start();
    who = await site.signIn("tanaka");
    inbox = await who.inbox();
    await settled(who, inbox, LETTERS);
    golden = await rows(who, inbox);
  });
  after(async () => {
    await portal?.stop();
    await site?.stop();
  });
  const start = () => site.start();
  /** Lists are answered, letters are read from the spool, until all is as it was. */
  const recovers = async () => {
    await until(async () => {
      const list = await who.ask(inbox);
      if (list.status !== 200) return false;
      for (const letter of letters(list.text()).slice(0, 3)) {
        const answer = await who.ask(letter);
        assert.ok(answer.status === 200 || answer.status >= 500, `${answer.status}: never said to be gone`);
      }
      return source(list.text()) === "live" && (await rows(who, inbox)).length === LETTERS;
    }, "all rows again");
    await settled(who, inbox, LETTERS);
    assert.deepEqual(await rows(who, inbox), golden);
    for (const letter of letters((await who.ask(inbox)).text()).slice(10, 15)) assert.equal(source((await who.ask(letter)).text()), "live");
  };

  for (const [how, spoil] of Object.entries(harm)) {
    test(`${how} while nothing runs`, async () => {
      await portal.stop();
      const files = indexes(site.data);
      assert.ok(files.some((name) => name.endsWith(".sqlite")), files.join());
      for (const file of files.filter((name) => how === "deleted" || name.endsWith(".sqlite"))) spoil(file);
      portal = await start();
      await recovers();
    });
  }

  test("overwritten in the middle while it is used", async () => {
    for (const file of indexes(site.data).filter((name) => name.endsWith(".sqlite"))) harm["overwritten in the middle"](file);
    // What is in memory may be good for a while: a page that is read anew is not.
    for (const query of ["?page=2", "?page=5", "?sort=subject", "?sort=from&page=3", "?unread=1"]) {
      const answer = await who.ask(`${inbox}${query}`);
      assert.ok(answer.status === 200 || answer.status >= 500, `${answer.status}`);
    }
    await recovers();
  });
});
