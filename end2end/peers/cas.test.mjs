// Signing in through a CAS server that others wrote, and being signed out by it.
import { strict as assert } from "node:assert";
import { after, before, describe, test } from "node:test";
import { campus, missing, throughCas } from "../lib/cas.mjs";
import { get } from "../lib/http.mjs";
import { jar } from "../lib/jar.mjs";
import { lacking } from "../lib/skips.mjs";

const skip = lacking("CAS", missing());

describe("a CAS server", { skip }, () => {
  let site;
  before(async () => (site = await campus()));
  after(() => site?.stop());

  const start = () => `${site.portal.origin}/sign-in/start`;
  const back = (url) => url.startsWith(`${site.portal.origin}/auth/cas/callback`);
  const signedIn = async () => {
    const browser = jar();
    let ticket;
    const seen = (url) => {
      ticket = new URL(url).searchParams.get("ticket") ?? ticket;
      return false;
    };
    const answer = await throughCas(browser, start(), { stop: seen });
    assert.equal(answer.status, 200, answer.text());
    return { browser, inbox: answer.url, ticket };
  };
  const reads = async ({ browser, inbox }) => (await browser.ask(inbox)).status === 200;

  test("leads in, and the ticket leaves the address bar", async () => {
    const { inbox, ticket } = await signedIn();
    assert.match(new URL(inbox).pathname, /^\/m\/[a-z2-7]+$/);
    assert.match(ticket, /^ST-/);
    assert.ok(!inbox.includes("ticket"));
  });

  test("a ticket is good once, for this service, and for the browser that began: V-86, V-95", async () => {
    const browser = jar();
    const { next } = await throughCas(browser, start(), { stop: back });
    assert.equal((await jar().ask(next)).status, 400, "another browser");
    assert.equal((await browser.ask(next)).status, 303);
    // The ticket once more, in a sign-in of its own.
    const anew = async (ticket) => {
      const other = jar();
      const asked = new URL((await other.ask(start())).headers.location);
      const service = new URL(asked.searchParams.get("service"));
      service.searchParams.set("ticket", ticket);
      const answer = await other.ask(service.href);
      assert.equal(other.cookies(site.portal.origin).get("sid"), undefined);
      return answer.status;
    };
    assert.equal(await anew(new URL(next).searchParams.get("ticket")), 400, "used");
    // Issued for another service.
    const elsewhere = await throughCas(jar(), `${site.server.url}/login?service=${encodeURIComponent("http://127.0.0.1:9/")}`, { stop: (url) => url.startsWith("http://127.0.0.1:9/") });
    assert.equal(await anew(new URL(elsewhere.next).searchParams.get("ticket")), 400, "another service");
    for (const ticket of ["ST-made-up", "PT-1", "", "ST-1&pgt=x", "x".repeat(5000)]) assert.ok((await anew(ticket)) >= 303, ticket);
  });

  test("whoever is signed in there is signed in here without being asked, and nobody is asked twice", async () => {
    const { browser } = await signedIn();
    const tab = jar({ of: browser });
    tab.cookies(site.portal.origin).clear();
    assert.equal((await tab.follow(`${site.portal.origin}/`)).status, 200);
    assert.ok(tab.cookies(site.portal.origin).get("sid"));
    // Nobody is signed in there: the page is shown, and shown again without another way round.
    const stranger = jar();
    const page = await stranger.follow(`${site.portal.origin}/search?q=a`);
    assert.match(page.url, /\/sign-in\?return_to=\/search/);
    const again = await stranger.ask(`${site.portal.origin}/`);
    assert.equal(again.headers.location, "/sign-in");
    // A session that has ended by somebody's will, and a computer that others use.
    const ended = jar({ of: browser });
    ended.cookies(site.portal.origin).clear();
    ended.cookies(site.portal.origin).set("sid", "AAAAAAAAAAAAAAAAAAAAAA");
    assert.equal((await ended.ask(`${site.portal.origin}/`)).headers.location, "/sign-in");
    assert.equal((await ended.ask(`${site.portal.origin}/`)).headers.location, "/sign-in", "nor a moment later");
    const library = jar();
    await throughCas(library, `${site.portal.origin}/sign-in/start?public=1`);
    library.cookies(site.portal.origin).delete("sid");
    assert.equal((await library.ask(`${site.portal.origin}/`)).headers.location, "/sign-in");
    // Whoever signs out stays so.
    await tab.follow(`${site.portal.origin}/sign-out`, { body: "" });
    assert.equal((await tab.ask(`${site.portal.origin}/`)).headers.location, "/sign-in");
  });

  test("signing out there ends the session here with the next request", async () => {
    const [first, second] = [await signedIn(), await signedIn()];
    await first.browser.follow(`${site.server.url}/logout`);
    assert.equal(await reads(first), false);
    assert.equal(await reads(second), true, "another browser's goes on");
  });

  test("signing out here leads to signing out there", async () => {
    const { browser } = await signedIn();
    const out = await browser.follow(`${site.portal.origin}/sign-out`, { body: "" });
    assert.ok(out.url.startsWith(`${site.server.url}/`) || out.url.startsWith(site.portal.origin), out.url);
    const again = await browser.follow(start());
    assert.match(again.url, /\/cas\/login/, "the server asks for the password again");
  });

  test("whoever does not know the ticket ends nothing", async () => {
    const person = await signedIn();
    const send = (ticket, text) => {
      const request = text ?? `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="x" Version="2.0" IssueInstant="2026-11-28T00:00:00Z"><saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"></saml:NameID><samlp:SessionIndex>${ticket}</samlp:SessionIndex></samlp:LogoutRequest>`;
      return get(`${site.portal.origin}/auth/cas/callback`, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: new URLSearchParams({ logoutRequest: request }).toString() });
    };
    const entity = `<!DOCTYPE x [<!ENTITY t "${person.ticket}">]><samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"><samlp:SessionIndex>&t;</samlp:SessionIndex></samlp:LogoutRequest>`;
    for (const answer of [await send("ST-guess"), await send("", entity), await send("", "nonsense"), await send("", "")]) assert.equal(answer.status, 200);
    assert.equal(await reads(person), true);
    await send(person.ticket);
    assert.equal(await reads(person), false);
  });
});
