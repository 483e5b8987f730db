// A bare server for single documents, and the look inside a document that the sanitizer has passed.
import { createServer } from "node:http";

/** Serves documents under the headers it is told; a page that frames one as the portal does; and records who asks for what. */
export async function bareServer() {
  const documents = new Map();
  const server = createServer((request, response) => {
    const found = documents.get(new URL(request.url, "http://x").pathname);
    response.writeHead(found ? 200 : 404, found?.headers ?? {});
    response.end(found?.body ?? "");
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    put(path, body, headers = { "content-type": "text/html; charset=utf-8" }) {
      documents.set(path, { body, headers });
      return origin + path;
    },
    frame(path, address, attributes) {
      const written = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`).join(" ");
      return this.put(path, `<!doctype html><title>frame</title><iframe width="900" height="600" ${written} src="${address}"></iframe>`);
    },
    close: () => new Promise((closed) => server.close(closed)),
  };
}

/** Runs in the browser: everything in `source` that must not be in a sanitized document. The head is the portal's own. */
export function remains(source) {
  const tree = new DOMParser().parseFromString(source, "text/html");
  const found = [];
  const forbidden = "script, svg, math, style, link, meta, base, iframe, frame, frameset, object, embed, form, input, button, select, textarea, video, audio, source, picture, template, noscript, portal, area, map, dialog, [popover], [id^=r-]";
  for (const one of tree.body.querySelectorAll(forbidden)) found.push(`<${one.localName}>`);
  for (const one of tree.head.querySelectorAll("*")) {
    if (!["meta", "style", "title"].includes(one.localName) || one.hasAttribute("http-equiv")) found.push(`<${one.localName}> in the head`);
  }
  for (const one of [tree.body, ...tree.body.querySelectorAll("*")]) {
    if (one.namespaceURI !== "http://www.w3.org/1999/xhtml") found.push(`foreign <${one.localName}>`);
    for (const { name, value } of one.attributes) {
      const address = value.replace(/[\0-\x20]/g, "").toLowerCase();
      if (name.startsWith("on") || ["srcset", "ping", "background", "action", "formaction", "poster", "srcdoc", "xlink:href"].includes(name)) found.push(`${name}=${value}`);
      if (name === "href" && !/^(https?:\/\/|mailto:)/.test(address)) found.push(`href=${value}`);
      if (name === "src" && !/^data:image\/(png|jpeg|gif|webp);/.test(address)) found.push(`src=${value}`);
      if (name === "style" && /url\(|image-set|expression|position\s*:|@import|-moz-binding|behavior|var\(|\\/i.test(value)) found.push(`style=${value}`);
      if (name === "target" && value !== "_blank") found.push(`target=${value}`);
      if (/[<>]/.test(tree.body.outerHTML.match(/="[^"]*[<>][^"]*"/)?.[0] ?? "")) found.push(`a raw < or > in ${one.localName} ${name}`);
    }
  }
  // Parsing what was parsed must change nothing (mutation).
  const again = new DOMParser().parseFromString(tree.documentElement.outerHTML, "text/html");
  if (again.documentElement.outerHTML !== tree.documentElement.outerHTML) found.push("changes when it is parsed again");
  if (/t\.example\/(?!p\.html)/.test(tree.body.innerHTML.replace(/href="[^"]*"/g, "").replace(/>[^<]*</g, "><"))) found.push("names the foreign host");
  return [...new Set(found)];
}
