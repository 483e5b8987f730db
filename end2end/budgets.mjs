// Sizes as they go over the wire, compressed with brotli, and the number of requests of a first visit.
import { hydrated, startBrowser, visit } from "./lib/browser.mjs";
import { campus } from "./lib/campus.mjs";
import { client } from "./lib/http.mjs";
import { rows } from "./lib/portal.mjs";
import { serve } from "./lib/server.mjs";

const KIB = 1024;
const LIMITS = {
  wasm: { limit: 320, target: 256 },
  glue: { limit: 16 },
  css: { limit: 24 },
  "first document": { limit: 40 },
};
const MOST_REQUESTS = 10;

const spool = await campus();
const portal = await serve(["--maildir", spool.spool.root]);
const browser = await startBrowser();
let failed = false;
const say = (name, value, limit, unit, warn) => {
  const verdict = value > limit ? "TOO MUCH" : warn ? "over its target" : "ok";
  failed ||= value > limit;
  console.log(`${name.padEnd(16)} ${String(value).padStart(7)} ${unit} of ${limit}  ${verdict}`);
};
try {
  const who = await client(portal);
  const inbox = await who.inbox();
  const document = await who.get(inbox);
  const html = document.text();
  const weigh = async (path) => {
    const answer = await who.get(path);
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
    if (answer.headers["content-encoding"] !== "br") throw new Error(`${path} is not compressed with brotli`);
    if (!/immutable/.test(answer.headers["cache-control"])) throw new Error(`${path} is not immutable`);
    return answer;
  };
  const named = (pattern) => html.match(pattern)?.[1];
  const [css, start] = [named(/href="(\/pkg\/[^"]+\.css)"/), named(/src="(\/pkg\/[^"]+\.js)"/)];
  if (!css || !start) throw new Error("the page names no styles or no browser half: built without make front?");
  const startAnswer = await who.get(start);
  const imports = [...startAnswer.text().matchAll(/"(\/pkg\/[^"]+)"/g)].map(([, path]) => path);
  const sizes = { wasm: 0, glue: startAnswer.bytes.length, css: (await weigh(css)).bytes.length, "first document": document.bytes.length };
  for (const path of imports) sizes[path.endsWith(".wasm") ? "wasm" : "glue"] += (await weigh(path)).bytes.length;
  for (const [name, { limit, target }] of Object.entries(LIMITS)) {
    const kib = Math.round((sizes[name] / KIB) * 10) / 10;
    say(name, kib, limit, "KiB", target && kib > target);
  }
  let counted = 0;
  await visit(browser, portal, { signIn: false }, async (page, { requests }) => {
    await page.goto(await portal.freshLink());
    await rows(page).first().waitFor();
    await hydrated(page);
    await page.waitForLoadState("networkidle");
    counted = requests.length;
  });
  say("requests, cold", counted, MOST_REQUESTS, "   ");
} finally {
  await browser.close();
  await portal.stop();
  await spool.remove();
}
process.exitCode = failed ? 1 : 0;
