//! Connections that are not used as they should be, over raw TCP.

use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{Customer, Portal, Program, Scenario, Upstream};

const HALF_A_HEAD: &str = "GET /healthz HTTP/1.1\r\nhost: portal\r\n";
const HALF_A_BODY: &str = "POST /portal/sessions HTTP/1.1\r\nhost: portal\r\n\
    authorization: Bearer merchant-secret-of-the-tests\r\n\
    content-type: application/json\r\ncontent-length: 100\r\n\r\n{";

/// How long a request may take while others misbehave.
const WITHIN: Duration = Duration::from_secs(2);

async fn connect(origin: &str) -> TcpStream {
    let address = origin.strip_prefix("http://").unwrap();
    TcpStream::connect(address).await.unwrap()
}

/// So many connections that have sent `text` and stay.
async fn waiting(origin: &str, text: &str, count: usize) -> Vec<TcpStream> {
    let mut all = Vec::new();
    for _ in 0..count {
        let mut tcp = connect(origin).await;
        // One that had to make way for another may be closed already.
        let _ = tcp.write_all(text.as_bytes()).await;
        all.push(tcp);
    }
    all
}

/// All that comes until the connection is closed.
async fn rest(tcp: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let closed = timeout(Duration::from_secs(10), tcp.read_to_end(&mut bytes)).await;
    match closed.expect("the connection is closed") {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
    }
    bytes
}

fn limits(settings: &'static str) -> impl FnOnce(String) -> String {
    move |config| config.replace("[merchant]", &format!("[limits]\n{settings}\n[merchant]"))
}

async fn answers_in_time(origin: &str, cookie: &str) {
    for path in ["/healthz", "/portal/api/session"] {
        let start = Instant::now();
        let customer = Customer::new(origin, cookie.to_owned());
        assert_eq!(customer.send("GET", path).await.status, 200, "{path}");
        assert!(start.elapsed() < WITHIN, "{path}: {:?}", start.elapsed());
    }
}

#[tokio::test]
async fn s49_half_open_connections_stop_neither_customers_nor_the_end() {
    rlimit::increase_nofile_limit(4_096).unwrap();
    let upstream = Upstream::start(Scenario::Everyday).await;
    let folder = tempfile::tempdir().unwrap();
    // Fewer files than there will be connections.
    let mut program = Program::start_limited(folder.path(), &upstream, 256);
    let cookie = program.customer(&upstream).await.cookie;
    let _heads = waiting(&program.origin, HALF_A_HEAD, 1_100).await;
    answers_in_time(&program.origin, &cookie).await;
    let _bodies = waiting(&program.origin, HALF_A_BODY, 200).await;
    answers_in_time(&program.origin, &cookie).await;

    let log = program.log();
    let told = log.matches("too many connections").count();
    assert!((1..10).contains(&told), "{told} lines");

    let start = Instant::now();
    program.terminate();
    assert!(program.ended().await.success());
    assert!(
        start.elapsed() < Duration::from_secs(4),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test]
async fn s49_connections_are_capped_and_new_ones_still_get_in() {
    rlimit::increase_nofile_limit(4_096).unwrap();
    let few = limits("connections = 40\nconnections_per_address = 30");
    let portal = Portal::with(Scenario::Everyday, few).await;
    let cookie = portal.customer().await.cookie;
    let mut all = waiting(&portal.origin, HALF_A_HEAD, 100).await;
    answers_in_time(&portal.origin, &cookie).await;
    let mut open = 0;
    for tcp in &mut all {
        let mut byte = [0];
        open += usize::from(
            timeout(Duration::from_millis(5), tcp.read(&mut byte))
                .await
                .is_err(),
        );
    }
    assert!((10..=30).contains(&open), "{open} are open");
}

#[tokio::test]
async fn s49_each_step_of_a_connection_has_its_time() {
    let short = limits("header_timeout_seconds = 1\nidle_timeout_seconds = 2");
    let portal = Portal::with(Scenario::Everyday, short).await;
    for text in ["", HALF_A_HEAD] {
        let start = Instant::now();
        let mut tcp = connect(&portal.origin).await;
        tcp.write_all(text.as_bytes()).await.unwrap();
        assert!(rest(&mut tcp).await.is_empty());
        assert!(start.elapsed() < WITHIN, "{:?}", start.elapsed());
    }
    // After a request the connection stays for the next, and not for ever.
    let mut tcp = connect(&portal.origin).await;
    let start = Instant::now();
    let whole = format!("{HALF_A_HEAD}\r\n");
    for _ in 0..2 {
        tcp.write_all(whole.as_bytes()).await.unwrap();
        let mut answer = [0; 1_024];
        let read = tcp.read(&mut answer).await.unwrap();
        assert!(answer[..read].starts_with(b"HTTP/1.1 200 OK\r\n"));
        tokio::time::sleep(Duration::from_millis(1_200)).await;
    }
    tcp.write_all(HALF_A_HEAD.as_bytes()).await.unwrap();
    rest(&mut tcp).await;
    let took = start.elapsed();
    assert!(
        (Duration::from_secs(3)..Duration::from_secs(6)).contains(&took),
        "{took:?}"
    );
}

#[tokio::test]
async fn s49_a_client_that_does_not_read_is_given_up() {
    const LARGE: usize = 32 << 20;
    let folder = tempfile::tempdir().unwrap();
    let shown = folder.path().join("portal");
    std::fs::create_dir(&shown).unwrap();
    let index = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/portal/index.html");
    std::fs::copy(index, shown.join("index.html")).unwrap();
    std::fs::write(shown.join("large.js"), vec![b' '; LARGE]).unwrap();
    let portal = Portal::with(Scenario::Everyday, |config| {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/portal");
        let config = config.replace(&format!("{own:?}"), &format!("{shown:?}"));
        limits("write_timeout_seconds = 1")(config)
    })
    .await;
    let mut tcp = connect(&portal.origin).await;
    let asked = "GET /portal/large.js HTTP/1.1\r\nhost: portal\r\n\r\n";
    tcp.write_all(asked.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let read = rest(&mut tcp).await.len();
    assert!(read < LARGE, "{read} bytes came");
    // One that reads gets all of it.
    let whole = portal.stranger().send("GET", "/portal/large.js").await;
    assert_eq!(whole.text.len(), LARGE);
}

#[tokio::test]
async fn s25_what_the_http_parser_refuses_carries_the_security_headers() {
    let portal = Portal::start(Scenario::Everyday).await;
    let long = "x".repeat(80 * 1024);
    let refused = [
        ("no HTTP\r\n\r\n".to_owned(), 400),
        (
            "GET / HTTP/1.1\r\nhost: a\r\nx y: 1\r\n\r\n".to_owned(),
            400,
        ),
        ("GET / HTTP/9.9\r\nhost: a\r\n\r\n".to_owned(), 400),
        (format!("GET /{long} HTTP/1.1\r\nhost: a\r\n\r\n"), 414),
        (
            format!(
                "GET / HTTP/1.1\r\nhost: a\r\nx: {}\r\n\r\n",
                long.repeat(16)
            ),
            431,
        ),
        (
            format!("GET / HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(200)),
            431,
        ),
    ];
    let usual = portal.stranger().send("GET", "/healthz").await;
    let mut answered = 0;
    for (request, status) in refused {
        let mut tcp = connect(&portal.origin).await;
        let _ = tcp.write_all(request.as_bytes()).await;
        let _ = tcp.shutdown().await;
        let answer = String::from_utf8(rest(&mut tcp).await).unwrap();
        let start = request.chars().take(40).collect::<String>();
        if answer.is_empty() {
            // Closed without a body, which needs no headers.
            continue;
        }
        answered += 1;
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let said: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
        // A line that is too long may be refused as one thing or the other.
        assert!(
            said == status || (status, said) == (414, 431),
            "{start}: {head}"
        );
        assert_eq!(body, "", "{start}");
        for name in [
            "content-security-policy",
            "x-content-type-options",
            "referrer-policy",
            "cache-control",
            "permissions-policy",
            "x-frame-options",
        ] {
            let line = format!("\r\n{name}: {}", usual.header(name));
            assert!(head.contains(&line), "{start}: {name}");
        }
    }
    assert!(answered >= 3, "{answered} are answered");
}
