// Where the person is: the place in each list, and the focus, through everything that changes the page.
import { strict as assert } from "node:assert";
import test from "node:test";
import { hydrated } from "../lib/browser.mjs";
import { letter, link, open, portalFor, rows, subjects } from "../lib/portal.mjs";

const site = portalFor({ scripting: true });
const awake = (body, options = {}) => site.visit(options, async (page, more) => {
  await rows(page).first().waitFor();
  await hydrated(page);
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
  "another page": async (page) => {
    const place = await leave(page, "Next page");
    await link(page, "Notice 070 library").waitFor();
    return place;
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
  const first = await leave(page, "Next page");
  await link(page, "Notice 070 library").waitFor();
  await scrolledTo(page, 0);
  await scroll(page, 300);
  await page.goBack();
  await link(page, "Nothing inside").waitFor();
  await scrolledTo(page, first);
  await page.goForward();
  await link(page, "Notice 070 library").waitFor();
  await scrolledTo(page, 300);
  await leave(page, "Previous page");
  await link(page, "Nothing inside").waitFor();
  await scrolledTo(page, 0);
}));

/** The focus: the subject of its row, else its id, else its name. */
const focusIs = (page, wanted) => page.waitForFunction((wanted) => {
  const now = document.activeElement;
  const is = now?.closest("li")?.querySelector(".subject")?.textContent ?? (now?.id || now?.getAttribute("aria-label") || now?.textContent.trim());
  return is === wanted;
}, wanted).catch(async (error) => {
  const now = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
  throw new Error(`the focus should be on ${wanted} and is on ${now}`, { cause: error });
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

test("where the pager ends, the focus is on the heading of the list", awake(async (page) => {
  await press(page, page.getByRole("link", { name: "Next page" }));
  await link(page, "Notice 070 library").waitFor();
  await press(page, page.getByRole("link", { name: "Next page" }));
  await link(page, "Notice 001 seminar").waitFor();
  await focusIs(page, "mailbox");
}));

test("Back leads to the row of the letter", awake(async (page) => {
  await press(page, link(page, "Welcome week"));
  await letter(page, "Welcome week");
  await focusIs(page, "subject");
  await page.goBack();
  await focusIs(page, "Welcome week");
}));

test("u from a letter beyond the page leads to the heading of the list", awake(async (page) => {
  const last = (await subjects(page)).at(-1);
  await press(page, link(page, last));
  await letter(page, last);
  await page.keyboard.press("j");
  await page.waitForFunction((last) => { const now = document.querySelector("article h1#subject")?.textContent; return now && !now.includes(last); }, last);
  await page.keyboard.press("u");
  await page.waitForFunction(() => document.querySelector("[data-view=list]"));
  await focusIs(page, "mailbox");
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
  await page.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
  await link(page, first).waitFor({ state: "detached" });
  await focusIs(page, second);
}));

test("a letter opened in a window of its own by keys does not call the focus here", awake(async (page, { context }) => {
  const [second] = await Promise.all([context.waitForEvent("page"), press(page, link(page, "Welcome week"), "Control+Enter")]);
  await second.close();
  await page.bringToFront();
  await link(page, "Timetable for spring").click();
  await letter(page, "Timetable for spring");
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))));
  await focusIs(page, "Timetable for spring");
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
