// Behind Apache with mod_auth_mellon and SimpleSAMLphp: what a campus with SAML has.
import { strict as assert } from "node:assert";
import { after, before, describe, test } from "node:test";
import { jar } from "../lib/jar.mjs";
import { PUBLIC, SECRET, campus, missing, throughSaml } from "../lib/mellon.mjs";
import { lacking } from "../lib/skips.mjs";

const skip = lacking("SAML behind Apache", missing());

describe("Apache in front that signs people in by SAML", { skip }, () => {
  let site;
  before(async () => (site = await campus()));
  after(() => site?.stop());

  const person = (headers = {}) => jar({ headers: { origin: PUBLIC, ...headers } });

  test("leads to the mail of whom it names", async () => {
    const browser = person();
    await throughSaml(browser, `${site.front}/sign-in/start`, "tanaka");
    const inbox = await browser.follow(`${site.front}/`);
    assert.equal(inbox.status, 200, inbox.text());
    assert.match(inbox.text(), /Behind Apache/);
  });

  test("a name that the client itself sends is replaced, and beside Apache it is worth nothing: V-94", async () => {
    const browser = person({ "x-remote-user": "tanaka@example.ac.jp", "x-portal-secret": SECRET.replace("us", "me") });
    const answer = await throughSaml(browser, `${site.front}/sign-in/start`, "nobody");
    assert.equal(answer.status, 403, answer.text());
    assert.match(answer.text(), /There is no mailbox for this account/);
    const beside = person({ "x-remote-user": "tanaka@example.ac.jp" });
    const refused = await beside.ask(`${site.behind}/sign-in/start`);
    assert.equal(refused.status, 400);
    assert.equal(beside.cookies(site.behind).size, 0);
  });

  test("a session does not outlive the proxy's, nor serve another person", async () => {
    const browser = person();
    await throughSaml(browser, `${site.front}/sign-in/start`, "tanaka");
    const inbox = await browser.follow(`${site.front}/`);
    const session = browser.cookies(site.front).get("__Host-sid");
    assert.ok(session);
    const other = person();
    await throughSaml(other, `${site.front}/sign-in`, "nobody");
    other.cookies(site.front).set("__Host-sid", session);
    assert.equal((await other.ask(inbox.url)).status, 303, "the session of one in the hands of another");
    assert.equal((await browser.ask(inbox.url)).status, 303, "has ended for both");
  });

  test("signing out here ends the session at the provider", async () => {
    const browser = person();
    await throughSaml(browser, `${site.front}/sign-in/start`, "tanaka");
    const out = await browser.follow(`${site.front}/sign-out`, { body: "" });
    // Back at Apache with nobody signed in, which asks anew.
    const again = await browser.follow(`${site.front}/`);
    assert.ok(again.url.startsWith(site.provider), `${out.url} then ${again.url}`);
    assert.match(again.text(), /name="password"/);
  });
});
