// One of two stores hangs: whose mail lies in the other notices nothing, also after a restart meanwhile (F1 of the fault table: "other mounts
// unaffected"). Whether the store that hangs is looked into first or last is all one.
import { strict as assert } from "node:assert";
import { renameSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { missing } from "../lib/hung.mjs";
import { message } from "../lib/mail.mjs";
import { campus, letters, source, subjects, until } from "../lib/outage.mjs";
import { lacking } from "../lib/skips.mjs";
import { calls, traced } from "../lib/traced.mjs";

const skip = lacking("a spool that hangs", missing());
const TOLD = /The mail store does not answer/;

for (const apartFirst of [false, true]) {
  describe(`of two stores the ${apartFirst ? "first" : "second"} hangs`, { skip }, () => {
    let site;
    let portal;
    before(async () => {
      site = await campus({ people: ["tanaka"], apart: ["sato", "suzuki"], apartFirst, deadline: 800 });
      portal = await site.start();
    });
    after(async () => {
      await portal?.stop();
      await site?.stop();
    });
    afterEach(() => site.apart.mount.answer());

    const settled = async (who, inbox) => {
      await until(async () => {
        const html = (await who.ask(inbox)).text();
        return source(html) === "live" && !/class="loading|still being read/.test(html) && subjects(html).length === 50;
      });
    };

    /** Nothing on any page of theirs tells of a hang, whichever letter is opened. */
    const isLive = async (who, inbox, turn) => {
      const list = (await who.ask(inbox)).text();
      assert.equal(source(list), "live");
      const letter = letters(list)[10 + turn];
      for (const url of [inbox, `${inbox}?page=2`, letter, "/search?q=Letter%2030", "/"]) {
        const page = await who.ask(url);
        assert.ok(page.status === 200 || (url === "/" && page.status === 303), `${url}: ${page.status}`);
        assert.doesNotMatch(page.text(), TOLD, url);
        if (page.status === 200) assert.equal(source(page.text()), "live", url);
      }
      assert.equal((await who.ask(`${letter}/source`)).status, 200);
    };

    const isTold = async (who, inbox) => {
      const page = await who.ask(inbox);
      assert.equal(page.status, 200);
      assert.equal(source(page.text()), "saved");
      assert.equal(subjects(page.text()).length, 50, "never empty, never less");
      assert.match(page.text(), TOLD);
    };

    test("the people of the other are served as ever, also after a restart, and all are live again afterwards", async () => {
      const everybody = () => Promise.all(["tanaka", "sato", "suzuki"].map((name) => site.signIn(name)));
      let [who, ...others] = await everybody();
      const inbox = await who.inbox();
      const places = await Promise.all(others.map((other) => other.inbox()));
      await settled(who, inbox);
      for (const [at, other] of others.entries()) await settled(other, places[at]);

      site.apart.mount.hang();
      for (let turn = 0; turn < 4; turn++) {
        for (const [at, other] of others.entries()) await isTold(other, places[at]);
        await isLive(who, inbox, turn);
      }
      assert.match(portal.log(), /is left alone/);
      const date = new Date(Date.UTC(2026, 10, 20));
      site.spools.tanaka.add(message({ subject: "Just now", date, text: "Text.\n" }), { arrived: date });
      await until(async () => subjects((await who.ask(inbox)).text()).includes("Just now"));

      await portal.stop();
      portal = await site.start();
      [who, ...others] = await everybody();
      for (let turn = 0; turn < 4; turn++) {
        await isLive(who, inbox, turn);
        for (const [at, other] of others.entries()) await isTold(other, places[at]);
      }
      await isLive(who, inbox, 5);

      site.apart.mount.answer();
      for (const [at, other] of others.entries()) await until(async () => source((await other.ask(places[at])).text()) === "live");
      for (const [at, other] of others.entries()) assert.equal(subjects((await other.ask(places[at])).text()).length, 50);
      assert.match(portal.log(), /answers again/);
      await isLive(who, inbox, 6);
    });

    test("who moves from one store to the other is followed", async () => {
      const who = await site.signIn("sato");
      const inbox = await who.inbox();
      await settled(who, inbox);
      renameSync(path.join(site.apart.behind, "sato"), path.join(site.behind, "sato"));
      await until(async () => {
        const html = (await who.ask(inbox)).text();
        return source(html) === "live" && !TOLD.test(html);
      });
      site.apart.mount.hang();
      await isLive(who, inbox, 7);
    });

    test("the web process calls into neither mount", async () => {
      await portal.stop();
      portal = await site.start({ behind: traced(site.folder) });
      for (const name of ["tanaka", "suzuki"]) {
        const who = await site.signIn(name);
        const inbox = await who.inbox();
        await settled(who, inbox);
        const letter = letters((await who.ask(inbox)).text())[0];
        for (const url of [letter, `${letter}/source`]) assert.equal((await who.ask(url)).status, 200);
      }
      await portal.stop();
      for (const at of [site.at, site.apart.at]) {
        const { helpers, others } = calls(site.folder, at);
        assert.ok(helpers.length > 0, "helpers read it");
        assert.deepEqual(others, []);
      }
      portal = await site.start();
    });
  });
}
