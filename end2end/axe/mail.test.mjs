// axe on the mail, and on what is there for who is not signed in.
import { strict as assert } from "node:assert";
import test from "node:test";
import { LOOKS, looker, titleOf } from "../lib/axe.mjs";
import { hydrated } from "../lib/browser.mjs";
import { link, portalFor, rows } from "../lib/portal.mjs";

const site = portalFor();

const places = {
  "an empty mailbox": (page) => page.locator("nav#rail a", { hasText: /Drafts|下書き/ }).getAttribute("href"),
  "a text": (page) => link(page, "Timetable for spring").getAttribute("href"),
  "an HTML letter": (page) => link(page, "Welcome week").getAttribute("href"),
  "a letter with files": (page) => link(page, "Papers for the meeting").getAttribute("href"),
  "a delivery report": (page) => link(page, "Delayed Mail").getAttribute("href"),
  "the settings": () => "/settings",
  "where one is signed in": () => "/sessions",
  "a search": () => "/search?q=notice",
  "a search that finds nothing": () => "/search?q=there-is-no-such-letter",
  "what can be exported": () => "/export",
  "a page that is not there": () => "/nowhere",
};

for (const as of LOOKS) {
  test(titleOf(as), site.visit({ lang: as.lang, theme: as.theme, width: as.width, allow: [/404/] }, async (page, { context }) => {
    const inbox = page.url();
    const look = await looker(page, context, as, inbox);
    await rows(page).first().waitFor();
    const targets = { "the list": inbox };
    for (const [name, target] of Object.entries(places)) targets[name] = await target(page);
    for (const [name, address] of Object.entries(targets)) await look.at(name, address);
    await look.at("what can be exported of a mailbox", new URL(inbox).pathname.replace("/m/", "/export?in="));
    await page.goto(inbox);
    if (as.awake) await hydrated(page);
    await page.locator("details.why > summary").click();
    await page.locator("details.why[open] .menu-body").waitFor();
    await look.here("what the pill says when it is opened");
    if (as.awake && as.width > 1000) {
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await page.locator("dialog[open]").waitFor();
      await look.here("the table of keys");
    }
    await look.at("the help for who is signed in", "/help/client-timeout");
    // Nothing of the last page may still ask for something when the session is gone.
    await page.goto("about:blank");
    await context.clearCookies();
    await look.at("signing in", "/sign-in");
    await look.at("signed out", "/signed-out");
    await look.at("the status", "/status");
    await look.at("the help", "/help/client-timeout");
    assert.deepEqual(look.found, {});
  }));
}
