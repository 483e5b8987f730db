// Dovecot on a spool of ours, without its daemon: doveadm reads and changes it in a process of its own, dovecot-lda delivers.
import { spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";

const LDA = "/usr/lib/dovecot/dovecot-lda";
/** Dovecot refuses to read mail as root. */
const UID = 65534;
const GID = 65534;
/** The same, for other programs. */
export const USER = { uid: UID, gid: GID };

/** Whether there is no such program. */
export const lacks = (program) => Boolean(spawnSync(program, ["-v"], { stdio: "ignore" }).error);

/** Why there is no Dovecot to compare with, or nothing. */
export function missing() {
  if (process.getuid() !== 0) return "not root, and Dovecot reads mail as a user of its own";
  if (spawnSync("doveadm", ["-V"]).error || !existsSync(LDA)) return "doveadm and dovecot-lda are not installed (dovecot-core)";
}

/** Gives a tree to the user that Dovecot reads as. */
export function give(tree) {
  chownSync(tree, UID, GID);
  for (const entry of readdirSync(tree, { withFileTypes: true })) {
    const place = path.join(tree, entry.name);
    if (entry.isDirectory()) give(place);
    else chownSync(place, UID, GID);
  }
}

/** What a program prints, without stopping what else goes on here; an error if it fails. */
export function run(program, args, { input = "", ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, options);
    let [out, log] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => (out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (log += text));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve(out) : reject(new Error(`${program} ${args.join(" ")} ended with ${code}:\n${log}`))));
    // A program that does not read all of it ends as it likes.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}

/** `location` is Dovecot's mail_location, `separator` what stands between the levels of a name; its own files stay in `home`. */
export function dovecot(home, location, separator = ".") {
  mkdirSync(path.join(home, "run"), { recursive: true });
  const config = path.join(home, "dovecot.conf");
  writeFileSync(config, `
base_dir = ${home}/run
log_path = /dev/stderr
ssl = no
first_valid_uid = 1
mail_location = ${location}
mail_plugins =
protocols =
userdb {
  driver = static
  args = uid=${UID} gid=${GID} home=${home}
}
namespace inbox {
  inbox = yes
  separator = ${separator}
}
passdb {
  driver = static
  args = nopassword=y
}
protocol lda {
  postmaster_address = postmaster@campus.example
}
`);
  give(home);
  const doveadm = (...args) => run("doveadm", ["-c", config, ...args], { uid: UID, gid: GID, env: { ...process.env, HOME: home, USER: "reader" } });
  return {
    doveadm,
    /** Delivers by dovecot-lda. */
    deliver: (message, mailbox = "INBOX") => run(LDA, ["-c", config, "-m", mailbox], { input: message, uid: UID, gid: GID, env: { PATH: process.env.PATH, HOME: home, USER: "reader" } }),
    /** `{mailbox: [{uid, flags}]}`, in order of UID; levels of names joined by `/`. */
    async everything() {
      const found = {};
      const plain = (name) => name.replaceAll(separator, "/");
      for (const name of (await doveadm("mailbox", "list")).split("\n").filter(Boolean)) found[plain(name)] = [];
      for (const block of (await doveadm("fetch", "mailbox uid flags", "mailbox", "*", "all")).split("\f")) {
        const field = (name) => block.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1].trim();
        if (!field("uid")) continue;
        const flags = field("flags").split(" ").filter((flag) => flag && flag !== "\\Recent");
        (found[plain(field("mailbox"))] ??= []).push({ uid: Number(field("uid")), flags: flags.map((flag) => flag.replace(/^\\/, "")).sort() });
      }
      for (const list of Object.values(found)) list.sort((a, b) => a.uid - b.uid);
      return found;
    },
    /** Mailbox, subject and flags of every message. */
    async headers() {
      const blocks = (await doveadm("fetch", "mailbox hdr.subject flags", "mailbox", "*", "all")).split("\f");
      const field = (block, name) => block.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1].trim() ?? "";
      return blocks.filter((block) => block.trim()).map((block) => ({ mailbox: field(block, "mailbox"), subject: field(block, "hdr.subject"), flags: field(block, "flags") }));
    },
    uidvalidity: async (mailbox) => Number((await doveadm("-f", "flow", "mailbox", "status", "uidvalidity", mailbox)).match(/uidvalidity=(\d+)/)[1]),
  };
}
