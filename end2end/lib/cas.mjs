// A CAS server that others wrote (PyPI django-cas-server), and a portal that signs people in through it, both on loopback.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { freePort } from "../bench/ports.mjs";
import { atEnd } from "./endings.mjs";
import { get } from "./http.mjs";
import { scratch, serve } from "./server.mjs";

const VERSION = "django-cas-server==3.1.0";
const cache = path.join(process.env.CARGO_TARGET_DIR ?? path.join(homedir(), ".cache/fumibako"), "peers/cas");
const python = path.join(cache, "bin/python");

const run = (program, args, options = {}) => spawnSync(program, args, { encoding: "utf8", ...options });

/** What is missing to run it, or nothing. Installs it where the environment is CI's. */
export function missing() {
  if (existsSync(path.join(cache, "ready"))) return null;
  if (!process.env.CI) return `no ${VERSION} in ${cache}: run with CI=1 to have it installed there`;
  mkdirSync(cache, { recursive: true });
  const made = run("python3", ["-m", "venv", cache]);
  if (made.status !== 0) return `python3 -m venv failed: ${made.stderr || made.stdout}`;
  const installed = run(python, ["-m", "pip", "install", "--quiet", VERSION, "django<5.3"]);
  if (installed.status !== 0) return `pip failed: ${installed.stderr}`;
  writeFileSync(path.join(cache, "ready"), VERSION);
  return null;
}

/** The server, with the people `tanaka` (password `x`). */
async function server(folder, port, portal) {
  const django = path.join(folder, "django");
  mkdirSync(django);
  const must = ({ status, stderr }) => {
    if (status !== 0) throw new Error(stderr);
  };
  must(run(path.join(cache, "bin/django-admin"), ["startproject", "campus_cas", "."], { cwd: django }));
  appendFileSync(path.join(django, "campus_cas/settings.py"), `
INSTALLED_APPS += ["cas_server"]
ALLOWED_HOSTS = ["127.0.0.1"]
DEBUG = False
CAS_AUTH_CLASS = "cas_server.auth.TestAuthUser"
CAS_TEST_USER = "tanaka"
CAS_TEST_PASSWORD = "x"
CAS_TEST_ATTRIBUTES = {"displayName": "田中 葵", "mail": ["tanaka.a.aa@m.example.ac.jp", "second@example.ac.jp"], "affiliation": "student", "uidNumber": "${process.getuid()}"}
CAS_NEW_VERSION_HTML_WARNING = CAS_NEW_VERSION_EMAIL_WARNING = False
`);
  writeFileSync(path.join(django, "campus_cas/urls.py"), `from django.urls import include, path
urlpatterns = [path("cas/", include("cas_server.urls", namespace="cas_server"))]
`);
  must(run(python, ["manage.py", "migrate", "--verbosity=0"], { cwd: django }));
  must(run(python, ["manage.py", "shell", "-c", `
from cas_server.models import ServicePattern, ReplaceAttributName
for pos, (name, pattern) in enumerate([("webmail", r"^${portal}/.*"), ("other", r"^http://127\.0\.0\.1:9/.*")]):
    s = ServicePattern.objects.create(pos=pos + 1, name=name, pattern=pattern, single_log_out=True)
    ReplaceAttributName.objects.create(name="*", replace="", service_pattern=s)
`], { cwd: django }));
  const child = spawn(python, ["manage.py", "runserver", `127.0.0.1:${port}`, "--noreload", "--insecure"], { cwd: django, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (log += text));
  const endWithUs = () => child.kill();
  const leave = atEnd(endWithUs);
  const ended = once(child, "exit");
  const url = `http://127.0.0.1:${port}/cas`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the CAS server ended:\n${log}`);
    if (await get(`${url}/login`).then(({ status }) => status === 200, () => false)) break;
    await new Promise((soon) => setTimeout(soon, 100));
  }
  return {
    url,
    log: () => log,
    async stop() {
      leave();
      child.kill();
      await ended;
    },
  };
}

/** A demo campus whose people sign in through the CAS server. */
export async function campus() {
  const home = await scratch("fumibako-cas");
  const [port, cas] = [await freePort(), await freePort()];
  const portal = `http://127.0.0.1:${port}`;
  const file = path.join(home.folder, "fumibako.toml");
  writeFileSync(file, `[http]
trusted_proxies = ["127.0.0.1"]
[auth]
mode = "cas"
[auth.cas]
server_url = "http://127.0.0.1:${cas}/cas"
gateway = true
required_attributes = { affiliation = ["student", "staff"] }
[account]
min_uid = 0
[spool]
owner = "claim:uidNumber"
`);
  const site = { home: home.folder };
  site.server = await server(home.folder, cas, portal);
  site.portal = await serve(["--demo", "--config", file], { data: path.join(home.folder, "data"), listen: `127.0.0.1:${port}` });
  site.stop = async () => {
    await site.portal.stop();
    await site.server.stop();
    await home.remove();
  };
  return site;
}

/** Signs in at the server's own form; ends where `stop` says, or at the portal. */
export async function throughCas(browser, start, { stop } = {}) {
  const page = await browser.follow(start, { stop });
  if (!page.url.includes("/cas/login")) return page;
  const field = (name) => page.text().match(new RegExp(`name="${name}"[^>]*value="([^"]*)"`))?.[1].replaceAll("&amp;", "&") ?? "";
  const body = new URLSearchParams({ csrfmiddlewaretoken: field("csrfmiddlewaretoken"), lt: field("lt"), service: field("service"), username: "tanaka", password: "x" }).toString();
  return browser.follow(page.url, { body, headers: { referer: page.url }, stop });
}
