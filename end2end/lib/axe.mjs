// axe on a page, in both languages and both themes, wide and narrow, as served and after the browser's half has run.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { hydrated } from "./browser.mjs";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** How each page is looked at. */
export const LOOKS = ["en-GB", "ja-JP"].flatMap((lang) => ["light", "dark"].flatMap((theme) => [[true, 1366], [true, 390], [false, 1000]].map(([awake, width]) => ({ lang, theme, awake, width }))));

/** Evaluated, not inserted: the pages' own policy would refuse a script of ours. */
async function violations(page) {
  await page.evaluate(source);
  return page.evaluate(async () => {
    const { violations } = await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], iframes: false });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`).join(" | ")}`);
  });
}

/**
 * Looks at the pages of one window: `at(name, address)` goes there, `here(name)` stays, `found` has what is wrong, by those names. `origin`
 * is any address of the portal.
 */
export async function looker(page, context, { awake }, origin) {
  // axe itself needs scripting, so the browser's half is withheld instead.
  if (!awake) await context.route(/\/pkg\/start/, (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  const found = {};
  const here = async (name) => {
    const now = await violations(page);
    if (now.length > 0) found[name] = now;
  };
  const at = async (name, address) => {
    await page.goto(new URL(address, origin).href);
    // What the process makes alone has no half for the browser.
    if (awake && (await page.locator("script[type=module][src]").count()) > 0) await hydrated(page);
    await here(name);
  };
  return { at, here, found };
}

/** What such a test is called. */
export const titleOf = ({ lang, theme, awake, width }) => `${lang}, ${theme}, ${width} px, ${awake ? "awake" : "as served"}`;
