// OpenLDAP's server, and a portal that asks it whether a password is right, both on loopback.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { freePort } from "../bench/ports.mjs";
import { atEnd } from "./endings.mjs";
import { scratch, serve } from "./server.mjs";

const SLAPD = "/usr/sbin/slapd";

/** What is missing to run it, or nothing. */
export const missing = () => (existsSync(SLAPD) ? null : "Debian's slapd is not there");

const run = (program, args, options = {}) => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", ...options });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  return stdout.trim();
};

const answers = (port) =>
  new Promise((done) => {
    const socket = connect(port, "127.0.0.1", () => done(true));
    socket.on("error", () => done(false)).on("connect", () => socket.end());
  });

async function directory(folder, port) {
  const home = path.join(folder, "ldap");
  mkdirSync(path.join(home, "db"), { recursive: true });
  const hash = (password) => run("/usr/sbin/slappasswd", ["-s", password]);
  writeFileSync(path.join(home, "slapd.conf"), `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${home}/pid
database mdb
maxsize 104857600
suffix "dc=example,dc=ac,dc=jp"
directory ${home}/db
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
`);
  const person = (uid, cn, more = "") => `dn: ${more || `uid=${uid},`}ou=people,dc=example,dc=ac,dc=jp
objectClass: inetOrgPerson
uid: ${uid}
cn:: ${Buffer.from(cn).toString("base64")}
sn: x
userPassword: ${hash(`password of ${uid}`)}
`;
  writeFileSync(path.join(home, "seed.ldif"), `dn: dc=example,dc=ac,dc=jp
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: ou=people,dc=example,dc=ac,dc=jp
objectClass: organizationalUnit
ou: people

dn: cn=portal,dc=example,dc=ac,dc=jp
objectClass: applicationProcess
objectClass: simpleSecurityObject
cn: portal
userPassword: ${hash("the portal's own")}

${[person("tanaka", "田中 葵"), person("sato", "佐藤 健一"), person("twice", "One", "uid=twice+cn=One,"), person("twice", "Two", "uid=twice+cn=Two,")].join("\n")}`);
  run("/usr/sbin/slapadd", ["-f", `${home}/slapd.conf`, "-l", `${home}/seed.ldif`]);
  const child = spawn(SLAPD, ["-d", "0", "-f", `${home}/slapd.conf`, "-h", `ldap://127.0.0.1:${port}`], { stdio: "ignore" });
  const endWithUs = () => child.kill();
  const leave = atEnd(endWithUs);
  const ended = once(child, "exit");
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error("slapd ended");
    await new Promise((soon) => setTimeout(soon, 50));
  }
  return async () => {
    leave();
    child.kill();
    await ended;
  };
}

/** A demo campus whose people sign in with a password. `down()` ends the directory. */
export async function campus() {
  const home = await scratch("fumibako-ldap");
  const [port, ldap] = [await freePort(), await freePort()];
  writeFileSync(path.join(home.folder, "secret"), "the portal's own\n", { mode: 0o600 });
  const file = path.join(home.folder, "fumibako.toml");
  writeFileSync(file, `[http]
trusted_proxies = ["127.0.0.1"]
[auth]
mode = "ldap"
[auth.ldap]
url = "ldap://127.0.0.1:${ldap}"
bind_dn = "cn=portal,dc=example,dc=ac,dc=jp"
bind_password_file = "secret"
base = "ou=people,dc=example,dc=ac,dc=jp"
`);
  let stop = await directory(home.folder, ldap);
  const down = async () => {
    await stop();
    stop = async () => {};
  };
  const portal = await serve(["--demo", "--config", file], { data: path.join(home.folder, "data"), listen: `127.0.0.1:${port}` });
  return {
    portal,
    down,
    async stop() {
      await portal.stop();
      await stop();
      await home.remove();
    },
  };
}
