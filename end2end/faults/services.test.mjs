// F25: the mail server beside the spool does not answer, or is gone. Mail is read as before, and the status says what is wrong.
import { strict as assert } from "node:assert";
import net from "node:net";
import { test } from "node:test";
import { counted, settled, until } from "../lib/faults.mjs";
import { get } from "../lib/http.mjs";
import { campus, letters, source } from "../lib/outage.mjs";
import { freePort } from "../bench/ports.mjs";

const LETTERS = 60;

test("IMAP that accepts and says nothing, and POP that is not there, keep nobody from reading", { timeout: 180_000 }, async () => {
  // What a stopped process looks like from outside: its system accepts, and nothing is said.
  const silent = net.createServer((socket) => socket.on("error", () => {}));
  await new Promise((listening) => silent.listen(0, "127.0.0.1", listening));
  const target = (name, port) => `[[probe.target]]
name = "${name}"
kind = "${name}"
host = "127.0.0.1"
port = ${port}
tls = "none"
`;
  const more = `[probe]
interval = 5
${target("imap", silent.address().port)}${target("pop3", await freePort())}`;
  const site = await campus({ letters: LETTERS, mount: null, more });
  const portal = await site.start();
  try {
    const who = await site.signIn("tanaka");
    const inbox = await who.inbox();
    await settled(who, inbox, LETTERS);
    await until(async () => {
      const list = await who.ask(inbox);
      assert.equal(source(list.text()), "live");
      assert.equal(counted(list.text()), LETTERS);
      const letter = await who.ask(letters(list.text())[10]);
      assert.equal(letter.status, 200);
      assert.equal(source(letter.text()), "live");
      const status = await get(`${site.origin}/status.json`, { headers: { host: "mail.campus.example" } });
      const { services } = JSON.parse(status.text());
      const failing = (name) => services.find((service) => service.name === name)?.failures > 0;
      return failing("imap") && failing("pop3");
    }, "both were found to fail", 90);
  } finally {
    silent.close();
    await portal.stop();
    await site.stop();
  }
});
