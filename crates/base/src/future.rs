//! Futures that a server shares between threads and a browser does not.

use std::future::Future;
use std::pin::Pin;

/// A boxed future: `Send` on a server, not in the browser, whose timers and fetches cannot be.
#[cfg(not(target_arch = "wasm32"))]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// A boxed future: `Send` on a server, not in the browser, whose timers and fetches cannot be.
#[cfg(target_arch = "wasm32")]
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// The bounds of a service that all requests share: `Send + Sync` on a server, none in the browser.
#[cfg(not(target_arch = "wasm32"))]
pub trait Shared: Send + Sync {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Send + Sync + ?Sized> Shared for T {}
/// The bounds of a service that all requests share: `Send + Sync` on a server, none in the browser.
#[cfg(target_arch = "wasm32")]
pub trait Shared {}
#[cfg(target_arch = "wasm32")]
impl<T: ?Sized> Shared for T {}
