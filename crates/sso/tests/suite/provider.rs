//! An OpenID provider that can be told to lie.

use crate::{
    jose::Key,
    server::{Request, Response, Server, parameter},
};
use data_encoding::BASE64;
use openidconnect::{AccessToken, AccessTokenHash, PkceCodeChallenge, PkceCodeVerifier, core::CoreJsonWebKeySet};
use serde_json::{Value, json};
use sso::{
    Identity, SsoError,
    oidc::{Oidc, OidcSettings, TokenAuth},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

pub const NOW: i64 = 1_800_000_000;
pub const RANDOM: [u8; 96] = [42; 96];
pub const CLIENT: &str = "webmail";
pub const SECRET: &str = "a secret / with + signs: of tests";
pub const CALLBACK: &str = "http://127.0.0.1:1/auth/oidc/callback";
pub const SIGNED_OUT: &str = "http://127.0.0.1:1/signed-out";
const ACCESS: &str = "access-token";

/// Makes a token of a key, a header and claims.
type Make = Box<dyn Fn(&Key, &Value, &Value) -> String + Send>;

/// What the provider says, to be changed by each test.
pub struct Says {
    pub metadata: Value,
    pub published: Vec<Key>,
    pub signer: Key,
    /// Changes of the ID token's claims; null takes one away.
    pub claims: Value,
    pub header: Value,
    pub make: Make,
    pub userinfo: Value,
    /// Parameters of the callback beside code and state.
    pub callback: String,
    /// Answers in the place of the right ones, by path.
    pub instead: BTreeMap<&'static str, Response>,
    /// What the last browser came with.
    begun: Option<Begun>,
    pub last: Request,
}

struct Begun {
    nonce: String,
    challenge: String,
    code: String,
}

pub struct Provider {
    pub server: Server,
    says: Arc<Mutex<Says>>,
}

impl Provider {
    pub async fn start() -> Self {
        let signer = Key::new(1, "one");
        let says = Arc::new(Mutex::new(Says {
            metadata: json!({}),
            published: vec![signer.clone()],
            header: signer.header(),
            signer,
            claims: json!({}),
            make: Box::new(Key::sign),
            userinfo: json!({
                "sub": "u-002",
                "preferred_username": "hanako",
                "name": "鈴木 花子",
                "email": "hanako@example.ac.jp",
                "groups": ["staff", "teacher"],
                // Types that are wrong, and common.
                "email_verified": "true",
                "address": "Kyoto",
            }),
            callback: String::new(),
            instead: BTreeMap::new(),
            begun: None,
            last: Request::default(),
        }));
        let server = Server::start({
            let says = says.clone();
            move |request| says.lock().unwrap().answer(request)
        })
        .await;
        let this = Self { server, says };
        this.says().metadata = this.metadata();
        this.says().callback = format!("&iss={}", this.url());
        this
    }

    pub fn url(&self) -> &str {
        &self.server.url
    }

    pub fn says(&self) -> MutexGuard<'_, Says> {
        self.says.lock().unwrap()
    }

    /// As [`Self::says`], for one change in a chain of them.
    pub fn change(&self, change: impl FnOnce(&mut Says)) {
        change(&mut self.says());
    }

    fn metadata(&self) -> Value {
        let url = self.url();
        json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/authorize?tenant=a"),
            "token_endpoint": format!("{url}/token"),
            "userinfo_endpoint": format!("{url}/userinfo"),
            "jwks_uri": format!("{url}/keys"),
            "end_session_endpoint": format!("{url}/logout?tenant=a"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "EdDSA", "of-the-future"],
            "authorization_response_iss_parameter_supported": true,
        })
    }

    pub fn settings(&self) -> OidcSettings {
        OidcSettings {
            issuer: self.url().to_owned(),
            client_id: CLIENT.into(),
            client_secret: Some(SECRET.into()),
            redirect_url: CALLBACK.into(),
            post_logout_url: SIGNED_OUT.into(),
            scopes: ["openid", "profile", "email"].map(str::to_owned).into(),
            username_claim: "preferred_username".into(),
            name_claim: "name".into(),
            mail_claim: "email".into(),
            owner_claim: String::new(),
            required_claims: BTreeMap::new(),
            token_auth: TokenAuth::Basic,
            algorithms: Vec::new(),
            clock_skew: 60,
            ca_pem: None,
        }
    }

    pub fn client(&self) -> Oidc {
        Oidc::new(self.settings()).unwrap()
    }

    /// The browser signs in: the address it was sent to, and the query it comes back with.
    pub fn browse(&self, url: &str) -> String {
        let url = url::Url::parse(url).unwrap();
        let query = url.query().unwrap();
        let sent = |name: &str| parameter(query, name).unwrap_or_else(|| panic!("no {name}"));
        assert_eq!(sent("client_id"), CLIENT);
        assert_eq!(sent("redirect_uri"), CALLBACK);
        assert_eq!(sent("response_type"), "code");
        assert_eq!(sent("code_challenge_method"), "S256");
        let mut says = self.says();
        says.begun = Some(Begun {
            nonce: sent("nonce"),
            challenge: sent("code_challenge"),
            code: "code-1".into(),
        });
        format!("code=code-1&state={}{}", sent("state"), says.callback)
    }

    /// A whole sign-in.
    pub async fn sign_in(&self, client: &Oidc) -> Result<Identity, SsoError> {
        self.sign_in_at(client, NOW).await
    }

    pub async fn sign_in_at(&self, client: &Oidc, now: i64) -> Result<Identity, SsoError> {
        let begun = client.begin(&RANDOM, now).await?;
        let query = self.browse(&begun.url);
        client.finish(&query, &begun.transaction, now).await
    }
}

impl Says {
    fn answer(&mut self, request: Request) -> Response {
        self.last = request.clone();
        if let Some((_, response)) = self.instead.iter().find(|(path, _)| **path == request.path) {
            return response.clone();
        }
        match request.path.as_str() {
            "/.well-known/openid-configuration" => Response::json(&self.metadata),
            "/keys" => {
                let mut keys = json!(CoreJsonWebKeySet::new(self.published.iter().map(Key::public).collect()));
                let other = json!({"kty": "of-the-future", "kid": "x"});
                keys["keys"].as_array_mut().unwrap().push(other);
                Response::json(&keys)
            }
            "/token" => self.token(&request),
            "/userinfo" if request.header("authorization") == Some("Bearer access-token") => {
                Response::json(&self.userinfo)
            }
            path => panic!("{path} is not to be asked for so"),
        }
    }

    fn token(&mut self, request: &Request) -> Response {
        let refused = |error: &str| Response::new(400, "application/json", json!({"error": error}).to_string());
        if !is_client(request) {
            return refused("invalid_client");
        }
        // A code is good for one time.
        let Some(begun) = self.begun.take() else {
            return refused("invalid_grant");
        };
        let verifier = PkceCodeVerifier::new(request.parameter("code_verifier").unwrap());
        let is_ours = request.parameter("grant_type").as_deref() == Some("authorization_code")
            && request.parameter("code").as_deref() == Some(&begun.code)
            && request.parameter("redirect_uri").as_deref() == Some(CALLBACK)
            && PkceCodeChallenge::from_code_verifier_sha256(&verifier).as_str() == begun.challenge;
        if !is_ours {
            return refused("invalid_grant");
        }
        Response::json(&json!({
            "access_token": ACCESS,
            "token_type": "Bearer",
            "expires_in": 3600,
            "id_token": self.id_token(&begun.nonce),
        }))
    }

    fn id_token(&self, nonce: &str) -> String {
        let mut claims = json!({
            "iss": self.metadata["issuer"],
            "sub": "u-002",
            "aud": CLIENT,
            "exp": NOW + 3600,
            "iat": NOW,
            "nonce": nonce,
            "sid": "session-1",
        });
        patch(&mut claims, &self.claims);
        (self.make)(&self.signer, &self.header, &claims)
    }

    /// The hash that belongs into the token.
    pub fn access_token_hash(&self) -> String {
        let access = AccessToken::new(ACCESS.into());
        AccessTokenHash::from_token(&access, &self.signer.algorithm(), &self.signer.public())
            .unwrap()
            .to_string()
    }

    pub fn sign_with(&mut self, key: &Key) {
        self.signer = key.clone();
        self.header = key.header();
    }
}

/// Changes members of an object; null takes one away.
pub fn patch(object: &mut Value, changes: &Value) {
    let object = object.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            object.remove(name);
        } else {
            object.insert(name.clone(), value.clone());
        }
    }
}

/// RFC 6749 §2.3.1, in both forms, or a public client.
fn is_client(request: &Request) -> bool {
    let encoded = |text: &str| -> String { url::form_urlencoded::byte_serialize(text.as_bytes()).collect() };
    let basic = format!(
        "Basic {}",
        BASE64.encode(format!("{}:{}", encoded(CLIENT), encoded(SECRET)).as_bytes())
    );
    match request.header("authorization") {
        Some(header) => header == basic && request.parameter("client_secret").is_none(),
        None => {
            let secret = request.parameter("client_secret");
            request.parameter("client_id").as_deref() == Some(CLIENT) && secret.is_none_or(|secret| secret == SECRET)
        }
    }
}

/// The answer is of that kind; says which case it was not.
#[macro_export]
macro_rules! refused {
    ($answer:expr, $kind:pat, $($case:tt)+) => {
        match $answer {
            Err($kind) => {}
            other => panic!("{}: {other:?}", format_args!($($case)+)),
        }
    };
}
