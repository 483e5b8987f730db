// Where the person is: the place in each list, and what is said of it while answers are on their way.
import { strict as assert } from "node:assert";
import test from "node:test";
import { hydrated } from "../lib/browser.mjs";
import { message } from "../lib/mail.mjs";
import { again, answered, focusIs, settled } from "../lib/moments.mjs";
import { letter, link, open, portalFor, row, rows, subjects } from "../lib/portal.mjs";

const site = portalFor({ scripting: true });
const awake = (body, options = {}) => site.visit(options, async (page, more) => {
  await rows(page).first().waitFor();
  await hydrated(page);
  // What is read on stays where it is when the notice above goes, so the place in the list changes then.
  await page.locator(".pending").waitFor({ state: "detached" });
  await body(page, more);
});

const list = (page) => page.locator("#list");
const placeOf = (page) => list(page).evaluate((one) => one.scrollTop);
const scroll = async (page, to) => {
  await list(page).evaluate((one, to) => new Promise((done) => {
    one.addEventListener("scroll", () => requestAnimationFrame(done), { once: true });
    one.scrollTop = to;
  }), to);
};
const scrolledTo = (page, place) => page.waitForFunction((place) => Math.abs(document.getElementById("list").scrollTop - place) <= 2, place).catch(async (error) => {
  throw new Error(`the list should be at ${place} and is at ${await placeOf(page)}`, { cause: error });
});
/** Clicks something in the list, which scrolls to it first; says where the list was when it was clicked. */
const leave = (page, name) => page.getByRole("link", { name }).evaluate((link) => {
  link.scrollIntoView({ block: "nearest" });
  const place = document.getElementById("list").scrollTop;
  link.click();
  return place;
});

const elsewhere = {
  "a letter": async (page) => {
    // One that can be seen: to bring another into sight would move the list.
    const seen = await page.evaluate(() => document.elementFromPoint(innerWidth / 3, innerHeight / 2).closest("li").querySelector(".subject").textContent);
    await open(page, seen);
  },
  "a filter": async (page) => {
    const place = await leave(page, "Unread only");
    await link(page, "Notice 004 library").waitFor();
    return place;
  },
  "a search": async (page) => {
    await page.getByRole("searchbox").fill("Notice 00");
    await page.getByRole("searchbox").press("Enter");
    await link(page, "Notice 001 seminar").waitFor();
  },
  "another mailbox": async (page) => {
    await page.locator("nav#rail a", { hasText: "Sent" }).click();
    await link(page, "A sent letter").waitFor();
  },
  "another order": async (page) => {
    await page.locator("details.sort > summary").click();
    await page.locator("details.sort a", { hasText: "Oldest first" }).click();
    await link(page, "Notice 001 seminar").waitFor();
  },
  "the settings": async (page) => {
    await page.goto(new URL("/settings", page.url()).href);
    await hydrated(page);
  },
};
for (const [where, go] of Object.entries(elsewhere)) {
  test(`Back from ${where} restores the place in the list`, awake(async (page) => {
    await scroll(page, 600);
    const place = (await go(page)) ?? 600;
    await page.goBack();
    await link(page, "Nothing inside").waitFor();
    await scrolledTo(page, place);
  }));
}

test("each list has a place of its own, and one that is gone to anew starts at its top", awake(async (page) => {
  await scroll(page, 500);
  const first = await leave(page, "Unread only");
  await link(page, "Notice 004 library").waitFor();
  await scrolledTo(page, 0);
  await scroll(page, 300);
  await page.goBack();
  await link(page, "Nothing inside").waitFor();
  await scrolledTo(page, first);
  await page.goForward();
  await link(page, "Notice 004 library").waitFor();
  await scrolledTo(page, 300);
  await leave(page, "Show all");
  await link(page, "Nothing inside").waitFor();
  await scrolledTo(page, 0);
}));

test("whoever comes from another zone reads one zone's times from the first page on", awake(async (page) => {
  const times = () => page.locator("main ol time").evaluateAll((all) => all.map((one) => `${one.textContent} ${one.getAttribute("title")}`));
  await page.waitForFunction(() => /tz=America/.test(document.cookie));
  await page.waitForFunction(() => document.querySelector("main ol time").dateTime.match(/-0[45]:00$/));
  const before = await times();
  await page.reload();
  assert.deepEqual(await times(), before);
}, { timezoneId: "America/New_York" }));

test("while a letter is on its way, title and heading are of it and not of the last", awake(async (page) => {
  await open(page, "Welcome week");
  await page.waitForFunction(() => document.title.startsWith("Welcome week"));
  for (const subject of ["Which encoding", "Notice 111 seminar", "Delayed Mail"]) {
    let go;
    const held = new Promise((resolve) => (go = resolve));
    await page.route(/open_message/, async (route) => { await held; await route.continue(); });
    await link(page, subject).click();
    await page.waitForFunction((subject) => document.title.startsWith(subject), subject);
    assert.match(await page.locator("[aria-busy] h1").textContent(), new RegExp(subject));
    go();
    await page.locator("[aria-busy]").waitFor({ state: "detached" });
    await letter(page, subject);
    assert.match(await page.title(), new RegExp(subject));
    await page.unrouteAll({ behavior: "wait" });
  }
}));

test("a list that cannot be read again stays as it is, and is read again when the network is back", awake(async (page, { context, site }) => {
  await scroll(page, 600);
  // The rows below what is in sight are asked for when it is scrolled.
  await page.locator("main ol > li[aria-posinset='100']").waitFor();
  const before = await subjects(page);
  await link(page, before[12]).focus();
  await context.setOffline(true);
  await again(page);
  await page.locator(".toast", { hasText: "No connection" }).waitFor();
  await settled(page);
  assert.deepEqual(await subjects(page), before);
  await scrolledTo(page, 600);
  await focusIs(page, before[12]);
  assert.ok(await page.locator("nav#rail a").count() > 3);
  site.campus.spool.add(message({ subject: "Back again", text: "x\n", date: new Date() }), { arrived: new Date() });
  await context.setOffline(false);
  await link(page, "Back again").waitFor();
  await focusIs(page, before[12]);
}, { allow: [/Failed to load resource/] }));

test("a letter that is marked while lists are read again stays marked everywhere", awake(async (page) => {
  const unread = async () => [
    await page.locator(".counts").textContent(),
    await page.locator("nav#rail a", { hasText: "Inbox" }).locator(".vh").last().textContent(),
    await row(page, "Notice 108 library").textContent(),
    await page.locator(".tools form button").textContent(),
  ].join(" | ");
  let go;
  const held = new Promise((resolve) => (go = resolve));
  await page.route(/mark_opened/, async (route) => { await held; await route.continue(); });
  const asked = page.waitForRequest(/mark_opened/);
  await open(page, "Notice 108 library");
  await asked;
  const marked = await unread();
  assert.doesNotMatch(marked, /Unread/);
  const refreshed = Promise.all([answered(page, "list_messages"), answered(page, "list_mailboxes")]);
  await again(page);
  await refreshed;
  assert.equal(await unread(), marked);
  const told = Promise.all(["mark_opened", "list_messages", "list_mailboxes"].map((name) => answered(page, name)));
  go();
  await told;
  assert.equal(await unread(), marked);
  await page.unrouteAll({ behavior: "wait" });
}));

test("on a phone the drawer closes when the mailbox that is shown is chosen", awake(async (page) => {
  await scroll(page, 600);
  await page.getByRole("button", { name: "Mailboxes" }).last().click();
  await page.locator("nav#rail a", { hasText: "Inbox" }).click();
  await page.waitForFunction(() => !document.querySelector("#rail:popover-open"));
  await scrolledTo(page, 0);
}, { width: 390, height: 800 }));
