// F6 in small: some files hang where their directory answers. They are listed with the reason, the others are read, and whoever opens
// one is told so, or gets its copy.
import { strict as assert } from "node:assert";
import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { faulty, missing } from "../lib/faultfs.mjs";
import { figure, lacking, until } from "../lib/faults.mjs";
import { message } from "../lib/mail.mjs";
import { campus, letters, source } from "../lib/outage.mjs";

const LETTERS = 60;
const DEADLINE = 500;
const HANGS = /The storage gives no answer for this message/;

const FAILS = /The storage answered with an error/;
const rowsOf = (html) => [...html.matchAll(/<li id="r-[^>]*>.*?<\/li>/gs)].map(([row]) => row);
const isRead = (row) => / — .*Text \d+\./s.test(row);

async function site() {
  const made = await campus({ letters: LETTERS, mount: faulty, deadline: DEADLINE });
  const add = (number) => made.spools.tanaka.add(message({ subject: `Ill ${number}`, date: new Date(Date.UTC(2026, 10, 20 + number)), text: `Text ${number}.\n` }), { arrived: new Date(Date.UTC(2026, 10, 20 + number)) });
  return { ...made, add };
}

describe("files that hang", { skip: lacking("files that hang", missing()), timeout: 180_000 }, () => {
  test("one is listed with the reason while all others are read, and is read when it can be", async () => {
    const made = await site();
    const name = made.add(0);
    await made.mount.tell(`hang read tanaka/new/${name.split("/").pop()}`);
    const portal = await made.start();
    try {
      const who = await made.signIn("tanaka");
      const inbox = await who.inbox();
      const rows = async () => rowsOf((await who.ask(`${inbox}`)).text());
      const began = performance.now();
      await until(async () => {
        const [first, ...others] = await rows();
        return others.length > 40 && others.every(isRead) && HANGS.test(first);
      }, async () => (await rows()).map((row) => row.replace(/<[^>]*>/g, " ")).join("\n"));
      figure(`all is read but what hangs after ${((performance.now() - began) / 1000).toFixed(1)} s`);
      const list = (await who.ask(inbox)).text();
      assert.equal(source(list), "live");
      assert.match(list, /61 messages/);
      const [ill, well] = letters(list);
      for (let turn = 0; turn < 6; turn++) {
        const refused = await who.ask(ill);
        assert.equal(refused.status, 503);
        assert.doesNotMatch(refused.text().replace(/<ol class="rows"[^]*?<\/ol>/g, ""), /moved or deleted|Text 0|is empty/i);
        const read = await who.ask(well);
        assert.equal(read.status, 200);
      }
      assert.equal(source((await who.ask(inbox)).text()), "live", "it is not taken for the whole mailbox");
      const other = await made.signIn("sato");
      await until(async () => rowsOf((await other.ask(await other.inbox())).text()).every(isRead), "the other's is read");
      await made.mount.answer();
      await until(async () => (await who.ask(ill)).status === 200, "it is had again");
      assert.match((await who.ask(ill)).text(), /Text 0\./);
      await until(async () => isRead((await rows())[0]), async () => (await rows())[0]);
    } finally {
      await made.mount.answer();
      await portal.stop();
      await made.stop();
    }
  });

  test("one that was listed long ago is listed with the reason once somebody could not open it", async () => {
    const made = await site();
    const portal = await made.start();
    try {
      const who = await made.signIn("tanaka");
      const inbox = await who.inbox();
      const rows = async () => rowsOf((await who.ask(inbox)).text());
      await until(async () => (await rows()).length === 50 && (await rows()).every(isRead), "all are read");
      const [first, second, third] = letters((await who.ask(inbox)).text());
      const [other, fails, hangs] = readdirSync(path.join(made.behind, "tanaka/cur")).sort().slice(-3);
      // What the file server says of itself is of no letter.
      await made.mount.tell(`fail ETIMEDOUT 1 open tanaka/cur/${other}`);
      assert.equal((await who.ask(third)).status, 503);
      await made.mount.answer();
      assert.equal((await who.ask(third)).status, 200);
      assert.ok((await rows()).every(isRead));
      await made.mount.tell(`hang read tanaka/cur/${hangs}`);
      await made.mount.tell(`fail EIO 1000 read tanaka/cur/${fails}`);
      for (const letter of [first, second]) assert.equal((await who.ask(letter)).status, 503);
      await until(async () => {
        const [one, two, ...others] = await rows();
        return HANGS.test(one) && FAILS.test(two) && others.every(isRead);
      }, async () => (await rows()).slice(0, 3).join("\n"));
      assert.equal(source((await who.ask(inbox)).text()), "live");
      await made.mount.answer();
      for (const letter of [first, second]) await until(async () => (await who.ask(letter)).status === 200, "it is had again");
      await until(async () => (await rows()).every(isRead), async () => (await rows()).slice(0, 3).join("\n"));
    } finally {
      await made.mount.answer();
      await portal.stop();
      await made.stop();
    }
  });

  test("many that hang take no helper from their person", async () => {
    const made = await site();
    for (let number = 0; number < 8; number++) made.add(number);
    await made.mount.tell("hang read tanaka/new/");
    const portal = await made.start();
    try {
      const who = await made.signIn("tanaka");
      const inbox = await who.inbox();
      const rows = async () => rowsOf((await who.ask(inbox)).text());
      await until(async () => (await rows()).some((row) => HANGS.test(row)), async () => (await rows())[0]);
      const known = (await rows()).findIndex((row) => HANGS.test(row));
      for (let turn = 0; turn < 6; turn++) {
        const list = (await who.ask(inbox)).text();
        assert.equal(source(list), "live");
        assert.match(list, /68 messages/);
        assert.equal((await who.ask(letters(list)[known])).status, 503);
        assert.equal((await who.ask(letters(list)[20])).status, 200);
      }
      await made.mount.answer();
      for (const letter of letters((await who.ask(inbox)).text()).slice(0, 9)) await until(async () => (await who.ask(letter)).status === 200, `${letter} is had again`);
    } finally {
      await made.mount.answer();
      await portal.stop();
      await made.stop();
    }
  });
});
