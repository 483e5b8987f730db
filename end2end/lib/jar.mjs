// A browser without eyes: follows redirects and keeps cookies, host and port by host and port, as browsers do by name.
import { get } from "./http.mjs";

let many = 0;

/** Each comes from an address of its own, by what the proxy in front says (`trusted_proxies`); `of`: with another's cookies. */
export function jar({ headers: extra = {}, timed = () => {}, of } = {}) {
  many++;
  const always = { "x-forwarded-for": `198.51.${many >> 8}.${many & 255}`, ...extra };
  const cookies = new Map([...(of?.all() ?? [])].map(([origin, kept]) => [origin, new Map(kept)]));
  const own = (origin) => cookies.get(origin) ?? cookies.set(origin, new Map()).get(origin);
  const ask = async (url, options = {}) => {
    const { origin } = new URL(url);
    const cookie = [...own(origin)].map(([name, value]) => `${name}=${value}`).join("; ");
    const post = options.body === undefined ? {} : { method: "POST" };
    const form = options.body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded", origin };
    const headers = { accept: "text/html", "accept-language": "en", ...form, ...always, ...options.headers, ...(cookie ? { cookie } : {}) };
    const answer = await get(url, { ...post, ...options, headers });
    timed(url, answer.took);
    for (const line of answer.headers["set-cookie"] ?? []) {
      const [pair, ...attributes] = line.split("; ");
      const [name, ...value] = pair.split("=");
      const over = attributes.some((attribute) => /^max-age=0$/i.test(attribute) || /^expires=Thu, 01 Jan 1970/i.test(attribute));
      if (over || value.join("=") === "") own(origin).delete(name);
      else own(origin).set(name, value.join("="));
    }
    return answer;
  };
  /** Follows redirects until `stop(url)` or an answer that is none. The answer has its `url`. */
  const follow = async (url, { stop = () => false, ...options } = {}) => {
    for (let step = 0, more = options; step < 20; step++, more = {}) {
      const answer = await ask(url, more);
      const next = answer.headers.location && new URL(answer.headers.location, url).href;
      if (!next || answer.status < 300 || answer.status > 399) return Object.assign(answer, { url });
      if (stop(next)) return Object.assign(answer, { url, next });
      url = next;
    }
    throw new Error("redirected in circles");
  };
  return { ask, follow, cookies: own, all: () => cookies };
}

/** Signs in at the npm provider's own pages; ends where `stop` says, or at the portal. */
export async function throughOidc(browser, origin, person, { path = "/sign-in/start", stop } = {}) {
  let answer = await browser.follow(`${origin}${path}`, { stop });
  for (let form = 0; form < 3 && answer.url.includes("/interaction/"); form++) {
    const prompt = answer.text().match(/name="prompt" value="(\w+)"/)[1];
    const body = new URLSearchParams(prompt === "login" ? { prompt, login: person, password: "x" } : { prompt }).toString();
    answer = await browser.follow(answer.url, { body, stop });
  }
  return answer;
}
