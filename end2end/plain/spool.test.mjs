// What happens in the spool while somebody reads: deliveries, flags, deletions, a store that goes away, an index that is lost.
import { strict as assert } from "node:assert";
import { renameSync, rmSync } from "node:fs";
import path from "node:path";
import test, { beforeEach, afterEach } from "node:test";
import { startBrowser, visit } from "../lib/browser.mjs";
import { Maildir, message } from "../lib/mail.mjs";
import { letter, link, open, row, rows, subjects } from "../lib/portal.mjs";
import { scratch, serve } from "../lib/server.mjs";

let home, spool, browser, portal, first;

beforeEach(async () => {
  home = await scratch("fumibako-spool");
  spool = new Maildir(path.join(home.folder, "Maildir"));
  first = spool.add(message({ subject: "First", text: "The first text.\n" }), { flags: "" });
  spool.add(message({ subject: "Second", text: "The second text.\n", date: new Date("2026-03-03T09:00:00+09:00") }), { flags: "S" });
  browser = await startBrowser();
  portal = await serve(["--maildir", spool.root], { data: path.join(home.folder, "data") });
});
afterEach(async () => {
  await browser.close();
  await portal.stop();
  await home.remove();
});

const plain = (body, { allow = [] } = {}) => () => visit(browser, portal, { scripting: false, allow }, body);

/** The portal begins anew at the same address, after `between`; no page is open that might still be asking for something. */
async function restart(page, between = () => {}) {
  const shown = page.url();
  await page.goto("about:blank");
  const listen = new URL(portal.origin).host;
  await portal.stop();
  between();
  portal = await serve(["--maildir", spool.root], { data: portal.data, listen });
  await page.goto(shown);
}

/** Loads the page anew until `right` holds: the index is refreshed behind the page that asks for it. */
async function reloadUntil(page, right) {
  for (let turn = 0; turn < 100; turn++) {
    await page.reload();
    if (await right()) return;
  }
  assert.fail(`still not so: ${(await page.locator("main").innerText()).slice(0, 400)}`);
}

test("a delivery shows after loading the page again", plain(async (page) => {
  assert.deepEqual(await subjects(page), ["Second", "First"]);
  spool.add(message({ subject: "Third", text: "New.\n", date: new Date("2026-03-04T09:00:00+09:00") }));
  await reloadUntil(page, async () => (await subjects(page))[0] === "Third");
  assert.match(await row(page, "Third").textContent(), /Unread/);
  await open(page, "Third");
}));

test("a letter whose flags another program changed still opens by the same address", plain(async (page) => {
  const address = new URL(await link(page, "First").getAttribute("href"), page.url()).href;
  const renamed = spool.setFlags(first, "FRS");
  await page.goto(address);
  await letter(page, "First");
  assert.match(await page.locator("article").innerText(), /The first text/);
  spool.setFlags(renamed, "");
  await page.reload();
  await letter(page, "First");
}));

test("a letter deleted meanwhile is said to be gone", plain(async (page) => {
  const address = new URL(await link(page, "First").getAttribute("href"), page.url()).href;
  spool.remove(first);
  const response = await page.goto(address);
  assert.ok([404, 410].includes(response.status()), String(response.status()));
  assert.match(await page.locator("main").innerText(), /not here any more/);
  await page.goto(address.split("/").slice(0, 5).join("/"));
  await reloadUntil(page, async () => (await rows(page).count()) === 1);
}, { allow: [/404|410/] }));

test("a store that is gone leaves the list from what is remembered, and says so", plain(async (page) => {
  const address = new URL(await link(page, "Second").getAttribute("href"), page.url()).href;
  renameSync(spool.root, `${spool.root}.away`);
  await reloadUntil(page, async () => (await page.locator("output#freshness").getAttribute("data-source")) === "saved");
  assert.deepEqual(await subjects(page), ["Second", "First"]);
  assert.match(await page.locator(".notices").innerText(), /copy/);
  const response = await page.goto(address);
  assert.ok(response.status() === 200 || response.status() === 503, String(response.status()));
  assert.match(await page.locator("main").innerText(), /The second text|not there|could not be read|does not answer/);
  renameSync(`${spool.root}.away`, spool.root);
  await page.goto(address.split("/").slice(0, 5).join("/"));
  await reloadUntil(page, async () => (await page.locator("output#freshness").getAttribute("data-source")) === "live");
  await open(page, "Second");
}, { allow: [/503/] }));

test("a mailbox without anything remembered and without a store is not called empty", async () => {
  renameSync(spool.root, `${spool.root}.away`);
  rmSync(path.join(portal.data, "index"), { recursive: true, force: true });
  await portal.stop();
  renameSync(`${spool.root}.away`, spool.root);
  portal = await serve(["--maildir", spool.root], { data: portal.data });
  renameSync(spool.root, `${spool.root}.away`);
  await visit(browser, portal, { scripting: false, allow: [/503/] }, async (page) => {
    const text = await page.locator("main").innerText();
    assert.doesNotMatch(text, /This mailbox is empty/);
    assert.match(text, /not there|could not be read|does not answer/);
  });
});

test("the index can be deleted at any time: the same addresses work", plain(async (page) => {
  const address = new URL(await link(page, "First").getAttribute("href"), page.url()).href;
  await restart(page, () => rmSync(path.join(portal.data, "index"), { recursive: true }));
  await page.goto(address);
  await letter(page, "First");
  await page.goto(address.split("/").slice(0, 5).join("/"));
  await reloadUntil(page, async () => (await rows(page).count()) === 2);
}));

test("a restart keeps people signed in", plain(async (page) => {
  await restart(page);
  assert.deepEqual(await subjects(page), ["Second", "First"]);
}));
