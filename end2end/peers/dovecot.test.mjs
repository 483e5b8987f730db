// Dovecot reads and changes a spool while we read it: both must say the same of it.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { dovecot, missing } from "../lib/dovecot.mjs";
import { message } from "../lib/mail.mjs";
import { binary } from "../lib/server.mjs";
import { lacking } from "../lib/skips.mjs";

const skip = lacking("reading what Dovecot wrote", missing());

const LAYOUTS = {
  "Maildir++": { separator: ".", location: (home) => `maildir:${home}/Maildir`, read: (home) => ["--maildir", `${home}/Maildir`] },
  "nested Maildir": { separator: "/", location: (home) => `maildir:${home}/Maildir:LAYOUT=fs`, read: (home) => ["--maildir", `${home}/Maildir`] },
  mbox: { separator: "/", location: (home) => `mbox:${home}/mail:INBOX=${home}/inbox`, read: (home) => ["--mbox", `${home}/inbox`, "--mail", `${home}/mail`] },
};

/** What `fumibako check` says of the one account: as Dovecot's `everything`. */
function ours(home, read) {
  const data = path.join(home, "data");
  const args = ["check", ...read, "--data", data, "--json"];
  const all = JSON.parse(spawnSync(binary(), args, { encoding: "utf8" }).stdout);
  const account = all.find((one) => one.about.startsWith("own-"))?.about;
  const counted = JSON.parse(spawnSync(binary(), [args[0], account, ...args.slice(1)], { encoding: "utf8", maxBuffer: 1 << 28 }).stdout);
  assert.deepEqual(counted.filter((finding) => finding.level !== "ok"), []);
  const found = {};
  for (const { mailbox } of counted.filter((finding) => finding.mailbox)) {
    const list = mailbox.list.map(({ uid, flags }) => ({ uid, flags: flags.sort() }));
    found[mailbox.name] = { uidvalidity: mailbox.uidvalidity, list: list.sort((a, b) => a.uid - b.uid) };
  }
  return found;
}

const sample = (number) => message({ subject: `Letter ${number}`, text: `Body ${number}\nFrom here on it is text.\n\nFrom here too.\n`, date: new Date(Date.UTC(2026, 2, 1 + number)) });

for (const [name, { separator, location, read }] of Object.entries(LAYOUTS)) {
  test(`${name}: what Dovecot wrote, marked, moved and named is what we read`, { skip }, async () => {
    const home = mkdtempSync(path.join(tmpdir(), "fumibako-dovecot-"));
    try {
      if (name === "mbox") mkdirSync(`${home}/mail`);
      const peer = dovecot(home, location(home), separator);
      const agree = async (when) => {
        const theirs = await peer.everything();
        const found = ours(home, read(home));
        const listed = Object.fromEntries(Object.entries(found).map(([mailbox, { list }]) => [mailbox, list]));
        // Dovecot shows what is between two mailboxes as one that cannot be selected; a directory of mboxes has no messages.
        for (const [mailbox, list] of Object.entries(theirs)) if (list.length === 0 && !(mailbox in listed)) delete theirs[mailbox];
        assert.deepEqual(listed, theirs, when);
        for (const [mailbox, list] of Object.entries(theirs)) {
          if (list.length > 0) assert.equal(found[mailbox].uidvalidity, await peer.uidvalidity(mailbox.replaceAll("/", separator)), `${when}: UIDVALIDITY of ${mailbox}`);
        }
        return theirs;
      };
      for (let number = 1; number <= 12; number++) await peer.deliver(sample(number));
      await peer.everything();
      await agree("delivered");
      for (const mailbox of ["送信済み", "研究室/輪講", "R&D", "Drafts"]) await peer.doveadm("mailbox", "create", mailbox.replace("/", separator));
      await peer.doveadm("mailbox", "subscribe", "Drafts");
      await peer.doveadm("flags", "add", "\\Seen \\Flagged", "mailbox", "INBOX", "subject", "Letter 2");
      await peer.doveadm("flags", "add", "\\Answered", "mailbox", "INBOX", "subject", "Letter 3");
      await peer.doveadm("flags", "add", "work $Forwarded", "mailbox", "INBOX", "subject", "Letter 4");
      await peer.doveadm("flags", "add", "\\Draft \\Deleted", "mailbox", "INBOX", "subject", "Letter 5");
      await agree("marked");
      await peer.doveadm("move", `研究室${separator}輪講`, "mailbox", "INBOX", "subject", "Letter 6");
      await peer.doveadm("copy", "送信済み", "mailbox", "INBOX", "subject", "Letter 2");
      await peer.doveadm("expunge", "mailbox", "INBOX", "subject", "Letter 7");
      await peer.deliver(sample(13), "R&D");
      await peer.doveadm("flags", "remove", "\\Seen", "mailbox", "INBOX", "subject", "Letter 2");
      const before = await agree("moved");
      assert.ok(Object.keys(before).length >= 5, Object.keys(before).join());
      await peer.doveadm("mailbox", "rename", "R&D", "R&D 会議");
      await agree("renamed");
      // Nothing was numbered anew because of us.
      const after = await peer.everything();
      assert.deepEqual(after.INBOX, before.INBOX);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
}
