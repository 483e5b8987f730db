// The first visit ever: nothing is known of the person's mail, and no file of it is in the page cache. The person has signed in, on
// either side; the servers have been at work for others, on either side.
import { cpSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { readThrough } from "../lib/http.mjs";
import { drop } from "./caches.mjs";
import { fill } from "./mailbox.mjs";
import { ms, p50 } from "./measure.mjs";
import { people } from "./people.mjs";
import { barAt, compared } from "./table.mjs";

const ARRIVAL = [1, 1, 1];
const BY_DATE = [1, 0.8, 0.8];
const PAGE = 50;
/** Mail of somebody else, so that the portal is at work. */
const OTHERS = 200;
/** The first page is looked at for so long before it counts as never complete, ms. */
const PATIENCE = 120_000;

/** What a page of the list shows, row by row. */
const shown = (html) => (html.match(/<li[ >].*?<\/li>/gs) ?? []).filter((row) => row.includes("data-id=")).map((row) => [row.match(/<span class="subject">.*?<\/span>/s)?.[0], row.match(/<time[^>]*>/)?.[0]].join());
const whole = (html) => html.match(/data-id=/g)?.length === PAGE && !/<li[^>]* class="[^"]*\bloading\b/.test(html);

export async function first({ size, maildir }, final, other, folder) {
  const times = size < 50_000 ? 3 : 2;
  const expected = shown(final);
  const work = path.join(folder, `first-${size}`);
  const elsewhere = path.join(work, "others");
  fill(elsewhere, OTHERS);
  const campus = people(work, { newcomer: maildir, others: elsewhere });
  const inbox = await prepare(campus);

  const found = { whole: [], same: [], arrival: [], date: [] };
  let dropped = true;
  for (let time = 0; time < times; time++) {
    const visit = await ourVisit(campus, path.join(work, `data-${time}`), inbox, expected, () => (dropped = drop() && dropped));
    found.whole.push(visit.whole);
    found.same.push(visit.same);
    if (!other) continue;
    for (const [list, into] of [[other.list, found.arrival], [other.listByDate, found.date]]) {
      other.forget();
      drop();
      into.push(await list());
    }
  }
  if (other) await other.list();
  const note = `${times} visits, ${dropped ? "page cache dropped" : "page cache not dropped: that takes root"}`;
  const theirs = (values) => (other ? p50(values) : undefined);
  compared("first visit ever, arrival order", p50(found.whole), theirs(found.arrival), { bar: barAt(size, ARRIVAL), note });
  compared("first visit ever, sorted by date", p50(found.same), theirs(found.date), { bar: barAt(size, BY_DATE), note: `the answers as they came: ${found.same.map(ms).join(", ")}` });
}

/** Has the others read, and asks where the newcomer's inbox will be; of the newcomer's mail nothing is kept. */
async function prepare(campus) {
  const portal = await campus.serve();
  try {
    const others = await portal.signIn("others");
    await readThrough(others, await others.inbox(), OTHERS);
    const indexes = path.join(campus.data, "index");
    const before = new Set(readdirSync(indexes, { recursive: true }));
    const inbox = await (await portal.signIn("newcomer")).inbox();
    await portal.stop();
    for (const place of readdirSync(indexes, { recursive: true })) {
      if (!before.has(place)) rmSync(path.join(indexes, place), { recursive: true, force: true });
    }
    return inbox;
  } finally {
    await portal.stop();
  }
}

/** `whole`: until a page without rows that are still to come; `same`: until one that is as it will be when all has been read. */
async function ourVisit(campus, data, inbox, expected, dropped) {
  cpSync(campus.data, data, { recursive: true });
  const portal = await campus.serve(data);
  try {
    const others = await portal.signIn("others");
    const theirInbox = await others.inbox();
    for (let left = 20; left > 0; left--) await others.get(theirInbox);
    const newcomer = await portal.signIn("newcomer");
    dropped();
    const found = {};
    for (const began = performance.now(); performance.now() - began < PATIENCE; ) {
      const answer = (await newcomer.get(inbox, { headers: { "accept-encoding": "gzip" } })).text();
      const now = performance.now() - began;
      if (whole(answer)) found.whole ??= now;
      if (whole(answer) && JSON.stringify(shown(answer)) === JSON.stringify(expected)) return { ...found, same: now };
    }
    throw new Error(`the first page did not become what it should in ${ms(PATIENCE)}`);
  } finally {
    await portal.stop();
    rmSync(data, { recursive: true, force: true });
  }
}
