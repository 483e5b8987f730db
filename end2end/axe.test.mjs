// axe on every page, in both languages and both themes, wide and narrow, as served and after the browser's half has run.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import test from "node:test";
import { hydrated } from "./lib/browser.mjs";
import { link, portalFor, rows } from "./lib/portal.mjs";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const site = portalFor();

/** Evaluated, not inserted: the pages' own policy would refuse a script of ours. */
async function violations(page) {
  await page.evaluate(source);
  return page.evaluate(async () => {
    const { violations } = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], iframes: false });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`).join(" | ")}`);
  });
}

const places = {
  "the list": () => rows,
  "an empty mailbox": (page) => page.locator("nav#rail a", { hasText: /Drafts|下書き/ }).getAttribute("href"),
  "a text": (page) => link(page, "Timetable for spring").getAttribute("href"),
  "an HTML letter": (page) => link(page, "Welcome week").getAttribute("href"),
  "a letter with files": (page) => link(page, "Papers for the meeting").getAttribute("href"),
  "a delivery report": (page) => link(page, "Delayed Mail").getAttribute("href"),
  "the settings": () => "/settings",
  "a page that is not there": () => "/nowhere",
};

for (const lang of ["en-GB", "ja-JP"]) {
  for (const theme of ["light", "dark"]) {
    for (const [awake, width] of [[true, 1366], [true, 390], [false, 1000]]) {
      test(`${lang}, ${theme}, ${width} px, ${awake ? "awake" : "as served"}`, site.visit({ lang, theme, width, allow: [/404/] }, async (page, { context }) => {
        // axe itself needs scripting, so the browser's half is withheld instead.
        if (!awake) await context.route(/\/pkg\/start/, (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
        const found = {};
        const inbox = page.url();
        await rows(page).first().waitFor();
        const targets = {};
        for (const [name, target] of Object.entries(places)) targets[name] = name === "the list" ? inbox : await target(page);
        const look = async (name, address) => {
          await page.goto(new URL(address, inbox).href);
          // What the process makes alone has no half for the browser.
          if (awake && !["/status", "/help/client-timeout"].includes(address)) await hydrated(page);
          const now = await violations(page);
          if (now.length > 0) found[name] = now;
        };
        for (const [name, address] of Object.entries(targets)) await look(name, address);
        if (awake && width > 1000) {
          await page.goto(inbox);
          await hydrated(page);
          await page.keyboard.press("?");
          await page.locator("dialog[open]").waitFor();
          const now = await violations(page);
          if (now.length > 0) found["the table of keys"] = now;
        }
        await look("the help for who is signed in", "/help/client-timeout");
        // Nothing of the last page may still ask for something when the session is gone.
        await page.goto("about:blank");
        await context.clearCookies();
        await look("signing in", "/sign-in");
        await look("the status", "/status");
        await look("the help", "/help/client-timeout");
        assert.deepEqual(found, {});
      }));
    }
  }
}
