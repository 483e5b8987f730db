// Mail to take along, chosen on plain pages: what is in the file, others read it (Python's zipfile and mailbox), byte by byte.
import { strict as assert } from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { portalFor } from "../lib/portal.mjs";
import { lacking } from "../lib/skips.mjs";

const site = portalFor({ scripting: false });
const skip = lacking("an export that others read", spawnSync("python3", ["-V"]).status === 0 ? null : "python3 is not there");

const READ_ZIP = `
import hashlib, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    print(json.dumps([[name, hashlib.sha256(archive.read(name)).hexdigest()] for name in archive.namelist()]))
`;
/** Each message of each mbox of a zip, as the other program sees it. */
const READ_MBOX = `
import json, mailbox, os, sys, tempfile, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive, tempfile.TemporaryDirectory() as folder:
    counts = {}
    for name in archive.namelist():
        if name.endswith(".mbox"):
            counts[name] = len(mailbox.mbox(archive.extract(name, folder)))
    print(json.dumps(counts))
`;
const read = (program, file) => JSON.parse(execFileSync("python3", ["-c", program, file], { encoding: "utf8" }));

/** What lies in the spool: the digest of each message. */
function inSpool(root) {
  const folders = [root, ...readdirSync(root).filter((name) => name.startsWith(".")).map((name) => path.join(root, name))];
  const files = folders.flatMap((folder) => ["cur", "new"].flatMap((sub) => {
    try {
      return readdirSync(path.join(folder, sub)).filter((name) => !name.startsWith(".")).map((name) => path.join(folder, sub, name));
    } catch {
      return [];
    }
  }));
  return files.map((file) => createHash("sha256").update(readFileSync(file)).digest("hex")).sort();
}

async function exported(page, act) {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  return { name: download.suggestedFilename(), file: await download.path() };
}

test("everything, and nothing but what lies in the spool", { skip }, site.visit({ acceptDownloads: true }, async (page) => {
  await page.locator("details.account > summary").click();
  await page.locator("details.account").getByRole("link", { name: "Export mail" }).click();
  await page.getByRole("heading", { level: 1, name: "Export mail" }).waitFor();
  const { name, file } = await exported(page, () => page.getByRole("button", { name: "Download" }).first().click());
  assert.match(name, /^mail \d{4}-\d\d-\d\d \d{4}\.zip$/);
  const entries = read(READ_ZIP, file);
  assert.equal(new Set(entries.map(([entry]) => entry)).size, entries.length, "no two of one name");
  assert.ok(entries.every(([entry]) => !entry.startsWith("/") && !entry.split("/").includes("..")));
  const messages = entries.filter(([entry]) => entry.endsWith(".eml"));
  assert.deepEqual(messages.map(([, digest]) => digest).sort(), inSpool(site.campus.spool.root));
  assert.equal(entries.at(-1)[0], "README.txt");

  await page.locator(`input[name="format"][value="mbox"]`).check();
  const mboxes = await exported(page, () => page.getByRole("button", { name: "Download" }).first().click());
  const counts = Object.values(read(READ_MBOX, mboxes.file));
  assert.equal(counts.reduce((sum, count) => sum + count, 0), messages.length);
}));

test("ticked messages, and those alone", { skip }, site.visit({ acceptDownloads: true }, async (page) => {
  await page.locator('.list-tools a[href^="/export?in="]').click();
  const boxes = page.locator('input[name="pick"]');
  assert.ok((await boxes.count()) > 3);
  for (const number of [0, 2]) await boxes.nth(number).check();
  const { file } = await exported(page, () => page.getByRole("button", { name: "Download" }).first().click());
  assert.equal(read(READ_ZIP, file).filter(([entry]) => entry.endsWith(".eml")).length, 2);
}));
