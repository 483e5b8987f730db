// A dated copy with scripting: what is opened in it stays unread, and a search and the mailboxes stay in it.
import { strict as assert } from "node:assert";
import test from "node:test";
import { hydrated } from "../lib/browser.mjs";
import { portalFor, rows } from "../lib/portal.mjs";

const nothing = async () => ({ remove() {} });
const site = portalFor({ make: nothing, args: () => ["--demo"] });

test("a letter that stays on the screen is marked in the live mail and not in a copy", site.visit({}, async (page, { requests }) => {
  const posts = () => requests.filter(({ method }) => method === "POST").map(({ url }) => new URL(url).pathname);
  const unread = page.locator("main ol > li.unread");
  const stay = async () => {
    await unread.first().getByRole("link").click();
    await page.locator("article.opened h1").waitFor();
    await page.clock.fastForward("00:00:10");
  };
  await page.clock.install();
  await page.goto(new URL("/snapshots", page.url()).href);
  await page.locator(".snapshots li[data-source=snapshot] a").first().click();
  await rows(page).first().waitFor();
  await hydrated(page);
  const copy = page.url();
  const before = await unread.count();
  await stay();
  assert.match(page.url(), /\/m\/[a-z2-7]+~[a-z2-7]+\/[a-z2-7]+$/);
  await page.keyboard.press("Shift+U");
  await page.keyboard.press("u");
  await page.waitForURL(copy);
  assert.equal(await unread.count(), before);
  assert.deepEqual(posts().filter((path) => path.includes("mark")), []);
  // The same in the live mail, so that this would be seen.
  await page.locator("#rail").getByRole("link", { name: "Back to live mail" }).click();
  await page.waitForURL((url) => /^\/m\/[a-z2-7]+$/.test(url.pathname));
  await hydrated(page);
  const told = page.waitForRequest((request) => request.url().includes("mark_opened"));
  await stay();
  await told;
}));

test("a search begun in a copy is one in that copy", site.visit({}, async (page) => {
  await page.goto(new URL("/snapshots", page.url()).href);
  await page.locator(".snapshots li[data-source=snapshot] a").first().click();
  await rows(page).first().waitFor();
  await hydrated(page);
  const key = new URL(page.url()).pathname.match(/^\/m\/([a-z2-7]+)~/)[1];
  await page.keyboard.press("/");
  await page.keyboard.type("宿泊先");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname === "/search");
  assert.equal(new URL(page.url()).searchParams.get("in"), `${key}~`);
  await page.locator(".notice.snapshot").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await page.waitForURL((url) => url.pathname.startsWith(`/m/${key}~`));
}));

test("another date is chosen beside the mailboxes with the keyboard", site.visit({}, async (page) => {
  await page.goto(new URL("/snapshots", page.url()).href);
  await page.locator(".snapshots li[data-source=snapshot] a").first().click();
  await rows(page).first().waitFor();
  await hydrated(page);
  const before = page.url();
  const dates = page.getByRole("list", { name: "Earlier copies" }).getByRole("link");
  const chosen = page.getByRole("list", { name: "Earlier copies" }).locator("a[aria-current]");
  assert.equal(await chosen.innerText(), await dates.first().innerText());
  const second = await dates.nth(2).innerText();
  await dates.nth(2).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.href !== before);
  await rows(page).first().waitFor();
  assert.equal(await chosen.innerText(), second);
}));
