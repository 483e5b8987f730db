// From the click on a message to its text on the screen, in a real browser: ours and Roundcube's.
import { hydrated } from "../lib/browser.mjs";
import { p50 } from "./measure.mjs";

const now = () => performance.timeOrigin + performance.now();

/** Ours: the heading is there and, for HTML, the frame has loaded its document; then one painted frame. */
export async function ourClicks(browser, portal, subject, times) {
  const found = [];
  for (let turn = 0; turn < times; turn++) {
    const context = await browser.chrome.newContext({ locale: "en", viewport: { width: 1366, height: 850 } });
    const page = await context.newPage();
    await page.goto(await portal.freshLink());
    await page.locator("main ol > li").first().waitFor();
    await hydrated(page);
    await page.waitForLoadState("networkidle");
    found.push(await page.evaluate((subject) => new Promise((done) => {
      const link = [...document.querySelectorAll("main ol > li a")].find((a) => a.querySelector(".subject").textContent.includes(subject));
      const began = performance.now();
      const painted = () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
      const look = () => {
        const article = document.querySelector("article");
        if (!article?.querySelector("h1")?.textContent.includes(subject)) return;
        const frame = article.querySelector("iframe");
        watcher.disconnect();
        if (frame) frame.addEventListener("load", painted, { once: true });
        else painted();
      };
      const watcher = new MutationObserver(look);
      watcher.observe(document.querySelector("main"), { childList: true, subtree: true, characterData: true });
      link.click();
    }), subject));
    await context.close();
  }
  return p50(found);
}

const WATCH = `(() => { const put = () => { try { const top = window.top; if (!top.__shown) requestAnimationFrame(() => setTimeout(() => { top.__shown ||= (${now})(); })); } catch {} };
  const look = () => { const body = document.querySelector("#messagebody"); if (body && body.innerText.trim()) put(); };
  new MutationObserver(look).observe(document, { childList: true, subtree: true }); document.addEventListener("DOMContentLoaded", look); })()`;

/** Roundcube's: the text stands in its frame, then one painted frame. `back` counts from the newest message. */
export async function theirClicks(browser, other, back, times) {
  const found = [];
  for (let turn = 0; turn < times; turn++) {
    const context = await browser.chrome.newContext({ viewport: { width: 1366, height: 850 } });
    const page = await context.newPage();
    await page.addInitScript(WATCH);
    await page.goto(other.origin);
    await page.fill("#rcmloginuser", other.user);
    await page.fill("#rcmloginpwd", other.password);
    await page.click("#rcmloginsubmit");
    await page.locator("#messagelist tbody tr.message").first().waitFor();
    await page.waitForLoadState("networkidle");
    const began = await page.evaluate((back) => {
      window.__shown = 0;
      const cell = document.querySelectorAll("#messagelist tbody tr.message")[back].querySelector("td.subject");
      const { x, y } = cell.getBoundingClientRect();
      for (const kind of ["mousedown", "mouseup", "click"]) cell.dispatchEvent(new MouseEvent(kind, { bubbles: true, cancelable: true, view: window, button: 0, clientX: x + 60, clientY: y + 5 }));
      return performance.timeOrigin + performance.now();
    }, back);
    await page.waitForFunction(() => window.__shown);
    found.push((await page.evaluate(() => window.__shown)) - began);
    await context.close();
  }
  return p50(found);
}
