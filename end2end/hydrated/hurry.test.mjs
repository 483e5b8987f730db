// Whoever is faster than the answers: questions that nobody waits for any more.
import { strict as assert } from "node:assert";
import test from "node:test";
import { MANY, make, name, until, wakes } from "../lib/endless.mjs";
import { settled } from "../lib/moments.mjs";
import { link, portalFor } from "../lib/portal.mjs";

const site = portalFor({ scripting: true, make });
const awake = wakes(site);

/** Keeps the answers to what matches; the function that it gives lets them go. */
async function hold(page, pattern) {
  let release;
  const held = new Promise((done) => (release = done));
  // Of a question that was given up nothing can go on.
  await page.route(pattern, (route) => held.then(() => route.continue()).catch(() => {}));
  return async () => {
    release();
    await page.unrouteAll({ behavior: "wait" });
    await settled(page);
  };
}
const mailbox = (page, called) => page.locator("nav#rail a", { hasText: called });
const idOf = async (page, called) => (await mailbox(page, called).getAttribute("href")).split("/").at(-1);

test("a slow answer keeps nobody from the next question", awake(async (page) => {
  const sent = await idOf(page, "Sent");
  const release = await hold(page, new RegExp(`list_messages.*${sent}|search_messages.*slow`));
  let asked = page.waitForRequest(/list_messages/);
  await mailbox(page, "Sent").click();
  await asked;
  await mailbox(page, "Drafts").click();
  await link(page, "In Drafts").waitFor();
  asked = page.waitForRequest(/search_messages/);
  await page.getByRole("searchbox").fill("slow");
  await page.getByRole("searchbox").press("Enter");
  await asked;
  await page.getByRole("searchbox").fill("Message 0042");
  await page.getByRole("searchbox").press("Enter");
  await link(page, name(42)).waitFor();
  await release();
  assert.equal(await page.locator("h1").textContent(), "Results for “Message 0042”");
  await link(page, name(42)).waitFor();
}));

test("Back from a list that does not come leads to the last one, and Forward to it when it does", awake(async (page) => {
  const sent = await idOf(page, "Sent");
  const release = await hold(page, new RegExp(`list_messages.*${sent}`));
  const asked = page.waitForRequest(/list_messages/);
  await mailbox(page, "Sent").click();
  await asked;
  await page.goBack();
  await until(page, name(MANY));
  await release();
  await until(page, name(MANY));
  await page.goForward();
  await link(page, "In Sent").waitFor();
}));
