// F9: another program renames messages in bursts, as one does that marks them, while the list is read. It is complete at each look, and
// in the end each row is there once and says what the names say. FUMIBAKO_STORM_SEED repeats which are renamed.
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { seed } from "../lib/chance.mjs";
import { client } from "../lib/http.mjs";
import { counted, figure, rows, until } from "../lib/faults.mjs";
import { Maildir, message } from "../lib/mail.mjs";
import { scratch, serve } from "../lib/server.mjs";

const MESSAGES = 1_000;
const BURSTS = 12;
const PER_BURST = [20, 200];

const RENAMER = fileURLToPath(new URL("../lib/renamer.mjs", import.meta.url));

for (const each of PER_BURST) {
  test(`${each} renames every 0.3 s lose and double nothing`, { timeout: 180_000 }, async () => {
    const { folder, remove } = await scratch("fumibako-storm");
    const spool = new Maildir(path.join(folder, "Maildir"));
    for (let number = 0; number < MESSAGES; number++) {
      const date = new Date(Date.UTC(2026, 0, 1) + number * 3_600_000);
      spool.add(message({ subject: `Number ${String(number).padStart(4, "0")}`, date, text: `Text ${number}.\n` }), { flags: "S", arrived: date });
    }
    const portal = await serve(["--maildir", spool.root]);
    try {
      const who = await client(portal);
      const inbox = await who.inbox();
      const asks = { ask: who.get };
      const has = async (count) => counted((await who.get(inbox)).text()) === count;
      await until(() => has(MESSAGES), "all are listed");
      const storm = spawn(process.execPath, [RENAMER, path.join(spool.root, "cur"), each, BURSTS, seed("FUMIBAKO_STORM_SEED")].map(String), { stdio: ["ignore", "pipe", "inherit"] });
      let renamed = "";
      storm.stdout.setEncoding("utf8").on("data", (text) => (renamed += text));
      const over = once(storm, "exit");
      let looks = 0;
      while (storm.exitCode === null) {
        const html = (await who.get(inbox)).text();
        looks++;
        assert.equal(counted(html), MESSAGES, "a list is never short of a message that was renamed");
      }
      assert.deepEqual(await over, [0, null]);
      const flagged = readdirSync(path.join(spool.root, "cur")).filter((name) => /:2,.*F/.test(name)).length;
      const flags = async () => {
        let count = 0;
        for (let page = 1; page <= MESSAGES / 50; page++) {
          const html = (await who.get(`${inbox}?page=${page}`)).text();
          for (const [row] of html.matchAll(/<li id="r-[^>]*>.*?<\/li>/gs)) count += /class="star"/.test(row);
        }
        return count;
      };
      await until(async () => (await flags()) === flagged, async () => `${await flags()} of ${flagged} flags`, 30);
      const subjects = (await rows(asks, inbox)).map((row) => row.match(/Number \d+/)[0]);
      assert.equal(subjects.length, MESSAGES);
      assert.equal(new Set(subjects).size, MESSAGES);
      figure(`${renamed.trim()} renames, ${looks} looks meanwhile`);
    } finally {
      await portal.stop();
      await remove();
    }
  });
}
