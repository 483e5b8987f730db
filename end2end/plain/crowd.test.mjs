// Many readers at once, over plain HTTP: every page is whole, every time, and has its own title.
import { strict as assert } from "node:assert";
import test from "node:test";
import { allLetters, client } from "../lib/http.mjs";
import { portalFor } from "../lib/portal.mjs";

const site = portalFor({ scripting: false });
const PAGES = 1500;
const READERS = 8;

const text = (html) => html.replace(/<[^>]*>/g, "").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&amp;/g, "&");
const inside = (html, pattern) => text(html.match(pattern)?.[1] ?? "");

test("1,500 pages for 8 readers at once", async () => {
  const who = await client(site.portal);
  const inbox = await who.inbox();
  const letters = await allLetters(who, inbox);
  const queue = Array.from({ length: PAGES }, (_, at) => (at % 10 === 0 ? `${inbox}?page=${1 + (at % 3)}` : letters[at % letters.length]));
  const wrong = [];
  await Promise.all(Array.from({ length: READERS }, async () => {
    for (let path; (path = queue.pop()); ) {
      const answer = await who.get(path);
      const html = answer.text();
      const [title, heading] = [inside(html, /<title>(.*?)<\/title>/s), inside(html, /<h1[^>]*>(.*?)<\/h1>/s)];
      if (answer.status !== 200) wrong.push(`${answer.status} ${path}`);
      else if (!heading || !title.startsWith(heading)) wrong.push(`${path}: “${title}” over “${heading}”`);
    }
  }));
  assert.deepEqual(wrong.slice(0, 10), []);
  assert.doesNotMatch(site.portal.log(), /panicked/);
});
