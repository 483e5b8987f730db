// F22: what lies in a spool was put there to harm: FIFOs, links, sockets, a gigabyte of header, MIME fifty thousand levels deep, names
// that are no names. It is shown as damaged, or passed over; nothing hangs, nothing leads out, and the rest is read.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, symlinkSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { test } from "node:test";
import { counted, figure, rows, settled, until } from "../lib/faults.mjs";
import { client } from "../lib/http.mjs";
import { Maildir, message, modifiedUtf7 } from "../lib/mail.mjs";
import { letters } from "../lib/outage.mjs";
import { scratch, serve } from "../lib/server.mjs";

const GOOD = 20;
const GIGABYTE = 1 << 30;
/** A page of such a mailbox is answered within this however busy the machine is; the hostile files alone would take for ever. */
const PATIENCE = { timeout: 30_000 };

const deep = (levels) => {
  const parts = ["From: a@example.org\nSubject: Deep\nMIME-Version: 1.0\n"];
  for (let level = 0; level < levels; level++) parts.push(`Content-Type: multipart/mixed; boundary="b${level}"\n\n--b${level}\n`);
  parts.push("Content-Type: text/plain\n\nThe bottom.\n");
  return parts.join("");
};

test("hostile entries are shown as damaged or passed over, and the rest is read", { timeout: 180_000 }, async () => {
  const { folder, remove } = await scratch("fumibako-hostile");
  const spool = new Maildir(path.join(folder, "Maildir"));
  const cur = path.join(spool.root, "cur");
  for (let number = 0; number < GOOD; number++) spool.add(message({ subject: `Good ${number}`, text: `Text of ${number}.\n` }), { flags: "S" });
  writeFileSync(path.join(folder, "secret"), "Subject: Secret of somebody else\n\nSecret text.\n");
  let serial = 0;
  const name = () => path.join(cur, `18000000${String(++serial).padStart(2, "0")}.M1P1.hostile:2,`);
  assert.equal(spawnSync("mkfifo", [name()]).status, 0);
  symlinkSync(path.join(folder, "secret"), name());
  symlinkSync("/dev/zero", name());
  symlinkSync("/proc/self/environ", name());
  symlinkSync(path.join(folder, "nowhere"), name());
  mkdirSync(name());
  const socket = net.createServer();
  const short = path.join(folder, "s");
  await new Promise((listening) => socket.listen(short, listening));
  spawnSync("mv", [short, name()]);
  // A gigabyte of header: sparse, so that it takes no room here.
  const huge = name();
  const fd = openSync(huge, "w");
  writeSync(fd, "From: a@example.org\nSubject: Huge\nX-Filler: ");
  closeSync(fd);
  truncateSync(huge, GIGABYTE);
  writeFileSync(name(), deep(50_000));
  writeFileSync(name(), `From: a@example.org\nSubject: ${"=?utf-8?B?".repeat(50_000)}\n\nWords.\n`);
  writeFileSync(name(), "");
  // Names: not UTF-8, as long as may be, and mailboxes that are no modified UTF-7.
  const bytes = (text) => Buffer.concat([Buffer.from(`${cur}/18000001`), Buffer.from(text, "latin1"), Buffer.from(":2,")]);
  writeFileSync(bytes("\xff\xfe\x01<script>.h"), message({ subject: "Strange name", text: "Strange.\n" }));
  writeFileSync(bytes("x".repeat(240)), message({ subject: "Long name", text: "Long.\n" }));
  for (const mailbox of [".&AAAA", ".&&&-", ".&ZeVnLIqe", ".\xff\xfe", ".a.&2D0-", ".<b>"]) {
    const at = Buffer.concat([Buffer.from(`${spool.root}/`), Buffer.from(mailbox, "latin1"), Buffer.from("/")]);
    for (const part of ["cur", "new", "tmp"]) mkdirSync(Buffer.concat([at, Buffer.from(part)]), { recursive: true });
  }
  spool.makeMailbox("会議");
  symlinkSync(folder, path.join(spool.root, ".Link"));
  assert.equal(modifiedUtf7("会議"), "&TxqLcA-");

  const portal = await serve(["--maildir", spool.root]);
  try {
    const got = await client(portal);
    const who = { ask: (url) => got.get(url, PATIENCE) };
    const inbox = await got.inbox();
    await settled(who, inbox);
    const html = (await who.ask(inbox)).text();
    const found = await rows(who, inbox);
    for (let number = 0; number < GOOD; number++) assert.ok(found.some((row) => row.includes(` Good ${number} | — Text of ${number}.`) || row.includes(` Good ${number} |  — Text of ${number}.`)), `Good ${number}`);
    for (const subject of ["Strange name", "Long name", "Deep", "Huge"]) assert.ok(found.some((row) => row.includes(subject)), `${subject}\n${found.join("\n")}`);
    assert.ok(!/Secret/.test(found.join()), "no link leads out");
    const all = letters(html);
    assert.equal(all.length, counted(html), "one page");
    const answers = [];
    for (const letter of all) {
      const answer = await who.ask(letter);
      answers.push(answer.status);
      assert.ok(!/Secret text|root:x:|PATH=/.test(answer.text()));
      assert.ok([200, 403, 404, 422, 503].includes(answer.status), `${letter}: ${answer.status}`);
    }
    assert.ok(answers.filter((status) => status === 200).length >= GOOD + 2);
    const rail = [...html.matchAll(/<li id="in-rail-[^>]*><a href="(\/m\/[a-z2-7]+)" title="([^"]*)"/g)];
    assert.ok(rail.some(([, , title]) => title === "会議"));
    // Those whose names cannot be understood are there too, and each can be opened.
    assert.ok(rail.length >= 7, rail.map(([, , title]) => title).join(", "));
    for (const [, href, title] of rail) {
      const mailbox = await who.ask(href);
      assert.equal(mailbox.status, 200);
      if (title === "Link") assert.match(mailbox.text(), /No permission to read the mail/, "shown with its cause, and not followed");
    }
    await until(async () => (await who.ask(inbox)).status === 200, "and it is still there");
    figure(`${all.length} entries are shown, ${found.length - GOOD} of them hostile; ${rail.length} mailboxes`);
  } finally {
    socket.close();
    await portal.stop();
    await remove();
  }
});
