//! A CAS server that can be told to lie.

use crate::{
    refused,
    server::{Request, Response, Server},
};
use sso::{
    Identity, SsoError,
    cas::{Cas, CasSettings},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

const NAMESPACE: &str = "http://www.yale.edu/tp/cas";
const TICKET: &str = "ST-1-abc";
const SERVICE: &str = "http://127.0.0.1:1/auth/cas/callback";

struct World {
    server: Server,
    says: Arc<Mutex<Response>>,
    last: Arc<Mutex<Request>>,
}

impl World {
    async fn new() -> Self {
        let says = Arc::new(Mutex::new(xml(&success("<cas:user>hanako</cas:user>"))));
        let last: Arc<Mutex<Request>> = Arc::default();
        let server = Server::start({
            let (says, last) = (says.clone(), last.clone());
            move |request| {
                *last.lock().unwrap() = request;
                says.lock().unwrap().clone()
            }
        })
        .await;
        Self { server, says, last }
    }

    fn settings(&self) -> CasSettings {
        CasSettings {
            server_url: format!("{}/cas", self.server.url),
            service_url: SERVICE.into(),
            signed_out_url: "http://127.0.0.1:1/signed-out".into(),
            username_attribute: String::new(),
            subject_attribute: String::new(),
            name_attribute: "displayName".into(),
            mail_attribute: "mail".into(),
            owner_attribute: String::new(),
            required_attributes: BTreeMap::new(),
            renew: false,
            ca_pem: None,
        }
    }

    fn cas(&self) -> Cas {
        Cas::new(self.settings()).unwrap()
    }

    fn say(&self, response: Response) {
        *self.says.lock().unwrap() = response;
    }

    async fn validate(&self, response: Response) -> Result<Identity, SsoError> {
        self.say(response);
        self.cas().validate(TICKET, "transaction-1").await
    }
}

fn xml(body: &str) -> Response {
    Response::new(200, "text/xml; charset=utf-8", body)
}

fn response(inner: &str) -> String {
    format!("<cas:serviceResponse xmlns:cas=\"{NAMESPACE}\">\n{inner}\n</cas:serviceResponse>\n")
}

fn success(inner: &str) -> String {
    response(&format!(
        "<cas:authenticationSuccess>{inner}</cas:authenticationSuccess>"
    ))
}

fn failure(code: &str) -> String {
    response(&format!(
        "<cas:authenticationFailure code=\"{code}\">words</cas:authenticationFailure>"
    ))
}

const PERSON: &str = "<cas:user>hanako</cas:user><cas:attributes><cas:uid>u-002</cas:uid><cas:kind>staff</cas:kind>\
    <cas:kind>teacher</cas:kind><cas:displayName>鈴木 花子</cas:displayName><cas:mail>hanako@example.ac.jp</cas:mail>\
    <cas:authenticationDate>2026-11-28</cas:authenticationDate></cas:attributes>\
    <cas:attribute name=\"uid\" value=\"u-002\"/><cas:attribute name=\"eppn\" value=\"hanako@example.ac.jp\"/>";

#[tokio::test]
async fn the_server_says_whose_ticket_it_is() {
    let world = World::new().await;
    let identity = world.validate(xml(&success(PERSON))).await.unwrap();
    assert_eq!(identity.login, "hanako");
    assert_eq!(identity.subject, "hanako");
    assert_eq!(identity.issuer, format!("{}/cas", world.server.url));
    assert_eq!(identity.ticket.as_deref(), Some(TICKET));
    assert_eq!(identity.name.as_deref(), Some("鈴木 花子"));
    assert_eq!(identity.mail.as_deref(), Some("hanako@example.ac.jp"));
    let asked = world.last.lock().unwrap().clone();
    assert_eq!(asked.path, "/cas/p3/serviceValidate");
    assert_eq!(asked.parameter("ticket").as_deref(), Some(TICKET));
    assert_eq!(
        asked.parameter("service").as_deref(),
        Some("http://127.0.0.1:1/auth/cas/callback?t=transaction-1")
    );
    assert_eq!(asked.parameter("renew"), None);
}

#[tokio::test]
async fn the_service_is_the_same_to_the_byte_in_both_calls() {
    let world = World::new().await;
    let cas = Cas::new(CasSettings {
        service_url: format!("{SERVICE}?a=b"),
        renew: true,
        ..world.settings()
    })
    .unwrap();
    cas.validate(TICKET, "a b/%").await.unwrap();
    let login = url::Url::parse(&cas.login_url("a b/%", false)).unwrap();
    let sent = login
        .query_pairs()
        .find(|(name, _)| name == "service")
        .unwrap()
        .1
        .into_owned();
    let asked = world.last.lock().unwrap().clone();
    assert_eq!(asked.parameter("service"), Some(sent.clone()));
    assert_eq!(sent, cas.service("a b/%"));
    assert_eq!(asked.parameter("renew").as_deref(), Some("true"));
}

#[tokio::test]
async fn attributes_name_account_and_person_if_there_is_one_value() {
    let world = World::new().await;
    world.say(xml(&success(PERSON)));
    let with = |username: &str, subject: &str| {
        Cas::new(CasSettings {
            username_attribute: username.into(),
            subject_attribute: subject.into(),
            ..world.settings()
        })
        .unwrap()
    };
    let identity = with("eppn", "uid").validate(TICKET, "t").await.unwrap();
    assert_eq!(
        (identity.login.as_str(), identity.subject.as_str()),
        ("hanako@example.ac.jp", "u-002")
    );
    for (username, subject) in [("kind", ""), ("absent", ""), ("", "kind"), ("", "absent")] {
        let answer = with(username, subject).validate(TICKET, "t").await;
        refused!(answer, SsoError::NotAllowed(_), "{username} {subject}");
    }
}

#[tokio::test]
async fn required_attributes_are_required() {
    let world = World::new().await;
    world.say(xml(&success(PERSON)));
    let requiring = |name: &str, value: &str| {
        Cas::new(CasSettings {
            required_attributes: [(name.to_owned(), vec!["other".to_owned(), value.to_owned()])].into(),
            ..world.settings()
        })
        .unwrap()
    };
    assert!(requiring("kind", "teacher").validate(TICKET, "t").await.is_ok());
    for (name, value) in [("kind", "student"), ("absent", "teacher")] {
        refused!(
            requiring(name, value).validate(TICKET, "t").await,
            SsoError::NotAllowed(_),
            "{name} {value}"
        );
    }
}

#[tokio::test]
async fn what_the_server_refuses_is_refused() {
    // V-95
    let world = World::new().await;
    for code in [
        "INVALID_TICKET",
        "INVALID_SERVICE",
        "INVALID_TICKET_SPEC",
        "UNAUTHORIZED_SERVICE",
        "",
        "x",
    ] {
        refused!(
            world.validate(xml(&failure(code))).await,
            SsoError::Invalid(_),
            "{code}"
        );
    }
    refused!(
        world.validate(xml(&failure("INTERNAL_ERROR"))).await,
        SsoError::Unavailable(_),
        "INTERNAL_ERROR"
    );
}

#[tokio::test]
async fn answers_that_can_be_read_in_two_ways_are_refused() {
    let world = World::new().await;
    let good = success(PERSON);
    assert!(world.validate(xml(&good)).await.is_ok());
    let one = "<cas:authenticationSuccess><cas:user>hanako</cas:user></cas:authenticationSuccess>";
    for (case, body) in [
        ("a document type", format!("<!DOCTYPE a>{good}")),
        (
            "an entity",
            format!("<!DOCTYPE a [<!ENTITY b 'root'>]>{}", good.replace("hanako", "&b;")),
        ),
        ("two successes", response(&format!("{one}{one}"))),
        (
            "success and failure",
            good.replace(
                "</cas:serviceResponse>",
                "<cas:authenticationFailure code='X'/></cas:serviceResponse>",
            ),
        ),
        (
            "another namespace",
            good.replace(NAMESPACE, "http://www.yale.edu/tp/cas2"),
        ),
        ("no namespace", good.replace("cas:", "").replace("xmlns:cas", "x")),
        (
            "a proxy",
            success("<cas:user>hanako</cas:user><cas:proxies><cas:proxy>https://p</cas:proxy></cas:proxies>"),
        ),
        (
            "two users",
            success("<cas:user>hanako</cas:user><cas:user>taro</cas:user>"),
        ),
        (
            "no user",
            success("<cas:attributes><cas:user>hanako</cas:user></cas:attributes>"),
        ),
        ("half of it", good[..good.len() - 5].to_owned()),
        ("a page", "<html><body>Sign in</body></html>".to_owned()),
        ("CAS 1.0", "yes\nhanako\n".to_owned()),
        ("nothing", String::new()),
    ] {
        refused!(world.validate(xml(&body)).await, SsoError::Invalid(_), "{case}");
    }
}

#[tokio::test]
async fn answers_that_are_none_are_worth_another_try() {
    let world = World::new().await;
    let good = success(PERSON);
    let trap = Server::start(|_| xml("")).await;
    for (case, answer) in [
        ("too long", xml(&format!("{good}{}", " ".repeat(64 << 10)))),
        ("elsewhere", Response::redirect(&trap.url)),
        ("an error", Response::new(500, "text/xml", good.clone())),
        ("not found", Response::new(404, "text/xml", good.clone())),
    ] {
        refused!(world.validate(answer).await, SsoError::Unavailable(_), "{case}");
    }
    assert_eq!(trap.asked_at_all(), 0);
}

#[tokio::test]
async fn what_is_no_ticket_is_not_asked_about() {
    let world = World::new().await;
    for ticket in [
        "",
        "ST-",
        "PT-1",
        "ST-1&service=https://other.example",
        "ST-1 ",
        "ST-\u{e9}",
        "TGT-1",
    ] {
        refused!(
            world.cas().validate(ticket, "t").await,
            SsoError::Invalid(_),
            "{ticket}"
        );
    }
    assert_eq!(world.server.asked_at_all(), 0);
}

#[tokio::test]
async fn a_server_is_there_if_it_answers_as_one() {
    let world = World::new().await;
    for (answer, is_there) in [
        (xml(&failure("INVALID_REQUEST")), true),
        (Response::new(200, "text/html", "<html></html>"), false),
        (Response::new(502, "text/html", ""), false),
    ] {
        world.say(answer.clone());
        match world.cas().probe().await {
            Ok(()) if is_there => {}
            Err(SsoError::Unavailable(_)) if !is_there => {}
            other => panic!("{answer:?}: {other:?}"),
        }
    }
    let gone = World::new().await.cas();
    refused!(gone.probe().await, SsoError::Unavailable(_), "no listener");
}
