//! The stream of a connection: gives up on a client that does not read, and adds the security
//! headers to the responses that the HTTP parser makes before any request exists.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::http::HeaderMap;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_io_timeout::TimeoutStream;

use super::open::Connection;

/// A TCP stream with a write timeout.
pub(super) struct Stream {
    inner: Pin<Box<TimeoutStream<TcpStream>>>,
    /// The lines that a response of the parser lacks.
    headers: Arc<[u8]>,
    replaced: Option<Replaced>,
    connection: Arc<Connection>,
}

/// A write under way, of more bytes than the caller has handed over.
struct Replaced {
    bytes: Vec<u8>,
    written: usize,
    /// How many bytes of the caller it stands for.
    original: usize,
}

impl Stream {
    /// `tcp`, closed where the client reads nothing for `write_timeout`.
    pub(super) fn new(
        tcp: TcpStream,
        write_timeout: Duration,
        headers: Arc<[u8]>,
        connection: Arc<Connection>,
    ) -> Stream {
        let mut inner = TimeoutStream::new(tcp);
        inner.set_write_timeout(Some(write_timeout));
        Stream {
            inner: Box::pin(inner),
            headers,
            replaced: None,
            connection,
        }
    }
}

/// `headers` as they are sent.
pub(super) fn lines(headers: &HeaderMap) -> Arc<[u8]> {
    let mut lines = Vec::new();
    for (name, value) in headers {
        lines.extend_from_slice(name.as_str().as_bytes());
        lines.extend_from_slice(b": ");
        lines.extend_from_slice(value.as_bytes());
        lines.extend_from_slice(b"\r\n");
    }
    lines.into()
}

/// The head of an error with `headers` in it; `None` where it is not one, or has them already, as
/// all responses of the router do.
fn completed(bytes: &[u8], headers: &[u8]) -> Option<Vec<u8>> {
    let is_error = bytes.starts_with(b"HTTP/1.") && bytes.get(9) == Some(&b'4');
    if !is_error {
        return None;
    }
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 2;
    let (head, rest) = bytes.split_at(end);
    let policy = b"content-security-policy";
    if head.windows(policy.len()).any(|name| name == policy) {
        return None;
    }
    Some([head, headers, rest].concat())
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.inner.as_mut().poll_read(context, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let stream = &mut *self;
        if stream.replaced.is_none() {
            stream.replaced = completed(bytes, &stream.headers).map(|completed| Replaced {
                bytes: completed,
                written: 0,
                original: bytes.len(),
            });
        }
        let Some(replaced) = &mut stream.replaced else {
            return stream.inner.as_mut().poll_write(context, bytes);
        };
        while let Some(rest @ [_, ..]) = replaced.bytes.get(replaced.written..) {
            let written = ready!(stream.inner.as_mut().poll_write(context, rest))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            replaced.written += written;
        }
        let original = replaced.original;
        stream.replaced = None;
        Poll::Ready(Ok(original))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.inner.as_mut().poll_flush(context))?;
        self.connection.flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.inner.as_mut().poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_error_without_the_headers_is_completed() {
        let lines = b"content-security-policy: default-src 'none'\r\n";
        let bare = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n\r\n";
        let whole = completed(bare, lines).unwrap();
        assert_eq!(
            String::from_utf8(whole.clone()).unwrap(),
            "HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\n\
             content-security-policy: default-src 'none'\r\n\r\n"
        );
        assert_eq!(completed(&whole, lines), None);
        assert_eq!(completed(b"HTTP/1.1 200 OK\r\n\r\n", lines), None);
        assert_eq!(completed(b"HTTP/1.1 100 Continue\r\n\r\n", lines), None);
    }
}
