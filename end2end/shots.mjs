// Pictures of the pages into end2end/out/, to be looked at beside the wireframes. `node end2end/shots.mjs [--demo]`
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { hydrated, startBrowser, visit } from "./lib/browser.mjs";
import { campus } from "./lib/campus.mjs";
import { rows } from "./lib/portal.mjs";
import { serve } from "./lib/server.mjs";

const out = path.join(fileURLToPath(new URL(".", import.meta.url)), "out");
mkdirSync(out, { recursive: true });
const demo = process.argv.includes("--demo");
const spool = demo ? null : await campus();
const portal = await serve(demo ? ["--demo"] : ["--maildir", spool.spool.root]);
const browser = await startBrowser();

const LOOKS = {
  "light-en": { lang: "en" },
  "light-ja": { lang: "ja" },
  "dark-ja": { lang: "ja", theme: "dark" },
  "noscript-ja": { lang: "ja", scripting: false },
  "noscript-dark-en": { lang: "en", scripting: false, theme: "dark" },
  "medium-en": { lang: "en", width: 1000 },
  "phone-ja": { lang: "ja", width: 390, height: 844 },
  "phone-dark-en": { lang: "en", width: 390, height: 844, theme: "dark" },
  "narrow-en": { lang: "en", width: 320, height: 640 },
};
const LETTERS = demo ? {} : { text: "Timetable for spring", html: "Welcome week", files: "Papers for the meeting", report: "Delayed Mail", failed: "Undelivered Mail" };

try {
  for (const [look, options] of Object.entries(LOOKS)) {
    await visit(browser, portal, { ...options, allow: [/404/] }, async (page) => {
      const inbox = page.url();
      await rows(page).first().waitFor();
      const shoot = async (name) => {
        if (options.scripting !== false) await hydrated(page);
        await page.screenshot({ path: path.join(out, `${name}-${look}.png`) });
      };
      await shoot("list");
      const addresses = await rows(page).evaluateAll((all) => all.map((one) => [one.querySelector(".subject").textContent, one.querySelector("a").href]));
      const wanted = demo ? addresses.slice(0, 8).map(([, href], at) => [`letter${at}`, href]) : Object.entries(LETTERS).map(([name, subject]) => [name, addresses.find(([shown]) => shown.startsWith(subject))[1]]);
      for (const [name, address] of wanted) {
        await page.goto(address);
        for (const frame of page.frames()) await frame.waitForLoadState("load");
        await shoot(name);
      }
      await page.goto(new URL("/settings", inbox).href);
      await shoot("settings");
      await page.goto(new URL("/nowhere", inbox).href);
      await shoot("missing");
      await page.context().clearCookies();
      await page.goto(new URL("/sign-in", inbox).href);
      await shoot("sign-in");
    });
    console.log(look);
  }
} finally {
  await browser.close();
  await portal.stop();
  await spool?.remove();
}
