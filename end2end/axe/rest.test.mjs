// axe on what a demo campus has besides mail: the staff's pages of incidents, and what the status then says; dated copies; an outage.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { LOOKS, looker, titleOf } from "../lib/axe.mjs";
import { until } from "../lib/faults.mjs";
import { portalFor, rows } from "../lib/portal.mjs";
import { binary, scratch } from "../lib/server.mjs";

const ACCOUNT = "tanaka";

async function make() {
  const home = await scratch("fumibako-axe");
  const config = path.join(home.folder, "fumibako.toml");
  writeFileSync(config, `[status]\nstaff = ["${ACCOUNT}"]\n`);
  return { config, remove: () => home.remove() };
}

const site = portalFor({ make, args: ({ config }) => ["--demo", "--config", config] });

function fumibako(...args) {
  const { status, stdout, stderr } = spawnSync(binary(), [...args, "--demo", "--config", site.campus.config, "--data", site.portal.data], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

const open = (as, allow, body) => site.visit({ lang: as.lang, theme: as.theme, width: as.width, allow }, async (page, { context }) => {
  const look = await looker(page, context, as, page.url());
  await rows(page).first().waitFor();
  await body(page, look);
  assert.deepEqual(look.found, {});
});
/** Its address. */
const firstLetter = (page) => rows(page).first().getByRole("link").getAttribute("href");

describe("staff and copies", () => {
  let incident;
  before(() => {
    incident = fumibako("incident", "open", "--severity", "degraded", "--affects", "spool", "--ja", "遅れています。", "--en", "It is slow.");
  });
  for (const as of LOOKS) {
    test(titleOf(as), open(as, [/422/], async (page, look) => {
      await look.at("incidents", "/status/incidents");
      await page.locator("main form button").last().click();
      await page.locator("main [aria-invalid=true], main [role=alert]").first().waitFor();
      await look.here("a form that is not complete");
      await look.at("an incident", `/status/incidents/${incident}`);
      await look.at("the status while something is wrong", "/status");
      await look.at("dated copies", "/snapshots");
      await look.at("a copy", await page.locator(".snapshots li[data-source=snapshot] a").first().getAttribute("href"));
      await rows(page).first().waitFor();
      await look.at("a letter of a copy", await firstLetter(page));
    }));
  }
});

describe("an outage", () => {
  before(() => {
    // The dated copies are away too: an old letter would be read from one of them.
    for (const copies of [".snapshot", ".copies"]) rmSync(path.join(site.portal.data, "demo", copies), { recursive: true });
    fumibako("drill", "spool-gone", "--accounts", ACCOUNT, "--for", "1h");
  });
  for (const as of LOOKS) {
    test(titleOf(as), open(as, [/503/], async (page, look) => {
      const inbox = page.url();
      // The portal follows within seconds.
      await until(async () => {
        await page.goto(inbox);
        return (await page.locator("#freshness").getAttribute("data-source")) === "saved";
      }, "the list says that it is an outage");
      await look.at("a list", inbox);
      await look.at("a letter", await firstLetter(page));
      // So old that it is kept nowhere.
      await page.goto(`${inbox}?page=5`);
      const old = await firstLetter(page);
      await look.at("a letter that cannot be had", old);
      await look.at("a file that cannot be had", `${old.split("?")[0]}/source`);
      await look.at("the settings", "/settings");
      await look.at("what can be exported", "/export");
      await look.at("a search", "/search?q=a");
      await look.at("the help", "/help/client-timeout");
    }));
  }
});
