// Reading with scripting: the same road, without page loads, without jumps, with Back as it should be.
import { strict as assert } from "node:assert";
import test from "node:test";
import { hydrated } from "../lib/browser.mjs";
import { message, part } from "../lib/mail.mjs";
import { bodyFrame, fitsWidth, letter, link, open, portalFor, row, rows, subjects } from "../lib/portal.mjs";

const site = portalFor({ scripting: true });

/** A window whose inbox is awake. */
const awake = (body, options = {}) => site.visit(options, async (page, more) => {
  await rows(page).first().waitFor();
  await hydrated(page);
  await body(page, more);
});

// Neither the documents of frames nor the empty one that makes their process ready.
const loads = (requests) => requests.filter(({ type, url }) => type === "document" && !url.includes("/body?") && !url.startsWith("about:")).length;

test("the page shows the same before and after its browser half has run", site.visit({}, async (page) => {
  const before = await page.locator("main").innerHTML();
  await hydrated(page);
  // A frame of a letter that may be opened next can be there already.
  const strip = (html) => html.replace(/<!--.*?-->/gs, "").replace(/<iframe class="frame ahead".*?<\/iframe>/gs, "")
    // The list gets the height of all its rows instead of pages.
    .replace(" endless", "").replace(/ style="padding-top: 0px; padding-bottom: \d+px;"/, "").replace(/\s+/g, " ");
  assert.equal(strip(await page.locator("main").innerHTML()), strip(before));
}));

for (const subject of [null, "Timetable for spring", "Welcome week", "Papers for the meeting", "Delayed Mail"]) {
  test(`nothing moves on hydration: ${subject ?? "the list"}`, site.visit({}, async (page) => {
    // What comes with time, or is answered later, may move: a letter that was looked at is marked, a list that was read again has another time.
    await page.route("**/api/**", () => {});
    await page.addInitScript(() => {
      const soon = window.setTimeout;
      window.setTimeout = (run, delay = 0, ...more) => (delay < 400 ? soon(run, delay, ...more) : 0);
      window.shifts = [];
      new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((entry) => ({ value: entry.value, nodes: entry.sources.map((source) => source.node?.outerHTML?.slice(0, 100)) })))).observe({ type: "layout-shift", buffered: true });
    });
    if (subject) await page.goto(new URL(await link(page, subject).getAttribute("href"), page.url()).href);
    else await page.reload();
    await hydrated(page);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    assert.deepEqual(await page.evaluate(() => window.shifts), []);
  }));
}

test("a letter opens without a page load, with its address, title and reading state", awake(async (page, { requests }) => {
  const before = loads(requests);
  const list = page.url();
  await open(page, "Welcome week");
  assert.equal(loads(requests), before);
  assert.notEqual(page.url(), list);
  await page.waitForFunction(() => document.title.startsWith("Welcome week"));
  assert.equal(await page.locator("h1").count(), 1);
  const frame = await bodyFrame(page);
  assert.match(await frame.locator("body").innerText(), /Registration opens/);
  await page.goBack();
  await page.waitForURL(list);
  assert.equal(await rows(page).count(), 50);
  assert.equal(loads(requests), before);
}));

test("every kind of letter opens from the list and again after a reload", awake(async (page) => {
  for (const subject of ["Nothing inside", "quotes", "Which encoding", "件名の確認", "Delayed Mail", "Undelivered Mail", "Papers for the meeting", "Welcome week", "Timetable for spring", "(no subject)"]) {
    await open(page, subject);
    // All but the note that the letter was opened here, which is true from the second time on.
    const shown = () => page.locator("article").evaluate((article) => [article.querySelector("iframe:not(.ahead)")?.src, ...[...article.querySelectorAll("h1, dt, dd, .sheet, .report, .attachments")].map((one) => one.innerText)]);
    const before = await shown();
    await page.reload();
    await letter(page, subject);
    await hydrated(page);
    assert.deepEqual(await shown(), before, subject);
  }
}));

test("a letter becomes read after it was looked at, and unread again on demand", awake(async (page) => {
  const subject = "Notice 104 library";
  const inRail = async () => Number((await page.locator("nav#rail a", { hasText: "Inbox" }).locator(".vh").last().textContent()).match(/^(\d+) unread/)[1]);
  const before = await inRail();
  await open(page, subject);
  await page.getByRole("button", { name: "Mark as unread" }).waitFor();
  await page.waitForFunction((count) => document.querySelector("nav#rail").textContent.includes(`${count} unread`), before - 1);
  assert.doesNotMatch(await row(page, subject).textContent(), /Unread/);
  await page.getByRole("button", { name: "Mark as unread" }).click();
  await row(page, subject).filter({ hasText: "Unread" }).waitFor();
  await page.waitForFunction((count) => document.querySelector("nav#rail").textContent.includes(`${count} unread`), before);
  await page.goto(page.url().split("?")[0].split("/").slice(0, 5).join("/"));
  await row(page, subject).filter({ hasText: "Unread" }).waitFor();
}));

test("Back restores the place in the list", awake(async (page) => {
  const list = page.locator("#list");
  await link(page, "Notice 080 library").scrollIntoViewIfNeeded();
  const place = await list.evaluate((one) => one.scrollTop || document.scrollingElement.scrollTop);
  assert.ok(place > 0);
  await open(page, "Notice 080 library");
  await page.goBack();
  await page.waitForFunction(() => document.querySelector("[data-view=list]"));
  const after = await list.evaluate((one) => one.scrollTop || document.scrollingElement.scrollTop);
  assert.ok(Math.abs(after - place) <= 2, `${place} became ${after}`);
}));

test("Back restores the place in the list on a phone", awake(async (page) => {
  await link(page, "Notice 080 library").scrollIntoViewIfNeeded();
  const box = await link(page, "Notice 080 library").boundingBox();
  await open(page, "Notice 080 library");
  await page.goBack();
  await page.waitForFunction(() => document.querySelector("[data-view=list]"));
  await page.waitForFunction((id) => { const box = document.getElementById(id)?.getBoundingClientRect(); return box && box.top >= 0 && box.bottom <= innerHeight; }, await row(page, "Notice 080 library").getAttribute("id"));
  const after = await link(page, "Notice 080 library").boundingBox();
  assert.ok(Math.abs(after.y - box.y) <= 2, `${box.y} became ${after.y}`);
}, { width: 390, height: 780 }));

test("order, filter and mailbox change without a page load", awake(async (page, { requests }) => {
  const before = loads(requests);
  await page.locator("details.sort > summary").click();
  await page.locator("details.sort a", { hasText: "Oldest first" }).click();
  await link(page, "Notice 001 seminar").waitFor();
  await page.getByRole("link", { name: "Unread only" }).click();
  await link(page, "Notice 004 library").waitFor();
  assert.equal(await link(page, "Notice 001 seminar").count(), 0);
  await page.locator("nav#rail a", { hasText: "輪講" }).click();
  await link(page, "Reading group").waitFor();
  assert.deepEqual(await subjects(page), ["Reading group"]);
  assert.equal(loads(requests), before);
}));

test("previous and next without a page load, over the end of a page of the list", awake(async (page, { requests }) => {
  await page.goto(`${page.url()}?page=2`);
  await hydrated(page);
  const last = await page.locator("main ol > li[aria-posinset='100'] .subject").textContent();
  const before = loads(requests);
  await open(page, last);
  await page.getByRole("link", { name: "Next message" }).click();
  await page.waitForFunction((last) => { const now = document.querySelector("article h1")?.textContent; return now && !now.includes(last); }, last);
  assert.match(await page.locator("article h1").textContent(), /^Notice 0(2\d|1\d) /);
  await page.getByRole("link", { name: "Previous message" }).click();
  await letter(page, last);
  assert.equal(loads(requests), before);
}));

test("the next letter is fetched ahead: opening it asks nothing more", awake(async (page, { requests }) => {
  const fetched = page.waitForResponse((response) => response.url().includes("/api/open_message"));
  await link(page, "Notice 112 library").hover();
  await fetched;
  const before = requests.filter(({ url }) => url.includes("/api/open_message")).map(({ url }) => url);
  await open(page, "Notice 112 library");
  const again = requests.filter(({ url }) => before.includes(url)).length;
  assert.equal(again, before.length);
}));

test("the frame of a letter that is pointed at is loaded unseen, and shown as it is when the letter is opened", awake(async (page, { requests }) => {
  const path = `${(await link(page, "Welcome week").getAttribute("href")).split("?")[0]}/body`;
  const frame = page.locator(`article iframe[src^="${path}"]`);
  await link(page, "Welcome week").hover();
  await frame.waitFor({ state: "attached" });
  assert.equal(await frame.isVisible(), false);
  await frame.evaluate((one) => { one.same = true; });
  const entries = await page.evaluate(() => history.length);
  await open(page, "Welcome week");
  await frame.waitFor();
  assert.match(await (await bodyFrame(page)).locator("body").innerText(), /Registration opens/);
  assert.equal(await frame.evaluate((one) => one.same), true);
  assert.equal(await page.evaluate(() => history.length), entries + 1);
  assert.equal(requests.filter(({ url }) => url.includes(path)).length, 1);
  // Another letter ahead leaves the open one alone; a text letter has no frame to be seen.
  await link(page, "Timetable for spring").hover();
  assert.equal(await frame.evaluate((one) => one.same && one.checkVisibility({ visibilityProperty: true })), true);
  await open(page, "Nothing inside");
  assert.equal(await page.locator("article iframe").filter({ visible: true }).count(), 0);
}));

test("new mail comes by itself, and takes neither the focus nor an open menu away", awake(async (page, { site }) => {
  const arrive = async (subject) => {
    site.campus.spool.add(message({ subject, text: "New.\n", date: new Date() }), { arrived: new Date() });
    // As when the person returns to the window.
    await page.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
    await link(page, subject).waitFor();
  };
  const inRail = page.locator("nav#rail a", { hasText: "Sent" });
  for (const [what, place] of [["a row", link(page, "Welcome week")], ["the rail", inRail]]) {
    await place.focus();
    await place.evaluate((one) => { one.same = true; });
    await page.locator("details.sort").evaluate((menu) => { menu.open = true; });
    const counts = await page.locator("nav#rail").textContent();
    await arrive(`News beside ${what}`);
    await page.waitForFunction((counts) => document.querySelector("nav#rail").textContent !== counts, counts);
    assert.equal(await place.evaluate((one) => one.same && one === document.activeElement), true, what);
    assert.equal(await page.locator("details.sort[open]").count(), 1, what);
  }
  assert.deepEqual((await subjects(page)).slice(0, 2), ["News beside the rail", "News beside a row"]);
}));

test("a list that is read again leaves the open letter alone, and the focus in the row and the mailbox it is in", awake(async (page, { site }) => {
  const again = () => page.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
  const keep = (place) => place.evaluate((one) => { one.focus(); one.same = true; });
  const kept = (place) => place.evaluate((one) => one.isConnected && one.same && one === document.activeElement);
  const spool = site.campus.spool;
  const gone = spool.add(message({ subject: "Soon gone", text: "x\n", date: new Date() }), { arrived: new Date() });
  await again();
  await link(page, "Soon gone").waitFor();
  // The next row is to move up, and nothing but the row that went is touched.
  await keep(link(page, "Nothing inside"));
  spool.remove(gone);
  for (let turn = 0; turn < 2000 && (await link(page, "Soon gone").count()) > 0; turn++) {
    await again();
    await page.waitForResponse((response) => response.url().includes("/api/list_messages"));
  }
  assert.equal(await link(page, "Soon gone").count(), 0);
  assert.equal(await kept(link(page, "Nothing inside")), true, "a row went");
  // A mailbox that comes before the one with the focus.
  const group = page.locator("nav#rail a", { hasText: "輪講" });
  await keep(group);
  spool.makeMailbox("AAA");
  for (let turn = 0; turn < 2000 && (await page.locator("nav#rail a", { hasText: "AAA" }).count()) === 0; turn++) {
    await again();
    await page.waitForResponse((response) => response.url().includes("/api/list_mailboxes"));
  }
  assert.equal(await kept(group), true, "a mailbox came");
  // The open letter.
  await open(page, "Timetable for spring");
  const heading = page.locator("article h1");
  await keep(heading);
  const answered = page.waitForResponse((response) => response.url().includes("/api/list_messages"));
  await again();
  await answered;
  await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
  assert.equal(await kept(heading), true, "the letter");
}));

test("what was opened in one letter is closed in the next", awake(async (page) => {
  await open(page, "Timetable for spring");
  await page.locator("details.quote > summary").click();
  await page.locator("details.more").evaluate((menu) => { menu.open = true; menu.querySelector("details.submenu").open = true; });
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await letter(page, "Timetable for spring");
  await page.waitForFunction(() => document.querySelector("details.quote") && !document.querySelector("details.quote[open], details.submenu[open]"));
}));

test("a letter that is only HTML is shown although the address asks for text", awake(async (page, { site }) => {
  const content = part({ type: "text/html; charset=utf-8", body: "<p>Nothing but this.</p>" });
  site.campus.spool.add(message({ subject: "Only HTML", content, date: new Date() }), { arrived: new Date() });
  await page.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
  const address = new URL(await link(page, "Only HTML").getAttribute("href"), page.url());
  await page.goto(`${address.href}?view=text`);
  await hydrated(page);
  await page.locator("article iframe:not(.ahead)").waitFor();
}));

test("a session that ended meanwhile leads to the sign-in page and back", awake(async (page, { context, site }) => {
  await context.clearCookies({ name: "sid" });
  await link(page, "Timetable for spring").click();
  await page.waitForURL(/\/sign-in/);
  await page.goto(await site.portal.freshLink());
  await page.locator("main ol > li, article h1").first().waitFor();
}, { allow: [/401/] }));

test("two windows do not disturb each other", awake(async (page, { context }) => {
  const second = await context.newPage();
  await second.goto(page.url());
  await hydrated(second);
  await open(page, "Welcome week");
  await open(second, "Timetable for spring");
  await page.getByRole("link", { name: "Next message" }).click();
  await letter(page, "Timetable for spring");
  await second.reload();
  await letter(second, "Timetable for spring");
}));

test("text is not jumbled by a fast reader", awake(async (page) => {
  const wanted = ["Nothing inside", "Welcome week", "Timetable for spring", "Papers for the meeting", "Delayed Mail"];
  for (const subject of wanted) await link(page, subject).click({ noWaitAfter: true });
  await letter(page, wanted.at(-1));
  assert.match(await page.locator("article").innerText(), /slow@other\.example/);
  assert.equal(await row(page, wanted.at(-1)).locator("a").getAttribute("aria-current"), "true");
}));

for (const width of [320, 390]) {
  test(`the phone on ${width} px: list, letter, drawer, and no sideways scrolling`, awake(async (page) => {
    await fitsWidth(page, "the list");
    await page.getByRole("button", { name: "Mailboxes" }).last().click();
    await page.locator("nav#rail a", { hasText: "Sent" }).click();
    await link(page, "A sent letter").waitFor();
    await page.goBack();
    await open(page, "Welcome week");
    assert.equal(await rows(page).first().isVisible(), false);
    await fitsWidth(page, "the letter");
    await page.locator(".tools a.back").click();
    await link(page, "Welcome week").waitFor();
    await page.goto(new URL("/settings", page.url()).href);
    await fitsWidth(page, "the settings");
  }, { width, height: 700 }));
}
