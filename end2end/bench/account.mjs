// The mail of one size, and our portal on it: its index is made once, and the portal started again wherever a section wants one.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { client, lettersIn, readThrough } from "../lib/http.mjs";
import { binary, serve } from "../lib/server.mjs";
import { timed } from "./coded.mjs";
import { HTML_LETTER, TEXT_LETTER } from "./mailbox.mjs";
import { atRest } from "./measure.mjs";

/** `maildir` holds `size` messages; what is made of them is kept in `folder`. */
export function account(size, maildir, folder) {
  const data = path.join(folder, `data-${size}`);
  let ready = false;
  const prepare = () => {
    if (ready) return;
    const { status, stderr } = spawnSync(binary(), ["index", "--all", "--maildir", maildir, "--data", data], { encoding: "utf8" });
    if (status !== 0) throw new Error(`fumibako index failed:\n${stderr}`);
    ready = true;
  };
  return {
    size,
    maildir,
    data,
    /** Makes the index, once. */
    prepare,
    /** A running portal that has read everything, and a client that is signed in. */
    async open() {
      prepare();
      const portal = await serve(["--maildir", maildir], { data });
      const who = await client(portal);
      const inbox = await who.inbox();
      await readThrough(who, inbox, size);
      await atRest(portal);
      return { portal, who, ...(await questions(who, inbox)) };
    },
  };
}

/** What is asked of the portal: addresses, and how long each answer took. */
async function questions(who, inbox) {
  const took = timed(who.get);
  const rows = (await who.get(inbox)).text();
  const at = (subject) => lettersIn(rows)[rows.match(/<span class="subject">.*?<\/span>/gs).findIndex((shown) => shown.includes(subject))];
  const [html, text] = [at(HTML_LETTER), at(TEXT_LETTER)];
  const data = `/api/list_messages?mailbox=${inbox.split("/").at(-1)}&query=`;
  return {
    inbox,
    /** What a page asks for that stands in the browser. */
    data,
    page: () => took(inbox, HTML_LETTER),
    list: () => took(data, HTML_LETTER),
    /** What it asks for when its person comes back to it. */
    poll: async () => (await took(data, HTML_LETTER)) + (await took("/api/list_mailboxes", "INBOX")),
    html: async () => (await took(html, HTML_LETTER)) + (await took(`${html}/body?view=html`, "</body>")),
    text: () => took(text, TEXT_LETTER),
    /** Nothing in a build that cannot search. */
    search: (await who.get("/search?q=zephyrine")).status === 404 ? null : (word, wanted) => took(`/search?q=${word}`, wanted),
  };
}
