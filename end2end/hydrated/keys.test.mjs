// The keyboard: what acts, what must stay silent, and where the focus is.
import { strict as assert } from "node:assert";
import test from "node:test";
import { hydrated } from "../lib/browser.mjs";
import { focusIs, settled } from "../lib/moments.mjs";
import { letter, link, portalFor, rows } from "../lib/portal.mjs";

const site = portalFor({ scripting: true });
const awake = (body, options = {}) => site.visit(options, async (page, more) => {
  await rows(page).first().waitFor();
  await hydrated(page);
  await body(page, more);
});

const focused = (page) => page.evaluate(() => document.activeElement?.closest("li")?.querySelector(".subject")?.textContent ?? document.activeElement?.id ?? document.activeElement?.tagName);
test("j and k walk the rows, o opens, u returns to the row", awake(async (page) => {
  const list = page.url();
  await page.keyboard.press("j");
  await focusIs(page, "Nothing inside");
  await page.keyboard.press("k");
  await focusIs(page, "Nothing inside");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await focusIs(page, "(no subject)");
  await page.keyboard.press("o");
  await letter(page, "(no subject)");
  await focusIs(page, "subject");
  await page.keyboard.press("u");
  await page.waitForURL(list);
  await focusIs(page, "(no subject)");
}));

test("Enter opens the row, j and k go from letter to letter", awake(async (page) => {
  await link(page, "Welcome week").focus();
  await page.keyboard.press("Enter");
  await letter(page, "Welcome week");
  await focusIs(page, "subject");
  await page.keyboard.press("j");
  await letter(page, "Timetable for spring");
  await focusIs(page, "subject");
  await page.keyboard.press("k");
  await letter(page, "Welcome week");
}));

test("g then i and g then s go to mailboxes, ? shows the keys, Escape closes", awake(async (page) => {
  const inbox = page.url();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await link(page, "A sent letter").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await page.waitForURL(inbox);
  await link(page, "Nothing inside").waitFor();
  await page.keyboard.press("?");
  const help = page.locator("dialog[open]");
  await help.waitFor();
  assert.match(await help.innerText(), /Keyboard shortcuts/);
  await page.keyboard.press("j");
  await settled(page);
  assert.equal(await help.count(), 1);
  await page.keyboard.press("Escape");
  await help.waitFor({ state: "detached" }).catch(() => {});
  assert.equal(await page.locator("dialog[open]").count(), 0);
}));

test("Shift+U marks unread", awake(async (page) => {
  await link(page, "Notice 096 library").focus();
  await page.keyboard.press("o");
  await letter(page, "Notice 096 library");
  await page.getByRole("button", { name: "Mark as unread" }).waitFor();
  const told = page.waitForResponse((response) => response.url().includes("/api/mark_unread") && response.request().method() === "POST");
  await page.keyboard.press("Shift+U");
  assert.equal((await told).status(), 200);
  await page.locator("main ol > li", { hasText: "Notice 096" }).filter({ hasText: "Unread" }).waitFor();
}));

test("a letter that was read elsewhere is not said to be unread here", awake(async (page) => {
  await link(page, "Notice 111 seminar").focus();
  await page.keyboard.press("o");
  await letter(page, "Notice 111 seminar");
  assert.equal(await page.getByRole("button", { name: "Mark as unread" }).count(), 0);
  await page.keyboard.press("Shift+U");
  await page.locator(".toast", { hasText: "mail server" }).waitFor();
  await letter(page, "Notice 111 seminar");
  assert.doesNotMatch(await page.locator("main ol > li", { hasText: "Notice 111" }).textContent(), /Unread/);
}));

const silent = {
  "a composing key": { key: "j", isComposing: true },
  "a key the input method swallowed": { key: "j", keyCode: 229 },
  "Process": { key: "Process", keyCode: 229, isComposing: true },
  "Ctrl+J": { key: "j", ctrlKey: true },
  "Alt+J": { key: "j", altKey: true },
  "Meta+K": { key: "k", metaKey: true },
  "Ctrl+O": { key: "o", ctrlKey: true },
};
for (const [name, init] of Object.entries(silent)) {
  test(`${name} does nothing`, awake(async (page) => {
    await link(page, "Welcome week").focus();
    const here = page.url();
    const stopped = await page.evaluate((init) => !document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init })), init);
    await settled(page);
    assert.equal(stopped, false);
    assert.equal(await focused(page), "Welcome week");
    assert.equal(page.url(), here);
  }));
}

test("the same key without composition does act: the silence above is no accident", awake(async (page) => {
  await link(page, "Welcome week").focus();
  const stopped = await page.evaluate(() => !document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, cancelable: true, key: "j" })));
  assert.equal(stopped, true);
  await focusIs(page, "Timetable for spring");
}));

test("keys in a form field belong to the field", awake(async (page) => {
  await page.evaluate(() => {
    const field = document.querySelector("main").appendChild(document.createElement("input"));
    field.id = "field";
    field.focus();
  });
  await page.keyboard.type("jko?u");
  assert.equal(await page.locator("#field").inputValue(), "jko?u");
  assert.equal(await page.locator("dialog[open]").count(), 0);
}));

test("switched off, no single key acts", awake(async (page, { context, site }) => {
  await context.addCookies([{ name: "keys", value: "off", url: site.portal.origin }]);
  await page.reload();
  await hydrated(page);
  await link(page, "Welcome week").focus();
  for (const key of ["j", "k", "o", "u", "?", "g", "s"]) await page.keyboard.press(key);
  await settled(page);
  assert.equal(await focused(page), "Welcome week");
  assert.equal(await page.locator("dialog[open]").count(), 0);
  await page.keyboard.press("Enter");
  await letter(page, "Welcome week");
}));

test("with Tab alone: the skip link first, then everything in order, each with a name and a visible focus", awake(async (page) => {
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "#content");
  const nameless = [];
  for (let step = 0; step < 30; step++) {
    await page.keyboard.press("Tab");
    const one = await page.evaluate(() => {
      const now = document.activeElement;
      const style = getComputedStyle(now);
      return { name: (now.getAttribute("aria-label") ?? now.textContent).trim(), seen: style.outlineStyle !== "none" || style.boxShadow !== "none", html: now.outerHTML.slice(0, 120) };
    });
    if (!one.name || !one.seen) nameless.push(one);
  }
  assert.deepEqual(nameless, []);
}));
