// A full read of a spool on a read-only mount: everything opens, and the tree is afterwards what it was.
import { strict as assert } from "node:assert";
import { lstatSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { allLetters, client, readThrough } from "../lib/http.mjs";
import { Maildir, attachment, mbox, message } from "../lib/mail.mjs";
import { canMount, scratch, serve } from "../lib/server.mjs";
import { lacking } from "../lib/skips.mjs";

const LETTERS = 60;

/** Everything about a tree that a reader could disturb. */
function fingerprint(folder) {
  return readdirSync(folder, { recursive: true }).sort().concat("").map((name) => {
    const { ino, mode, size, mtimeNs, ctimeNs } = lstatSync(path.join(folder, name), { bigint: true });
    return [name, ino, mode, size, mtimeNs, ctimeNs].join(" ");
  });
}

const letters = () => Array.from({ length: LETTERS }, (_, at) =>
  message({ subject: `Letter ${at}`, text: `Text ${at}.\n`, html: at % 2 ? undefined : `<p>Text <b>${at}</b>.</p>`, files: at % 5 ? [] : [attachment({ name: "a.txt", body: Buffer.from(`${at}`) })] }));

const spools = {
  Maildir: (folder) => {
    const spool = new Maildir(path.join(folder, "Maildir"));
    letters().forEach((letter, at) => spool.add(letter, { flags: at % 2 ? "S" : "" }));
    return ["--maildir", spool.root];
  },
  mbox: (folder) => {
    const file = path.join(folder, "inbox");
    writeFileSync(file, mbox(letters()));
    return ["--mbox", file];
  },
};

for (const [name, make] of Object.entries(spools)) {
  test(`${name} on a read-only mount`, async (t) => {
    const home = await scratch("fumibako-readonly");
    try {
      const args = make(home.folder);
      if (!canMount(home.folder)) return t.skip(lacking("a spool on a read-only mount", "this system does not let us mount in a namespace of our own"));
      const before = fingerprint(home.folder);
      const portal = await serve(args, { readOnly: home.folder });
      try {
        const who = await client(portal);
        const inbox = await who.inbox();
        await readThrough(who, inbox, LETTERS);
        const all = await allLetters(who, inbox);
        assert.equal(all.length, LETTERS);
        for (const letter of all) {
          const page = await who.get(letter);
          assert.equal(page.status, 200);
          const files = [...page.text().matchAll(/href="(\/m\/[^"]+\/part\/\d+)"/g)].map(([, href]) => href);
          for (const place of [`${letter}/body?view=html`, `${letter}/source`, ...files]) assert.equal((await who.get(place)).status, 200, place);
        }
        // Opened here, although the spool cannot be told.
        assert.equal(((await who.get(inbox)).text().match(/class="unread"/g) ?? []).length, 0);
      } finally {
        await portal.stop();
      }
      assert.deepEqual(fingerprint(home.folder), before);
    } finally {
      await home.remove();
    }
  });
}
