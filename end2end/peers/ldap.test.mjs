// A form of ours, and OpenLDAP that knows the passwords.
import { strict as assert } from "node:assert";
import { after, before, describe, test } from "node:test";
import { jar } from "../lib/jar.mjs";
import { campus, missing } from "../lib/ldap.mjs";
import { lacking } from "../lib/skips.mjs";

const skip = lacking("a directory", missing());

describe("a directory", { skip }, () => {
  let site;
  before(async () => (site = await campus()));
  after(() => site?.stop());

  const origin = () => site.portal.origin;
  const form = (account, password) => new URLSearchParams({ account, password }).toString();
  const sid = (browser) => browser.cookies(origin()).get("sid");

  test("a right password leads to the page that was wanted, and the person is called by name", async () => {
    const browser = jar();
    const page = await browser.follow(`${origin()}/search?q=a`);
    assert.match(page.text(), /action="\/sign-in\/password"/);
    const answer = await browser.follow(`${origin()}/sign-in/password`, { body: form("tanaka", "password of tanaka") });
    assert.equal(answer.url, `${origin()}/search?q=a`);
    assert.match(answer.text(), /田中 葵/);
  });

  test("nothing else does", async () => {
    for (const [account, password] of [
      ["tanaka", "password of sato"],
      ["tanaka", ""],
      ["nobody", "password of nobody"],
      ["twice", "password of twice"],
      ["*", "password of tanaka"],
      ["tan*", "password of tanaka"],
      ["tanaka)(uid=*", "password of tanaka"],
      ["tanaka,ou=people", "password of tanaka"],
      ["cn=portal", "the portal's own"],
      ["", ""],
    ]) {
      const browser = jar();
      const answer = await browser.ask(`${origin()}/sign-in/password`, { body: form(account, password) });
      assert.ok(answer.status >= 400 && answer.status < 500, `${account}: ${answer.status}`);
      assert.equal(sid(browser), undefined, account);
    }
  });

  test("a password is guessed slowly, and that keeps nobody else out", async () => {
    const statuses = [];
    const browser = jar();
    for (let number = 0; number < 6; number++) statuses.push((await browser.ask(`${origin()}/sign-in/password`, { body: form("sato", `guess ${number}`) })).status);
    assert.deepEqual(statuses, [403, 403, 403, 403, 403, 429]);
    assert.equal((await jar().ask(`${origin()}/sign-in/password`, { body: form("sato", "password of sato") })).status, 303);
  });

  test("a directory that is down is not taken for a wrong password", async () => {
    await site.down();
    const answer = await jar().ask(`${origin()}/sign-in/password`, { body: form("mori", "x") });
    assert.equal(answer.status, 503);
    assert.match(answer.text(), /does not answer/);
  });
});
