// F23, as far as mail is read: a lock that somebody left behind, or holds and is killed, keeps nobody from reading, what is delivered
// meanwhile shows, and no lock is touched.
import { strict as assert } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { counted, lacking, settled } from "../lib/faults.mjs";
import { client } from "../lib/http.mjs";
import { mbox, message } from "../lib/mail.mjs";
import { campus, letters, source } from "../lib/outage.mjs";
import { scratch, serve } from "../lib/server.mjs";

const LETTERS = 60;
const letter = (number) => message({ subject: `Locked ${number}`, date: new Date(Date.UTC(2026, 10, 20) + number * 1000), text: `Text ${number}.\n` });

/** Holds both kinds of lock on a file, says so, and does nothing more. */
const HOLD = `
import fcntl, sys, time
file = open(sys.argv[1], "r+b")
fcntl.flock(file, fcntl.LOCK_EX)
fcntl.lockf(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(3600)
`;
const skip = lacking("a lock that another program holds", spawnSync("python3", ["-V"]).status === 0 ? null : "python3 is not there");

describe("locks of others", { timeout: 180_000 }, () => {
  test("a Maildir with the locks of a mail server that is gone is read, and what is delivered shows", async () => {
    const site = await campus({ letters: LETTERS, mount: null });
    const { root } = site.spools.tanaka;
    const locks = ["dovecot-uidlist.lock", "dovecot.index.log.lock", "maildirsize.lock", "subscriptions.lock"].map((name) => path.join(root, name));
    for (const lock of locks) writeFileSync(lock, "1:gone.campus.example\n");
    const untouched = () => locks.map((lock) => [statSync(lock).mtimeMs, statSync(lock).ino].join());
    const before = untouched();
    const portal = await site.start();
    try {
      const who = await site.signIn("tanaka");
      const inbox = await who.inbox();
      await settled(who, inbox, LETTERS);
      site.spools.tanaka.add(letter(1), { arrived: new Date() });
      const list = (await who.ask(inbox)).text();
      assert.equal(counted(list), LETTERS + 1, "found by the next look");
      assert.equal(source(list), "live");
      await settled(who, inbox, LETTERS + 1);
      assert.equal((await who.ask(letters((await who.ask(inbox)).text())[0])).status, 200);
      assert.deepEqual(untouched(), before);
    } finally {
      await portal.stop();
      await site.stop();
    }
  });

  test("an mbox that another program has locked is read, also once that was killed", { skip }, async () => {
    const home = await scratch("fumibako-locks");
    const file = path.join(home.folder, "inbox");
    writeFileSync(file, mbox(Array.from({ length: 20 }, (_, number) => letter(number))));
    const holder = spawn("python3", ["-c", HOLD, file], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(holder, "exit");
    await once(holder.stdout, "data");
    writeFileSync(`${file}.lock`, `${holder.pid}\n`);
    const portal = await serve(["--mbox", file]);
    try {
      const who = await client(portal);
      const ask = { ask: (url) => who.get(url) };
      const inbox = await who.inbox();
      await settled(ask, inbox, 20);
      appendFileSync(file, mbox([letter(20)]));
      await settled(ask, inbox, 21);
      holder.kill("SIGKILL");
      await ended;
      appendFileSync(file, mbox([letter(21)]));
      await settled(ask, inbox, 22);
      const list = (await who.get(inbox)).text();
      assert.equal(source(list), "live");
      assert.match((await who.get(letters(list)[0])).text(), /Text 21\./);
      assert.ok(existsSync(`${file}.lock`));
    } finally {
      holder.kill("SIGKILL");
      await portal.stop();
      await home.remove();
    }
  });
});
