//! The socket and the lanes behind it, over real connections.

use crate::app::TestApp;
use axum::{Router, http::StatusCode, routing::get};
use futures::future::join_all;
use server::{
    config::Listen,
    lanes::Lanes,
    listen::{self, Listener},
};
use std::{collections::BTreeMap, io, net::SocketAddr, sync::Arc};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    sync::{Notify, mpsc, oneshot},
    task::JoinHandle,
};

struct Portal {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Portal {
    async fn start(lanes: usize, router: Router) -> Self {
        let listener = Listener::bind(&Listen::try_from("127.0.0.1:0".to_owned()).unwrap())
            .await
            .unwrap();
        let address = listener.address().unwrap().unwrap();
        let lanes = Lanes::start(lanes, &router).unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = tokio::spawn(listen::serve(listener, lanes, async move {
            let _ = stopped.await;
        }));
        Self { address, stop, ended }
    }

    async fn connect(&self) -> Client {
        Client(BufReader::new(TcpStream::connect(self.address).await.unwrap()))
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.ended.await.unwrap();
    }
}

/// One connection.
struct Client(BufReader<TcpStream>);

impl Client {
    async fn ask(&mut self, path: &str, cookies: Option<&str>) -> io::Result<(StatusCode, Vec<u8>)> {
        self.send(path, cookies).await?;
        self.answer().await
    }

    async fn send(&mut self, path: &str, cookies: Option<&str>) -> io::Result<()> {
        let cookies = cookies
            .map(|cookies| format!("cookie: {cookies}\r\n"))
            .unwrap_or_default();
        let request = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1:4080\r\n{cookies}\r\n");
        self.0.write_all(request.as_bytes()).await
    }

    async fn answer(&mut self) -> io::Result<(StatusCode, Vec<u8>)> {
        let head = self.line().await?;
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line().await?.to_ascii_lowercase();
            match line.split_once(": ") {
                Some(("content-length", value)) => length = value.parse().unwrap(),
                Some(("transfer-encoding", _)) => chunked = true,
                Some(_) => {}
                None => break,
            }
        }
        let mut body = self.bytes(length).await?;
        while chunked {
            let length = usize::from_str_radix(&self.line().await?, 16).unwrap();
            body.extend(self.bytes(length).await?);
            self.line().await?;
            chunked = length > 0;
        }
        Ok((status, body))
    }

    async fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.0.read_line(&mut line).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    }

    async fn bytes(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.0.read_exact(&mut bytes).await?;
        Ok(bytes)
    }
}

async fn lane() -> String {
    std::thread::current().name().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn connections_spread_over_lanes_and_each_stays_on_its_own() {
    let portal = Portal::start(3, Router::new().route("/", get(lane))).await;
    let mut clients = Vec::new();
    let mut lanes = BTreeMap::<String, usize>::new();
    for _ in 0..6 {
        let mut client = portal.connect().await;
        let (_, lane) = client.ask("/", None).await.unwrap();
        *lanes.entry(String::from_utf8(lane.clone()).unwrap()).or_default() += 1;
        clients.push((client, lane));
    }
    let expected = [("lane-0", 2), ("lane-1", 2), ("lane-2", 2)];
    assert_eq!(lanes, expected.map(|(name, count)| (name.to_owned(), count)).into());
    for (client, lane) in &mut clients {
        assert_eq!(client.ask("/", None).await.unwrap().1, *lane);
    }
    portal.stop().await;
}

#[tokio::test]
async fn many_pages_at_once_are_all_answered() {
    let app = TestApp::new().await;
    app.sign_in("hana").await;
    let paths = Arc::new([
        app.inbox().await,
        app.letter("Plain").await,
        format!("{}/body?view=html", app.letter("Html").await),
        format!("{}/parts.zip", app.letter("Files").await),
        "/settings".to_owned(),
        "/healthz".to_owned(),
    ]);
    let portal = Portal::start(2, app.router.clone()).await;
    let readers = (0..24).map(|reader: usize| {
        let (paths, cookies) = (Arc::clone(&paths), app.cookies());
        let client = portal.connect();
        async move {
            let mut client = client.await;
            for number in 0..12 {
                let path = &paths[(reader + number) % paths.len()];
                let (status, _) = client.ask(path, cookies.as_deref()).await.unwrap();
                assert_eq!(status, StatusCode::OK, "{path}");
            }
        }
    });
    join_all(readers).await;
    portal.stop().await;
}

#[tokio::test]
async fn a_stop_lets_the_answer_under_way_finish() {
    let (started, mut start) = mpsc::unbounded_channel();
    let gate = Arc::new(Notify::new());
    let slow = {
        let gate = Arc::clone(&gate);
        get(move || async move {
            started.send(()).unwrap();
            gate.notified().await;
            "done"
        })
    };
    let portal = Portal::start(2, Router::new().route("/", get(lane)).route("/slow", slow)).await;
    let mut idle = portal.connect().await;
    idle.ask("/", None).await.unwrap();
    let mut client = portal.connect().await;
    client.send("/slow", None).await.unwrap();
    start.recv().await.unwrap();
    portal.stop.send(()).unwrap();
    // A connection that asks for nothing is closed at once, and no new one is taken.
    assert_eq!(idle.0.read(&mut [0]).await.unwrap(), 0);
    assert!(TcpStream::connect(portal.address).await.is_err());
    assert!(!portal.ended.is_finished());
    gate.notify_one();
    assert_eq!(client.answer().await.unwrap(), (StatusCode::OK, b"done".to_vec()));
    portal.ended.await.unwrap();
}

#[tokio::test]
async fn a_panic_costs_its_connection_and_not_the_lane() {
    async fn defect() -> &'static str {
        panic!("on purpose")
    }
    let router = Router::new().route("/", get(lane)).route("/defect", get(defect));
    let portal = Portal::start(1, router).await;
    let mut other = portal.connect().await;
    other.ask("/", None).await.unwrap();
    assert!(portal.connect().await.ask("/defect", None).await.is_err());
    for client in [&mut other, &mut portal.connect().await] {
        assert_eq!(client.ask("/", None).await.unwrap().1, b"lane-0");
    }
    portal.stop().await;
}

#[tokio::test]
async fn what_a_request_began_goes_on_without_its_connection() {
    let (told, mut tell) = mpsc::unbounded_channel();
    let gate = Arc::new(Notify::new());
    let begin = {
        let gate = Arc::clone(&gate);
        get(move || async move {
            tokio::spawn(async move {
                gate.notified().await;
                told.send(lane().await).unwrap();
            });
        })
    };
    let portal = Portal::start(1, Router::new().route("/", get(lane)).route("/begin", begin)).await;
    let mut client = portal.connect().await;
    client.ask("/begin", None).await.unwrap();
    drop(client);
    portal.connect().await.ask("/", None).await.unwrap();
    gate.notify_one();
    assert_eq!(tell.recv().await.unwrap(), "lane-0");
    portal.stop().await;
}
