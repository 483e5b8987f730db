// The end of a session, as a person at the screen meets it.
import { strict as assert } from "node:assert";
import test from "node:test";
import { settled } from "../lib/moments.mjs";
import { portalFor, rows } from "../lib/portal.mjs";

const site = portalFor({});
/** The clock that the tests turn is put into frames as well, where nothing may run. */
const allow = [/Blocked script execution/];

/** Seconds as the process answers (postcard: a varint of the zigzag). */
const varint = (value) => {
  const bytes = [];
  for (let rest = value * 2; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 128);
  }
};

/** Eight hours later, with these seconds left: `[if nothing is done, whatever is done]`. */
async function later(page, [seconds, atLast]) {
  await page.route("**/api/session_left*", async (route) => {
    const response = await route.fetch();
    const said = await response.body();
    // The session's name first, its length before it.
    const name = said.subarray(0, 1 + said[0]);
    await route.fulfill({ response, body: Buffer.from([...name, ...varint(seconds), ...varint(atLast)]) });
  });
  await page.clock.fastForward("07:56:00");
}

const open = async (page) => {
  await page.clock.install();
  await page.reload();
  await settled(page);
};

test("who did nothing for long is asked in time, and stays", site.visit({ allow }, async (page) => {
  await open(page);
  const dialog = page.getByRole("region", { name: "You will be signed out in a few minutes" });
  assert.equal(await dialog.count(), 0);
  await later(page, [240, 9000]);
  await dialog.waitFor();
  await page.getByRole("button", { name: "Stay signed in" }).press("Enter");
  await dialog.waitFor({ state: "detached" });
  await rows(page).first().waitFor();
}));

test("a session that has lasted as long as it may is begun anew, and one is back on the page", site.visit({ allow }, async (page) => {
  await open(page);
  const here = new URL(page.url());
  await later(page, [240, 240]);
  await page.getByText("Your session ends in a few minutes").waitFor();
  assert.equal(await page.getByRole("button", { name: "Stay signed in" }).count(), 0);
  await page.getByRole("link", { name: "Sign in again" }).click();
  await page.waitForURL("**/sign-in?return_to=*");
  await page.goto(await site.portal.freshLink());
  await rows(page).first().waitFor();
  assert.equal(page.url(), here.href);
}));

test("a session that has ended says so, and leads back to the page", site.visit({ allow: [...allow, /401/] }, async (page, { context }) => {
  await open(page);
  const here = new URL(page.url());
  await context.clearCookies({ name: "sid" });
  await page.clock.fastForward("07:56:00");
  await page.waitForURL("**/sign-in?return_to=*");
  await page.goto(await site.portal.freshLink());
  await rows(page).first().waitFor();
  assert.equal(page.url(), here.href);
}));

test("a page of one session does not stay when another has begun in the next tab: it may be another person's", site.visit({ allow }, async (page, { context }) => {
  await settled(page);
  const name = async (tab) => (await tab.locator("html").getAttribute("data-session"));
  const before = await name(page);
  const other = await context.newPage();
  await other.goto(await site.portal.freshLink());
  await rows(other).first().waitFor();
  const anew = page.waitForEvent("load");
  // As when the tab is looked at again.
  await page.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));
  await anew;
  await rows(page).first().waitFor();
  assert.notEqual(await name(page), before);
  assert.equal(await name(page), await name(other));
  await other.close();
}));

test("looking for new mail prolongs nothing, and what a person does is told", site.visit({ allow }, async (page) => {
  const told = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/extend_session")) told.push(request.method());
  });
  await open(page);
  await page.clock.fastForward("00:05:00");
  await settled(page);
  assert.deepEqual(told, []);
  await page.keyboard.press("j");
  const asked = page.waitForRequest("**/api/extend_session*");
  await page.clock.fastForward("00:05:00");
  await asked;
  assert.deepEqual(told, ["POST"]);
}));
