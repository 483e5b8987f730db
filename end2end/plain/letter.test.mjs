// A letter without scripting: text, HTML, headers, files, reports.
import { strict as assert } from "node:assert";
import test from "node:test";
import { JAPANESE } from "../lib/campus.mjs";
import { bodyFrame, fitsWidth, goTo, letter, link, more, open, portalFor, row } from "../lib/portal.mjs";

const site = portalFor({ scripting: false });

test("a letter has its subject as the only h1, and its headers in a list", site.visit({}, async (page) => {
  await open(page, "Timetable for spring");
  assert.equal(await page.locator("h1").count(), 1);
  const headers = await page.locator("article dl").first().textContent();
  for (const part of ["Aoki Hana", "hana@campus.example", "reader@campus.example", "second@campus.example", "desk@campus.example"]) assert.ok(headers.includes(part), `${part} in ${headers}`);
  assert.match(await page.title(), /^Timetable for spring/);
  assert.ok(await page.locator("article time[datetime]").first().getAttribute("datetime"));
}));

test("text is shown in the page, with links by address and tags as text", site.visit({}, async (page) => {
  await open(page, "Timetable for spring");
  assert.equal(await page.locator("article iframe:not(.ahead)").count(), 0);
  const article = page.locator("article");
  assert.ok((await article.textContent()).includes("<b>tags</b> & signs"));
  const hrefs = await article.locator("a[href^=http], a[href^=mailto]").evaluateAll((all) => all.map((a) => [a.getAttribute("href"), a.rel, a.target]));
  const found = hrefs.map(([href]) => href);
  assert.ok(found.includes("https://timetable.campus.example/spring?week=2"), found.join());
  assert.ok(found.includes("https://www.campus.example/a_(b)"), found.join());
  assert.ok(found.includes("mailto:help@campus.example"), found.join());
  for (const [href, rel] of hrefs.filter(([href]) => href.startsWith("http"))) assert.match(rel, /noopener|noreferrer/, href);
}));

test("a long quote is folded and opens without scripting", site.visit({}, async (page) => {
  await open(page, "Timetable for spring");
  const quoted = page.getByText("Quoted line 12 of the earlier letter");
  await quoted.waitFor({ state: "attached" });
  assert.equal(await quoted.isVisible(), false);
  await page.locator("article summary", { hasText: "Show quoted text (12 lines)" }).click();
  assert.equal(await quoted.isVisible(), true);
}));

test("HTML is shown in its sandboxed frame, styled, without asking anybody", site.visit({}, async (page, { requests }) => {
  await open(page, "Welcome week");
  const sandbox = await page.locator("article iframe:not(.ahead)").getAttribute("sandbox");
  assert.deepEqual([...sandbox.split(" ")].sort(), ["allow-popups", "allow-popups-to-escape-sandbox"]);
  const frame = await bodyFrame(page);
  assert.match(await frame.locator("body").innerText(), /Registration opens on Monday/);
  const look = await frame.evaluate(() => ({ color: getComputedStyle(document.querySelector("h1")).color, size: getComputedStyle(document.querySelector("h1")).fontSize }));
  assert.deepEqual(look, { color: "rgb(18, 52, 86)", size: "28px" });
  assert.match(await page.locator("article").innerText(), /2 remote images are not shown/);
  const logo = await frame.locator('img[alt="Logo"]').evaluate((image) => ({ width: image.naturalWidth, src: image.src.slice(0, 15) }));
  assert.deepEqual(logo, { width: 1, src: "data:image/png;" });
  assert.equal(requests.filter(({ url }) => url.includes("t.example")).length, 0);
  assert.doesNotMatch(await frame.content(), /t\.example/);
}));

test("HTML can be read as text, and back", site.visit({}, async (page) => {
  await open(page, "Welcome week");
  await more(page).click();
  await page.getByRole("link", { name: "Read as text" }).click();
  assert.equal(new URL(page.url()).searchParams.get("view"), "text");
  assert.equal(await page.locator("article iframe:not(.ahead)").count(), 0);
  assert.match(await page.locator("article").innerText(), /Registration opens on Monday\./);
  await more(page).click();
  await page.getByRole("link", { name: "Read as HTML" }).click();
  assert.equal(await page.locator("article iframe:not(.ahead)").count(), 1);
}));

test("ISO-2022-JP subject and body are right", site.visit({}, async (page) => {
  await open(page, "件名の確認");
  assert.ok((await page.locator("article").innerText()).includes(JAPANESE));
}));

test("a mislabelled letter can be read in another encoding", site.visit({}, async (page) => {
  await open(page, "Which encoding");
  const here = new URL(page.url());
  here.searchParams.set("charset", "shift_jis");
  await page.goto(here.href);
  await letter(page, "Which encoding");
  assert.ok((await page.locator("article").innerText()).includes(JAPANESE));
  here.searchParams.set("charset", "no-such-charset");
  assert.equal((await page.goto(here.href)).status(), 200);
}));

test("the way to another encoding is in the page", site.visit({}, async (page) => {
  await open(page, "Which encoding");
  await more(page).click();
  const choice = page.locator(`a[href*="charset=shift_jis"]`);
  assert.ok((await choice.count()) > 0);
}));

test("all headers on demand, decoded, as text", site.visit({}, async (page) => {
  await open(page, "Timetable for spring");
  await more(page).click();
  await page.getByRole("link", { name: "All headers" }).click();
  assert.equal(new URL(page.url()).searchParams.get("headers"), "1");
  const text = await page.locator("article").textContent();
  assert.match(text, /MIME-Version/i);
  assert.match(text, /X-Long-Word/i);
  await fitsWidth(page, "all headers");
}));

test("a delivery failure and a delay are told in words, and apart", site.visit({}, async (page) => {
  await open(page, "Undelivered Mail");
  const failed = await page.locator("article").innerText();
  for (const part of ["Not delivered", "gone@other.example", "5.1.1", "no such user"]) assert.ok(failed.includes(part), `${part} in ${failed}`);
  assert.doesNotMatch(failed, /Delivery is delayed/);
  await page.goBack();
  await open(page, "Delayed Mail");
  const delayed = await page.locator("article").innerText();
  for (const part of ["Delivery is delayed", "slow@other.example", "4.4.1", "It will be retried until"]) assert.ok(delayed.includes(part), `${part} in ${delayed}`);
  assert.doesNotMatch(delayed, /Not delivered/);
}));

test("hostile text stays text, and the real address of a liar is shown", site.visit({}, async (page) => {
  await goTo(page, "quotes");
  assert.equal(await page.locator("article h1").textContent(), "<script>x()</script> & “quotes”");
  assert.match(await page.title(), /<script>x\(\)<\/script>/);
  assert.ok((await page.locator("article dl").first().textContent()).includes("a@t.example"));
  assert.ok((await page.locator("article").textContent()).includes('<img/src="x"/onerror=x()>'));
  assert.equal(await page.locator("article img[src=x], article script").count(), 0);
}));

test("a letter without subject or text says so", site.visit({}, async (page) => {
  await open(page, "(no subject)");
  assert.match(await page.locator("article").innerText(), /No subject at all/);
  await page.goBack();
  await open(page, "Nothing inside");
  assert.match(await page.locator("article").innerText(), /no text/);
}));

test("previous and next walk along the list in its order", site.visit({}, async (page) => {
  await page.goto(`${page.url().split("?")[0]}?sort=oldest`);
  await open(page, "Notice 001 seminar");
  assert.equal(await page.getByRole("link", { name: "Previous message" }).count(), 0);
  for (const subject of ["Notice 002 library", "Notice 003 seminar"]) {
    await page.getByRole("link", { name: "Next message" }).click();
    await letter(page, subject);
  }
  assert.equal(new URL(page.url()).searchParams.get("sort"), "oldest");
  await page.getByRole("link", { name: "Previous message" }).click();
  await letter(page, "Notice 002 library");
}));

test("with the unread filter, next is the next unread letter", site.visit({}, async (page) => {
  await page.goto(`${page.url().split("?")[0]}?unread=1`);
  await open(page, "Notice 100 library");
  for (const subject of ["Notice 096 library", "Notice 092 library"]) {
    await page.getByRole("link", { name: "Next message" }).click();
    await letter(page, subject);
  }
  assert.equal(new URL(page.url()).searchParams.get("unread"), "1");
}));

test("an opened letter is read in the list", site.visit({}, async (page) => {
  await page.goto(`${page.url().split("?")[0]}?page=2`);
  const subject = "Notice 072 library";
  assert.match(await row(page, subject).textContent(), /Unread/);
  const counts = await page.locator(".list-head .counts").textContent();
  await open(page, subject);
  await page.goto(new URL(`${new URL(page.url()).pathname.split("/").slice(0, 3).join("/")}?page=2`, page.url()).href);
  assert.doesNotMatch(await row(page, subject).textContent(), /Unread/);
  assert.notEqual(await page.locator(".list-head .counts").textContent(), counts);
}));

test("the way back from a letter is a link to the same page of the list", site.visit({ width: 390 }, async (page) => {
  await page.goto(`${page.url().split("?")[0]}?page=2`);
  await open(page, "Notice 070 library");
  await page.locator("article, .read").getByRole("link", { name: /Inbox/ }).first().click();
  assert.equal(new URL(page.url()).searchParams.get("page"), "2");
  await link(page, "Notice 070 library").waitFor();
}));

for (const width of [320, 390, 1000, 1366]) {
  for (const subject of ["Timetable for spring", "Welcome week", "Papers for the meeting", "Delayed Mail", "quotes"]) {
    test(`"${subject}" needs no sideways scrolling on ${width} px`, site.visit({ width }, async (page) => {
      await goTo(page, subject);
      await fitsWidth(page, subject);
    }));
  }
}
