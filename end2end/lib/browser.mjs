// A real Chromium, cut off from every network but the portal, and watched: whatever a page throws, logs as an error, reports as a
// policy violation, or asks of a foreign host fails the test.
import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { chromium } from "playwright-core";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];

/** The browser program: FUMIBAKO_CHROMIUM, or the usual places. */
export function program() {
  const places = [process.env.FUMIBAKO_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const found = places.find((place) => place && existsSync(place));
  if (!found) throw new Error("no Chromium found: install the package chromium, or set FUMIBAKO_CHROMIUM to the program");
  return found;
}

/**
 * Starts the browser, without any network. The foreign host of our letters, t.example, leads to a listener of ours that answers
 * nothing and counts, so that even a bare connection (`preconnect`) is seen; every other name leads nowhere.
 */
export async function startBrowser(options = {}) {
  const leaks = [];
  const canary = createServer((socket) => {
    socket.on("error", () => {});
    leaks.push("a connection to t.example");
    socket.destroy();
  });
  await new Promise((ready) => canary.listen(0, "127.0.0.1", ready));
  const rules = `MAP t.example 127.0.0.1:${canary.address().port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`;
  const chrome = await chromium.launch({ executablePath: program(), headless: true, args: [...FLAGS, `--host-resolver-rules=${rules}`], ...options });
  return {
    chrome,
    leaks,
    async close() {
      await chrome.close();
      await new Promise((closed) => canary.close(closed));
    },
  };
}

/** Trusted Types are only reported, and the page library is known to write through templates (security.md 3.1). */
const known = (text) => text.startsWith("[Report Only]") && /Trusted(HTML|Script)/.test(text);

/**
 * Opens a window on the portal, signed in unless told otherwise, runs `body(page, {context, requests, problems})` and then
 * demands that nothing went wrong. `allow` names console errors that the test itself provokes.
 */
export async function visit(browser, portal, options, body) {
  const { scripting = true, signIn = true, width = 1366, height = 850, theme = "light", lang = "en", allow = [], ...more } = options;
  const context = await browser.chrome.newContext({
    javaScriptEnabled: scripting,
    viewport: { width, height },
    colorScheme: theme,
    locale: lang,
    timezoneId: "Asia/Tokyo",
    ...more,
  });
  context.setDefaultTimeout(15_000);
  const problems = [];
  const requests = [];
  const watch = (page) => {
    page.on("pageerror", (error) => problems.push(`thrown: ${error.message}`));
    page.on("crash", () => problems.push("the page crashed"));
    page.on("dialog", (dialog) => {
      problems.push(`dialog: ${dialog.message()}`);
      dialog.dismiss().catch(() => {});
    });
    page.on("console", (entry) => {
      if (entry.type() !== "error" && !/panicked|hydration/i.test(entry.text())) return;
      const text = entry.text();
      if (!known(text) && !allow.some((pattern) => pattern.test(text))) problems.push(`console: ${text} (${entry.location().url})`);
    });
  };
  context.on("page", watch);
  const foreign = new Set();
  context.on("request", (request) => {
    const url = request.url();
    requests.push({ url, type: request.resourceType(), method: request.method() });
    if (url.startsWith("data:") || url.startsWith("blob:") || url.startsWith("about:")) return;
    if (new URL(url).origin !== portal.origin) foreign.add(request);
  });
  // What a policy refuses is announced as a request too, and fails before anything leaves.
  context.on("requestfailed", (request) => request.failure()?.errorText === "csp" && foreign.delete(request));
  const leaked = browser.leaks.length;
  try {
    const page = await context.newPage();
    if (signIn) await page.goto(await portal.freshLink());
    await body(page, { context, requests, problems });
    problems.push(...[...foreign].map((request) => `asked of a foreign host: ${request.url()}`));
    problems.push(...browser.leaks.slice(leaked).map((line) => `reached a foreign host: ${line}`));
  } finally {
    await context.close();
  }
  assert.deepEqual(problems, []);
}

/** Resolves once the browser's half has run: a module that is already loading is imported once, so this waits for its end. */
export async function hydrated(page) {
  await page.evaluate(async () => {
    const start = document.querySelector("script[type=module][src]");
    if (!start) throw new Error("the page has no browser half: built without make front?");
    await import(start.src);
    await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  });
}
