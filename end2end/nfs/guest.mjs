// What runs in the guest: a portal on hard NFS mounts, of which the server goes away. Prints TAP.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { children, rows, settled, until } from "../lib/faults.mjs";
import { Maildir, message } from "../lib/mail.mjs";
import { campus, letters, source, subjects } from "../lib/outage.mjs";

const SERVER = "/mnt/srv";
const LETTERS = 60;
/** s; the guest is slow. */
const PATIENCE = 90;
const DEADLINE = 1_500;

const MOUNTS = {
  "NFSv3, hard": ["127.0.0.1:/mnt/srv", "vers=3,nolock,tcp,hard,port=2049,mountport=20048,actimeo=30,ro"],
  "NFSv4.2, hard": ["127.0.0.1:/", "vers=4.2,tcp,hard,port=2049,ro"],
  "NFSv3, soft": ["127.0.0.1:/mnt/srv", "vers=3,nolock,tcp,soft,timeo=10,retrans=1,port=2049,mountport=20048,ro"],
};

function must(program, ...args) {
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8", timeout: 60_000 });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
}

/** For `campus`: what lies `behind` is copied to the server, and mounted from there. */
const mounted = ([from, options]) => async (behind, at) => {
  for (const person of readdirSync(behind)) cpSync(path.join(behind, person), path.join(SERVER, person), { recursive: true, preserveTimestamps: true });
  mkdirSync(at, { recursive: true });
  must("mount.nfs", from, at, "-o", options);
  return {
    hang: () => must("rpc.nfsd", "0"),
    answer: () => must("rpc.nfsd", "-G", "10", "-L", "10", "2"),
    remove() {
      spawnSync("umount", ["-l", at]);
      for (const person of readdirSync(SERVER)) spawnSync("rm", ["-rf", path.join(SERVER, person)]);
    },
  };
};

let count = 0;
async function test(name, body) {
  const began = Date.now();
  try {
    await body();
    console.log(`ok ${++count} - ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  } catch (error) {
    console.log(`not ok ${++count} - ${name}`);
    console.log(String(error.stack ?? error).replace(/^/gm, "  "));
  }
}

/** Threads of a process that wait for the mount: nothing but the server, or the end of the process, ends that. */
const waiting = (pid) => {
  try {
    return readdirSync(`/proc/${pid}/task`).filter((task) => /rpc|nfs/.test(readFileSync(`/proc/${pid}/task/${task}/wchan`, "utf8")));
  } catch {
    // It has ended.
    return [];
  }
};

async function onMount(kind) {
  const isHard = kind.includes("hard");
  const site = await campus({ letters: LETTERS, mount: mounted(MOUNTS[kind]), deadline: DEADLINE });
  let portal = await site.start();
  const spool = new Maildir(path.join(SERVER, "tanaka"));
  try {
    const who = await site.signIn("tanaka");
    const inbox = await until(() => who.inbox(), "the mailboxes are known", PATIENCE);
    let total = LETTERS;
    const deliver = (subject) => (total++, spool.add(message({ subject, text: `${subject}.\n`, date: new Date() }), { arrived: new Date() }));
    const shows = (subject) => until(async () => subjects((await who.ask(inbox)).text()).includes(subject), `${subject} shows`, PATIENCE);
    await test(`${kind}: everything is read`, () => settled(who, inbox, total));

    if (isHard) {
      await test(`${kind}: what another host delivers and marks shows, and is never taken for deleted (F7)`, async () => {
        // Directories that were changed just now are listed at each look; what is older is believed by its times.
        const isOld = (name) => Date.now() - statSync(path.join(spool.root, name)).mtimeMs > 3_000;
        await until(() => isOld("new") && isOld("cur"), "old enough to be believed");
        for (let look = 0; look < 2; look++) await who.ask(inbox);
        const place = deliver("From another host");
        await shows("From another host");
        spool.setFlags(place, "FS");
        await until(async () => {
          const html = (await who.ask(inbox)).text();
          assert.ok(subjects(html).includes("From another host"));
          return /class="star"/.test(html);
        }, "the star shows", PATIENCE);
        await settled(who, inbox, total);
      });
      await test(`${kind}: deliveries within one tick of the server's clock all show (F8)`, async () => {
        for (let turn = 0; turn < 3; turn++) {
          deliver(`First ${turn}`);
          const look = who.ask(inbox);
          deliver(`Second ${turn}`);
          await look;
          for (const which of ["First", "Second"]) await shows(`${which} ${turn}`);
        }
        await settled(who, inbox, total);
      });
    }

    const opened = letters((await who.ask(inbox)).text())[2];
    await who.ask(opened);
    const before = await rows(who, inbox);
    const served = async () => {
      const list = await who.ask(inbox);
      assert.equal(list.status, 200);
      assert.equal(source(list.text()), "saved");
      assert.deepEqual(await rows(who, inbox), before, "never empty, never less");
      const search = await who.ask("/search?q=Letter%2030");
      assert.deepEqual(subjects(search.text()), ["Letter 30 of tanaka"]);
      const letter = await who.ask(letters(list.text())[40]);
      assert.ok(letter.status === 503 || source(letter.text()) === "saved", `${letter.status}`);
    };
    // Copies are written behind.
    await until(() => readdirSync(site.data, { recursive: true }).some((name) => /\.saved\/[0-9a-f]\/[0-9a-f]\//.test(name)), "a copy", PATIENCE);
    await test(`${kind}: the server goes away: lists, search and copies are served (${isHard ? "F1" : "F4"})`, async () => {
      site.mount.hang();
      const waited = { helpers: 0, portal: 0 };
      const watch = setInterval(() => {
        waited.helpers += children(portal.pid).flatMap(waiting).length;
        waited.portal += waiting(portal.pid).length;
      }, 50);
      try {
        for (let turn = 0; turn < 3; turn++) await served();
        const copy = await who.ask(opened);
        assert.equal(copy.status, 200);
        assert.equal(source(copy.text()), "saved");
        assert.ok(waited.helpers > 0, "a helper was seen that waits for the mount");
        assert.equal(waited.portal, 0, "the portal itself never does");
      } finally {
        clearInterval(watch);
      }
    });
    await test(`${kind}: it ends at a SIGTERM while the server is away, and starts`, async () => {
      await portal.stop();
      portal = await site.start();
      await served();
    });
    await test(`${kind}: the server is back: live again, and nothing was lost (F2)`, async () => {
      site.mount.answer();
      await settled(who, inbox, total);
      assert.deepEqual((await rows(who, inbox)).sort(), before.sort());
      deliver("After it came back");
      await shows("After it came back");
    });
  } finally {
    spawnSync("rpc.nfsd", ["-G", "10", "-L", "10", "2"]);
    await portal.stop();
    await site.stop();
  }
}

console.log("# the guest has begun");
for (const kind of Object.keys(MOUNTS)) {
  try {
    await onMount(kind);
  } catch (error) {
    console.log(`not ok ${++count} - ${kind}`);
    console.log(String(error.stack ?? error).replace(/^/gm, "  "));
  }
}
console.log(`1..${count}`);
process.exit(0);
