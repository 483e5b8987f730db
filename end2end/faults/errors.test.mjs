// F4: the file server answers with errors. What can be read again is; else it is told as it was, with a label. No error ever means that
// a message is gone.
import { strict as assert } from "node:assert";
import { after, afterEach, before, describe, test } from "node:test";
import { faulty, missing } from "../lib/faultfs.mjs";
import { lacking, rows, settled, until } from "../lib/faults.mjs";
import { message } from "../lib/mail.mjs";
import { campus, letters, source } from "../lib/outage.mjs";

const LETTERS = 120;
const ERRORS = ["ESTALE", "EIO", "ETIMEDOUT", "ENOTCONN", "EKEYEXPIRED"];
/** What may be said of one message while its mailbox answers, where, and what people are told: in the list, and instead of the letter. */
const OF_ONE = [
  ["EIO", "open", /The storage answered with an error: this message/, /The storage answered with an error/],
  ["EIO", "read", /The storage answered with an error: this message/, /The storage answered with an error/],
  ["EREMOTEIO", "read", /The storage answered with an error: this message/, /The storage answered with an error/],
  ["EACCES", "open", /no permission to read this message/, /No permission to read the mail/],
];
const ALWAYS = 1_000_000;

/** A letter that cannot be read is one from a copy, or not to be had now; never gone, and never half of it as if it were live. */
function assertKeptOrRefused(answer) {
  if (answer.status === 200) assert.equal(source(answer.text()), "saved");
  else assert.equal(answer.status, 503);
}

describe("a spool that answers with errors", { skip: lacking("a spool that answers with errors", missing()), timeout: 300_000 }, () => {
  let site, portal, who, inbox;
  before(async () => {
    site = await campus({ letters: LETTERS, mount: faulty, deadline: 5_000 });
    portal = await site.start();
    who = await site.signIn("tanaka");
    inbox = await who.inbox();
    await settled(who, inbox, LETTERS);
  });
  after(async () => {
    await portal?.stop();
    await site?.stop();
  });
  afterEach(() => site.mount.answer());
  const fail = (error, count, ops = "any", within = "") => site.mount.tell(`fail ${error} ${count} ${ops} ${within}`.trim());

  test("a handle that is out of date is opened again", async () => {
    for (const [ops, page] of [["open,lookup", inbox], ["open", letters((await who.ask(inbox)).text())[7]]]) {
      await fail("ESTALE", 3, ops, "tanaka/");
      const answer = await who.ask(page);
      assert.equal(answer.status, 200);
      assert.equal(source(answer.text()), "live", ops);
      assert.equal(await site.mount.tell("left"), "0", "it met all of them");
    }
  });

  for (const error of ERRORS) {
    test(`${error}: lists are what they were, letters are not gone, and nothing was forgotten`, async () => {
      const before = await rows(who, inbox);
      assert.equal(before.length, LETTERS);
      const letter = letters((await who.ask(inbox)).text())[30];
      await fail(error, ALWAYS);
      for (let turn = 0; turn < 3; turn++) {
        const list = await who.ask(inbox);
        assert.equal(list.status, 200);
        assert.equal(source(list.text()), "saved");
        assert.match(list.text(), /The mail store could not be read/);
        assertKeptOrRefused(await who.ask(letter));
      }
      assert.deepEqual(await rows(who, inbox), before);
      await site.mount.answer();
      await settled(who, inbox, LETTERS);
      assert.deepEqual(await rows(who, inbox), before);
      assert.equal((await who.ask(letter)).status, 200);
    });

    test(`${error} in the middle of a directory, or of a letter`, async () => {
      const before = await rows(who, inbox);
      // The listing fails; the three system calls before it do not.
      await fail(error, ALWAYS, "readdir", "tanaka/cur");
      const came = site.spools.tanaka.add(message({ subject: `Came while it failed`, text: "Came.\n" }), { flags: "S" });
      const list = await who.ask(inbox);
      assert.equal(list.status, 200);
      assert.equal(source(list.text()), "saved");
      assert.deepEqual(await rows(who, inbox), before);
      await site.mount.answer();
      site.spools.tanaka.remove(came);
      await settled(who, inbox, LETTERS);
      const letter = letters((await who.ask(inbox)).text())[31];
      await fail(error, ALWAYS, "read", "tanaka/cur/");
      assertKeptOrRefused(await who.ask(letter));
      await site.mount.answer();
      assert.equal((await who.ask(letter)).status, 200);
      assert.deepEqual(await rows(who, inbox), before);
    });

    // What may be so of one message alone does not hold up the others, and is tried again after a while: below.
    if (error === "EIO") continue;
    test(`${error} while messages are read for the first time: none stays damaged or without its text`, async () => {
      const names = [];
      await fail(error, ALWAYS, "read", "tanaka/new/");
      for (let number = 0; number < 5; number++) names.push(site.spools.tanaka.add(message({ subject: `New ${error} ${number}`, text: `Its text ${number}.\n` })));
      try {
        // Once when they are met, and again when their turn comes.
        await until(async () => {
          await who.ask(inbox);
          return Number(await site.mount.tell("left")) < ALWAYS - 2 * names.length;
        }, "it met the errors more than once");
        await site.mount.answer();
        const found = async () => (await rows(who, inbox)).filter((row) => /New .* — Its text \d\./.test(row));
        await until(async () => (await found()).length === names.length, async () => (await rows(who, inbox)).slice(0, 6).join("\n"), 20);
      } finally {
        await site.mount.answer();
        for (const name of names) site.spools.tanaka.remove(name);
        await settled(who, inbox, LETTERS);
      }
    });
  }

  for (const [error, op, listed, told] of OF_ONE) {
    test(`${error} of one message on ${op}: it is listed with the reason, and read as soon as it can be`, async () => {
      await fail(error, ALWAYS, op, "tanaka/new/");
      // The first row, with its head and without.
      const date = new Date(Date.UTC(2026, 10, 20));
      const name = site.spools.tanaka.add(message({ subject: `Once ${error}`, date, text: "At last.\n" }), { arrived: date });
      try {
        const row = async () => {
          const html = (await who.ask(inbox)).text();
          return [...html.matchAll(/<li id="r-[^>]*>.*?<\/li>/gs)].map(([row]) => row)[0];
        };
        await until(async () => listed.test(await row()), row, 20);
        await settled(who, inbox, LETTERS + 1);
        const letter = letters(await row())[0];
        const refused = await who.ask(letter);
        assert.equal(refused.status, 503);
        assert.match(refused.text(), told);
        const pane = refused.text().replace(/<ol class="rows"[^]*?<\/ol>/g, "");
        assert.doesNotMatch(pane, /moved or deleted|At last|no text|is empty/i);
        await site.mount.answer();
        assert.match((await who.ask(letter)).text(), /At last\./);
        assert.match(await row(), new RegExp(`Once ${error}.* — .*At last\\.`, "s"));
      } finally {
        await site.mount.answer();
        site.spools.tanaka.remove(name);
        await settled(who, inbox, LETTERS);
      }
    });
  }
});
