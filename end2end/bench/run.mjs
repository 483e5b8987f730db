// `make bench`: prints the machine and our figures; with FUMIBAKO_BASELINE (the baseline's tools) and its Roundcube running, the
// ratios to Roundcube and to a bare list, measured in turn in one run. Prints only; it judges nothing.
import path from "node:path";
import { startBrowser } from "../lib/browser.mjs";
import { client, lettersIn, readThrough } from "../lib/http.mjs";
import { scratch, serve } from "../lib/server.mjs";
import { clicks } from "./clicks.mjs";
import { timed } from "./coded.mjs";
import { bareList } from "./limits.mjs";
import { HTML_LETTER, SIZE, TEXT_LETTER, addLarge, fill } from "./mailbox.mjs";
import { atRest, cpuTime, forgetPeak, machine, ms, p50, peak, resident, series } from "./measure.mjs";
import { roundcube } from "./roundcube.mjs";

const TURNS = 3;
const EACH = 20;
const CLICKS = 7;
const LARGE = 200 << 20;

const tools = process.env.FUMIBAKO_BASELINE;
const other = tools ? await roundcube() : null;
const home = await scratch("fumibako-bench");
const line = (name, ours, theirs, bar, note = "") => {
  const ratio = theirs === undefined ? note : `   Roundcube ${ms(theirs).padStart(9)}   ratio ${(ours / theirs).toFixed(3)} (bar ${bar})`;
  console.log(`${name.padEnd(38)} ${ms(ours).padStart(9)}${ratio}`);
};

let portal, browser;
try {
  const maildir = path.join(home.folder, "Maildir");
  console.log(machine());
  console.log(`Mail: ${fill(maildir, tools)}.`);
  if (!other) console.log(tools ? "No Roundcube answers (roundcube-up.sh): our figures only." : "FUMIBAKO_BASELINE is not set: our figures only, nothing to compare with.");
  const began = performance.now();
  portal = await serve(["--maildir", maildir]);
  console.log(`${"start to first link".padEnd(38)} ${ms(performance.now() - began).padStart(9)}`);
  console.log(`${"resident after start".padEnd(38)} ${resident(portal.pid).toFixed(1).padStart(6)} MiB (bar 64)`);
  const who = await client(portal);
  const inbox = await who.inbox();
  await readThrough(who, inbox, SIZE);
  console.log(`${"start to everything read".padEnd(38)} ${ms(performance.now() - began).padStart(9)}`);

  const took = timed(who.get);
  const rows = (await who.get(inbox)).text();
  const at = (subject) => lettersIn(rows)[rows.match(/<span class="subject">.*?<\/span>/gs).findIndex((shown) => shown.includes(subject))];
  const [html, text] = [at(HTML_LETTER), at(TEXT_LETTER)];
  const figures = {
    "inbox of 1,000 (theirs: page + list)": [() => took(inbox, HTML_LETTER), async () => (await other.inboxPage()) + (await other.list()), "0.2"],
    "HTML letter + its frame": [async () => (await took(html, HTML_LETTER)) + (await took(`${html}/body?view=html`, "</body>")), () => other.html(), "0.2"],
    "text letter": [() => took(text, TEXT_LETTER), () => other.text(), "0.2"],
  };
  for (const [name, [ours, theirs, bar]] of Object.entries(figures)) {
    const found = { ours: [], theirs: [] };
    for (let turn = 0; turn < TURNS; turn++) {
      await atRest(portal);
      found.ours.push(...(await series(EACH, ours)));
      if (other) found.theirs.push(...(await series(EACH, theirs)));
    }
    line(name, p50(found.ours), other ? p50(found.theirs) : undefined, bar);
  }

  const requests = 300;
  await atRest(portal);
  const before = cpuTime(portal.pid);
  for (let left = requests; left > 0; left--) await took(inbox, HTML_LETTER);
  const cpu = (cpuTime(portal.pid) - before) / requests;
  const bare = await bareList(tools, maildir, home.folder, 3000);
  console.log(`${"processor time of a list".padEnd(38)} ${ms(cpu).padStart(9)}${bare ? `   bare axum list ${ms(bare)}   ratio ${(cpu / bare).toFixed(1)} (bar 15)` : ""}`);
  console.log(`${"resident after all this".padEnd(38)} ${resident(portal.pid).toFixed(1).padStart(6)} MiB`);

  browser = await startBrowser();
  for (const { name, alone, run } of clicks(browser, portal, other)) {
    await atRest(portal);
    const { ours, theirs } = await run(CLICKS);
    line(name, ours, theirs, "0.5", other && alone ? `   ${alone}` : "");
  }
  await portal.stop();

  const large = path.join(home.folder, "large");
  addLarge(large, LARGE);
  portal = await serve(["--maildir", large]);
  const reader = await client(portal);
  const place = lettersIn((await reader.get(await reader.inbox())).text())[0];
  const file = (await reader.get(place)).text().match(/href="(\/m\/[^"]+\/part\/\d+)"/)[1];
  await reader.get(file, { headers: { range: "bytes=0-99" } });
  const resting = resident(portal.pid);
  forgetPeak(portal.pid);
  const answer = await reader.get(file, { timeout: 600_000 });
  console.log(`${`download of ${Math.round(answer.bytes.length / 2 ** 20)} MiB`.padEnd(38)} ${ms(answer.took).padStart(9)}   first byte after ${ms(answer.firstByte)}; memory +${(peak(portal.pid) - resting).toFixed(1)} MiB (bar 4)`);
} finally {
  await browser?.close();
  await portal?.stop();
  await home.remove();
}
