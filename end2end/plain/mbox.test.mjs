// A person's own mbox files.
import { strict as assert } from "node:assert";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { mbox, message } from "../lib/mail.mjs";
import { fetchFile, open, portalFor, subjects } from "../lib/portal.mjs";
import { scratch } from "../lib/server.mjs";

const letters = [
  message({ subject: "One", text: "Hello.\nFrom here on it is quoted.\n>From there too.\n" }),
  message({ subject: "Two", text: "Second.\n", date: new Date("2026-03-03T09:00:00+09:00") }),
];

async function make() {
  const home = await scratch("fumibako-mbox");
  const [inbox, mail] = [path.join(home.folder, "inbox"), path.join(home.folder, "mail")];
  mkdirSync(mail);
  writeFileSync(inbox, mbox(letters));
  writeFileSync(path.join(mail, "archive"), mbox([message({ subject: "Old", text: "Old.\n" })]));
  return { ...home, inbox, mail };
}
const site = portalFor({ scripting: false, make, args: ({ inbox, mail }) => ["--mbox", inbox, "--mail", mail] });

test("the letters of an mbox, whole, with From lines as they were written", site.visit({}, async (page, { context }) => {
  assert.deepEqual((await subjects(page)).slice(-2), ["Two", "One"]);
  await open(page, "One");
  const text = await page.locator("article").innerText();
  assert.match(text, /^From here on it is quoted\./m);
  const source = await fetchFile(context, `${page.url().split("?")[0]}/source`);
  assert.equal(source.bytes.toString().trimEnd(), letters[0].toString().trimEnd());
}));

test("the other mailboxes are in the rail", site.visit({}, async (page) => {
  await page.locator("nav#rail a", { hasText: "archive" }).click();
  assert.deepEqual(await subjects(page), ["Old"]);
}));

test("what is appended shows, and reading changes no byte", site.visit({}, async (page, { site }) => {
  const { inbox } = site.campus;
  appendFileSync(inbox, mbox([message({ subject: "Appended", text: "New.\n", date: new Date("2026-03-05T09:00:00+09:00") })]));
  const before = readFileSync(inbox);
  for (let turn = 0; turn < 100 && (await subjects(page))[0] !== "Appended"; turn++) await page.reload();
  await open(page, "Appended");
  assert.ok(readFileSync(inbox).equals(before));
}));
