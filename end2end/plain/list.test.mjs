// The list without scripting: what is in it, in which order, and every way through it.
import { strict as assert } from "node:assert";
import test from "node:test";
import { fitsWidth, link, portalFor, row, rows, subjects } from "../lib/portal.mjs";

const site = portalFor({ scripting: false });

test("the inbox shows the newest 50 messages, newest first, with sender, subject and date", site.visit({}, async (page, { site }) => {
  assert.equal(await page.locator("main ol").count(), 1);
  assert.equal(await rows(page).count(), 50);
  const shown = await subjects(page);
  assert.equal(shown[0], "Nothing inside");
  assert.equal(shown.at(10), "Notice 112 library");
  assert.equal(await row(page, "Timetable for spring").locator(".from").textContent(), "Aoki Hana");
  const dates = await rows(page).locator("time").evaluateAll((times) => times.map((time) => time.dateTime));
  assert.ok(dates.every((date) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/.test(date)), dates[0]);
  const instants = dates.map((date) => Date.parse(date));
  assert.deepEqual(instants, [...instants].sort((a, b) => b - a));
  assert.equal(new URL(page.url()).origin, site.portal.origin);
}));

test("every row is one link to its letter, and the address tells nothing", site.visit({}, async (page) => {
  const links = await rows(page).evaluateAll((all) => all.map((one) => [...one.querySelectorAll("a")].map((a) => a.getAttribute("href"))));
  assert.ok(links.every((one) => one.length === 1));
  assert.equal(new Set(links.flat()).size, 50);
  assert.ok(links.flat().every((href) => /^\/m\/[a-z2-7]{16}\/[a-z2-7]{16}(\?|$)/.test(href)), links[0][0]);
}));

test("unread rows say so in text, read ones do not", site.visit({}, async (page) => {
  assert.match(await row(page, "Nothing inside").textContent(), /Unread/);
  assert.match(await row(page, "Notice 112 library").textContent(), /Unread/);
  assert.doesNotMatch(await row(page, "Notice 111 seminar").textContent(), /Unread/);
}));

test("the counts of list and rail are those of the mailbox", site.visit({}, async (page, { site }) => {
  const { total, unread } = site.campus;
  const head = await page.locator(".list-head").textContent();
  assert.ok(head.includes(`${unread} unread / ${total} messages`), head);
  const inbox = page.locator("nav#rail a", { hasText: "Inbox" });
  assert.equal(await inbox.locator(".vh").last().textContent(), `${unread} unread`);
  const names = await page.locator("nav#rail a .name").allTextContents();
  for (const name of ["Inbox", "Sent", "Drafts", "Trash"]) assert.ok(names.includes(name), names.join());
  assert.ok(names.some((name) => name.includes("輪講")), names.join());
}));

test("a nested mailbox with a Japanese name opens", site.visit({}, async (page) => {
  await page.locator("nav#rail a", { hasText: "輪講" }).click();
  assert.deepEqual(await subjects(page), ["Reading group"]);
  assert.match(await page.locator("h1").textContent(), /輪講/);
}));

test("sent mail shows the recipient", site.visit({}, async (page) => {
  await page.locator("nav#rail a", { hasText: "Sent" }).click();
  assert.match(await row(page, "A sent letter").locator(".from").textContent(), /Tanaka/);
}));

const orders = {
  Oldest: [["oldest"], (shown) => shown[0] === "Notice 001 seminar" && shown[49] === "Notice 050 library"],
  Subject: [["subject"], (shown) => shown.indexOf("Notice 001 seminar") >= 0 && shown.indexOf("Notice 001 seminar") < shown.indexOf("Notice 002 library")],
  Largest: [["size"], (shown) => shown[0] === "Papers for the meeting"],
  sender: [["from"], null],
};
for (const [label, [[wordInUrl], right]] of Object.entries(orders)) {
  test(`sorted by ${wordInUrl}`, site.visit({}, async (page) => {
    await page.locator("details.sort > summary").click();
    await page.locator("details.sort a", { hasText: new RegExp(label, "i") }).first().click();
    assert.equal(new URL(page.url()).searchParams.get("sort"), wordInUrl);
    if (right) assert.ok(right(await subjects(page)), (await subjects(page)).join(", "));
    else {
      const senders = await rows(page).locator(".from").allTextContents();
      const folded = senders.map((sender) => sender.toLowerCase());
      assert.deepEqual(folded, [...folded].sort());
    }
  }));
}

test("the unread filter shows unread messages only, over all pages, and goes away again", site.visit({}, async (page, { site }) => {
  await page.getByRole("link", { name: "Unread only" }).click();
  assert.equal(new URL(page.url()).searchParams.get("unread"), "1");
  assert.equal(await rows(page).count(), Math.min(50, site.campus.unread));
  const texts = await rows(page).allTextContents();
  assert.ok(texts.every((text) => text.includes("Unread")));
  await page.getByRole("link", { name: "Show all" }).click();
  assert.equal(await rows(page).count(), 50);
}));

test("three pages hold every message once", site.visit({}, async (page, { site }) => {
  const seen = await subjects(page);
  for (const number of [2, 3]) {
    await page.getByRole("link", { name: "Next page" }).click();
    assert.equal(new URL(page.url()).searchParams.get("page"), String(number));
    seen.push(...(await subjects(page)));
  }
  assert.equal(seen.length, site.campus.total);
  assert.equal(new Set(seen).size, site.campus.total);
  assert.equal(await page.getByRole("link", { name: "Next page" }).count(), 0);
  await page.getByRole("link", { name: "First page" }).click();
  assert.equal((await subjects(page))[0], "Nothing inside");
}));

test("an odd page number shows a page that exists", site.visit({}, async (page) => {
  const here = page.url().split("?")[0];
  for (const odd of ["0", "-1", "999", "4294967296", "x", "2e9"]) {
    const response = await page.goto(`${here}?page=${odd}`);
    assert.equal(response.status(), 200, odd);
    assert.ok((await rows(page).count()) > 0, `page=${odd} is empty`);
  }
  await page.goto(`${here}?page=999`);
  assert.equal(await rows(page).count(), 22);
}));

test("an empty mailbox says that it is empty", site.visit({}, async (page) => {
  await page.locator("nav#rail a", { hasText: "Drafts" }).click();
  assert.equal(await rows(page).count(), 0);
  assert.match(await page.locator("main").textContent(), /No messages/);
}));

test("the list is live and says since when", site.visit({}, async (page) => {
  const pill = page.locator("output#freshness");
  assert.equal(await pill.getAttribute("data-source"), "live");
  assert.ok(Number.isFinite(Date.parse(await pill.getAttribute("data-as-of"))));
}));

test("a hostile subject is text in the list", site.visit({}, async (page) => {
  assert.equal(await link(page, "quotes").locator(".subject").textContent(), "<script>x()</script> & “quotes”");
}));

for (const width of [320, 390, 1000, 1366]) {
  test(`the list needs no sideways scrolling on ${width} px`, site.visit({ width }, async (page) => {
    await fitsWidth(page, "the list");
  }));
}
