// The spool hangs: what can be read is read from what is remembered, says so, and is live again when the spool is back (F1, F2 of the
// fault table). The web process itself never calls into the mount.
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, afterEach, before, describe, test } from "node:test";
import { children } from "../lib/faults.mjs";
import { get } from "../lib/http.mjs";
import { missing } from "../lib/hung.mjs";
import { asOf, campus, kept, letters, source, subjects, until } from "../lib/outage.mjs";
import { binary } from "../lib/server.mjs";
import { lacking } from "../lib/skips.mjs";
import { calls, traced } from "../lib/traced.mjs";

const skip = lacking("a spool that hangs", missing());

describe("a spool that hangs", { skip }, () => {
  let site;
  let portal;
  /** Helpers, when nothing is wrong. */
  let all = 0;
  before(async () => {
    site = await campus();
    portal = await site.start();
  });
  after(async () => {
    await portal?.stop();
    await site?.stop();
  });

  // Whatever went wrong, nothing hangs any more.
  afterEach(() => site.mount.answer());

  /** Everything of a mailbox has been read. */
  const settled = async (who, inbox) => {
    await until(async () => {
      const html = (await who.ask(inbox)).text();
      return source(html) === "live" && !/class="loading|still being read/.test(html) && subjects(html).length === 50;
    });
  };

  test("lists are shown as they were, letters that are not kept say so, and all is live again afterwards", async () => {
    const [who, other] = [await site.signIn("tanaka"), await site.signIn("sato")];
    const [inbox, others] = [await who.inbox(), await other.inbox()];
    await settled(who, inbox);
    await settled(other, others);
    all = children(portal.pid).length;
    const before = subjects((await who.ask(inbox)).text());
    assert.equal(before[0], "Letter 59 of tanaka");
    // What was opened is kept.
    const opened = letters((await who.ask(inbox)).text())[2];
    assert.equal(source((await who.ask(opened)).text()), "live");
    const raw = (await who.ask(`${opened}/source`)).text();
    await until(() => kept(site.data).length > 0);

    const live = asOf((await who.ask(inbox)).text());
    const hung = Date.now();
    site.mount.hang();
    const list = await who.ask(inbox);
    assert.equal(list.status, 200);
    // To the second.
    const told = asOf(list.text());
    assert.ok(told >= live && told <= hung, "as of when the spool answered last");
    assert.deepEqual(subjects(list.text()), before, "never empty, never less");
    assert.equal(source(list.text()), "saved");
    assert.match(list.text(), /The mail store does not answer/);
    const letter = letters(list.text())[30];
    const refused = await who.ask(letter);
    assert.equal(refused.status, 503);
    assert.ok(refused.headers["retry-after"]);
    const copy = await who.ask(opened);
    assert.equal(copy.status, 200);
    assert.equal(source(copy.text()), "saved");
    assert.match(copy.text(), /Text 57\./);
    assert.equal((await who.ask(`${opened}/source`)).text(), raw, "to be downloaded too");
    assert.equal((await who.ask(`${opened}/body?view=text`)).status, 200);
    // Both people ask on: soon nobody waits for the deadline any more, and nothing more is asked of the mount.
    for (let turn = 0; turn < 4; turn++) {
      for (const [person, place] of [[who, inbox], [other, others]]) {
        const page = await person.ask(`${place}?page=1`);
        assert.equal(page.status, 200);
        assert.equal(source(page.text()), "saved");
        assert.equal(subjects(page.text()).length, 50);
        if (person === who) assert.equal(asOf(page.text()), told, "however late it is asked for");
      }
    }
    assert.match(portal.log(), /is left alone/);
    const search = await who.ask("/search?q=Letter%2030");
    assert.equal(search.status, 200);
    assert.deepEqual(subjects(search.text()), ["Letter 30 of tanaka"]);
    assert.equal(source(search.text()), "saved");
    assert.ok(asOf(search.text()) <= told, "of all mailboxes, so not later than of one");

    const status = await get(`${site.origin}/status`, { headers: { host: "mail.campus.example", "accept-language": "en" } });
    assert.equal(status.status, 200);

    site.mount.answer();
    await until(async () => source((await who.ask(inbox)).text()) === "live");
    assert.deepEqual(subjects((await who.ask(inbox)).text()), before, "nothing was taken for deleted");
    await until(async () => (await who.ask(letter)).status === 200);
    await until(async () => source((await other.ask(others)).text()) === "live");
    assert.match(portal.log(), /answers again/);
  });

  test("helpers that hang are killed, and the process ends although the mount still hangs", async () => {
    const who = await site.signIn("tanaka");
    const inbox = await who.inbox();
    await settled(who, inbox);
    // Those that were killed in the last hang are there again.
    let helpers = [];
    await until(() => (helpers = children(portal.pid)).length >= all);
    site.mount.hang();
    await who.ask(inbox);
    // The one that was asked is gone, another is there in its place.
    await until(() => {
      const now = children(portal.pid);
      return now.some((pid) => !helpers.includes(pid)) && helpers.some((pid) => !now.includes(pid));
    });
    await portal.stop();
    site.mount.answer();
    portal = await site.start();
    const again = await site.signIn("tanaka");
    await settled(again, await again.inbox());
  });

  test("doctor says that it waits for the spool, and goes on when it is back", async () => {
    site.mount.hang();
    const doctor = spawn(binary(), ["doctor", "tanaka", "--config", site.file, "--data", site.data], { stdio: ["ignore", "pipe", "pipe"] });
    const ended = once(doctor, "exit");
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"]) doctor[name].setEncoding("utf8").on("data", (text) => (said[name] += text));
    try {
      await until(() => doctor.exitCode !== null || /tanaka: nothing read for \d+ s: the spool is slow, or does not answer/.test(said.stderr));
      site.mount.answer();
      const [status] = await ended;
      assert.equal(status, 0, said.stdout);
      assert.match(said.stderr, /60 messages in/);
    } finally {
      doctor.kill("SIGKILL");
    }
  });

  test("the web process never calls into the mount", async () => {
    await portal.stop();
    portal = await site.start({ behind: traced(site.folder) });
    const who = await site.signIn("sato");
    const inbox = await who.inbox();
    await settled(who, inbox);
    const html = (await who.ask(inbox)).text();
    for (const letter of letters(html).slice(0, 3)) assert.equal((await who.ask(letter)).status, 200);
    assert.equal((await who.ask(`${letters(html)[0]}/source`)).status, 200);
    await portal.stop();
    const { helpers, others } = calls(site.folder, site.at);
    assert.ok(helpers.length > 0, "helpers read it");
    assert.deepEqual(others, []);
    portal = await site.start();
  });
});
