// F15, F16, F17: the disk of the indexes is full; the spool's file system is frozen, so that who writes there waits; it becomes
// read-only. Mail is read through all of it, and nothing is spoilt.
import { strict as assert } from "node:assert";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { memory, noLoop, noTmpfs, onLoop } from "../lib/disks.mjs";
import { counted, lacking, rows, settled, until } from "../lib/faults.mjs";
import { Maildir, message } from "../lib/mail.mjs";
import { campus, letters, source } from "../lib/outage.mjs";

const LETTERS = 120;

describe("disks", { timeout: 240_000 }, () => {
  test("the disk of the indexes is full: mail is read, what is there is not spoilt, and once there is room all is as it is in the spool", { skip: lacking("a full disk of the indexes", noTmpfs()) }, async () => {
    const site = await campus({ letters: LETTERS, mount: null, deadline: 5_000 });
    const disk = memory(path.join(site.folder, "index"), "24m");
    let portal;
    try {
      portal = await site.start({ env: { FUMIBAKO_INDEX__DIR: disk.at } });
      const who = await site.signIn("tanaka");
      const inbox = await who.inbox();
      await settled(who, inbox, LETTERS);
      const before = await rows(who, inbox);
      const plug = path.join(disk.at, "plug");
      const chunk = Buffer.alloc(64 << 10);
      try {
        for (let size = 0; ; size++) writeFileSync(plug, chunk, { flag: "a" });
      } catch (error) {
        assert.equal(error.code, "ENOSPC");
      }
      const came = site.spools.tanaka.add(message({ subject: "No room for it", text: "No room.\n" }), { arrived: new Date() });
      for (let turn = 0; turn < 5; turn++) {
        const list = await who.ask(inbox);
        assert.equal(list.status, 200);
        assert.ok(counted(list.text()) >= LETTERS);
        for (const letter of letters(list.text()).slice(turn * 5, turn * 5 + 5)) assert.equal((await who.ask(letter)).status, 200, "read from the spool");
      }
      // Somebody of whom nothing was written yet is told so, and not that there is no mail.
      const other = await site.signIn("sato").catch(() => null);
      const page = await other?.ask("/");
      if (page?.status === 303) {
        const list = await other.ask(page.headers.location);
        assert.ok(list.status >= 500 || counted(list.text()) === LETTERS || /cannot write to its disk/.test(list.text()), `${list.status}`);
      }
      rmSync(plug);
      await settled(who, inbox, LETTERS + 1);
      assert.deepEqual((await rows(who, inbox)).filter((row) => !row.includes("No room")), before);
      site.spools.tanaka.remove(came);
      assert.ok(!readdirSync(disk.at, { recursive: true }).some((name) => name.includes("set-aside")), "no index was found damaged");
      await portal.stop();
    } finally {
      await portal?.stop();
      disk.remove();
      await site.stop();
    }
  });

  const onDisk = async (body) => {
    const site = await campus({ letters: LETTERS, mount: onLoop, deadline: 5_000 });
    let portal;
    try {
      portal = await site.start();
      const who = await site.signIn("tanaka");
      const inbox = await who.inbox();
      await settled(who, inbox, LETTERS);
      await body({ site, who, inbox, portal, spool: new Maildir(path.join(site.at, "tanaka")) });
    } finally {
      site.mount.thaw();
      await portal?.stop();
      await site.stop();
    }
  };
  const unaffected = async (who, inbox) => {
    const list = await who.ask(inbox);
    assert.equal(source(list.text()), "live");
    assert.equal(counted(list.text()), LETTERS);
    for (const letter of letters(list.text()).slice(0, 10)) {
      const answer = await who.ask(letter);
      assert.equal(answer.status, 200);
      assert.equal(source(answer.text()), "live");
    }
  };
  const skip = lacking("a spool that is frozen or read-only", noLoop());

  test("the spool is frozen: who writes there waits, who reads does not", { skip }, () =>
    onDisk(async ({ site, who, inbox }) => {
      site.mount.freeze();
      await unaffected(who, inbox);
      // For the first time, too: nothing of ours is written there.
      const other = await site.signIn("sato");
      await settled(other, await other.inbox(), LETTERS);
      site.mount.thaw();
      await unaffected(who, inbox);
    }));

  test("the spool becomes read-only, and writable again", { skip }, () =>
    onDisk(async ({ site, who, inbox, spool }) => {
      site.mount.readOnly();
      await unaffected(who, inbox);
      const other = await site.signIn("sato");
      await settled(other, await other.inbox(), LETTERS);
      site.mount.writable();
      spool.add(message({ subject: "Writable again", text: "It is.\n" }), { arrived: new Date() });
      await until(async () => counted((await who.ask(inbox)).text()) === LETTERS + 1, "a delivery shows");
    }));
});
