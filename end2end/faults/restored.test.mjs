// F21: mail was restored from a backup beside what is there, is there twice, or another message has the name of an old one. Each is shown
// once, and no name shows the text of another.
import { strict as assert } from "node:assert";
import { cpSync, linkSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { rows, settled, until } from "../lib/faults.mjs";
import { client } from "../lib/http.mjs";
import { Maildir, message } from "../lib/mail.mjs";
import { letters } from "../lib/outage.mjs";
import { scratch, serve } from "../lib/server.mjs";

const MESSAGES = 40;

describe("mail that was restored", { timeout: 180_000 }, () => {
  const within = async (body) => {
    const { folder, remove } = await scratch("fumibako-restored");
    const spool = new Maildir(path.join(folder, "Maildir"));
    const places = [];
    for (let number = 0; number < MESSAGES; number++) places.push(spool.add(message({ subject: `Number ${number}`, text: `Text of ${number}.\n` }), { flags: "S" }));
    const portal = await serve(["--maildir", spool.root]);
    try {
      const got = await client(portal);
      const who = { ask: got.get };
      const inbox = await got.inbox();
      await settled(who, inbox, MESSAGES);
      await body({ spool, places, who, inbox, folder });
    } finally {
      await portal.stop();
      await remove();
    }
  };
  const subjects = async (who, inbox) => (await rows(who, inbox)).map((row) => row.match(/ (\S+ \d+) \|/)?.[1]).sort();
  const expected = [...Array(MESSAGES).keys()].map((number) => `Number ${number}`).sort();

  test("the directory is replaced by its copy, with other inodes and times", () =>
    within(async ({ spool, who, inbox, folder }) => {
      const before = await rows(who, inbox);
      const cur = path.join(spool.root, "cur");
      cpSync(cur, path.join(folder, "copy"), { recursive: true });
      for (const name of readdirSync(path.join(folder, "copy"))) utimesSync(path.join(folder, "copy", name), 1_700_000_000, 1_700_000_000);
      renameSync(cur, path.join(folder, "old"));
      renameSync(path.join(folder, "copy"), cur);
      await settled(who, inbox, MESSAGES);
      assert.deepEqual((await rows(who, inbox)).sort(), before.sort());
    }));

  test("each message is there a second time, under its name with other flags, or linked in the other directory", () =>
    within(async ({ spool, places, who, inbox }) => {
      for (const [at, place] of places.entries()) {
        const base = path.basename(place).split(":2,")[0];
        if (at % 2) linkSync(place, path.join(spool.root, "new", base));
        else cpSync(place, path.join(spool.root, "cur", `${base}:2,FS`));
      }
      await who.ask(inbox);
      await settled(who, inbox, MESSAGES);
      assert.deepEqual(await subjects(who, inbox), expected);
    }));

  test("a name that was a message's is given to another, at once and after the first is gone", () =>
    within(async ({ places, who, inbox }) => {
      // The letter alone, without the list beside it.
      const shown = async (address) => {
        const html = (await who.ask(address)).text();
        return html.slice(html.indexOf('<article')).replace(/<[^>]*>/g, " ");
      };
      const address = async (subject) => {
        const html = (await who.ask(inbox)).text();
        const row = [...html.matchAll(/<li id="r-[^>]*>.*?<\/li>/gs)].map(([row]) => row).find((row) => row.includes(`>${subject}<`));
        return row ? letters(row)[0] : undefined;
      };
      const old = await address("Number 7");
      assert.match(await shown(old), /Text of 7\./);
      // By rename, as a delivery does, so that no half of it is ever there; and with a time of its own.
      const fresh = message({ subject: "Another 7", text: "Another text.\n" });
      writeFileSync(`${places[7]}.tmp`, fresh);
      renameSync(`${places[7]}.tmp`, places[7]);
      const letter = await shown(old);
      assert.match(letter, /Another 7[^]*Another text\./, "what is there now, whole");
      assert.deepEqual([await address("Another 7"), await address("Number 7")], [old, undefined], "in the list too");
      // One as long as the other and of the same second: no listing and no size tells.
      const eighth = await address("Number 8");
      const { mtime } = statSync(places[8]);
      writeFileSync(`${places[8]}.tmp`, readFileSync(places[8], "latin1").replace("Number 8", "Number X").replace("Text of 8", "Text of X"), "latin1");
      utimesSync(`${places[8]}.tmp`, mtime, mtime);
      renameSync(`${places[8]}.tmp`, places[8]);
      assert.match(await shown(eighth), /Number X[^]*Text of X\./);
      assert.deepEqual([await address("Number X"), await address("Number 8")], [eighth, undefined]);
      // Then gone, noticed, and a third one of that name.
      rmSync(places[7]);
      await settled(who, inbox, MESSAGES - 1);
      assert.notEqual((await who.ask(old)).status, 200, "it is gone");
      writeFileSync(`${places[7]}.tmp`, message({ subject: "Third 7", text: "Third text.\n" }));
      renameSync(`${places[7]}.tmp`, places[7]);
      await settled(who, inbox, MESSAGES);
      const third = await until(() => address("Third 7"), "the list has the third one's subject", 20);
      assert.match(await shown(third), /Third text\./);
      assert.ok(readFileSync(places[7], "latin1").includes("Third"));
    }));
});
