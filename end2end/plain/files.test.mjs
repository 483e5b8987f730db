// Attachments, the zip of all, the source: the very bytes, under headers that let nothing act.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import test from "node:test";
import { PIXEL, REPORT } from "../lib/campus.mjs";
import { fetchFile, open, portalFor } from "../lib/portal.mjs";
import { unzip } from "../lib/zip.mjs";

const site = portalFor({ scripting: false });
const files = (page) => page.locator("article ul a[href*='/part/']:not([href*='view='])");

async function urls(page) {
  await open(page, "Papers for the meeting");
  const all = await files(page).evaluateAll((links) => links.map((a) => a.href));
  return [...new Set(all)];
}

test("every attachment is listed with a clean name and its size", site.visit({}, async (page) => {
  await open(page, "Papers for the meeting");
  const list = await page.locator("article ul", { has: page.locator("a[href*='/part/']") }).first().innerText();
  for (const name of ["report.pdf", "見積書（最終）.xlsx", "photo.png", "notes.txt", "page.html"]) assert.ok(list.includes(name), `${name} in ${list}`);
  assert.ok(!list.includes(".."), list);
  assert.match(list, /68(\.\d)? KB|68(\.\d)? KiB|70(\.0)? KB/);
}));

test("the downloaded bytes are those that were sent", site.visit({}, async (page, { context }) => {
  const [first, second, third] = await urls(page);
  const report = await fetchFile(context, first);
  assert.equal(report.status, 200);
  assert.ok(report.bytes.equals(REPORT));
  const sheet = await fetchFile(context, second);
  assert.match(sheet.headers["content-disposition"], /^attachment;/);
  assert.ok(sheet.headers["content-disposition"].includes(`filename*=UTF-8''${encodeURIComponent("見積書（最終）.xlsx")}`) || decodeURIComponent(sheet.headers["content-disposition"]).includes("見積書（最終）.xlsx"), sheet.headers["content-disposition"]);
  assert.ok((await fetchFile(context, third)).bytes.equals(PIXEL));
}));

test("a click saves the file under its name", site.visit({ acceptDownloads: true }, async (page) => {
  await open(page, "Papers for the meeting");
  const [download] = await Promise.all([page.waitForEvent("download"), files(page).first().click()]);
  assert.equal(download.suggestedFilename(), "report.pdf");
  assert.ok(readFileSync(await download.path()).equals(REPORT));
}));

test("ranges give exactly the bytes asked for", site.visit({}, async (page, { context }) => {
  const [url] = await urls(page);
  const cases = [["bytes=0-99", 0, 100], ["bytes=69000-", 69_000, 70_000], ["bytes=-10", 69_990, 70_000], ["bytes=100-1000000", 100, 70_000]];
  for (const [range, from, to] of cases) {
    const answer = await fetchFile(context, url, { range });
    assert.equal(answer.status, 206, range);
    assert.equal(answer.headers["content-range"], `bytes ${from}-${to - 1}/70000`, range);
    assert.ok(answer.bytes.equals(REPORT.subarray(from, to)), range);
  }
  assert.equal((await fetchFile(context, url, { range: "bytes=70000-" })).status, 416);
  for (const ignored of ["bytes=9-3", "lines=1-2", "bytes=a-b"]) assert.equal((await fetchFile(context, url, { range: ignored })).status, 200, ignored);
}));

test("the zip holds every file once, whole", site.visit({}, async (page, { context }) => {
  await open(page, "Papers for the meeting");
  const url = await page.locator("article a[href*='/parts.zip']").evaluate((a) => a.href);
  const zip = await fetchFile(context, url);
  assert.equal(zip.status, 200);
  const inside = unzip(zip.bytes);
  assert.deepEqual([...Object.keys(inside)].sort(), [...["notes.txt", "page.html", "photo.png", "report.pdf", "見積書（最終）.xlsx"]].sort());
  assert.ok(inside["report.pdf"].equals(REPORT));
  assert.ok(inside["photo.png"].equals(PIXEL));
}));

test("the source is the file in the spool, byte for byte", site.visit({}, async (page, { context, site }) => {
  await open(page, "Papers for the meeting");
  const source = await fetchFile(context, `${page.url().split("?")[0]}/source`);
  assert.equal(source.status, 200);
  assert.ok(source.bytes.equals(readFileSync(site.campus.places.files)));
  assert.match(source.headers["content-disposition"], /^attachment/);
}));

test("no file may act: V-75 to V-77", site.visit({}, async (page, { context }) => {
  for (const url of await urls(page)) {
    const { headers } = await fetchFile(context, url);
    assert.equal(headers["content-type"], "application/octet-stream", url);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.match(headers["content-disposition"], /^attachment/);
    assert.match(headers["content-security-policy"], /(^|; ?)sandbox(;|$)/);
    assert.match(headers["content-security-policy"], /default-src 'none'/);
    assert.equal(headers["cross-origin-resource-policy"], "same-origin");
    assert.equal(headers["cache-control"], "no-store");
  }
}));

test("an image may be looked at by itself, a page may not", site.visit({}, async (page, { context }) => {
  const all = await urls(page);
  const image = await fetchFile(context, `${all[2]}&view=1`);
  assert.equal(image.headers["content-type"], "image/png");
  assert.match(image.headers["content-security-policy"], /sandbox/);
  const html = await fetchFile(context, `${all[4]}&view=1`);
  assert.ok(!/html/.test(html.headers["content-type"]), html.headers["content-type"]);
  assert.ok(html.status >= 400 || /^attachment/.test(html.headers["content-disposition"]));
}));

test("a part that is not there is a 404", site.visit({ allow: [/404/] }, async (page, { context }) => {
  await open(page, "Papers for the meeting");
  for (const number of ["99", "4294967295", "x", "-1", "99999999999999999999"]) {
    const { status } = await fetchFile(context, `${page.url().split("?")[0]}/part/${number}`);
    assert.equal(status, 404, number);
  }
}));
