// Images that do not fit into a letter's document, in a real browser: the sandboxed frame asks for them without a cookie, gets them by
// their URL, and may load nothing else of the portal.
import { strict as assert } from "node:assert";
import { randomBytes } from "node:crypto";
import path from "node:path";
import test, { after, before } from "node:test";
import { hydrated, startBrowser, visit } from "../lib/browser.mjs";
import { Maildir, message, multipart, part } from "../lib/mail.mjs";
import { bodyFrame, open } from "../lib/portal.mjs";
import { scratch, serve } from "../lib/server.mjs";

const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNg+M/AAAADAQEAyf6SjwAAAABJRU5ErkJggg==", "base64");
// What follows the end of a PNG is not looked at.
const LARGE = Buffer.concat([PIXEL, randomBytes(3_500_000)]);
const SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
let home, browser, portal;

const image = (id, type, body) => part({ type, body, headers: { "Content-ID": `<${id}>` } });

before(async () => {
  home = await scratch("fumibako-images");
  const spool = new Maildir(path.join(home.folder, "Maildir"));
  const letter = (subject, html, images) => {
    const page = part({ type: "text/html; charset=utf-8", body: html });
    spool.add(message({ subject, content: multipart("related", [page, ...images]) }), { flags: "S" });
  };
  const html = '<p>Poster<br><img alt="large" src="cid:large"><img alt="small" src="cid:small"><img alt="drawn" src="cid:drawn"></p>';
  letter("Poster", html, [image("large", "image/png", LARGE), image("small", "image/png", PIXEL), image("drawn", "image/svg+xml", SVG)]);
  letter("Badge", '<p>Badge<img alt="small" src="cid:small"></p>', [image("small", "image/png", PIXEL)]);
  browser = await startBrowser();
  portal = await serve(["--maildir", spool.root]);
});
after(async () => {
  await browser?.close();
  await portal?.stop();
  await home?.remove();
});

const widths = (frame) => frame.locator("img").evaluateAll((all) => Object.fromEntries(all.map((one) => [one.alt, one.naturalWidth])));
const toLetter = async (page, subject) => {
  await open(page, subject);
  return bodyFrame(page);
};

for (const scripting of [false, true]) {
  test(`the frame loads what did not fit, without a cookie (${scripting ? "with" : "without"} scripting)`, async () => {
    await visit(browser, portal, { scripting }, async (page) => {
      if (scripting) await hydrated(page);
      const asked = page.waitForRequest((request) => request.url().includes("/image/"));
      const frame = await toLetter(page, "Poster");
      assert.deepEqual(await widths(frame), { large: 1, small: 1, drawn: 0 });
      const request = await asked;
      const headers = await request.allHeaders();
      assert.deepEqual(
        [headers.cookie, headers.referer, headers["sec-fetch-site"], headers["sec-fetch-dest"]],
        [undefined, undefined, "cross-site", "image"],
      );
      const answer = await request.response();
      assert.deepEqual([answer.status(), answer.headers()["content-type"], (await answer.body()).length], [200, "image/png", LARGE.length]);
      assert.ok(request.url().startsWith(`${portal.origin}/image/`));
    });
  });
}

test("nothing else of the portal is an image for the frame", async () => {
  const allow = [/Content Security Policy/];
  await visit(browser, portal, { scripting: false, allow }, async (page) => {
    for (const [subject, own] of [["Poster", true], ["Badge", false]]) {
      await page.goto(portal.origin);
      const frame = await toLetter(page, subject);
      const places = ["/favicon.svg", "/imagex/a", ...(own ? [] : ["/image/a/b/1?t=1.x"])];
      for (const place of places) {
        const failed = page.waitForEvent("requestfailed", (request) => request.url() === portal.origin + place);
        await frame.evaluate((src) => void document.body.append(Object.assign(document.createElement("img"), { src })), portal.origin + place);
        assert.equal((await failed).failure().errorText, "csp", `${subject}: ${place}`);
      }
    }
  });
});
