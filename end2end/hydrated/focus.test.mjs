// The focus, through everything that changes the page: it stays where it is while that is there, and goes to what came in its place.
import { strict as assert } from "node:assert";
import test from "node:test";
import { hydrated } from "../lib/browser.mjs";
import { again, answered, focusIs, settled } from "../lib/moments.mjs";
import { letter, link, open, portalFor, rows, subjects } from "../lib/portal.mjs";

const site = portalFor({ scripting: true });
const awake = (body, options = {}) => site.visit(options, async (page, more) => {
  await rows(page).first().waitFor();
  await hydrated(page);
  await body(page, more);
});

const press = async (page, place, key = "Enter") => {
  await place.focus();
  await page.keyboard.press(key);
};

test("Enter on Next leads to the heading of the next letter", awake(async (page) => {
  await open(page, "Welcome week");
  await press(page, page.getByRole("link", { name: "Next message" }));
  await letter(page, "Timetable for spring");
  await focusIs(page, "subject");
}));

test("Enter on All headers leads to the heading of the letter", awake(async (page) => {
  await open(page, "Timetable for spring");
  await press(page, page.locator("details.more > summary"));
  await press(page, page.getByRole("link", { name: "All headers" }));
  await page.locator(".all-headers").waitFor();
  await focusIs(page, "subject");
}));

test("a chosen order leaves the focus on its menu", awake(async (page) => {
  await press(page, page.locator("details.sort > summary"));
  await press(page, page.locator("details.sort a", { hasText: "Oldest first" }));
  await link(page, "Notice 001 seminar").waitFor();
  await focusIs(page, "Order: Oldest first");
}));

test("Back leads to the row of the letter", awake(async (page) => {
  await press(page, link(page, "Welcome week"));
  await letter(page, "Welcome week");
  await focusIs(page, "subject");
  await page.goBack();
  await focusIs(page, "Welcome week");
}));

test("u from a letter beyond the first page leads to its row", awake(async (page) => {
  const last = (await subjects(page)).at(-1);
  await press(page, link(page, last));
  await letter(page, last);
  await page.keyboard.press("j");
  await page.waitForFunction((last) => { const now = document.querySelector("article h1#subject")?.textContent; return now && !now.includes(last); }, last);
  await page.keyboard.press("u");
  await page.waitForFunction(() => document.querySelector("[data-view=list]"));
  await focusIs(page, await page.locator("main ol > li[aria-posinset='51'] .subject").textContent());
}));

test("a row that leaves the list under the focus gives it to the one in its place", awake(async (page) => {
  await page.getByRole("link", { name: "Unread only" }).click();
  await page.getByRole("link", { name: "Show all" }).waitFor();
  const [first, second] = await subjects(page);
  await press(page, link(page, first));
  await letter(page, first);
  await page.getByRole("button", { name: "Mark as unread" }).waitFor();
  await page.keyboard.press("u");
  await focusIs(page, first);
  await again(page);
  await link(page, first).waitFor({ state: "detached" });
  await focusIs(page, second);
}));

test("a letter opened in a window of its own by keys does not call the focus here", awake(async (page, { context }) => {
  const [second] = await Promise.all([context.waitForEvent("page"), press(page, link(page, "Welcome week"), "Control+Enter")]);
  await second.close();
  await page.bringToFront();
  await link(page, "Timetable for spring").click();
  await letter(page, "Timetable for spring");
  await settled(page);
  await focusIs(page, "Timetable for spring");
}));

const failing = (page, pattern) => page.route(pattern, (route) => route.abort());

test("the heading of the list keeps the focus when the list is read again", awake(async (page) => {
  await page.locator("h1").focus();
  const done = answered(page, "list_messages");
  await again(page);
  await done;
  await focusIs(page, "mailbox");
}));

test("the settings and the way back take the focus along", awake(async (page) => {
  await press(page, page.locator("details.account > summary"));
  await press(page, page.getByRole("link", { name: "Settings" }));
  await page.waitForURL(/settings/);
  await focusIs(page, "content");
  await page.goBack();
  await rows(page).first().waitFor();
  await focusIs(page, "mailbox");
}));

for (const width of [1366, 390]) {
  test(`what fails takes the focus, also when it fails again: ${width} px`, awake(async (page) => {
    const failed = page.locator("article .failed h1");
    const onFailed = () => page.waitForFunction(() => document.activeElement?.closest(".failed"));
    await failing(page, /open_message/);
    await press(page, link(page, "Notice 079 seminar"));
    await failed.waitFor();
    // Beside the list its row is still there to have the focus.
    if (width < 1000) await onFailed();
    const tryAgain = page.locator("article .failed a.button");
    await press(page, tryAgain);
    await page.waitForEvent("requestfailed");
    await failed.waitFor();
    await onFailed();
    await page.unrouteAll({ behavior: "wait" });
    await press(page, tryAgain);
    await letter(page, "Notice 079 seminar");
    await page.waitForFunction(() => document.title.startsWith("Notice 079"));
    await focusIs(page, "subject");
    await page.goBack();
    await failing(page, /list_messages/);
    await press(page, page.getByRole("link", { name: "Unread only" }));
    await page.locator("#list .failed h1").waitFor();
    await onFailed();
    await page.unrouteAll({ behavior: "wait" });
  }, { width, height: 800, allow: [/Failed to load resource/] }));
}

