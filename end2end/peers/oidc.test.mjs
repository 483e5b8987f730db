// Signing in through a certified OpenID provider that others wrote, and being signed out by it.
import { strict as assert } from "node:assert";
import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { startBrowser } from "../lib/browser.mjs";
import { get } from "../lib/http.mjs";
import { jar, throughOidc } from "../lib/jar.mjs";
import { campus } from "../lib/oidc.mjs";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwk = { ...privateKey.export({ format: "jwk" }), kid: "first", use: "sig", alg: "RS256" };
const keys = { keys: [jwk] };

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
/** A token signed as the provider signs them. */
const token = (claims, { header = {}, sign } = {}) => {
  const text = `${part({ alg: "RS256", kid: "first", typ: "logout+jwt", ...header })}.${part(claims)}`;
  const signature = sign ? sign(text) : createSign("RSA-SHA256").update(text).sign(privateKey).toString("base64url");
  return `${text}.${signature}`;
};

describe("an OpenID provider", () => {
  let site;
  before(async () => (site = await campus({ keys })));
  after(() => site?.stop());

  const origin = () => site.portal.origin;
  const signedIn = async (person = "u001") => {
    const browser = jar();
    const answer = await throughOidc(browser, origin(), person);
    assert.equal(answer.status, 200, answer.text());
    return { browser, inbox: answer.url };
  };
  /** Whether that session still reads mail. */
  const reads = async ({ browser, inbox }) => (await browser.ask(inbox)).status === 200;
  const back = (url) => url.startsWith(`${origin()}/auth/oidc/callback`);

  test("leads to the page that was wanted", async () => {
    const { inbox } = await signedIn();
    const browser = jar();
    const wanted = `${inbox}?sort=from`;
    const page = await browser.follow(wanted);
    assert.equal(new URL(page.url).pathname, "/sign-in");
    assert.match(page.text(), /action="\/sign-in\/start"/);
    const answer = await throughOidc(browser, origin(), "u001");
    assert.equal(answer.url, wanted);
    assert.match(answer.text(), /<ol/);
  });

  test("is asked with all that protects a sign-in, and gives nothing to the browser", async () => {
    const browser = jar();
    const start = await browser.ask(`${origin()}/sign-in/start`);
    const asked = new URL(start.headers.location).searchParams;
    assert.equal(asked.get("response_type"), "code");
    assert.equal(asked.get("code_challenge_method"), "S256");
    assert.equal(asked.get("redirect_uri"), `${origin()}/auth/oidc/callback`);
    for (const name of ["state", "nonce", "code_challenge"]) assert.ok(asked.get(name).length >= 22, name);
    const { browser: person } = await signedIn();
    const kept = [...person.cookies(origin())].map((pair) => pair.join("=")).join(" ");
    assert.ok(!/eyJ/.test(kept), "no token in a cookie");
  });

  test("a code, a state and a callback are good once, and for the browser that began: V-86", async () => {
    const browser = jar();
    const { next } = await throughOidc(browser, origin(), "u001", { stop: back });
    const stranger = jar();
    const stolen = await stranger.ask(next);
    assert.equal(stolen.status, 400, "without the cookie");
    assert.equal(stranger.cookies(origin()).get("sid"), undefined);
    const other = new URL(next);
    other.searchParams.set("state", "x".repeat(22));
    assert.equal((await browser.ask(other.href)).status, 400, "with another state");
    assert.equal((await browser.ask(next)).status, 303);
    const again = await browser.ask(next);
    assert.equal(again.status, 303, "Back leads to the mail of who is signed in");
    assert.equal(again.headers.location, "/");
    browser.cookies(origin()).delete("sid");
    assert.equal((await browser.ask(next)).status, 400, "and nobody else anywhere");
  });

  test("an answer that names another issuer, or none, is refused: V-88", async () => {
    for (const change of [(url) => url.searchParams.set("iss", "https://t.example"), (url) => url.searchParams.delete("iss")]) {
      const browser = jar();
      const { next } = await throughOidc(browser, origin(), "u001", { stop: back });
      const url = new URL(next);
      change(url);
      const answer = await browser.ask(url.href);
      assert.equal(answer.status, 400);
      assert.equal(browser.cookies(origin()).get("sid"), undefined);
    }
  });

  test("two tabs may sign in at once", async () => {
    const browser = jar();
    const first = await browser.ask(`${origin()}/sign-in/start`);
    const second = await browser.ask(`${origin()}/sign-in/start`);
    const through = async (url) => {
      let answer = await browser.follow(url);
      while (answer.url.includes("/interaction/")) {
        const prompt = answer.text().match(/name="prompt" value="(\w+)"/)[1];
        answer = await browser.follow(answer.url, { body: `prompt=${prompt}&login=u001&password=x` });
      }
      return answer;
    };
    for (const { headers } of [first, second]) assert.equal((await through(headers.location)).status, 200);
  });

  test("whoever has no mailbox here sees one page with a number, whatever the reason", async () => {
    await signedIn("u001");
    for (const person of ["u003", "u004", "u005", "u006", "u007"]) {
      const browser = jar();
      const answer = await throughOidc(browser, origin(), person);
      assert.equal(answer.status, 403, person);
      assert.match(answer.text(), /There is no mailbox for this account/);
      assert.match(answer.text(), /Incident number: [a-z2-7]{8}/);
      assert.equal(browser.cookies(origin()).get("sid"), undefined, person);
    }
  });

  test("a person who stops at the provider is told so", async () => {
    const browser = jar();
    const start = await browser.ask(`${origin()}/sign-in/start`);
    const asked = new URL(start.headers.location);
    const state = asked.searchParams.get("state");
    const iss = encodeURIComponent(site.provider.issuer);
    const answer = await browser.ask(`${origin()}/auth/oidc/callback?error=access_denied&state=${state}&iss=${iss}`);
    assert.equal(answer.status, 403);
    assert.match(answer.text(), /did not sign you in/);
  });

  test("whoever tries too often waits, and nobody else does", async () => {
    const browser = jar();
    const statuses = [];
    for (let number = 0; number < 12; number++) statuses.push((await browser.ask(`${origin()}/sign-in/start`)).status);
    assert.deepEqual(statuses, [...Array(11).fill(303), 429]);
    const answer = await browser.ask(`${origin()}/sign-in/start`);
    assert.match(answer.text(), /Too many tries/);
    assert.ok(Number(answer.headers["retry-after"]) > 0);
    assert.equal((await jar().ask(`${origin()}/sign-in/start`)).status, 303);
    const image = await jar().ask(`${origin()}/sign-in/start`, { headers: { "sec-fetch-dest": "image", "sec-fetch-site": "cross-site" } });
    assert.equal(image.status, 403, "a page that shows it as an image begins nothing");
  });

  test("return_to leads nowhere else: V-85", async () => {
    const browser = jar();
    await browser.ask(`${origin()}/sign-in?return_to=${encodeURIComponent("//t.example")}`);
    const answer = await throughOidc(browser, origin(), "u001");
    assert.match(new URL(answer.url).pathname, /^\/m\/[a-z2-7]+$/);
    assert.equal(new URL(answer.url).origin, origin());
  });

  test("signing out here signs out there, and that ends every other tab", async () => {
    const person = await signedIn();
    const tab = { browser: jar(), inbox: person.inbox };
    for (const [name, value] of person.browser.cookies(origin())) tab.browser.cookies(origin()).set(name, value);
    const form = await person.browser.follow(`${origin()}/sign-out`, { body: "" });
    assert.ok(form.url.startsWith(site.provider.issuer), form.url);
    const xsrf = form.text().match(/name="xsrf" value="([^"]+)"/)[1];
    const answer = await person.browser.follow(`${site.provider.issuer}/session/end/confirm`, { body: `xsrf=${xsrf}&logout=yes` });
    assert.equal(answer.url, `${origin()}/sign-in?state=out`);
    assert.equal(await reads(tab), false);
  });

  test("signing out there ends the session here with the next request", async () => {
    const [first, second] = [await signedIn(), await signedIn("u002")];
    assert.ok((await reads(first)) && (await reads(second)));
    const form = await first.browser.follow(`${site.provider.issuer}/session/end`);
    const xsrf = form.text().match(/name="xsrf" value="([^"]+)"/)[1];
    await first.browser.follow(`${site.provider.issuer}/session/end/confirm`, { body: `xsrf=${xsrf}&logout=yes` });
    assert.match(site.provider.log(), /told webmail/);
    assert.equal(await reads(first), false);
    assert.equal(await reads(second), true, "somebody else's goes on");
  });

  for (const javaScriptEnabled of [true, false]) {
    test(`a person signs in and out in a browser, ${javaScriptEnabled ? "with" : "without"} scripting`, async () => {
      const browser = await startBrowser();
      try {
        const context = await browser.chrome.newContext({ javaScriptEnabled, locale: "en-GB", extraHTTPHeaders: { "x-forwarded-for": `198.51.255.${javaScriptEnabled ? 1 : 2}` } });
        context.setDefaultTimeout(15_000);
        const page = await context.newPage();
        const refused = [];
        page.on("console", (message) => message.type() === "error" && message.text().includes("Content Security Policy") && refused.push(message.text()));
        await page.goto(`${origin()}/settings`);
        await page.goto(`${origin()}/sign-in`);
        await page.getByRole("checkbox", { name: "Others use this computer" }).check();
        await page.getByRole("button", { name: "Sign in through the portal" }).click();
        await page.locator("[name=login]").fill("u002");
        await page.locator("[name=password]").fill("x");
        await page.locator("button[type=submit]").click();
        await page.locator("button[type=submit]").first().click();
        await page.locator("main ol > li").first().waitFor();
        const kept = (await context.cookies(origin())).find(({ name }) => name === "sid");
        assert.equal(kept.expires, -1, "it goes when the browser is closed, since others use the computer");
        await page.goto(`${origin()}/settings`);
        await page.locator("main").getByRole("button", { name: "Sign out" }).click();
        await page.waitForURL(`${site.provider.issuer}/**`);
        await page.locator("button[name=logout], button[value=yes]").first().click();
        await page.getByText("You are signed out", { exact: true }).waitFor();
        assert.equal(page.url(), `${origin()}/sign-in?state=out`);
        assert.deepEqual(refused, []);
        await context.close();
      } finally {
        await browser.close();
      }
    });
  }

  test("a logout token that is not in order ends nothing: V-87, V-88, V-89, V-90", async () => {
    const person = await signedIn("u002");
    const now = Math.floor(Date.now() / 1000);
    const event = { "http://schemas.openid.net/event/backchannel-logout": {} };
    const good = { iss: site.provider.issuer, aud: "webmail", sub: "u002", iat: now, exp: now + 120, jti: `j${now}`, events: event };
    const send = (text) => get(`${origin()}/auth/oidc/backchannel-logout`, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: `logout_token=${text}` });
    const without = (name) => Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));
    const pem = publicKey.export({ format: "pem", type: "spki" });
    const hmac = (text) => createHmac("sha256", pem).update(text).digest("base64url");
    const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    const bad = {
      "with a nonce": token({ ...good, nonce: "n" }),
      "without events": token(without("events")),
      "without a jti": token(without("jti")),
      "of whom": token(without("sub")),
      "of another client": token({ ...good, aud: "other" }),
      "of another issuer": token({ ...good, iss: "https://t.example" }),
      "too old": token({ ...good, iat: now - 4000, exp: now + 120 }),
      over: token({ ...good, iat: now - 400, exp: now - 300 }),
      "alg none": token(good, { header: { alg: "none" }, sign: () => "" }),
      "HS256 with the public key": token(good, { header: { alg: "HS256" }, sign: hmac }),
      "signed by a stranger": token(good, { sign: (text) => createSign("RSA-SHA256").update(text).sign(stranger).toString("base64url") }),
      "of another type": token(good, { header: { typ: "at+jwt" } }),
      nonsense: "x.y.z",
    };
    for (const [name, text] of Object.entries(bad)) {
      const answer = await send(text);
      assert.equal(answer.status, 400, name);
      assert.equal(answer.headers["cache-control"], "no-store", name);
      assert.equal(await reads(person), true, name);
    }
    const heard = await send(token(good));
    assert.equal(heard.status, 200);
    assert.equal(await reads(person), false);
    const anew = await signedIn("u002");
    assert.equal((await send(token(good))).status, 400, "a second time");
    assert.equal(await reads(anew), true);
  });
});

test("a provider that is down at the start keeps nobody from reading, and is found when it is back", async () => {
  const site = await campus({ up: false });
  try {
    const { origin } = site.portal;
    const browser = jar();
    const link = await site.portal.freshLink();
    assert.equal((await browser.follow(link)).status, 200);
    const stranger = jar();
    const answer = await stranger.ask(`${origin}/sign-in/start`);
    assert.equal(answer.status, 503);
    assert.match(answer.text(), /The portal does not answer/);
    assert.match((await stranger.ask(`${origin}/sign-in`)).text(), /data-portal="down"/);
    await site.start();
    assert.equal((await throughOidc(stranger, origin, "u001")).status, 200);
    assert.match((await jar().ask(`${origin}/sign-in`)).text(), /data-portal="up"/);
  } finally {
    await site.stop();
  }
});

test("a provider that starts anew with other keys is understood, and sessions here go on", async () => {
  const fresh = (kid) => ({ keys: [{ ...generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" }] });
  const site = await campus({ keys: fresh("one") });
  try {
    const { origin } = site.portal;
    const browser = jar();
    const { url } = await throughOidc(browser, origin, "u001");
    await site.provider.stop();
    await site.start({ keys: fresh("two") });
    assert.equal((await browser.ask(url)).status, 200);
    assert.equal((await throughOidc(jar(), origin, "u001")).status, 200);
  } finally {
    await site.stop();
  }
});
