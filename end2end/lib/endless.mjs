// A mailbox of 3,000 messages, and its list that scrolls as one; beside it two mailboxes with a letter each.
import { hydrated } from "./browser.mjs";
import { Maildir, message } from "./mail.mjs";
import { settled } from "./moments.mjs";
import { rows } from "./portal.mjs";
import { scratch } from "./server.mjs";

export const MANY = 3000;
export const START = Date.parse("2025-01-01T00:00:00+09:00");
export const HOUR = 3_600_000;
const dateOf = (number) => new Date(START + number * 3 * HOUR);
export const name = (number) => `Message ${String(number).padStart(4, "0")} 会議`;

export async function make() {
  const home = await scratch("fumibako-endless");
  const spool = new Maildir(home.folder + "/Maildir");
  const places = Array.from({ length: MANY }, (_, at) => {
    const date = dateOf(at + 1);
    return spool.add(message({ subject: name(at + 1), date, text: "." }), { flags: "S", arrived: date });
  });
  for (const mailbox of ["Sent", "Drafts"]) spool.makeMailbox(mailbox).add(message({ subject: `In ${mailbox}`, text: "." }), { mailbox, flags: "S" });
  return { spool, places, remove: () => home.remove() };
}

/** For the portal of such a mailbox: makes the function for `test(name, …)` that begins when the whole list is known. */
export const wakes = (site) => (body, options = {}) => site.visit(options, async (page, more) => {
  await rows(page).first().waitFor();
  await hydrated(page);
  await page.waitForFunction((many) => Number(document.querySelector("main ol > li")?.getAttribute("aria-setsize")) >= many, site.campus.spool.count());
  await body(page, more);
});
export const scrollTo = (page, to) => page.locator("#list").evaluate((list, to) => void (list.scrollTop = to === "end" ? list.scrollHeight : to), to);
/** The subjects that can be seen, from the top; once what was written has found its place, as it does before it is painted. */
export const inSight = (page) => settled(page).then(() => page.evaluate(() => {
  const list = document.getElementById("list").getBoundingClientRect();
  const top = list.top + document.querySelector(".list-head").offsetHeight;
  return [...document.querySelectorAll("main ol > li")].filter((row) => row.getBoundingClientRect().top >= top - 1 && row.getBoundingClientRect().bottom <= list.bottom + 1).map((row) => row.querySelector(".subject").textContent);
}));
export const until = (page, subject) => page.waitForFunction((subject) => {
  const list = document.getElementById("list").getBoundingClientRect();
  const row = [...document.querySelectorAll("main ol > li")].find((row) => row.querySelector(".subject").textContent === subject);
  const box = row?.getBoundingClientRect();
  return box && box.top >= list.top && box.bottom <= list.bottom;
}, subject);
export const height = (page) => page.locator("#list").evaluate((list) => list.scrollHeight);
