//! The TCP connections: how many there may be, and how long each step of a request may take.

mod open;
mod stream;

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, Response};
use http_body::{Body as _, Frame, SizeHint};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{interval, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

use crate::client_address::ClientAddress;
use crate::config::ConnectionLimits;
use crate::live::Live;
use open::{Caps, Connection, Open, Phase, REPORT};
use stream::Stream;

/// Open files besides connections: the database, the calls of Recharge, the log.
const OTHER_FILES: u64 = 128;
/// Bytes that the head of a request may have.
const LONGEST_HEAD: usize = 64 * 1024;
/// How long the listener waits after an accept that failed.
const PAUSE: Duration = Duration::from_millis(20);

/// The TCP connections.
pub(crate) struct Connections {
    live: Live,
    http: http1::Builder,
    limits: ConnectionLimits,
    caps: Caps,
    open: Arc<Open>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Connections {
    /// Connections for what is live; `stop` ends those that are not at work.
    pub(crate) fn new(live: &Live, stop: CancellationToken) -> Connections {
        let limits = live.app().config.connections;
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(limits.idle_timeout)
            .max_buf_size(LONGEST_HEAD);
        Connections {
            live: live.clone(),
            http,
            limits,
            caps: caps(limits),
            open: Arc::default(),
            stop,
            tasks: TaskTracker::new(),
        }
    }

    /// Serves whoever connects to `listener`; never returns.
    pub(crate) async fn accept(&self, listener: &TcpListener) {
        let mut report = interval(REPORT);
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = report.tick() => {
                    self.open.tell();
                    continue;
                }
            };
            match accepted {
                Ok((tcp, peer)) => self.admit(tcp, peer.ip().to_canonical()),
                Err(error) => {
                    tracing::debug!(%error, "accept failed");
                    self.open.accept_failed();
                    sleep(PAUSE).await;
                }
            }
        }
    }

    /// Waits until all connections have ended, after `stop`.
    pub(crate) async fn end(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn admit(&self, tcp: TcpStream, peer: IpAddr) {
        let is_proxy = self.live.app().config.proxies.contains(peer);
        if let Some(connection) = self.open.admit(peer, self.caps, is_proxy) {
            self.tasks.spawn(self.serve(tcp, peer, connection));
        }
    }

    fn serve(
        &self,
        tcp: TcpStream,
        peer: IpAddr,
        connection: Connection,
    ) -> impl Future<Output = ()> + use<> {
        let connection = Arc::new(connection);
        let live = self.live.clone();
        let asked = Arc::clone(&connection);
        let service = service_fn(move |request: Request<Incoming>| {
            let version = live.version();
            let proxies = &version.app.config.proxies;
            let client = proxies.client(peer, request.headers());
            answer(Arc::clone(&asked), version.router, request, client)
        });
        let mut headers = HeaderMap::new();
        self.live.app().headers.apply(&mut headers);
        let stream = Stream::new(
            tcp,
            self.limits.write_timeout,
            stream::lines(&headers),
            Arc::clone(&connection),
        );
        let served = self.http.serve_connection(TokioIo::new(stream), service);
        let (first_request, stop) = (self.limits.header_timeout, self.stop.clone());
        async move {
            let mut served = pin!(served);
            let mut first_request = pin!(sleep(first_request));
            let (mut is_waiting, mut is_stopping) = (true, false);
            loop {
                tokio::select! {
                    // An error is the client's: it left, or sent what is not HTTP.
                    _ = served.as_mut() => break,
                    () = connection.close.cancelled() => break,
                    () = &mut first_request, if is_waiting => {
                        if connection.phase() == Phase::New {
                            break;
                        }
                        is_waiting = false;
                    }
                    () = stop.cancelled(), if !is_stopping => {
                        if !connection.is_at_work() {
                            break;
                        }
                        served.as_mut().graceful_shutdown();
                        is_stopping = true;
                    }
                }
            }
        }
    }
}

/// The caps that the configuration sets, or those that the limit of open files allows.
fn caps(limits: ConnectionLimits) -> Caps {
    let wanted = limits.total as u64 + OTHER_FILES;
    let files = rlimit::increase_nofile_limit(wanted).unwrap_or(wanted);
    let total = limits
        .total
        .min(files.saturating_sub(OTHER_FILES).max(16) as usize);
    if total < limits.total {
        tracing::warn!(
            files,
            total,
            "the limit of open files allows fewer connections"
        );
    }
    Caps {
        total,
        per_address: limits.per_address,
    }
}

async fn answer(
    connection: Arc<Connection>,
    mut router: Router,
    request: Request<Incoming>,
    client: IpAddr,
) -> Result<Response<Sending>, Infallible> {
    let is_complete = request.body().is_end_stream();
    connection.enter(if is_complete {
        Phase::Working
    } else {
        Phase::Receiving
    });
    let mut request = request.map(|body| {
        Body::new(Receiving {
            body,
            connection: Arc::clone(&connection),
        })
    });
    request.extensions_mut().insert(ClientAddress(client));
    let response = router.call(request).await?;
    connection.enter(Phase::Sending);
    Ok(response.map(|body| Sending { body, connection }))
}

/// The body of a request, which notes when all of it has come.
struct Receiving {
    body: Incoming,
    connection: Arc<Connection>,
}

impl http_body::Body for Receiving {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if matches!(frame, Poll::Ready(None)) || self.body.is_end_stream() {
            self.connection.enter(Phase::Working);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of a response, which notes when all of it has been taken.
struct Sending {
    body: Body,
    connection: Arc<Connection>,
}

impl http_body::Body for Sending {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.connection.enter(Phase::Sent);
    }
}
