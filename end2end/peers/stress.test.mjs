// Deliveries by three programs, and marks, moves and deletions by Dovecot, in a seeded order, while the portal is reading. At each
// checkpoint the index, the directory and Dovecot must say the same: no message lost, doubled or left behind.
// FUMIBAKO_STRESS_MINUTES makes it as long as one likes, FUMIBAKO_STRESS_SEED repeats a run.
import { strict as assert } from "node:assert";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import test from "node:test";
import { isDeepStrictEqual } from "node:util";
import { USER, dovecot, give, lacks, missing, run } from "../lib/dovecot.mjs";
import { client } from "../lib/http.mjs";
import { message } from "../lib/mail.mjs";
import { serve } from "../lib/server.mjs";
import { lacking } from "../lib/skips.mjs";

const skip = lacking("stress by Dovecot", missing());

const MINUTES = Number(process.env.FUMIBAKO_STRESS_MINUTES ?? 0);
const STEPS = 160;
const CHECK_EVERY = 40;
const MAILBOXES = ["INBOX", "Sent", "Lab", "Lab.2026"];

/** Numbers from a seed (xorshift32). */
function dice(seed) {
  let state = seed >>> 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
  return { below: (most) => next() % most, of: (list) => list[next() % list.length] };
}

/** What the portal shows: `{mailbox: sorted lines "subject unread?"}`. */
async function shown(who) {
  const inbox = (await who.get(await who.inbox())).text();
  const rail = inbox.slice(inbox.indexOf('id="rail"'), inbox.indexOf("</nav>", inbox.indexOf('id="rail"')));
  const found = {};
  for (const [, href, name] of rail.matchAll(/<a href="(\/m\/[a-z2-7]+)" title="([^"]*)"/g)) {
    const lines = [];
    for (let page = 1, pages = 1; page <= pages; page++) {
      const html = (await who.get(`${href}?page=${page}`)).text();
      pages = Number(html.match(/Page \d+ of (\d+)/)?.[1] ?? 1);
      for (const [, attributes, row] of html.matchAll(/<li id="r-[^"]*"([^>]*)>(.*?)<\/li>/gs)) {
        lines.push(`${row.match(/class="subject">([^<]*)/)?.[1]}${/unread/.test(attributes) ? " unread" : ""}`);
      }
    }
    found[name.replaceAll("/", ".").replace(/^Inbox$/i, "INBOX")] = lines.sort();
  }
  return found;
}

test("what is delivered, marked, moved and deleted meanwhile is neither lost nor doubled", { skip, timeout: MINUTES * 60_000 + 300_000 }, async () => {
  const seed = Number(process.env.FUMIBAKO_STRESS_SEED ?? Date.now() % 1_000_000);
  console.log(`seed ${seed}`);
  const { below, of } = dice(seed);
  const home = mkdtempSync(path.join(tmpdir(), "fumibako-stress-"));
  const data = mkdtempSync(path.join(tmpdir(), "fumibako-stress-data-"));
  const peer = dovecot(home, `maildir:${home}/Maildir`);
  for (const mailbox of MAILBOXES.slice(1)) await peer.doveadm("mailbox", "create", mailbox);
  await peer.doveadm("mailbox", "status", "messages", "INBOX");
  const filters = { maildrop: `to "${home}/Maildir"\n`, procmail: `MAILDIR=${home}\nDEFAULT=${home}/Maildir/\n` };
  for (const [program, filter] of Object.entries(filters)) {
    writeFileSync(path.join(home, `.${program}`), filter);
    chmodSync(path.join(home, `.${program}`), 0o600);
  }
  give(home);
  const as = { ...USER, env: { PATH: process.env.PATH, HOME: home, USER: "reader", LOGNAME: "reader" } };
  const deliver = {
    "dovecot-lda": (letter) => peer.deliver(letter),
    maildrop: (letter) => run("maildrop", [path.join(home, ".maildrop")], { ...as, input: letter }),
    procmail: (letter) => run("procmail", [path.join(home, ".procmail")], { ...as, input: letter }),
  };
  const programs = Object.keys(deliver).filter((program) => program === "dovecot-lda" || !lacking(`delivery by ${program}`, lacks(program) ? "it is not installed" : null));
  let serial = 0;
  const one = () => `Step ${String(1 + below(Math.max(serial, 1))).padStart(6, "0")}`;
  // Most letters lie where they were delivered.
  const from = () => of(["INBOX", "INBOX", ...MAILBOXES]);
  const steps = {
    deliver: () => {
      const subject = `Step ${String(++serial).padStart(6, "0")}`;
      return deliver[of(programs)](message({ subject, text: `${subject}\n`, date: new Date() }));
    },
    mark: () => peer.doveadm("flags", of(["add", "remove"]), of(["\\Seen", "\\Flagged", "\\Answered", "work"]), "mailbox", from(), "subject", one()),
    move: () => peer.doveadm("move", of(MAILBOXES), "mailbox", from(), "subject", one()),
    copy: () => peer.doveadm("copy", of(MAILBOXES), "mailbox", from(), "subject", one()),
    expunge: () => peer.doveadm("expunge", "mailbox", from(), "subject", one()),
  };
  const weights = ["deliver", "deliver", "deliver", "mark", "mark", "mark", "move", "move", "copy", "expunge"];
  for (let first = 0; first < 60; first++) await steps.deliver();
  const portal = await serve(["--maildir", `${home}/Maildir`], { data });
  const counts = {};
  let reading = true;
  try {
    const who = await client(portal);
    // Somebody who looks around all the while.
    const reader = (async () => {
      while (reading) await shown(who);
    })();
    // It is waited for at the end; what stops it before that is not to hide what stopped the test.
    reader.catch(() => {});
    const expected = async () => {
      const found = {};
      for (const mailbox of MAILBOXES) found[mailbox] = [];
      for (const { mailbox, subject, flags } of await peer.headers()) found[mailbox].push(`${subject}${flags.includes("\\Seen") ? "" : " unread"}`);
      for (const list of Object.values(found)) list.sort();
      return found;
    };
    const checkpoint = async (step) => {
      const wanted = await expected();
      let found;
      // A message is gone only after two looks, two seconds apart; new mail is there at the next look.
      for (const until = Date.now() + 30_000; !isDeepStrictEqual(found, wanted) && Date.now() < until; ) found = await shown(who);
      assert.deepEqual(found, wanted, `after ${step} steps of seed ${seed}`);
    };
    const until = Date.now() + MINUTES * 60_000;
    let step = 0;
    while (MINUTES ? Date.now() < until : step < STEPS) {
      const kind = of(weights);
      counts[kind] = (counts[kind] ?? 0) + 1;
      await steps[kind]();
      if (++step % CHECK_EVERY === 0) await checkpoint(step);
    }
    await checkpoint(step);
    reading = false;
    await reader;
    console.log(`${step} steps by ${programs.join(", ")} and doveadm: ${JSON.stringify(counts)}; ${Object.values(await expected()).flat().length} messages left`);
  } finally {
    reading = false;
    await portal.stop();
    rmSync(home, { recursive: true, force: true });
    rmSync(data, { recursive: true, force: true });
  }
});
