// What a campus with Shibboleth has: Apache in front, which signs people in by SAML (mod_auth_mellon, against SimpleSAMLphp) and says by
// headers who they are. All on loopback.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { freePort } from "../bench/ports.mjs";
import { atEnd } from "./endings.mjs";
import { get } from "./http.mjs";
import { message } from "./mail.mjs";
import { scratch, serve } from "./server.mjs";

const MODULES = "/usr/lib/apache2/modules";
const SAML = "/usr/share/simplesamlphp";
const NEEDED = { apache2: "/usr/sbin/apache2", "libapache2-mod-auth-mellon": `${MODULES}/mod_auth_mellon.so`, "php-cli": "/usr/bin/php", simplesamlphp: `${SAML}/www` };
export const PUBLIC = "https://mail.example.ac.jp";
export const SECRET = "between the proxy and us";

/** What is missing to run it, or nothing. */
export function missing() {
  const lacking = Object.entries(NEEDED).filter(([, place]) => !existsSync(place)).map(([name]) => name);
  return lacking.length > 0 ? `Debian's ${lacking.join(", ")} is not there` : null;
}

const run = (program, args, options = {}) => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", ...options });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}${stdout}`);
  return stdout;
};

/** A process that ends with us, once `answers` does. */
async function started(program, args, url, options) {
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (log += text));
  const endWithUs = () => child.kill();
  const leave = atEnd(endWithUs);
  const ended = once(child, "exit");
  while (!(await get(url).then(() => true, () => false))) {
    if (child.exitCode !== null) throw new Error(`${program} ended:\n${log}`);
    await new Promise((soon) => setTimeout(soon, 50));
  }
  return async () => {
    leave();
    child.kill();
    await ended;
  };
}

/** SimpleSAMLphp with `tanaka` and `nobody`, password `x`; knows the service at `sp`. */
async function identityProvider(folder, port, sp) {
  const saml = path.join(folder, "saml");
  for (const name of ["cert", "metadata", "tmp", "log"]) mkdirSync(path.join(saml, name), { recursive: true });
  const url = `http://127.0.0.1:${port}`;
  run("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=idp", "-days", "30", "-keyout", `${saml}/cert/idp.key`, "-out", `${saml}/cert/idp.crt`]);
  cpSync("/etc/simplesamlphp/config.php", `${saml}/config.php`);
  const overrides = {
    baseurlpath: `${url}/`, certdir: `${saml}/cert/`, tempdir: `${saml}/tmp`, loggingdir: `${saml}/log/`, metadatadir: `${saml}/metadata`,
    secretsalt: "for tests only, long enough", "auth.adminpassword": "for tests only", "enable.saml20-idp": true, "session.cookie.secure": false,
    "logging.handler": "file", "session.phpsession.savepath": `${saml}/tmp`, "store.type": "phpsession",
  };
  const php = (value) => (typeof value === "boolean" ? String(value) : JSON.stringify(value));
  const lines = Object.entries(overrides).map(([key, value]) => `$config[${JSON.stringify(key)}] = ${php(value)};`);
  writeFileSync(`${saml}/config.php`, `${readFileSync(`${saml}/config.php`, "utf8").replace(/\?>\s*$/, "")}\n${lines.join("\n")}\n$config["module.enable"]["exampleauth"] = true;\n$config["metadata.sources"] = [["type" => "flatfile"]];\n`);
  const person = (name, more) => `"${name}:x" => ["uid" => ["${name}"], "eduPersonPrincipalName" => ["${name}@example.ac.jp"], "displayName" => ["${more}"]]`;
  writeFileSync(`${saml}/authsources.php`, `<?php $config = ["admin" => ["core:AdminPassword"], "people" => ["exampleauth:UserPass", ${person("tanaka", "田中 葵")}, ${person("nobody", "Nobody")}]];`);
  writeFileSync(`${saml}/metadata/saml20-idp-hosted.php`, `<?php $metadata["__DYNAMIC:1__"] = ["host" => "__DEFAULT__", "privatekey" => "idp.key", "certificate" => "idp.crt", "auth" => "people", "sign.logout" => true,
    "attributes.NameFormat" => "urn:oasis:names:tc:SAML:2.0:attrname-format:uri", "authproc" => [100 => ["class" => "core:AttributeMap", "name2oid"]]];`);
  writeFileSync(`${saml}/metadata/saml20-sp-remote.php`, `<?php $metadata["${sp.entity}"] = ["AssertionConsumerService" => "${sp.endpoint}/postResponse", "SingleLogoutService" => "${sp.endpoint}/logout", "certData" => "${sp.certificate}"];`);
  const stop = await started("/usr/bin/php", ["-S", `127.0.0.1:${port}`, "-t", `${SAML}/www`], `${url}/`, { env: { ...process.env, SIMPLESAMLPHP_CONFIG_DIR: saml } });
  return { url, stop };
}

/** Apache on `port` before the portal at `origin`. */
async function apache(folder, port, origin, metadata) {
  const home = path.join(folder, "apache");
  const load = ["mpm_event", "authn_core", "authz_core", "authz_user", "auth_mellon", "headers", "proxy", "proxy_http"];
  // Some are built in.
  const modules = load.filter((name) => existsSync(`${MODULES}/mod_${name}.so`)).map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`);
  writeFileSync(path.join(home, "httpd.conf"), `ServerRoot ${home}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${home}/pid
ErrorLog ${home}/error.log
${modules.join("\n")}
${process.getuid() === 0 ? "User www-data\nGroup www-data" : ""}
<Location />
  MellonEnable auth
  AuthType Mellon
  Require valid-user
  MellonEndpointPath /mellon
  MellonSecureCookie Off
  MellonSPentityId ${metadata.entity}
  MellonSPPrivateKeyFile ${metadata.key}
  MellonSPCertFile ${metadata.cert}
  MellonSPMetadataFile ${metadata.xml}
  MellonIdPMetadataFile ${home}/idp.xml
  MellonUser "urn:oid:0.9.2342.19200300.100.1.1"
  MellonSetEnvNoPrefix "EPPN" "urn:oid:1.3.6.1.4.1.5923.1.1.1.6"
  MellonSetEnvNoPrefix "NAME" "urn:oid:2.16.840.1.113730.3.1.241"
  RequestHeader set X-Remote-User "%{EPPN}e"
  RequestHeader set X-Remote-Name "%{NAME}e"
  RequestHeader set X-Portal-Secret "${SECRET}"
</Location>
ProxyPass /mellon !
ProxyPass / ${origin}/
`);
  return started("/usr/sbin/apache2", ["-f", path.join(home, "httpd.conf"), "-D", "FOREGROUND"], `http://127.0.0.1:${port}/`);
}

/** All of it. `front` is what browsers would call the portal's public address; `behind`, the portal itself. */
export async function campus() {
  const home = await scratch("fumibako-mellon");
  // Apache's own user reads below it.
  run("chmod", ["755", home.folder]);
  const [port, front, idp] = [await freePort(), await freePort(), await freePort()];
  const box = path.join(home.folder, "mail/tanaka/Maildir");
  for (const name of ["new", "cur", "tmp"]) mkdirSync(path.join(box, name), { recursive: true });
  writeFileSync(path.join(box, "cur/1.M1P1.h:2,"), message({ subject: "Behind Apache", text: "Hello.\n", date: new Date(0) }));
  writeFileSync(path.join(home.folder, "secret"), SECRET, { mode: 0o600 });
  const file = path.join(home.folder, "fumibako.toml");
  writeFileSync(file, `[http]
public_url = "${PUBLIC}"
trusted_proxies = ["127.0.0.1"]
[spool]
root = "${home.folder}/mail/{account}/Maildir"
[auth]
mode = "proxy"
[auth.proxy]
secret_file = "secret"
logout_url = "/mellon/logout?ReturnTo=http://127.0.0.1:${front}/signed-out"
[account]
strip_scope = ["example.ac.jp"]
`);
  const stops = [];
  const stop = async () => {
    for (const one of stops.reverse()) await one();
    await home.remove();
  };
  try {
    const portal = await serve(["--config", file], { data: path.join(home.folder, "data"), listen: `127.0.0.1:${port}`, links: false });
    stops.push(() => portal.stop());
    const apacheHome = path.join(home.folder, "apache");
    mkdirSync(apacheHome);
    const endpoint = `http://127.0.0.1:${front}/mellon`;
    const entity = `${endpoint}/metadata`;
    run("mellon_create_metadata", [entity, endpoint], { cwd: apacheHome });
    const made = (ending) => path.join(apacheHome, readdirSync(apacheHome).find((name) => name.endsWith(ending)));
    const metadata = { entity, endpoint, key: made(".key"), cert: made(".cert"), xml: made(".xml") };
    metadata.certificate = readFileSync(metadata.cert, "utf8").replace(/-----[^-]+-----|\s/g, "");
    const provider = await identityProvider(home.folder, idp, metadata);
    stops.push(provider.stop);
    const described = await get(`${provider.url}/saml2/idp/metadata.php?output=xml`);
    if (described.status !== 200) throw new Error(described.text());
    writeFileSync(path.join(apacheHome, "idp.xml"), described.text());
    stops.push(await apache(home.folder, front, `http://127.0.0.1:${port}`, metadata));
    return { portal, front: `http://127.0.0.1:${front}`, behind: `http://127.0.0.1:${port}`, provider: provider.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Signs in at SimpleSAMLphp's own pages, posts its answer to Apache as scripting would, and follows from there. */
export async function throughSaml(browser, url, person) {
  let answer = await browser.follow(url);
  for (let step = 0; step < 4; step++) {
    const html = answer.text();
    const fields = Object.fromEntries([...html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [name, unescape(value)]));
    if (fields.SAMLResponse) {
      const action = unescape(html.match(/<form[^>]*\baction="([^"]+)"/)[1]);
      answer = await browser.follow(action, { body: new URLSearchParams(fields).toString() });
    } else if (/name="password"/.test(html)) {
      const state = new URL(answer.url).searchParams.get("AuthState");
      answer = await browser.follow(answer.url.split("?")[0], { body: new URLSearchParams({ AuthState: state, username: person, password: "x" }).toString() });
    } else break;
  }
  return answer;
}

const unescape = (text) => text.replaceAll("&quot;", '"').replaceAll("&#039;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
