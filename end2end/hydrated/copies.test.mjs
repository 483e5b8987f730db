// A folder that was copied by hand: its messages have the names of those that they are copies of, and so their ids.
import { strict as assert } from "node:assert";
import test from "node:test";
import { hydrated } from "../lib/browser.mjs";
import { Maildir, message } from "../lib/mail.mjs";
import { focusIs, settled } from "../lib/moments.mjs";
import { letter, link, portalFor, rows } from "../lib/portal.mjs";
import { scratch } from "../lib/server.mjs";

const COPIED = ["Copied one", "Copied two", "Copied three"];

async function make() {
  const home = await scratch("fumibako-copies");
  const spool = new Maildir(home.folder + "/Maildir").makeMailbox("Copy");
  for (const [at, subject] of ["Copied first", ...COPIED].entries()) {
    const date = new Date(Date.parse("2026-03-02T09:00:00+09:00") - at * 60_000);
    for (const mailbox of at ? ["", "Copy"] : [""]) spool.add(message({ subject, date, text: `In ${mailbox || "Inbox"}.\n` }), { mailbox, flags: at === 2 ? "" : "S", arrived: date, name: `17${at}.M1P1.copy` });
  }
  return { spool, remove: () => home.remove() };
}

const site = portalFor({ scripting: true, make });
const awake = (body) => site.visit({}, async (page, more) => {
  await rows(page).first().waitFor();
  await hydrated(page);
  await page.getByRole("searchbox").fill("Copied");
  await page.getByRole("searchbox").press("Enter");
  await page.locator("h1", { hasText: "Results" }).waitFor();
  await page.locator("main ol > li[aria-setsize='7']").first().waitFor();
  await focusIs(page, "mailbox");
  await body(page, more);
});
const places = (page) => rows(page).evaluateAll((all) => all.map((row) => new URL(row.querySelector("a").href).pathname));
const focused = (page, place) => page.waitForFunction((place) => document.activeElement.pathname === place, place);
const opened = (page, place) => page.waitForURL((url) => url.pathname === place);

test("j and k go through copies one by one, in the list", awake(async (page) => {
  const all = await places(page);
  assert.equal(new Set(all).size, 7);
  assert.equal(new Set(await rows(page).evaluateAll((all) => all.map((row) => row.id))).size, 7);
  for (const place of all) {
    await page.keyboard.press("j");
    await focused(page, place);
  }
  for (const place of all.toReversed().slice(1)) {
    await page.keyboard.press("k");
    await focused(page, place);
  }
}));

test("j and k go through copies one by one, from letter to letter", awake(async (page) => {
  const all = await places(page);
  await page.keyboard.press("j");
  await page.keyboard.press("o");
  for (const place of all) {
    await opened(page, place);
    await page.locator("article[aria-label] #subject").waitFor();
    // The row of this one is the open one, and not that of its copy.
    await page.waitForFunction((place) => [...document.querySelectorAll(".rows a[aria-current]")].map((row) => row.pathname).join() === place, place);
    await page.keyboard.press("j");
  }
  for (const place of all.toReversed().slice(1)) {
    await page.keyboard.press("k");
    await opened(page, place);
  }
  await page.keyboard.press("u");
  await focused(page, all[0]);
}));

test("a copy is opened, marked and left without its twin", awake(async (page) => {
  const all = await places(page);
  const two = all.filter((_, at) => at === 3 || at === 4);
  const classes = () => page.evaluate((two) => two.map((place) => document.querySelector(`.rows a[href^="${place}"]`).closest("li").classList.contains("unread")), two);
  assert.deepEqual(await classes(), [true, true]);
  const told = page.waitForResponse(/mark_opened/);
  await page.locator(`.rows a[href^="${two[1]}"]`).click();
  await opened(page, two[1]);
  await letter(page, COPIED[1]);
  await told;
  await page.getByRole("button", { name: "Mark as unread" }).waitFor();
  await settled(page);
  assert.deepEqual(await classes(), [true, false]);
  await page.goBack();
  await focused(page, two[1]);
  assert.equal(await link(page, COPIED[1]).count(), 2);
}));
