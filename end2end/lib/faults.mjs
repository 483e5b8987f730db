// What the tests of faults have in common: waiting for a state, all that a list shows, and processes.
import { readFileSync, readdirSync } from "node:fs";
import { source, subjects } from "./outage.mjs";
export { lacking } from "./skips.mjs";

/** Again and again until it holds. What never holds is told by its name; the bound is for a machine that is busy. */
export async function until(holds, what, seconds = 60) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    const held = await holds();
    if (held) return held;
    await new Promise((soon) => setTimeout(soon, 50));
  }
  throw new Error(`not within ${seconds} s: ${typeof what === "function" ? await what() : what}`);
}

const isRead = (html) => source(html) === "live" && !/class="loading|class="pending"|still being read/.test(html);

/** Until a mailbox is live, has so many messages, and each has been read. */
export const settled = (who, mailbox, total) =>
  until(async () => {
    const html = (await who.ask(mailbox)).text();
    return isRead(html) && (total === undefined || counted(html) === total);
  }, async () => `${mailbox} read through: ${(await who.ask(mailbox)).text().match(/class="counts">.*?<\/span>/)?.[0]}`);

/** How many messages a list says that there are. */
export const counted = (html) => Number(html.replace(/<!--.*?-->/g, "").match(/([\d,]+) messages?</)?.[1].replaceAll(",", ""));

/** Every row of a mailbox, page by page: its id, subject, short text, and whether it is read. */
export async function rows(who, mailbox) {
  const found = [];
  for (let page = 1, pages = 1; page <= pages; page++) {
    const html = (await who.ask(`${mailbox}?page=${page}`)).text();
    pages = Number(html.match(/Page [\d,]+ of ([\d,]+)/)?.[1] ?? 1);
    for (const [row, id, attributes] of html.matchAll(/<li id="(r-[^"]*)"([^>]*)>.*?<\/li>/gs)) {
      const unread = /unread/.test(attributes) ? " unread" : "";
      found.push(`${id} ${subjects(row)[0]} | ${row.match(/class="preview">([^<]*)/)?.[1] ?? ""}${unread}`);
    }
  }
  return found;
}

/** The processes that a process started. A thread that ended meanwhile has none. */
export const children = (pid) => {
  const of = (task) => {
    try {
      return readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number);
    } catch {
      return [];
    }
  };
  return readdirSync(`/proc/${pid}/task`).flatMap(of);
};

/** The state of a process: `D` for one that only what it waits for can end. */
export const stateOf = (pid) => readFileSync(`/proc/${pid}/stat`, "utf8").replace(/.*\) /s, "")[0];

/** Says a figure of a test. */
export const figure = (text) => console.log(`# ${text}`);
