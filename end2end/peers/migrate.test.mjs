// Dovecot carries a spool from one format to another, and cp copies it: nothing is missing then. What Dovecot removes, moves and marks in
// the copy is what `fumibako compare` says, and nothing else; and neither spool is changed by asking.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { dovecot, give, missing } from "../lib/dovecot.mjs";
import { attachment, message } from "../lib/mail.mjs";
import { binary } from "../lib/server.mjs";
import { lacking } from "../lib/skips.mjs";

const skip = lacking("a migration by Dovecot", missing());

// Levels of names are joined alike on both sides, or Dovecot refuses.
const FORMATS = {
  "Maildir++": { location: (place) => `maildir:${place}/Maildir`, place: (place) => `${place}/Maildir` },
  "nested Maildir": { location: (place) => `maildir:${place}/Maildir:LAYOUT=fs`, place: (place) => `${place}/Maildir` },
  mbox: { location: (place) => `mbox:${place}/mail:INBOX=${place}/mail/inbox`, place: (place) => `${place}/mail` },
};

/** Everything about a tree that a reader could disturb. */
function fingerprint(folder) {
  return readdirSync(folder, { recursive: true }).sort().concat("").map((name) => {
    const { ino, mode, size, mtimeNs, ctimeNs } = lstatSync(path.join(folder, name), { bigint: true });
    return [name, ino, mode, size, mtimeNs, ctimeNs].join(" ");
  });
}

function compare(old, fresh, ...more) {
  const before = [fingerprint(old), fingerprint(fresh)];
  const { status, stdout, stderr } = spawnSync(binary(), ["compare", old, fresh, "--json", ...more], { encoding: "utf8", maxBuffer: 1 << 28 });
  assert.deepEqual([fingerprint(old), fingerprint(fresh)], before, "asking changed a spool");
  assert.ok(stdout, stderr);
  return { status, ...JSON.parse(stdout) };
}

/** Bodies that formats have their way with. */
const TEXTS = [
  "From here on it is text.\n\nFrom here too.\n>From there.\n",
  "\n\nFrom a@example.org Thu Jan  1 00:00:00 2026\nSubject: no message of its own\n\nx\n",
  "no line end",
  "blank lines at the end\n\n\n\n",
  "",
  "Status: RO\nX-UID: 7\n\n日本語の本文です。\n",
  "a dot\n.\n..\n\ttab \n",
  `${"long ".repeat(20_000)}\n`,
];

const letter = (number) => message({
  subject: `Letter ${number} 会議`, text: TEXTS[number % TEXTS.length], date: new Date(Date.UTC(2026, 2, 1, number)),
  headers: number % 3 ? {} : { Status: "RO", "X-Keywords": "forged", "X-Folded": "a\n b\n\tc" },
  files: number % 4 ? [] : [attachment({ name: "資料.bin", body: Buffer.alloc(9000, number) })],
});

const subjects = (found, what) => found.findings.filter((one) => one.what === what).map(({ message }) => message.subject).sort();

for (const [from, to] of [["Maildir++", "mbox"], ["mbox", "Maildir++"], ["Maildir++", "nested Maildir"], ["mbox", "nested Maildir"]]) {
  test(`${from} to ${to} by doveadm backup, and what is lost on the way`, { skip }, async () => {
    const home = mkdtempSync(path.join(tmpdir(), "fumibako-migrate-"));
    try {
      const places = [path.join(home, "old"), path.join(home, "new")];
      places.forEach((place) => mkdirSync(`${place}/mail`, { recursive: true }));
      give(home);
      const [source, target] = [FORMATS[from], FORMATS[to]];
      const old = dovecot(places[0], source.location(places[0]), "/");
      for (const mailbox of ["送信済み", "Work"]) await old.doveadm("mailbox", "create", mailbox);
      for (let number = 0; number < 24; number++) await old.deliver(letter(number), ["INBOX", "送信済み", "Work"][number % 3]);
      await old.doveadm("flags", "add", "\\Seen \\Answered", "mailbox", "INBOX", "all");
      const fresh = dovecot(places[1], target.location(places[1]), "/");
      // As the user that the old one belongs to; it may write below the new one.
      await old.doveadm("backup", target.location(places[1]));
      const [was, is] = [source.place(places[0]), target.place(places[1])];
      const whole = compare(was, is, "--flags");
      assert.deepEqual(whole.findings, []);
      assert.deepEqual([whole.status, whole.fine, whole.proved], [0, true, true]);
      assert.deepEqual([whole.totals.old, whole.totals.same, whole.totals.extra, whole.totals.moved, whole.totals.flags], [24, 24, 0, 0, 0]);
      const back = compare(is, was);
      assert.deepEqual([back.status, back.findings], [0, []]);

      await fresh.doveadm("expunge", "mailbox", "INBOX", "subject", "Letter 3 ");
      await fresh.doveadm("expunge", "mailbox", "送信済み", "subject", "Letter 7 ");
      await fresh.doveadm("move", "Work", "mailbox", "INBOX", "subject", "Letter 9 ");
      await fresh.doveadm("copy", "Work", "mailbox", "INBOX", "subject", "Letter 12 ");
      await fresh.doveadm("flags", "remove", "\\Answered", "mailbox", "INBOX", "subject", "Letter 15 ");
      await fresh.deliver(letter(99));
      const found = compare(was, is, "--flags", "--moved");
      assert.equal(found.status, 1);
      assert.deepEqual(subjects(found, "missing"), ["Letter 3 会議", "Letter 7 会議"]);
      assert.deepEqual(subjects(found, "extra"), ["Letter 12 会議", "Letter 99 会議"]);
      assert.deepEqual(subjects(found, "moved-message"), ["Letter 9 会議"]);
      assert.deepEqual(subjects(found, "flags"), ["Letter 15 会議"]);
      assert.deepEqual(subjects(found, "changed"), []);
      assert.deepEqual(found.findings.find((one) => one.what === "moved"), { what: "moved", from: "INBOX", to: "Work", messages: 1 });
      assert.equal(found.proved, true);
      assert.equal(found.findings.find((one) => one.what === "missing" && one.message.subject.startsWith("Letter 7")).message.mailbox, "送信済み");
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
}

test("a plain copy is the same, and doctor finds nothing in what Dovecot wrote", { skip }, async () => {
  const home = mkdtempSync(path.join(tmpdir(), "fumibako-copy-"));
  try {
    const place = path.join(home, "old");
    mkdirSync(place);
    give(home);
    const peer = dovecot(place, `maildir:${place}/Maildir`);
    for (const mailbox of ["送信済み", "Work.Old"]) await peer.doveadm("mailbox", "create", mailbox);
    for (let number = 0; number < 9; number++) await peer.deliver(letter(number), ["INBOX", "送信済み", "Work.Old"][number % 3]);
    await peer.everything();
    assert.equal(spawnSync("cp", ["-a", `${place}/Maildir`, `${home}/copy`]).status, 0);
    assert.deepEqual(compare(`${place}/Maildir`, `${home}/copy`).findings, []);
    const data = path.join(home, "data");
    const args = ["--maildir", `${place}/Maildir`, "--data", data, "--json"];
    const account = JSON.parse(spawnSync(binary(), ["check", ...args], { encoding: "utf8" }).stdout).find((one) => one.about.startsWith("own-")).about;
    const doctor = () => {
      const { status, stdout } = spawnSync(binary(), ["doctor", account, ...args], { encoding: "utf8" });
      return { status, ...JSON.parse(stdout) };
    };
    assert.deepEqual(doctor(), { status: 0, account, findings: [], fine: true });
    // Indexed, and then gone behind everybody's back: both lists name it.
    assert.equal(spawnSync(binary(), ["index", account, ...args.slice(0, -1)]).status, 0);
    assert.equal(doctor().status, 0);
    const cur = ["cur", "new"].map((sub) => path.join(place, "Maildir", sub)).find((folder) => readdirSync(folder).length > 0);
    rmSync(path.join(cur, readdirSync(cur)[0]));
    const found = doctor();
    assert.equal(found.status, 1);
    assert.deepEqual(found.findings.map(({ kind, severity, mailbox }) => [severity, kind, mailbox]), [["warning", "uid-without-message", "INBOX"], ["note", "index", "INBOX"]]);
    const { status, findings } = compare(`${place}/Maildir`, `${home}/copy`);
    assert.deepEqual([status, findings.map((one) => one.what)], [0, ["extra"]]);
    assert.deepEqual([compare(`${home}/copy`, `${place}/Maildir`).status], [1]);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
