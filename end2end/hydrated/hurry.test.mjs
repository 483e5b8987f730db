// Whoever is faster than the answers: questions that nobody waits for any more, and keys for rows that are on their way.
import { strict as assert } from "node:assert";
import test from "node:test";
import { MANY, make, name, until, wakes } from "../lib/endless.mjs";
import { focusIs, settled } from "../lib/moments.mjs";
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
const press = async (page, key, times) => {
  for (let time = 0; time < times; time++) await page.keyboard.press(key);
};

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

test("j that is pressed while its row is on its way leads to it when it comes", awake(async (page) => {
  const release = await hold(page, /list_messages/);
  const asked = page.waitForRequest(/list_messages/);
  await press(page, "j", 60);
  await asked;
  await focusIs(page, name(MANY + 1 - 50));
  await press(page, "k", 3);
  await release();
  await focusIs(page, name(MANY + 1 - 57));
  await press(page, "k", 1);
  await focusIs(page, name(MANY + 1 - 56));
}));

test("j that is pressed at the end of the list, or before another list was gone to, leads nowhere later", awake(async (page) => {
  await press(page, "j", 1);
  await press(page, "k", 5);
  await focusIs(page, name(MANY));
  const release = await hold(page, /list_messages.*from/);
  const asked = page.waitForRequest(/list_messages/);
  await press(page, "j", 60);
  await asked;
  await focusIs(page, name(MANY + 1 - 50));
  await page.keyboard.press("o");
  await page.locator("article h1#subject", { hasText: name(MANY + 1 - 50) }).waitFor();
  await page.keyboard.press("u");
  await focusIs(page, name(MANY + 1 - 50));
  await release();
  await page.locator("main ol > li[aria-posinset='60']").waitFor();
  await settled(page);
  await focusIs(page, name(MANY + 1 - 50));
}));
