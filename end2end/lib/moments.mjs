// Waiting for what a page does next, and where the focus is then.

/** As when the person returns to the window: everything is read again. */
export const again = (page) => page.evaluate(() => window.dispatchEvent(new Event("visibilitychange")));

/** Waits until everything that was set in motion so far has been painted. */
export const settled = (page) => page.evaluate(() => new Promise((done) => {
  const painted = (left) => (left ? requestAnimationFrame(() => painted(left - 1)) : setTimeout(done));
  painted(3);
}));

/** The next answer of this function, and its being painted. */
export const answered = (page, name) => page.waitForResponse((response) => response.url().includes(name)).then(() => settled(page));

/** The focus: the subject of its row, else its id, else its name. */
export const focusIs = (page, wanted) => page.waitForFunction((wanted) => {
  const now = document.activeElement;
  const is = now?.closest("li")?.querySelector(".subject")?.textContent ?? (now?.id || now?.getAttribute("aria-label") || now?.textContent.trim());
  return is === wanted;
}, wanted).catch(async (error) => {
  const now = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
  throw new Error(`the focus should be on ${wanted} and is on ${now}`, { cause: error });
});
