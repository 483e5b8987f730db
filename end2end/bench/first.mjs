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

/** The subjects of a page of the list, as they stand in the data too. */
const subjects = (html) => shown(html).map((row) => row.match(/<span class="subject">(.*?)<\/span>/s)?.[1] ?? "").map(unescaped);
const unescaped = (text) => text.replace(/<[^>]*>/g, "").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#x27;|&#39;/g, "'").replace(/&amp;/g, "&");

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

  const found = { page: [], data: [], same: [] };
  const theirs = { page: [], data: [], same: [] };
  const asked = {
    data: () => other.list(),
    page: async () => (await other.inboxPage()) + (await other.list()),
    same: () => other.listByDate(),
  };
  let dropped = true;
  const forget = () => (dropped = drop() && dropped);
  for (let time = 0; time < times; time++) {
    const visit = (ask) => ourVisit(campus, path.join(work, `data-${time}`), ask, forget);
    found.data.push(await visit(until(dataOf(inbox), isWhole(subjects(final)))));
    found.page.push(await visit(until(inbox, whole)));
    found.same.push(await visit(until(inbox, (html) => whole(html) && JSON.stringify(shown(html)) === JSON.stringify(expected))));
    if (!other) continue;
    for (const [what, ask] of Object.entries(asked)) {
      other.forget();
      drop();
      theirs[what].push(await ask());
    }
  }
  if (other) await other.list();
  const note = `${times} visits, ${dropped ? "page cache dropped" : "page cache not dropped: that takes root"}`;
  const line = (name, what, bars, note) => compared(name, p50(found[what]), other ? p50(theirs[what]) : undefined, { bar: barAt(size, bars), note });
  line("first visit ever, list as data only", "data", ARRIVAL, note);
  line("first visit ever (theirs: page + list)", "page", ARRIVAL, note);
  line("first visit ever, sorted by date", "same", BY_DATE, `a page as it is when all has been read; the answers as they came: ${found.same.map(ms).join(", ")}`);
}

/** The address of the list alone. */
const dataOf = (inbox) => `/api/list_messages?mailbox=${inbox.split("/").at(-1)}&query=`;
/** Whether an answer has all that the first page shows. */
const isWhole = (wanted) => (answer) => wanted.every((subject) => answer.includes(subject));

/** Asks again and again until an answer is as it should be; gives how long that took. */
const until = (address, isDone) => async (who) => {
  for (const began = performance.now(); performance.now() - began < PATIENCE; ) {
    const answer = (await who.get(address, { headers: { "accept-encoding": "gzip" } })).text();
    const now = performance.now() - began;
    if (isDone(answer)) return now;
  }
  throw new Error(`${address} did not become what it should in ${ms(PATIENCE)}`);
};

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

/** The first visit of somebody to a portal that is at work for others. */
async function ourVisit(campus, data, ask, forget) {
  cpSync(campus.data, data, { recursive: true });
  const portal = await campus.serve(data);
  try {
    const others = await portal.signIn("others");
    const theirInbox = await others.inbox();
    for (let left = 20; left > 0; left--) await others.get(theirInbox);
    const newcomer = await portal.signIn("newcomer");
    forget();
    return await ask(newcomer);
  } finally {
    await portal.stop();
    rmSync(data, { recursive: true, force: true });
  }
}
