// Dated copies of mail, as `serve` reads them through its helpers: chosen without scripting, read, searched and taken along.
import { strict as assert } from "node:assert";
import test from "node:test";
import { client } from "../lib/http.mjs";
import { portalFor } from "../lib/portal.mjs";

const nothing = async () => ({ remove() {} });
const site = portalFor({ make: nothing, args: () => ["--demo"], scripting: false });

/** Asks until the copy has been read to its end. */
async function whole(who, path) {
  for (let turn = 0; turn < 500; turn++) {
    const html = (await who.get(path)).text();
    if (!html.includes('class="pending"')) return html;
  }
  assert.fail(`${path} goes on being read`);
}

test("a letter that was deleted since is found in a copy, which says its date everywhere", async () => {
  const who = await client(site.portal);
  const page = await who.get("/snapshots");
  assert.equal(page.status, 200);
  const copies = [...page.text().matchAll(/<li data-source="(\w+)"><a href="(\/m\/([a-z2-7]+)~[a-z2-7]+)">.*?<time datetime="([^"]+)">/g)].map(([, source, inbox, key, at]) => ({ source, inbox, key, at }));
  assert.deepEqual(copies.map(({ source }) => source), ["snapshot", "unmarked", "snapshot", "snapshot"]);
  assert.deepEqual(copies.map(({ at }) => at), copies.map(({ at }) => at).sort().reverse(), "the newest first");
  const [{ inbox, key, at }] = copies;
  await whole(who, inbox);
  const query = encodeURIComponent("集中講義の宿泊先");
  assert.doesNotMatch((await who.get(`/search?q=${query}`)).text(), /<li id="r-/, "not in the live mail");
  const found = await whole(who, `/search?q=${query}&in=${key}~`);
  const letter = found.match(/<a href="(\/m\/[a-z2-7]+~[a-z2-7]+\/[a-z2-7]+)[^"]*" data-id=/)[1];
  for (const path of [inbox, `/search?q=${query}&in=${key}~`, letter]) {
    const html = (await who.get(path)).text();
    assert.match(html, /You are reading the copy as of /, path);
    assert.ok(html.includes(`data-as-of="${at}"`), path);
    assert.doesNotMatch(html, /mark_opened|mark_unread/, path);
  }
  assert.match((await who.get(`${letter}/source`)).text(), /^Subject: /m);
  const exported = await who.get(`${inbox}/export?format=mbox`);
  assert.match(exported.headers["content-disposition"], /@\d{4}-\d\d-\d\d_\d{4}\.mbox/);
  const unmarked = await who.get(copies[1].inbox);
  assert.match(unmarked.text(), /not known to be complete/);
  assert.doesNotMatch(site.portal.log(), /panicked|ERROR/);
});

test("another date is chosen beside the mailboxes of a copy, and in the live mail", async () => {
  const who = await client(site.portal);
  const beside = (html) => [...html.match(/<ul aria-label="Earlier copies">.*?<\/ul>/s)[0].matchAll(/<li[^>]*?(unmarked)?"><a href="(\/m\/([a-z2-7]+)~[a-z2-7]+)" rel="external"( aria-current="true")?>/g)].map(([, unmarked, path, key, current]) => ({ unmarked, path, key, current }));
  const [first] = (await who.get("/snapshots")).text().match(/\/m\/[a-z2-7]+~[a-z2-7]+/);
  const here = beside((await who.get(first)).text());
  assert.deepEqual(here.map(({ unmarked, current }) => [Boolean(unmarked), Boolean(current)]), [[false, true], [true, false], [false, false], [false, false]]);
  const there = beside((await who.get(here[2].path)).text());
  assert.deepEqual(there.map(({ current }) => Boolean(current)), [false, false, true, false]);
  const live = beside((await who.get(await who.inbox())).text());
  assert.deepEqual(live.map(({ path, current }) => [path, current]), here.map(({ path }) => [path, undefined]));
});
