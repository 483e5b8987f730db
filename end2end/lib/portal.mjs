// One portal and one browser for a test file, made before its first test and ended after its last; and the places in a page.
import { strict as assert } from "node:assert";
import { after, before } from "node:test";
import { startBrowser, visit } from "./browser.mjs";
import { campus } from "./campus.mjs";
import { serve } from "./server.mjs";

/**
 * `const site = portalFor(...)`: inside a test `site.portal`, `site.browser`, `site.campus`; and `site.visit(options, body)` makes
 * the function for `test(name, …)`.
 */
export function portalFor({ make = campus, args = (made) => ["--maildir", made.spool.root], scripting, launch, env } = {}) {
  const site = {
    visit: (options, body) => () => visit(site.browser, site.portal, { scripting, ...options }, (page, more) => body(page, { ...more, site })),
  };
  before(async () => {
    site.campus = await make();
    site.browser = await startBrowser(launch);
    site.portal = await serve(args(site.campus), { env });
  });
  after(async () => {
    await site.browser?.close();
    await site.portal?.stop();
    await site.campus?.remove();
  });
  return site;
}

/** The rows of a list. */
export const rows = (page) => page.locator("main ol > li");
/** The row with this subject. */
export const row = (page, subject) => rows(page).filter({ has: page.locator(".subject", { hasText: subject }) });
/** The link of that row. */
export const link = (page, subject) => row(page, subject).getByRole("link");

export const subjects = (page) => rows(page).locator(".subject").allTextContents();

/** Clicks the row with this subject and waits for its letter. */
export async function open(page, subject) {
  await link(page, subject).click();
  await letter(page, subject);
}

/** Waits until the letter with this subject is shown. */
export async function letter(page, subject) {
  // By its id: while the letter is on its way another heading stands there.
  await page.locator("article h1#subject", { hasText: subject }).waitFor();
  return page.locator("article");
}

/** Goes to a letter by its address, from the list that is shown. */
export async function goTo(page, subject) {
  await page.goto(new URL(await link(page, subject).getAttribute("href"), page.url()).href);
  return letter(page, subject);
}

/** The document in the letter's frame. */
export async function bodyFrame(page) {
  const element = await page.locator("article iframe:not(.ahead)").elementHandle();
  const frame = await element.contentFrame();
  await frame.waitForLoadState("load");
  return frame;
}

/** Nothing on the page may need sideways scrolling. */
export async function fitsWidth(page, what) {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const over = [...document.querySelectorAll("body *")].filter((one) => {
      const box = one.getBoundingClientRect();
      return box.right > width + 1 && box.width > 0 && getComputedStyle(one).position !== "absolute";
    });
    return { width, scroll: document.documentElement.scrollWidth, over: over.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)) };
  });
  assert.ok(wide.scroll <= wide.width, `${what} is ${wide.scroll} px wide on ${wide.width} px: ${wide.over.join(" | ")}`);
}

/** The header and bytes of a file of the portal, asked for with the window's own session. */
export async function fetchFile(context, url, headers = {}) {
  const response = await context.request.get(url, { headers, maxRedirects: 0, failOnStatusCode: false });
  return { status: response.status(), headers: response.headers(), bytes: await response.body() };
}

/** The switch of the menu with the rarer things to do with a letter. */
export const more = (page) => page.locator(".tools summary", { hasText: "More" }).first();
