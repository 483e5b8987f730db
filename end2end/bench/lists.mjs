// The inbox of either portal in a fresh window, at rest, with what a gesture must know of it.
import { hydrated } from "../lib/browser.mjs";
import { watch } from "./watch.mjs";

const VIEWPORT = { width: 1366, height: 850 };

async function open(browser, whose, options) {
  const context = await browser.chrome.newContext({ locale: "en", viewport: VIEWPORT, ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  await page.addInitScript(watch, whose);
  return { context, page };
}

/** Where a hand would go: the beginning of the subject. */
async function pointOf(element) {
  const { x, y, height } = await element.boundingBox();
  return { x: x + 60, y: y + height / 2 };
}

/** `link` is the row's link, `point` a place on the row; `script` opens the letter without any hand. */
export async function ourList(browser, portal, letter, options) {
  const { context, page } = await open(browser, "ours", options);
  await page.goto(await portal.freshLink());
  await page.locator("main ol > li").first().waitFor();
  await hydrated(page);
  await page.waitForLoadState("networkidle");
  const link = page.locator("main ol > li a", { has: page.locator(".subject", { hasText: letter.subject }) });
  const path = new URL(await link.getAttribute("href"), page.url()).pathname;
  const script = () => link.evaluate((link) => {
    window.letterClock.begin();
    link.click();
  });
  return { context, page, link, point: await pointOf(link.locator(".subject")), wanted: { ...letter, path }, script };
}

export async function theirList(browser, other, letter, options) {
  const { context, page } = await open(browser, "theirs", options);
  await page.goto(other.origin);
  await page.fill("#rcmloginuser", other.user);
  await page.fill("#rcmloginpwd", other.password);
  await page.click("#rcmloginsubmit");
  const cell = page.locator("#messagelist tbody tr.message td.subject", { hasText: letter.subject });
  await cell.waitFor();
  await page.waitForLoadState("networkidle");
  const point = await pointOf(cell);
  // Its list opens on the button, not on `click` alone.
  const script = () => cell.evaluate((cell, { x, y }) => {
    window.letterClock.begin();
    for (const kind of ["mousedown", "mouseup", "click"]) cell.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true, view: window, button: 0, clientX: x, clientY: y }));
  }, point);
  return { context, page, point, wanted: letter, script };
}
