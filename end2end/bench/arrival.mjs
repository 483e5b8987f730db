// The first list after one new message: where nobody else looks at the mail, and on one Maildir beside Dovecot. There each delivery is listed once by either side, who goes first alternates: Dovecot moves what it
// finds in `new` to `cur`, and the portal that comes second sees that too, now or with the next delivery. Both pay what they would on a
// server that has both.
import { spawnSync } from "node:child_process";
import { chownSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { account } from "./account.mjs";
import { atRest, p50, pause } from "./measure.mjs";
import { barAt, compared } from "./table.mjs";

const TIMES = 8;
const BARS = [0.2, 0.1, 0.02];
/** Dovecot tells changes of a Maildir apart by the second of its times. */
const A_SECOND = 1_100;
const MARK = ".bench";

/** As a mail server does it: through tmp, as the owner of the Maildir. */
function deliver(maildir, subject, number) {
  const now = new Date();
  const name = `${Math.floor(now / 1000)}.M${String(now % 1000).padStart(3, "0")}000P${number}${MARK}`;
  const date = now.toUTCString().replace("GMT", "+0000");
  const place = path.join(maildir, "tmp", name);
  writeFileSync(place, `From: Bench <bench@example.edu>\nTo: student@example.edu\nSubject: ${subject}\nDate: ${date}\nMessage-ID: <${name}@example.edu>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nHello.\n`);
  const { uid, gid } = statSync(maildir);
  if (process.getuid() === 0) chownSync(place, uid, gid);
  renameSync(place, path.join(maildir, "new", name));
}

/** Takes away what was delivered here, also by a run that did not end well. */
export function takeBack(maildir) {
  for (const folder of ["new", "cur", "tmp"]) {
    for (const name of readdirSync(path.join(maildir, folder))) {
      if (name.includes(MARK)) rmSync(path.join(maildir, folder, name));
    }
  }
}

/** Either side with the same mail for itself. Ours are links: reading changes nothing in the files. */
export async function arrivalAlone({ size, maildir }, other, folder) {
  const own = path.join(folder, `own-${size}`);
  const { status, stderr } = spawnSync("cp", ["-al", maildir, own], { encoding: "utf8" });
  if (status !== 0) throw new Error(`cp failed: ${stderr}`);
  const ours = await account(size, own, path.join(folder, "own")).open();
  try {
    await arrival({ size, maildir }, ours, other, own);
  } finally {
    await ours.portal.stop();
    rmSync(own, { recursive: true, force: true });
  }
}

export async function arrival({ size, maildir }, ours, other, own = maildir) {
  // As it is read again where scripting runs, and a page load.
  const kinds = {
    "as data only": [ours.data, (subject) => other.list(subject)],
    "a page (theirs: page + list)": [ours.inbox, async (subject) => (await other.inboxPage()) + (await other.list(subject))],
  };
  for (const [kind, [path, theirs]] of Object.entries(kinds)) {
    const found = await deliveries([...new Set([own, maildir])], { ours, path }, other ? theirs : null);
    if (other) await other.list();
    // Where Dovecot took it to `cur` first nobody finds it without reading the directory: the bar is that of an arrival.
    const beside = own === maildir && other;
    compared(`after a new message${beside ? " beside Dovecot" : ""}, ${kind}`, p50(found.ours), other ? p50(found.theirs) : undefined, { bar: beside ? undefined : barAt(size, BARS), note: `${TIMES} deliveries` });
  }
}

/** How long each took to show what was delivered into the Maildirs, each time, ms. */
async function deliveries(maildirs, { ours, path }, theirs) {
  const run = Date.now().toString(36);
  const found = { ours: [], theirs: [] };
  const sides = {
    // Until the new message stands there: an answer without it would not be one.
    ours: async (subject) => {
      for (let took = 0, times = 0; times < 200; times++) {
        const answer = await ours.who.get(path, { headers: { "accept-encoding": "gzip" } });
        took += answer.took;
        if (answer.text().includes(subject)) return took;
      }
      throw new Error(`${subject} does not come`);
    },
    theirs,
  };
  const order = theirs ? ["ours", "theirs"] : ["ours"];
  try {
    for (let time = 0; time < TIMES; time++) {
      await atRest(ours.portal);
      const subject = `Fresh arrival ${run} ${time}`;
      for (const place of maildirs) deliver(place, subject, time);
      await pause(A_SECOND);
      for (const side of time % 2 ? [...order].reverse() : order) found[side].push(await sides[side](subject));
    }
  } finally {
    for (const place of maildirs) takeBack(place);
  }
  return found;
}
