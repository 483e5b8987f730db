// Signing in and out, links, sessions, other people's addresses, preferences: all without scripting.
import { strict as assert } from "node:assert";
import test from "node:test";
import { fetchFile, letter, link, open, portalFor, rows } from "../lib/portal.mjs";

const site = portalFor({ scripting: false });

test("a sign-in link works once", site.visit({ signIn: false, allow: [/403/] }, async (page, { site, context }) => {
  const once = await site.portal.freshLink();
  await page.goto(once);
  await rows(page).first().waitFor();
  await context.clearCookies();
  const again = await page.goto(once);
  assert.equal(again.status(), 403);
  assert.match(await page.locator("main").innerText(), /This link does not work/);
}));

test("looking at a link without following it does not use it up", site.visit({ signIn: false }, async (page, { site, context }) => {
  const once = await site.portal.freshLink();
  await context.request.fetch(once, { method: "HEAD" });
  await context.request.get(once, { headers: { "Sec-Purpose": "prefetch" } });
  await page.goto(once);
  await rows(page).first().waitFor();
}));

test("a made-up link signs nobody in", site.visit({ signIn: false, allow: [/40\d/] }, async (page, { site, context }) => {
  for (const token of ["x", "0".repeat(32), "../../healthz"]) {
    const response = await page.goto(`${site.portal.origin}/sign-in/once/${encodeURIComponent(token)}`);
    assert.ok(response.status() >= 400, token);
  }
  assert.equal((await context.cookies()).filter(({ name }) => name === "sid").length, 0);
}));

test("the session's cookie is out of reach of scripts and of other sites' requests", site.visit({}, async (_, { context }) => {
  const sid = (await context.cookies()).find(({ name }) => name === "sid");
  assert.equal(sid.httpOnly, true);
  assert.equal(sid.sameSite, "Lax");
}));

test("a session id that was there before signing in is worth nothing: V-93", site.visit({}, async (page, { site, context }) => {
  const first = (await context.cookies()).find(({ name }) => name === "sid");
  await page.goto(await site.portal.freshLink());
  const second = (await context.cookies()).find(({ name }) => name === "sid");
  assert.notEqual(second.value, first.value);
  const inbox = page.url();
  await context.clearCookies({ name: "sid" });
  await context.addCookies([first]);
  await page.goto(inbox);
  assert.equal(new URL(page.url()).pathname, "/sign-in");
}));

test("without a session every mail address leads to the sign-in page", site.visit({}, async (page, { site, context }) => {
  await open(page, "Papers for the meeting");
  const here = page.url().split("?")[0];
  await context.clearCookies({ name: "sid" });
  for (const address of [here, `${here}/body?view=html`, `${here}/part/2`, `${here}/parts.zip`, `${here}/source`, here.split("/").slice(0, 5).join("/")]) {
    const answer = await fetchFile(context, address);
    assert.equal(answer.status, 303, address);
    assert.match(answer.headers.location, /^\/sign-in/);
    assert.doesNotMatch(answer.bytes.toString(), /Papers|meeting/);
  }
  await page.goto(site.portal.origin);
  assert.equal(new URL(page.url()).pathname, "/sign-in");
}));

test("after signing in again the page that was wanted comes back", site.visit({}, async (page, { site, context }) => {
  await open(page, "Welcome week");
  const wanted = page.url();
  await context.clearCookies({ name: "sid" });
  await page.goto(wanted);
  assert.equal(new URL(page.url()).pathname, "/sign-in");
  await page.goto(await site.portal.freshLink());
  await letter(page, "Welcome week");
  assert.equal(page.url(), wanted);
}));

test("return_to leads to our own pages only: V-85", site.visit({ signIn: false }, async (page, { site }) => {
  for (const bad of ["//t.example", "/\\t.example", "https://t.example/", "javascript:x()"]) {
    await page.goto(`${site.portal.origin}/sign-in?return_to=${encodeURIComponent(bad)}`);
    await page.goto(await site.portal.freshLink());
    assert.equal(new URL(page.url()).origin, site.portal.origin);
    await rows(page).first().waitFor();
  }
}));

test("signing out ends the session on the server", site.visit({}, async (page, { context }) => {
  const inbox = page.url();
  const sid = (await context.cookies()).find(({ name }) => name === "sid");
  await page.locator("details.account > summary").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  assert.equal(new URL(page.url()).pathname, "/sign-in");
  await context.addCookies([sid]);
  await page.goto(inbox);
  assert.equal(new URL(page.url()).pathname, "/sign-in");
}));

test("two windows read at once", site.visit({}, async (page, { context }) => {
  const second = await context.newPage();
  await second.goto(page.url());
  await open(page, "Welcome week");
  await open(second, "Timetable for spring");
  await page.reload();
  await letter(page, "Welcome week");
  await second.goBack();
  assert.equal(await rows(second).count(), 50);
}));

test("an unknown mailbox, letter or page is one and the same 404", site.visit({ allow: [/404/] }, async (page, { site, context }) => {
  await open(page, "Welcome week");
  const [, , mailbox, message] = new URL(page.url()).pathname.split("/");
  const other = "a".repeat(16);
  const answers = [];
  for (const address of [`/m/${other}`, `/m/${mailbox}/${other}`, `/m/${other}/${message}`, `/m/${mailbox}/${other}/source`, `/m/${mailbox}/${other}/body`, "/m/..%2f", "/m/%2e%2e/x", "/nowhere"]) {
    const answer = await fetchFile(context, site.portal.origin + address);
    assert.equal(answer.status, 404, address);
    answers.push(answer.headers["content-type"]);
  }
  assert.ok(answers.every((type) => /^text\/html; charset=utf-8$/i.test(type)), answers.join());
  await page.goto(`${site.portal.origin}/m/${mailbox}/${other}`);
  assert.match(await page.locator("main").innerText(), /Not found/);
  await page.goto(`${site.portal.origin}/nowhere`);
  assert.match(await page.locator("main").innerText(), /Not found/);
}));

test("a form from another site changes nothing: V-91", site.visit({ allow: [/403/] }, async (page, { site, context }) => {
  const foreign = { Origin: "https://t.example", "Sec-Fetch-Site": "cross-site" };
  for (const address of ["/settings", "/sign-out"]) {
    const answer = await context.request.post(site.portal.origin + address, { headers: foreign, form: { lang: "ja" }, maxRedirects: 0 });
    assert.equal(answer.status(), 403, address);
  }
  await page.reload();
  await rows(page).first().waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
}));

test("language follows the browser, then the choice; theme, zone and keys too", site.visit({ lang: "ja-JP" }, async (page) => {
  const root = page.locator("html");
  const inbox = page.url();
  assert.equal(await root.getAttribute("lang"), "ja");
  assert.match(await page.locator("nav#rail").innerText(), /受信/);
  await page.goto(new URL("/settings", inbox).href);
  await page.locator("select[name=lang]").selectOption("en");
  await page.locator("select[name=theme]").selectOption("dark");
  await page.locator("select[name=tz]").selectOption("America/New_York");
  await page.locator("input[type=checkbox][name=keys]").uncheck();
  await page.locator("form[action='/settings'] button[type=submit]").click();
  assert.match(await page.locator("main").innerText(), /Saved/);
  await page.goto(inbox);
  assert.deepEqual([await root.getAttribute("lang"), await root.getAttribute("data-theme"), await root.getAttribute("data-keys")], ["en", "dark", "off"]);
  assert.match(await page.locator("nav#rail").innerText(), /Inbox/);
  assert.match(await link(page, "Nothing inside").locator("time").getAttribute("datetime"), /-0[45]:00$/);
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const [red, green, blue] = paper.match(/[\d.]+/g).map(Number);
  assert.ok(red + green + blue < 300, paper);
}));

test("a language nobody speaks here falls back", site.visit({ lang: "fi-FI" }, async (page) => {
  assert.equal(await page.locator("html").getAttribute("lang"), "ja");
}));

test("health is answered without a session, and without a word about mail", site.visit({ signIn: false }, async (_, { site, context }) => {
  for (const address of ["/healthz", "/readyz"]) assert.equal((await fetchFile(context, site.portal.origin + address)).status, 200, address);
}));
