// Search without scripting: a form, pages of results, and the mailboxes that they are in.
import { strict as assert } from "node:assert";
import test from "node:test";
import { message } from "../lib/mail.mjs";
import { fitsWidth, letter, link, portalFor, rows, subjects } from "../lib/portal.mjs";

const site = portalFor({ scripting: false });

const ask = async (page, text) => {
  await page.getByRole("searchbox").fill(text);
  await page.getByRole("searchbox").press("Enter");
};
const counts = (page) => page.locator(".list-head .counts").textContent();

test("one box finds parts of subjects, senders and recipients in all mailboxes, each with its mailbox", site.visit({}, async (page) => {
  await ask(page, "sent letter");
  assert.equal(new URL(page.url()).pathname, "/search");
  assert.deepEqual(await subjects(page), ["A sent letter"]);
  assert.equal(await page.locator("h1").textContent(), "Results for “sent letter”");
  assert.equal(await rows(page).locator(".in").textContent(), "Sent");
  assert.equal(await page.getByRole("searchbox").inputValue(), "sent letter");
  await ask(page, "OTICE 11");
  assert.ok((await subjects(page)).every((one) => /^Notice .*11/.test(one)), (await subjects(page)).join());
  await ask(page, "Aoki");
  assert.ok((await rows(page).count()) > 0);
}));

test("what was found is opened from where it is, and the way back leads to it", site.visit({}, async (page) => {
  await ask(page, "sent letter");
  await link(page, "A sent letter").click();
  await letter(page, "A sent letter");
  assert.match(page.url(), /\/m\/[a-z2-7]{16}\/[a-z2-7]{16}\?q=sent%20letter$/);
  assert.deepEqual(await subjects(page), ["A sent letter"], "the results stand beside it");
  await page.locator("a.back").evaluate((back) => back.click());
  await page.locator("h1", { hasText: "Results for “sent letter”" }).waitFor();
}));

test("results have pages, and a way to any of them", site.visit({}, async (page) => {
  await ask(page, "notice");
  const found = Number((await counts(page)).split(" ")[0]);
  assert.ok(found > 100, String(found));
  const seen = await subjects(page);
  await page.getByRole("link", { name: "Next page" }).click();
  seen.push(...(await subjects(page)));
  await page.getByRole("spinbutton", { name: "Page to go to" }).fill("3");
  await page.locator(".pager button").click();
  assert.equal(new URL(page.url()).searchParams.get("page"), "3");
  seen.push(...(await subjects(page)));
  assert.equal(new Set(seen).size, found);
}));

test("a search is narrowed to one mailbox and widened again", site.visit({}, async (page) => {
  await ask(page, "e");
  const all = await counts(page);
  await page.locator("details.sort > summary").click();
  await page.locator("details.sort a", { hasText: "Sent" }).click();
  assert.ok(new URL(page.url()).searchParams.get("in"));
  assert.deepEqual([...new Set(await rows(page).locator(".in").allTextContents())], ["Sent"]);
  assert.notEqual(await counts(page), all);
  await page.locator("details.sort > summary").click();
  await page.locator("details.sort a", { hasText: "All mailboxes" }).click();
  assert.equal(await counts(page), all);
}));

test("nothing found, nothing asked, and hostile questions are answered in words", site.visit({ width: 320, height: 640 }, async (page, { site }) => {
  const say = async (query, heading, notice) => {
    const answer = await page.goto(`${site.portal.origin}/search${query}`);
    assert.equal(answer.status(), 200, query);
    assert.equal(await page.locator("h1").textContent(), heading);
    assert.match(await page.locator(".empty").textContent(), notice);
    await fitsWidth(page, query);
  };
  await say("?q=no+such+words", "Results for “no such words”", /Nothing was found/);
  await say("", "Search", /What are you looking for/);
  await say("?q=%20%E3%80%80", "Search", /What are you looking for/);
  await say(`?q=${encodeURIComponent("\"><script>alert(1)</script>")}`, "Results for “\"><script>alert(1)</script>”", /Nothing was found/);
  await say(`?q=${encodeURIComponent("\" OR search MATCH * NEAR(")}`, "Results for “\" OR search MATCH * NEAR(”", /Nothing was found/);
  await page.goto(`${site.portal.origin}/search?q=${"会".repeat(5000)}`);
  assert.equal((await page.getByRole("searchbox").inputValue()).length, 200);
  const foreign = await page.context().request.get(`${site.portal.origin}/search?q=notice&in=aaaaaaaaaaaaaaaa`);
  assert.equal(foreign.status(), 404);
}));

test("a list is begun with a day, and the day is kept on the way back", site.visit({}, async (page) => {
  await page.locator("details.jump > summary").click();
  await page.getByLabel("Day", { exact: true }).fill("2026-02-20");
  await page.locator("details.jump button").click();
  assert.equal(new URL(page.url()).searchParams.get("day"), "2026-02-20");
  const dates = await rows(page).locator("time").evaluateAll((times) => times.map((time) => time.dateTime.slice(0, 10)));
  assert.ok(dates[0] <= "2026-02-20", dates[0]);
  await page.goto(`${page.url()}&sort=oldest`);
  const first = await rows(page).locator("time").first().getAttribute("datetime");
  assert.ok(first >= "2026-02-20", first);
  await page.goto(page.url().replace("2026-02-20", "2026-99-99"));
  assert.equal(await rows(page).count(), 50, "no such day is no day");
}));

// Last: afterwards there is a copy.
test("a message and its copy in another mailbox are two rows, each with the letter of its own mailbox", site.visit({}, async (page, { site }) => {
  const content = message({ subject: "Copied by hand", text: "Twice.\n" });
  for (const mailbox of ["", "Sent"]) site.campus.spool.add(content, { mailbox, flags: "S", name: "1773100000.M1P1.copied" });
  for (const mailbox of ["Sent", "Inbox"]) {
    await page.locator("nav#rail a", { hasText: mailbox }).click();
    await link(page, "Copied by hand").waitFor();
  }
  await ask(page, "Copied by hand");
  assert.equal(await rows(page).count(), 2);
  const ids = await rows(page).evaluateAll((all) => all.map((row) => row.id));
  assert.notEqual(ids[0], ids[1]);
  const found = await rows(page).evaluateAll((all) => all.map((row) => [row.querySelector(".in").textContent, new URL(row.querySelector("a").href).pathname.split("/")[2]]));
  const rail = await page.locator("nav#rail a").evaluateAll((all) => all.map((one) => [one.textContent, one.pathname]));
  for (const [mailbox, id] of found) assert.ok(rail.some(([name, path]) => name.includes(mailbox) && path.includes(id)), mailbox);
  await rows(page).nth(1).getByRole("link").click();
  await letter(page, "Copied by hand");
  assert.equal(await page.locator(".rows a[aria-current]").count(), 1, "one of them is open");
}));
