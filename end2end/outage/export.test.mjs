// Mail is taken along while the spool hangs: what is kept is whole, what is missing is named, and as of when it is told stands in it.
import { strict as assert } from "node:assert";
import { after, afterEach, before, describe, test } from "node:test";
import { missing } from "../lib/hung.mjs";
import { campus, kept, letters, source, subjects, until } from "../lib/outage.mjs";
import { lacking } from "../lib/skips.mjs";
import { unzip } from "../lib/zip.mjs";

const skip = lacking("an export while the spool hangs", missing());

const [LETTERS, OPENED] = [60, 5];
/** The subjects of messages in one text. */
const named = (text) => [...text.matchAll(/Letter (\d+) of tanaka/g)].map(([, number]) => Number(number)).sort((a, b) => a - b);
const numbers = (from, to) => Array.from({ length: to - from }, (_, at) => from + at);
const KEPT = numbers(LETTERS - OPENED, LETTERS);
const LACKING = numbers(0, LETTERS - OPENED);

describe("an export while the spool hangs", { skip }, () => {
  let site;
  let portal;
  let who;
  let inbox;
  /** What each letter is, byte for byte, by its address, the newest first. */
  const raw = new Map();
  /** Up to when the spool answered, in ms. */
  let hung;
  before(async () => {
    site = await campus({ people: ["tanaka"], letters: LETTERS });
    portal = await site.start();
    who = await site.signIn("tanaka");
    inbox = await who.inbox();
    await until(async () => {
      const html = (await who.ask(inbox)).text();
      return source(html) === "live" && !/class="loading|still being read/.test(html) && subjects(html).length === 50;
    });
    const addresses = letters((await who.ask(inbox)).text());
    for (const letter of addresses.slice(0, OPENED + 1)) {
      const file = await who.ask(`${letter}/source`);
      assert.equal(file.headers["x-fumibako-source"], "live");
      raw.set(letter, file.text());
    }
    for (const letter of addresses.slice(0, OPENED)) assert.equal((await who.ask(letter)).status, 200);
    await until(() => kept(site.data).length >= OPENED);
    hung = Date.now();
    site.mount.hang();
  });
  afterEach(() => site.mount.answer());
  after(async () => {
    await portal?.stop();
    await site?.stop();
  });

  /** A zip as texts by name, without what it says of itself, and that. */
  const zip = (answer) => {
    const { "README.txt": told, ...files } = unzip(answer.plain());
    return { told: told.toString(), files: Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, bytes.toString()])) };
  };
  const isOld = (answer, of = " saved copy") => {
    assert.equal(answer.status, 200);
    assert.equal(answer.headers["x-fumibako-source"], "saved");
    const at = Date.parse(answer.headers["x-fumibako-as-of"]);
    assert.ok(at <= hung, `${answer.headers["x-fumibako-as-of"]} is later than the last answer`);
    // The name has the minute of that, in the person's zone: never that of the question.
    const minute = answer.headers["x-fumibako-as-of"].slice(0, 16).replace("T", " ").replace(":", "");
    assert.match(decodeURIComponent(answer.headers["content-disposition"]), new RegExp(` ${minute}${of}\\.(mbox|zip)`));
  };
  const isTold = (told) => {
    assert.match(told, new RegExp(`: ${OPENED} messages, from the list remembered as of `));
    assert.deepEqual(named(told), LACKING, "what is missing is named");
    assert.match(told, /The mail store does not answer/);
  };

  test("a message, a selection, a mailbox and everything hold what is kept, and say what they do not", async () => {
    const [lacks] = [...raw.keys()].slice(OPENED);
    const opened = [...raw.keys()].slice(0, OPENED);

    // One message.
    const one = await who.ask(`${opened[0]}/source`);
    assert.equal(one.text(), raw.get(opened[0]));
    assert.equal(one.headers["x-fumibako-source"], "saved");
    assert.ok(Date.parse(one.headers["x-fumibako-as-of"]) <= hung);
    assert.equal((await who.ask(`${lacks}/source`)).status, 503);

    // A selection: the page offers it, and what is kept of it comes.
    const page = await who.ask(`/export?in=${inbox.split("/")[2]}`);
    assert.equal(page.status, 200);
    assert.match(page.text(), /data-source="saved"/);
    const picks = [...opened.slice(1, 3), lacks].map((letter) => `pick=${letter.split("/").slice(2).join("/")}`);
    const selection = await who.ask(`/export/file?format=zip&${picks.join("&")}`);
    isOld(selection);
    const chosen = zip(selection);
    assert.deepEqual(Object.values(chosen.files).sort(), opened.slice(1, 3).map((letter) => raw.get(letter)).sort());
    assert.deepEqual(named(chosen.told), [LETTERS - OPENED - 1]);

    // A mailbox, as one file and as many.
    const mbox = await who.ask(`${inbox}/export`);
    isOld(mbox);
    const parts = mbox.text().split(/^From /m).slice(1);
    assert.deepEqual(parts.slice(0, -1).flatMap(named), KEPT, "the oldest first");
    isTold(parts.at(-1));
    const many = await who.ask(`${inbox}/export?format=zip`);
    isOld(many);
    const whole = zip(many);
    assert.deepEqual(Object.values(whole.files).sort(), opened.map((letter) => raw.get(letter)).sort());
    isTold(whole.told);

    // Everything.
    const form = await who.ask("/export");
    assert.match(form.text(), /data-source="saved"/);
    const all = await who.ask("/export/file?format=zip");
    isOld(all, " saved copy");
    const everything = zip(all);
    assert.deepEqual(Object.values(everything.files).sort(), opened.map((letter) => raw.get(letter)).sort());
    isTold(everything.told);
  });

  test("once it answers again nothing is missing", async () => {
    // The mount is taken up again little by little.
    let mbox;
    await until(async () => {
      mbox = await who.ask(`${inbox}/export`);
      return mbox.headers["x-fumibako-source"] === "live" && !/About this export/.test(mbox.text());
    });
    assert.ok(Date.parse(mbox.headers["x-fumibako-as-of"]) > hung);
    assert.match(decodeURIComponent(mbox.headers["content-disposition"]), / live\.mbox/);
    assert.deepEqual(named(mbox.text()), numbers(0, LETTERS));
    const { files, told } = zip(await who.ask("/export/file?format=zip"));
    assert.equal(Object.keys(files).length, LETTERS);
    assert.deepEqual(named(told), []);
  });
});
