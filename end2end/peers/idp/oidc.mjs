// An OpenID provider for tests alone, on loopback: whoever types a known name is that person. Started by `../../lib/oidc.mjs`.
import { Provider } from "oidc-provider";

const { IDP_PORT, PORTAL, IDP_KEYS } = process.env;
const people = {
  u001: { preferred_username: "tanaka", name: "田中 葵", email: "tanaka.a.aa@m.example.ac.jp", eppn: "tanaka@example.ac.jp", groups: ["student"] },
  u002: { preferred_username: "sato", name: "佐藤 健一", email: "sato.k.ab@m.example.ac.jp", eppn: "sato@example.ac.jp", groups: ["student"] },
  // Not one of ours, another scope, letters that fold into another's name, a name given to somebody else, a guest.
  u003: { preferred_username: "nobody", name: "Nobody", groups: ["student"] },
  u004: { preferred_username: "tanaka@elsewhere.example", name: "Elsewhere", groups: ["student"] },
  u005: { preferred_username: "ｔａｎａｋａ", name: "Wide", groups: ["student"] },
  u006: { preferred_username: "tanaka", name: "Another Tanaka", groups: ["student"] },
  u007: { preferred_username: "mori", name: "Guest", groups: ["guest"] },
};
for (let number = 0; number < 1000; number++) people[`many${number}`] = { ...people.u001, preferred_username: "tanaka" };

const client = (client_id, callback) => ({
  client_id,
  client_secret: `${client_id}-secret-for-tests-only`,
  redirect_uris: [callback],
  post_logout_redirect_uris: [`${PORTAL}/signed-out`],
  backchannel_logout_uri: `${PORTAL}/auth/oidc/backchannel-logout`,
  backchannel_logout_session_required: true,
  grant_types: ["authorization_code"],
  response_types: ["code"],
  token_endpoint_auth_method: "client_secret_basic",
});

const provider = new Provider(`http://127.0.0.1:${IDP_PORT}`, {
  clients: [client("webmail", `${PORTAL}/auth/oidc/callback`), client("other", "http://127.0.0.1:9/callback")],
  claims: { openid: ["sub"], profile: ["name", "preferred_username"], email: ["email"], campus: ["eppn", "groups"] },
  scopes: ["openid", "profile", "email", "campus"],
  ...(IDP_KEYS ? { jwks: JSON.parse(IDP_KEYS) } : {}),
  // Version 9 cuts calls to private addresses; ours go nowhere else.
  fetch: (url, { dispatcher, ...rest }) => globalThis.fetch(url, rest),
  pkce: { required: () => true },
  cookies: { keys: ["for-tests-only"] },
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true }, backchannelLogout: { enabled: true } },
  findAccount: async (_, id) => people[id] && { accountId: id, claims: async () => ({ sub: id, ...people[id] }) },
  ttl: { AccessToken: 300, IdToken: 300, Session: 3600, Grant: 3600, Interaction: 600, AuthorizationCode: 60 },
});
provider.on("backchannel.success", (_, { clientId }) => console.log(`told ${clientId}`));
provider.on("backchannel.error", (_, error, { clientId }) => console.log(`not told ${clientId}: ${error.message}`));
provider.listen(Number(IDP_PORT), "127.0.0.1", () => console.log("ready"));
