// A portal with several people, whose Maildirs may be one and the same.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { client } from "../lib/http.mjs";
import { serve } from "../lib/server.mjs";
import { freePort } from "./ports.mjs";

/** What a campus is called from outside; asked on loopback, by that name. */
const HOST = "mail.campus.example";

/** `mail` has each person's Maildir; what is made here is kept in `folder`. */
export function people(folder, mail) {
  const spool = path.join(folder, "spool");
  for (const [name, maildir] of Object.entries(mail)) {
    mkdirSync(path.join(spool, name), { recursive: true });
    symlinkSync(maildir, path.join(spool, name, "Maildir"));
  }
  const config = path.join(folder, "config.toml");
  writeFileSync(config, `[http]\npublic_url = "https://${HOST}"\n[spool]\nformat = "maildir"\nroot = "${spool}/{account}/Maildir"\n`);
  return {
    config,
    data: path.join(folder, "data"),
    /** The portal, with `signIn(name)` for a client. */
    async serve(data = path.join(folder, "data")) {
      const port = await freePort();
      const portal = await serve(["--config", config], { data, listen: `127.0.0.1:${port}` });
      const origin = `http://127.0.0.1:${port}`;
      const freshLink = async (name) => (await portal.freshLink(name)).replace(portal.origin, origin);
      const signIn = (name) => client({ origin, freshLink: () => freshLink(name) }, { headers: { host: HOST } });
      return { ...portal, signIn };
    },
  };
}
