// F5, F6: the way to the file server is cut, or nothing is mounted at all and an empty folder stands in its place. Neither is an empty
// mailbox, and the index is kept.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { atEnd } from "../lib/endings.mjs";
import { faulty, missing } from "../lib/faultfs.mjs";
import { lacking, rows, settled, until } from "../lib/faults.mjs";
import { get } from "../lib/http.mjs";
import { Maildir, message } from "../lib/mail.mjs";
import { campus, clock, letters, source } from "../lib/outage.mjs";

const LETTERS = 60;
/** ms; of two listings so far apart the second decides about what is missing (two seconds), to the whole second. */
const DECIDES = 3_000;
const CONNECTIONS = "/sys/fs/fuse/connections";

/** Why no connection can be cut, or nothing. */
function uncuttable() {
  if (missing()) return missing();
  if (!existsSync(CONNECTIONS)) return "there is no fusectl";
  if (spawnSync("mountpoint", ["-q", CONNECTIONS]).status === 0) return null;
  if (spawnSync("mount", ["-t", "fusectl", "none", CONNECTIONS]).status !== 0) return "fusectl cannot be mounted";
  atEnd(() => spawnSync("umount", [CONNECTIONS]));
  return null;
}

/** Why nothing can be had of the spool, as the status says. */
const cause = async (site) => {
  const { services } = JSON.parse((await get(`${site.origin}/status.json`, { headers: { host: "mail.campus.example" } })).text());
  return services.find(({ kind }) => kind === "spool").cause;
};

/** The mount goes away under a portal, by `cut`, and comes back. */
async function away(cut, said, options = {}) {
  const site = await campus({ letters: LETTERS, mount: faulty, ...options });
  let portal = await site.start();
  let again;
  try {
    const who = await site.signIn("tanaka");
    const inbox = await who.inbox();
    await settled(who, inbox, LETTERS);
    const before = await rows(who, inbox);
    const there = async () => {
      const list = await who.ask(inbox);
      assert.equal(list.status, 200);
      assert.equal(source(list.text()), "saved");
      assert.match(list.text(), said);
      assert.deepEqual(await rows(who, inbox), before);
      const letter = await who.ask(letters(list.text())[20]);
      assert.ok(letter.status === 503 || source(letter.text()) === "saved", `${letter.status}`);
    };
    await cut(site);
    // So far apart, by the portal's own clock, that a second listing would decide about what is missing.
    await there();
    const first = await clock(site);
    await until(async () => {
      await there();
      return (await clock(site)) > first + DECIDES;
    }, "its clock goes on");
    await there();
    // So it is for one that is started while nothing is there.
    await portal.stop();
    portal = await site.start();
    await there();
    await site.mount.remove();
    again = await faulty(site.behind, site.at);
    await settled(who, inbox, LETTERS);
    assert.deepEqual(await rows(who, inbox), before);
  } finally {
    await portal.stop();
    await again?.remove();
    await site.stop();
  }
}

describe("a mount that goes away", { timeout: 180_000 }, () => {
  test("its connection is aborted: a fault, and no empty mailbox", { skip: lacking("a connection that is cut", uncuttable()) }, () =>
    away(({ at }) => {
      const { dev } = statSync(at);
      // FUSE has no device of its own: the minor number names the connection.
      writeFileSync(`${CONNECTIONS}/${(dev & 0xff) | ((dev >> 12) & 0xfff00)}/abort`, "1");
    }, /The mail store could not be read|The mail store does not answer/));

  test("it is unmounted: the store is not there, and the index is kept", { skip: lacking("a mount that is missing", missing()) }, () =>
    away(async (site) => {
      await site.mount.remove();
      await until(() => spawnSync("mountpoint", ["-q", site.at]).status !== 0, "unmounted");
    }, /The mail store is not there/));

  test("it is unmounted, and below it lies what a mail server made there: without its marker it is not believed", { skip: lacking("a mount that is missing", missing()) }, () =>
    away(async (site) => {
      await site.mount.remove();
      await until(() => spawnSync("mountpoint", ["-q", site.at]).status !== 0, "unmounted");
      new Maildir(path.join(site.at, "tanaka")).add(message({ subject: "Delivered into nowhere" }));
      await until(async () => (await cause(site)) === "unreachable", "the status says so");
    }, /This store does not look like yours/, {
      spool: 'marker = ".campus-mail"',
      more: "[probe]\ninterval = 5",
      mount: (behind, at) => (writeFileSync(path.join(behind, ".campus-mail"), ""), faulty(behind, at)),
    }));
});
