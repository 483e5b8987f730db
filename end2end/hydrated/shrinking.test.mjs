// What is read stays where it is when messages vanish, wherever they were.
import { strict as assert } from "node:assert";
import test from "node:test";
import { MANY, inSight, make, name, scrollTo, until, wakes } from "../lib/endless.mjs";
import { settled } from "../lib/moments.mjs";
import { link, portalFor } from "../lib/portal.mjs";

const site = portalFor({ scripting: true, make });
const awake = wakes(site);
/** A letter that the page makes ready ahead may be one of those that vanish. */
const GONE = { allow: [/status of 410 \(Gone\)/] };

/** Removes messages, by their numbers, and waits until the page shows the list without them. */
async function vanish(page, { spool, places }, numbers) {
  const there = numbers.filter((number) => places[number - 1]);
  for (const number of there) {
    spool.remove(places[number - 1]);
    places[number - 1] = null;
  }
  const left = places.filter(Boolean).length;
  // It takes two looks to believe that a message is gone.
  await page.waitForFunction((left) => {
    window.dispatchEvent(new Event("visibilitychange"));
    return Number(document.querySelector("main ol > li")?.getAttribute("aria-setsize")) === left;
  }, left, { polling: 400 });
  await settled(page);
}
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const newest = (places, count) => places.flatMap((place, at) => (place ? [at + 1] : [])).slice(-count);
const oldest = (places, count) => places.flatMap((place, at) => (place ? [at + 1] : [])).slice(0, count);
const y = async (page, subject) => (await link(page, subject).boundingBox()).y;
const isAtEnd = (page) => page.waitForFunction(() => {
  const list = document.getElementById("list");
  const last = document.querySelector("main ol > li:last-child");
  return list.scrollTop + list.clientHeight >= list.scrollHeight - 2 && last.getAttribute("aria-posinset") === last.getAttribute("aria-setsize")
    && last.getBoundingClientRect().bottom <= list.getBoundingClientRect().bottom + 2;
});
/** Scrolls there and gives what is on top then. */
async function at(page, place) {
  await scrollTo(page, place);
  await page.waitForFunction(() => {
    const list = document.getElementById("list").getBoundingClientRect();
    return [0.3, 0.6, 0.9].every((part) => document.elementFromPoint(list.left + 60, list.top + list.height * part)?.closest("main ol > li"));
  });
  const [top] = await inSight(page);
  return { top, before: await y(page, top) };
}
const stays = async (page, { top, before }) => {
  await until(page, top);
  await settled(page);
  const moved = Math.abs((await y(page, top)) - before);
  assert.ok(moved < 2, `${top} moved by ${moved} px`);
};

for (const count of [100, 400]) {
  test(`the ${count} newest vanish above what is read`, awake(async (page, { site: { campus } }) => {
    const seen = await at(page, 62 * 1500);
    await vanish(page, campus, newest(campus.places, count));
    await stays(page, seen);
  }, GONE));
}

test("the 100 oldest vanish below what is read", awake(async (page, { site: { campus } }) => {
  const seen = await at(page, 62 * 1500);
  await vanish(page, campus, oldest(campus.places, 100));
  await stays(page, seen);
}, GONE));

test("the 100 newest vanish while the end is read", awake(async (page, { site: { campus } }) => {
  const seen = await at(page, "end");
  await vanish(page, campus, newest(campus.places, 100));
  await stays(page, seen);
  await isAtEnd(page);
}, GONE));

test("the 100 oldest vanish while they are read: the end is read on", awake(async (page, { site: { campus } }) => {
  await at(page, "end");
  await vanish(page, campus, oldest(campus.places, 100));
  await isAtEnd(page);
}, GONE));

test("what is read vanishes: what comes after it stays where it was", awake(async (page, { site: { campus } }) => {
  await at(page, 62 * 1200);
  const seen = await inSight(page);
  const [top, next] = [seen[0], seen[4]];
  const before = await y(page, next);
  const number = Number(top.split(" ")[1]);
  await vanish(page, campus, range(number - 3, number + 20));
  await stays(page, { top: next, before });
}, GONE));
