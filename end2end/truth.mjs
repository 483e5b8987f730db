// Compares generated spools with the truth that was written beside them: `node end2end/truth.mjs DIR…`, where each DIR holds accounts
// with a `truth.json` (messages, unseen, flagged, answered and deleted by mailbox, attachments in all) beside a `Maildir`, or an `mbox`
// and a folder `mail`. Messages taken over from elsewhere bring attachments and state of their own, which such a truth does not hold.
// Once by the names in the spool alone (`fumibako check`), once as the portal's lists show it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { client, readThrough } from "./lib/http.mjs";
import { binary, serve } from "./lib/server.mjs";

const FLAGS = { flagged: "Flagged", answered: "Answered", deleted: "Deleted" };
let differences = 0;

function differ(what, found, wanted) {
  if (found === (wanted ?? 0)) return;
  differences++;
  console.error(`${what}: ${found}, and it should be ${wanted}`);
}

/** What the names in the spool say. */
function byNames(args, data) {
  const check = (...more) => JSON.parse(spawnSync(binary(), ["check", ...more, ...args, "--data", data, "--json"], { encoding: "utf8", maxBuffer: 1 << 30 }).stdout);
  const account = check().find((finding) => finding.about.startsWith("own-")).about;
  const found = {};
  for (const { mailbox } of check(account).filter((finding) => finding.mailbox)) {
    const having = (flag) => mailbox.list.filter(({ flags }) => flags.includes(flag)).length;
    const counts = Object.fromEntries(Object.entries(FLAGS).map(([name, flag]) => [name, having(flag)]));
    found[mailbox.name] = { messages: mailbox.messages, unseen: mailbox.unread, ...counts };
  }
  return found;
}

/** What the lists show, page by page. */
async function byLists(args, data, truth) {
  const portal = await serve(args, { data });
  const found = { attachments: 0 };
  try {
    const who = await client(portal);
    const rail = (await who.get(await who.inbox())).text();
    for (const [, href, name] of rail.matchAll(/<li id="in-rail-[^>]*><a href="(\/m\/[a-z2-7]+)" title="([^"]*)"/g)) {
      const mailbox = name.replaceAll("&amp;", "&");
      const counts = (found[mailbox] = { messages: 0, unseen: 0, flagged: 0, answered: 0 });
      const total = (truth.folders[mailbox] ?? truth.folders[mailbox.replaceAll("/", ".")])?.messages ?? 0;
      await readThrough(who, href, total);
      for (let page = 1, pages = 1; page <= pages; page++) {
        const html = (await who.get(`${href}?page=${page}`)).text();
        pages = Number(html.match(/Page [\d,]+ of ([\d,]+)/)?.[1].replaceAll(",", "") ?? 1);
        for (const [, attributes, row] of html.matchAll(/<li id="r-[^"]*"([^>]*)>(.*?)<\/li>/gs)) {
          counts.messages++;
          if (/class="[^"]*unread/.test(attributes)) counts.unseen++;
          if (row.includes('class="star"')) counts.flagged++;
          if (row.includes('class="reply"')) counts.answered++;
          if (row.includes('class="clip"')) {
            const letter = (await who.get(row.match(/href="([^"]*)"/)[1].replaceAll("&amp;", "&"))).text();
            found.attachments += new Set([...letter.matchAll(/\/part\/(\d+)"/g)].map(([, number]) => number)).size;
          }
        }
      }
    }
  } finally {
    await portal.stop();
  }
  return found;
}

for (const dir of process.argv.slice(2)) {
  for (const user of readdirSync(dir).filter((name) => existsSync(path.join(dir, name, "truth.json")))) {
    const home = path.join(dir, user);
    const truth = JSON.parse(readFileSync(path.join(home, "truth.json"), "utf8"));
    const args = existsSync(path.join(home, "Maildir")) ? ["--maildir", path.join(home, "Maildir")] : ["--mbox", path.join(home, "mbox"), "--mail", path.join(home, "mail")];
    const data = mkdtempSync(path.join(tmpdir(), "fumibako-truth-"));
    try {
      const names = byNames(args, data);
      const lists = await byLists(args, data, truth);
      for (const [folder, wanted] of Object.entries(truth.folders)) {
        const name = folder in names ? folder : folder.replaceAll(".", "/");
        for (const [how, found] of [["names", names[name]], ["lists", lists[name]]]) {
          if (!found) differ(`${user} ${folder}, ${how}`, "not there", "there");
          for (const [what, count] of Object.entries(found ?? {})) differ(`${user} ${folder}, ${what} by ${how}`, count, wanted[what]);
        }
      }
      differ(`${user}, mailboxes`, Object.keys(names).length, Object.keys(truth.folders).length);
      differ(`${user}, attachments`, lists.attachments, truth.attachments);
      console.log(`${home}: ${truth.messages} messages in ${Object.keys(truth.folders).length} mailboxes`);
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  }
}
if (differences > 0) process.exit(1);
