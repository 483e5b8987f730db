// A person reads in a browser while the spool hangs and comes back (F1, F2): list, search, a kept letter and one that is not kept, each
// with its label, and all of it live again without loading the page anew.
import { strict as assert } from "node:assert";
import { after, afterEach, before, describe, test } from "node:test";
import { hydrated, startBrowser, visit } from "../lib/browser.mjs";
import { missing, mounted } from "../lib/hung.mjs";
import { Maildir, message } from "../lib/mail.mjs";
import { kept, until } from "../lib/outage.mjs";
import { scratch, serve } from "../lib/server.mjs";
import { lacking } from "../lib/skips.mjs";

const skip = lacking("a browser during a hang", missing());

describe("a browser while the spool hangs", { skip }, () => {
  let home;
  let mount;
  let portal;
  let browser;
  before(async () => {
    home = await scratch("fumibako-hang");
    const spool = new Maildir(`${home.folder}/server/tanaka`);
    for (let number = 0; number < 60; number++) {
      const date = new Date(Date.UTC(2026, 10, 1) + number * 3_600_000);
      spool.add(message({ subject: `Letter ${number}`, date, text: `Text ${number}.\n` }), { flags: "S", arrived: date });
    }
    mount = await mounted(`${home.folder}/server`, `${home.folder}/mnt`);
    portal = await serve(["--maildir", `${home.folder}/mnt/tanaka`]);
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await portal?.stop();
    await mount?.remove();
    await home?.remove();
  });
  afterEach(() => mount.answer());

  const label = (page) => page.locator("output#freshness").getAttribute("data-source");
  const row = (page, number) => page.locator(".rows a", { has: page.locator(".subject", { hasText: new RegExp(`^Letter ${number}$`) }) });
  const heading = (page, number) => page.locator(".letter h1", { hasText: new RegExp(`^Letter ${number}$`) });

  test("it says what it shows and from when, and is live again without being loaded anew", async () => {
    // The browser itself notes each answer that says 503.
    await visit(browser, portal, { allow: [/status of 503/] }, async (page) => {
      await until(async () => (await label(page)) === "live" && (await page.locator(".rows li.loading").count()) === 0);
      await hydrated(page);
      await page.evaluate(() => (window.sameDocument = true));
      await row(page, 57).click();
      await heading(page, 57).waitFor();
      await until(() => kept(portal.data).length > 0);

      mount.hang();
      // The person does nothing special: the page is looked at again. What was asked a moment before may still be answered.
      const notice = page.locator(".notices .notice", { hasText: "The mail store does not answer" });
      await until(async () => {
        const answered = page.waitForResponse((response) => response.request().resourceType() === "fetch");
        await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
        await answered;
        return (await notice.count()) > 0;
      });
      await page.locator('.notices a[href^="/export?in="]').waitFor();
      assert.ok((await page.locator(".rows li").count()) >= 50, "the list stands as it was");
      // One that is kept nowhere, and one that is.
      await row(page, 31).click();
      await page.locator(".read .failed").waitFor();
      assert.match(await page.locator(".read .failed").innerText(), /does not answer/);
      await row(page, 57).click();
      await heading(page, 57).waitFor();
      await until(async () => (await label(page)) === "saved");
      // Its heading stands there from the list while it is on its way.
      await page.locator(".read", { hasText: "Text 57." }).waitFor();
      // What a search finds, and why it takes what it takes.
      await page.locator("#search").fill("Letter 30");
      await page.keyboard.press("Enter");
      await until(async () => (await page.locator(".rows li").count()) === 1);
      assert.equal(await label(page), "saved");
      await page.locator("details.why > summary").click();
      await until(async () => /ms$/.test(await page.locator('[data-took="total"]').innerText()));
      await page.keyboard.press("Escape");
      await row(page, 30).click();
      await page.locator(".read .failed").waitFor();

      mount.answer();
      await heading(page, 30).waitFor({ timeout: 60_000 });
      await until(async () => (await label(page)) === "live");
      await notice.waitFor({ state: "detached" });
      assert.equal(await page.evaluate(() => window.sameDocument), true);
    });
  });
});
