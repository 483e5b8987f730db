// A plain HTTP client with a session and no browser: answers as they came over the wire, compressed or not, and how long they took.
import http from "node:http";
import zlib from "node:zlib";

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

/** How a body is read; zstd not in every version of Node.js. */
const DECODERS = { gzip: zlib.gunzipSync, deflate: zlib.inflateSync, br: zlib.brotliDecompressSync, zstd: zlib.zstdDecompressSync };

/** One GET; `bytes` are those on the wire, `text()` the content, unless it came in a coding that is not `readable` here. */
export function get(url, { headers = {}, timeout = 60_000, method = "GET", body } = {}) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const request = http.request(url, { agent, method, timeout, headers: { "accept-encoding": "br, gzip", ...headers } }, (response) => {
      const first = performance.now();
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const coding = response.headers["content-encoding"];
        const readable = !coding || Boolean(DECODERS[coding]);
        const plain = () => {
          if (!readable) throw new Error(`this Node.js cannot read ${coding}`);
          return coding ? DECODERS[coding](bytes) : bytes;
        };
        resolve({ status: response.statusCode, headers: response.headers, bytes, readable, plain, text: () => plain().toString(), firstByte: first - began, took: performance.now() - began });
      });
    });
    request.on("timeout", () => request.destroy(new Error(`no answer in ${timeout} ms: ${url}`)));
    request.on("error", reject);
    request.end(body);
  });
}

/** A signed-in client: `get(path)`. */
export async function client(portal, { headers = {} } = {}) {
  const answer = await get(await portal.freshLink(), { headers });
  const cookie = (answer.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");
  if (!cookie) throw new Error(`signing in gave no session: ${answer.status}`);
  const own = { cookie, "accept-language": "en", ...headers };
  const ask = (path, options = {}) => get(new URL(path, portal.origin), { ...options, headers: { ...own, ...options.headers } });
  return {
    cookie,
    get: ask,
    /** Where the inbox is. */
    inbox: async () => (await ask("/")).headers.location,
  };
}

/** The links to letters in a list's document, in order. */
export const lettersIn = (html) => [...html.matchAll(/<a href="(\/m\/[a-z2-7]+\/[a-z2-7]+)[^"]*" data-id=/g)].map(([, path]) => path);

/** Every letter of a mailbox, page by page. */
export async function allLetters(who, mailbox) {
  const found = new Set();
  for (let page = 1; ; page++) {
    const answer = await who.get(`${mailbox}?page=${page}`);
    if (answer.status !== 200) throw new Error(`${mailbox}?page=${page} answered ${answer.status}`);
    const before = found.size;
    for (const path of lettersIn(answer.text())) found.add(path);
    if (found.size === before) return [...found];
  }
}

/** Asks for a list until everything in it has been read by the portal. */
export async function readThrough(who, mailbox, total) {
  for (let turn = 0; turn < 5_000; turn++) {
    const text = (await who.get(mailbox)).text();
    if (!/class="pending"/.test(text) && new RegExp(`/ ${total.toLocaleString("en")} messages`).test(text.replace(/<!--.*?-->/g, ""))) return;
    await new Promise((soon) => setTimeout(soon, 20));
  }
  throw new Error(`${mailbox} is not read through`);
}
