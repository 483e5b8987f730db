// `make test-nfs`: F1, F2, F4, F7 and F8 of the fault table on a real NFS client and server, which can be sent away and brought back. They
// run in User-Mode Linux, a kernel that is a process, from Debian's packages, which are unpacked below the folder given and not
// installed. It judges behaviour, not speed: there is one processor inside, and it is slow.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { atEnd } from "../lib/endings.mjs";
import { binary } from "../lib/server.mjs";
import { judge } from "../lib/skips.mjs";

const PACKAGES = ["user-mode-linux", "nfs-kernel-server", "nfs-common", "rpcbind", "libtirpc3", "libtirpc-common", "libnfsidmap1", "keyutils", "busybox-static"];
/** s; longer than it ever takes where it works. */
const LIMIT = Number(process.env.FUMIBAKO_NFS_SECONDS ?? 300);
const here = fileURLToPath(new URL(".", import.meta.url));
const home = path.resolve(process.argv[2] ?? path.join(here, "../../target/nfs"));
const rig = path.join(home, "rig");

function skipped(why) {
  process.exit(judge([{ what: "a real NFS server that goes away", why }]) > 0 ? 1 : 0);
}

/** Downloads and unpacks what is not there yet. */
function prepare() {
  if (existsSync(path.join(rig, "usr/bin/linux.uml"))) return;
  const packages = path.join(home, "packages");
  mkdirSync(packages, { recursive: true });
  const download = () => spawnSync("apt-get", ["download", "-q", ...PACKAGES], { cwd: packages, encoding: "utf8" });
  let got = download();
  if (got.status !== 0 && process.getuid() === 0) {
    spawnSync("apt-get", ["update", "-q"]);
    got = download();
  }
  if (got.status !== 0) skipped(`its packages cannot be had: ${(got.stderr ?? String(got.error)).trim().split("\n").at(-1)}`);
  const part = `${rig}.part`;
  rmSync(part, { recursive: true, force: true });
  for (const name of readdirSync(packages).filter((name) => name.endsWith(".deb"))) {
    const unpacked = spawnSync("dpkg-deb", ["-x", path.join(packages, name), part], { encoding: "utf8" });
    if (unpacked.status !== 0) skipped(`${name} cannot be unpacked: ${unpacked.stderr}`);
  }
  renameSync(part, rig);
  rmSync(packages, { recursive: true });
}

if (process.platform !== "linux" || process.arch !== "x64") skipped("it is for Linux on x86-64");
// These are folders of its own in the guest.
const hidden = [here, home, process.execPath, binary()].find((place) => /^\/(mnt|srv|run|var\/lib)\//.test(place));
if (hidden) skipped(`${hidden} cannot be seen inside`);
if (spawnSync("sh", ["-c", "command -v apt-get && command -v dpkg-deb"]).status !== 0) skipped("this is no Debian");
prepare();
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
const settings = { RIG: rig, NODE: process.execPath, TESTS: path.join(here, "guest.mjs"), FUMIBAKO_BIN: binary() };
const init = path.join(home, "init.sh");
const lines = Object.entries(settings).map(([name, value]) => `export ${name}=${quoted(value)}`);
writeFileSync(init, `#!/bin/sh\n${lines.join("\n")}\n${readFileSync(path.join(here, "guest.sh"), "utf8")}`);
chmodSync(init, 0o755);

const log = path.join(home, "guest.log");
const own = path.join(home, "uml");
rmSync(own, { recursive: true, force: true });
mkdirSync(own);
const args = ["mem=768M", "rootfstype=hostfs", "rootflags=/", "ro", `init=${init}`, `uml_dir=${own}/`, "con=null", "con0=null,fd:1", "con1=null"];
// A group of its own: the kernel is several processes.
const guest = spawn(path.join(rig, "usr/bin/linux.uml"), args, { stdio: ["ignore", "pipe", "pipe"], detached: true, env: { ...process.env, TMPDIR: own, HOME: own } });
const end = () => {
  try {
    process.kill(-guest.pid, "SIGKILL");
  } catch {
    // It has ended.
  }
};
atEnd(end);
const timer = setTimeout(end, LIMIT * 1000);
const found = { began: false, ended: false, passed: 0, failed: 0 };
const all = [];
const read = async (stream) => {
  for await (const line of createInterface(stream)) {
    all.push(line);
    if (/^(ok|not ok|#|1\.\.|  )/.test(line)) console.log(line.trimEnd());
    found.began ||= line.startsWith("# the guest has begun");
    found.ended ||= line.startsWith("# the guest ends");
    if (/^ok /.test(line)) found.passed++;
    if (/^not ok /.test(line)) found.failed++;
  }
};
guest.on("error", (error) => skipped(error.message));
await Promise.all([read(guest.stdout), read(guest.stderr)]);
clearTimeout(timer);
writeFileSync(log, all.join("\n"));
// A kernel that never came to the tests may not be allowed to run here (ptrace); one that did, has to end them.
if (!found.began && !found.ended) skipped(`User-Mode Linux does not start here, see ${log}: ${all.at(-1) ?? "it says nothing"}`);
console.log(`${found.passed} passed, ${found.failed} failed`);
if (!found.ended || found.failed > 0 || found.passed === 0) {
  console.error(found.ended ? `failed; all that the guest said is in ${log}` : `the guest did not come to its end within ${LIMIT} s, see ${log}`);
  process.exit(1);
}
