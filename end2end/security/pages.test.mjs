// What else a letter or another site could try: images by cid, the headers of every kind of answer, foreign frames.
import { strict as assert } from "node:assert";
import path from "node:path";
import test from "node:test";
import { PIXEL } from "../lib/campus.mjs";
import { Maildir, message, multipart, part } from "../lib/mail.mjs";
import { bodyFrame, fetchFile, open, portalFor } from "../lib/portal.mjs";
import { scratch } from "../lib/server.mjs";
import { bareServer } from "./harness.mjs";

const image = (id, type, body) => part({ type, body, headers: { "Content-ID": `<${id}>`, "Content-Disposition": "inline" } });
const SVG = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>");

async function make() {
  const home = await scratch("fumibako-pages");
  const spool = new Maildir(path.join(home.folder, "Maildir"));
  const body = part({ type: "text/html; charset=utf-8", body: `<p>Images</p><img alt=png src="cid:logo@x"><img alt=svg src="cid:s"><img alt=lie src="cid:lie"><img alt=data src="data:image/svg+xml,%3Csvg/%3E"><img alt=none src="cid:nobody">` });
  spool.add(message({ subject: "Images", content: multipart("related", [body, image("logo@x", "image/png", PIXEL), image("s", "image/svg+xml", SVG), image("lie", "image/png", SVG)]) }));
  spool.add(message({ subject: "Links", html: `<a href="https://t.example">https://bank.example</a> <a href="https://ok.example/">plain</a>` }));
  spool.add(message({ subject: "Names", text: "t\n", content: multipart("mixed", [part({ body: "t\n" }), part({ type: "application/octet-stream", body: "x", headers: { "Content-Disposition": "attachment; filename*=utf-8''invoice%E2%80%AEgpj.exe" } }), part({ type: "image/png\r\n\tX", body: "x", headers: { "Content-Disposition": "attachment; filename*0*=utf-8''%E6%97; filename*1*=%A5.txt" } })]) }));
  return { ...home, spool };
}
const site = portalFor({ scripting: true, make });

test("an image of the letter itself is shown, an SVG is not: V-105 to V-107", site.visit({}, async (page) => {
  await open(page, "Images");
  const frame = await bodyFrame(page);
  const sources = await frame.locator("img").evaluateAll((all) => Object.fromEntries(all.map((one) => [one.alt, `${one.currentSrc.slice(0, 15)} ${one.naturalWidth}`])));
  assert.equal(sources.png, "data:image/png; 1");
  for (const name of ["svg", "lie", "data", "none"]) assert.doesNotMatch(sources[name] ?? "", /svg|[^0] 1|PHN2/, `${name}: ${sources[name]}`);
  assert.doesNotMatch(await frame.content(), /image\/svg|PHN2Z|&lt;svg/);
}));

test("a link that says another host than it goes to is marked: V-74", site.visit({}, async (page) => {
  await open(page, "Links");
  const frame = await bodyFrame(page);
  assert.match(await frame.locator("body").innerText(), /t\.example/);
  const link = await frame.locator("a").first().evaluate((a) => ({ target: a.target, rel: a.rel }));
  assert.equal(link.target, "_blank");
  assert.match(link.rel, /noopener/);
  assert.match(link.rel, /noreferrer/);
}));

test("file names cannot lie about their ending, and are joined before decoding: V-70, V-73", site.visit({}, async (page) => {
  await open(page, "Names");
  const names = await page.locator("article .file-name").allTextContents();
  assert.ok(!names.some((name) => /[\u202a-\u202e\u2066-\u2069]/.test(name)), names.join());
  assert.ok(names.some((name) => name.endsWith("gpj.exe")), names.join());
  assert.ok(names.includes("日.txt"), names.join());
}));

test("every kind of answer has its own policy", site.visit({}, async (page, { context, site }) => {
  await open(page, "Images");
  const here = page.url().split("?")[0];
  const get = (address, headers) => fetchFile(context, address, headers);
  const document = (await get(here)).headers;
  const policy = document["content-security-policy"];
  for (const rule of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'", "form-action 'self'"]) assert.ok(policy.includes(rule), rule);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'/);
  assert.equal(document["x-frame-options"], "DENY");
  assert.equal(document["cache-control"], "no-store");
  assert.equal(document["referrer-policy"], "same-origin");
  const nonces = await Promise.all([1, 2, 3].map(async () => (await get(here)).headers["content-security-policy"].match(/'nonce-([^']+)'/)[1]));
  assert.equal(new Set(nonces).size, 3);
  const body = (await get(`${here}/body?view=html`)).headers;
  assert.equal(body["content-security-policy"].replace(/\s+/g, " "), "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'");
  assert.equal(body["content-type"], "text/html; charset=utf-8");
  assert.equal(body["referrer-policy"], "no-referrer");
  assert.equal(body["cache-control"], "no-store");
  for (const address of ["/nowhere", "/healthz", "/m/x/y/body"]) {
    const { headers } = await get(site.portal.origin + address);
    assert.equal(headers["x-content-type-options"], "nosniff", address);
    assert.ok(headers["content-security-policy"], address);
  }
}));

test("the nonce stands in nonce attributes only, and no element has a style attribute", site.visit({}, async (page, { context }) => {
  await open(page, "Images");
  const { headers, bytes } = await fetchFile(context, page.url());
  const nonce = headers["content-security-policy"].match(/'nonce-([^']+)'/)[1];
  const text = bytes.toString();
  const places = text.split(nonce).slice(0, -1).map((before) => before.slice(-7));
  assert.ok(places.length > 0 && places.every((place) => place === 'nonce="'), places.join(" "));
  assert.doesNotMatch(text, /<[^>]+\sstyle=/);
}));

test("the body's document is refused to other sites and as anything but a document", site.visit({}, async (page, { context }) => {
  await open(page, "Images");
  const address = `${page.url().split("?")[0]}/body?view=html`;
  for (const headers of [{ "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe" }, { "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "script" }, { "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "image" }]) {
    const answer = await fetchFile(context, address, headers);
    assert.equal(answer.status, 403, JSON.stringify(headers));
    assert.doesNotMatch(answer.bytes.toString(), /<p>Images/);
  }
}));

test("no other site can frame the portal or read from it", async () => {
  const other = await bareServer();
  const context = await site.browser.chrome.newContext();
  try {
    const page = await context.newPage();
    await page.goto(await site.portal.freshLink());
    const list = page.url();
    other.put("/", `<iframe id=a src="${list}"></iframe><iframe id=b src="${site.portal.origin}/sign-in"></iframe>`);
    await page.goto(`${other.origin}/`, { waitUntil: "load" });
    // What the browser shows in place of what it was forbidden to frame.
    assert.deepEqual(page.frames().slice(1).map((frame) => frame.url().split(":")[0]), ["chrome-error", "chrome-error"]);
    const read = await page.evaluate((url) => fetch(url, { credentials: "include" }).then((answer) => answer.status, (error) => error.name), list);
    assert.equal(read, "TypeError");
  } finally {
    await context.close();
    await other.close();
  }
});

test("a name of another host pointed at this machine is refused", site.visit({ allow: [/4\d\d/] }, async (page, { context, site }) => {
  const answer = await fetchFile(context, `${site.portal.origin}/`, { host: "t.example" });
  assert.ok(answer.status >= 400, String(answer.status));
}));
