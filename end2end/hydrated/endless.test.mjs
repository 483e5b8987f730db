// A list of 3,000 messages that scrolls as one, by wheel, scrollbar, key, day, and when mail arrives; and the box that searches it.
import { strict as assert } from "node:assert";
import test from "node:test";
import { hydrated } from "../lib/browser.mjs";
import { HOUR, MANY, START, height, inSight, make, name, scrollTo, until, wakes } from "../lib/endless.mjs";
import { message } from "../lib/mail.mjs";
import { again, focusIs } from "../lib/moments.mjs";
import { letter, link, portalFor, row, rows } from "../lib/portal.mjs";

const site = portalFor({ scripting: true, make });
const awake = wakes(site);

test("the scrollbar is true, and every row is where it would be if all were there", awake(async (page) => {
  const row = await rows(page).nth(5).evaluate((one) => one.getBoundingClientRect().height);
  const all = await height(page);
  assert.ok(Math.abs(all - MANY * row) < 400, `${all} for ${MANY} rows of ${row}`);
  assert.ok(await page.locator(".pager").evaluateAll((all) => all.every((one) => getComputedStyle(one).display === "none")), "no pages");
  for (const share of [0.5, 0.9, 0.1]) {
    const at = Math.round(MANY * share);
    await scrollTo(page, at * row);
    await until(page, name(MANY - at - 2));
    assert.ok(Math.abs((await height(page)) - all) < 200, `${await height(page)} was ${all}`);
    const [first, size] = await rows(page).first().evaluate((one) => [one.getAttribute("aria-posinset"), one.getAttribute("aria-setsize")]);
    assert.equal(size, String(MANY));
    const subject = await rows(page).first().locator(".subject").textContent();
    assert.equal(subject, name(MANY + 1 - Number(first)), "the number of a row is its place");
    assert.ok((await rows(page).count()) <= 150);
  }
  await scrollTo(page, "end");
  await until(page, name(1));
  await scrollTo(page, 0);
  await until(page, name(MANY));
}));

test("scrolling by wheel passes no row by and moves none", awake(async (page) => {
  const box = await page.locator("#list").boundingBox();
  await page.mouse.move(box.x + 150, box.y + 300);
  const seen = new Set(await inSight(page));
  for (let turn = 0; turn < 40; turn++) {
    const last = (await inSight(page)).at(-1);
    await page.mouse.wheel(0, 400);
    await page.waitForFunction((last) => ![...document.querySelectorAll("main ol > li")].some((row) => row.querySelector(".subject").textContent === last && row.getBoundingClientRect().bottom > document.getElementById("list").getBoundingClientRect().bottom - 100), last);
    await page.waitForFunction(() => {
      const list = document.getElementById("list").getBoundingClientRect();
      return document.elementFromPoint(list.left + 60, list.bottom - 10)?.closest("main ol > li");
    });
    for (const one of await inSight(page)) seen.add(one);
  }
  const numbers = [...seen].map((one) => Number(one.split(" ")[1]));
  assert.ok(numbers.length > 200, String(numbers.length));
  const passed = Array.from({ length: Math.max(...numbers) - Math.min(...numbers) }, (_, at) => Math.min(...numbers) + at).filter((number) => !numbers.includes(number));
  assert.deepEqual(passed, []);
}));

test("j goes on through the ends of what stands in the page, and the focus is never lost", awake(async (page) => {
  for (let step = 1; step <= 130; step++) {
    await page.keyboard.press("j");
    await focusIs(page, name(MANY + 1 - step));
  }
  for (let step = 1; step <= 20; step++) await page.keyboard.press("k");
  await focusIs(page, name(MANY + 1 - 110));
}));

test("a row that is scrolled away leaves the focus to the list, and j goes on from what is seen", awake(async (page) => {
  await page.keyboard.press("j");
  await scrollTo(page, 62 * 1000);
  await until(page, name(MANY - 1003));
  await focusIs(page, "list");
  await page.keyboard.press("j");
  await page.waitForFunction(() => {
    const [top, focused] = [document.querySelector(".list-head").getBoundingClientRect().bottom, document.activeElement];
    const box = focused.getBoundingClientRect();
    return focused.matches("main ol > li > a") && box.bottom > top && box.top < top + 70;
  });
}));

test("a day is gone to, and a letter there opens and leads back to it", awake(async (page) => {
  await page.locator("details.jump > summary").click();
  await page.getByLabel("Day", { exact: true }).fill("2025-06-15");
  await page.locator("details.jump button").click();
  const newest = Math.floor((Date.parse("2025-06-16T00:00:00+09:00") - 1 - START) / (3 * HOUR));
  await page.waitForFunction((subject) => {
    const head = document.querySelector(".list-head").getBoundingClientRect();
    return document.elementFromPoint(head.left + 60, head.bottom + 20)?.closest("li")?.querySelector(".subject").textContent === subject;
  }, name(newest));
  assert.equal(new URL(page.url()).searchParams.get("day"), "2025-06-15");
  await scrollTo(page, (await page.locator("#list").evaluate((list) => list.scrollTop)) - 62 * 200);
  await until(page, name(newest + 198));
  const there = await page.locator("#list").evaluate((list) => list.scrollTop);
  await link(page, name(newest + 198)).click();
  await letter(page, name(newest + 198));
  await page.goBack();
  await until(page, name(newest + 198));
  assert.ok(Math.abs((await page.locator("#list").evaluate((list) => list.scrollTop)) - there) < 70);
}));

test("a page by its address, and a reload in the middle, lead to the same rows", awake(async (page) => {
  await page.goto(`${page.url()}?page=30`);
  await hydrated(page);
  await until(page, name(MANY - 29 * 50));
  await scrollTo(page, 62 * 2000);
  await until(page, name(MANY - 2003));
  const before = (await inSight(page))[2];
  await page.reload();
  await hydrated(page);
  await until(page, before);
}));

test("the box searches at once, with two characters of Japanese, and the key / leads to it", awake(async (page) => {
  await page.keyboard.press("/");
  await focusIs(page, "search");
  await page.keyboard.type("会議 0042");
  await page.keyboard.press("Enter");
  await page.locator("h1", { hasText: "Results for “会議 0042”" }).waitFor();
  await link(page, name(42)).waitFor();
  assert.equal(await rows(page).count(), 1);
  await focusIs(page, "mailbox");
  await page.keyboard.press("j");
  await page.keyboard.press("o");
  await letter(page, name(42));
  await page.keyboard.press("u");
  await focusIs(page, name(42));
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await page.locator("h1", { hasText: "Inbox" }).waitFor();
  assert.equal(await page.getByRole("searchbox").inputValue(), "");
}));

test("what was found scrolls as one too", awake(async (page) => {
  await page.getByRole("searchbox").fill("Message 2");
  await page.getByRole("searchbox").press("Enter");
  await page.locator("h1", { hasText: "Results" }).waitFor();
  await rows(page).first().waitFor();
  const count = Number(await rows(page).first().getAttribute("aria-setsize"));
  assert.ok(count > 500, String(count));
  await scrollTo(page, "end");
  await page.waitForFunction((count) => [...document.querySelectorAll("main ol > li")].at(-1)?.getAttribute("aria-posinset") === String(count), count);
}));

test("Enter that ends a conversion searches nothing", awake(async (page) => {
  const before = page.url();
  await page.getByRole("searchbox").focus();
  const session = await page.context().newCDPSession(page);
  await session.send("Input.imeSetComposition", { text: "かいぎ", selectionStart: 3, selectionEnd: 3 });
  await session.send("Input.dispatchKeyEvent", { type: "rawKeyDown", windowsVirtualKeyCode: 229, key: "Process", code: "Enter" });
  await session.send("Input.insertText", { text: "会議" });
  assert.equal(await page.getByRole("searchbox").inputValue(), "会議");
  assert.equal(page.url(), before);
  await page.keyboard.press("Enter");
  await page.locator("h1", { hasText: "Results for “会議”" }).waitFor();
}));

test("a piece that could not be read is asked for again when one scrolls on", awake(async (page) => {
  await page.route(/list_messages/, (route) => route.abort());
  const failed = page.waitForEvent("requestfailed");
  await scrollTo(page, 62 * 450);
  await failed;
  await page.locator(".notice").waitFor();
  await page.unrouteAll({ behavior: "wait" });
  await scrollTo(page, 62 * 450 + 3);
  await until(page, name(MANY - 454));
  await page.locator(".notice").waitFor({ state: "detached" });
}, { allow: [/Failed to load resource/] }));

test("the day and the search that are shown already are gone to again", awake(async (page) => {
  const jump = async () => {
    await page.locator("details.jump > summary").click();
    await page.getByLabel("Day", { exact: true }).fill("2025-06-15");
    await page.locator("details.jump button").click();
  };
  const newest = Math.floor((Date.parse("2025-06-16T00:00:00+09:00") - 1 - START) / (3 * HOUR));
  await jump();
  await until(page, name(newest));
  await scrollTo(page, 0);
  await until(page, name(MANY));
  await jump();
  await until(page, name(newest));
  for (let time = 0; time < 2; time++) {
    await page.getByRole("searchbox").fill("Message 0777");
    await page.getByRole("searchbox").press("Enter");
    await link(page, name(777)).waitFor();
    await focusIs(page, "mailbox");
  }
  await link(page, name(777)).click();
  await letter(page, name(777));
  assert.equal(await page.locator("a.back").textContent(), "← Results for “Message 0777”");
}));

test("on a phone the key / leads to the page of the search, and its box has the focus", awake(async (page) => {
  await page.keyboard.press("/");
  await page.waitForURL(/\/search$/);
  await focusIs(page, "search");
  await page.keyboard.type("Message 0042");
  await page.keyboard.press("Enter");
  await link(page, name(42)).waitFor();
  await focusIs(page, "mailbox");
}, { width: 390, height: 780 }));

// Last: afterwards there are more messages.
test("new mail does not move what the pointer is on, at the top and in the middle", awake(async (page, { site }) => {
  for (const place of [0, 62 * 500]) {
    await scrollTo(page, place);
    await until(page, name(MANY - place / 62 - 4));
    const subject = name(MANY - place / 62 - 4);
    await link(page, subject).hover();
    const before = (await link(page, subject).boundingBox()).y;
    const fresh = `Fresh ${place}`;
    site.campus.spool.add(message({ subject: fresh, date: new Date(Date.now() - HOUR), text: "." }), { flags: "" });
    await again(page);
    await page.waitForFunction((many) => Number(document.querySelector("main ol > li").getAttribute("aria-setsize")) > many, MANY + (place ? 1 : 0));
    // In the same frame in which the row was numbered anew it was put back to its place.
    await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
    const moved = Math.abs((await link(page, subject).boundingBox()).y - before);
    assert.ok(moved < 1, `${moved} px at ${place}`);
    await scrollTo(page, 0);
    await row(page, fresh).waitFor();
  }
}));

test("more mail than a piece has rows moves nothing either", awake(async (page, { site }) => {
  await scrollTo(page, 62 * 600);
  await page.waitForFunction(() => Number(document.querySelector("main ol > li").getAttribute("aria-posinset")) > 500);
  const [before] = await inSight(page);
  for (let number = 0; number < 200; number++) site.campus.spool.add(message({ subject: `Many ${number}`, date: new Date(Date.now() - HOUR), text: "." }), { flags: "S" });
  await again(page);
  await until(page, before);
  await page.waitForFunction((many) => Number(document.querySelector("main ol > li").getAttribute("aria-setsize")) > many + 200, MANY);
  await until(page, before);
}));
