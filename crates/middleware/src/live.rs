//! The application under the configuration that is in force.

use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;

use crate::router::router;
use crate::state::App;

/// The application under the configuration that is in force. A request is answered as a whole by
/// the one that was in force when it came.
#[derive(Clone)]
pub(crate) struct Live(Arc<RwLock<Version>>);

/// An application and its routes.
#[derive(Clone)]
pub(crate) struct Version {
    pub(crate) app: Arc<App>,
    pub(crate) router: Router,
}

impl Live {
    /// Begins with `app`.
    pub(crate) fn new(app: Arc<App>) -> Live {
        Live(Arc::new(RwLock::new(Version::new(app))))
    }

    /// The same with other routes, which stay.
    pub(crate) fn with_routes(app: Arc<App>, router: Router) -> Live {
        Live(Arc::new(RwLock::new(Version { app, router })))
    }

    /// The version in force.
    pub(crate) fn version(&self) -> Version {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The application in force.
    pub(crate) fn app(&self) -> Arc<App> {
        let version = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&version.app)
    }

    /// Puts `app` in force for all requests that are yet to come.
    pub(crate) fn replace(&self, app: Arc<App>) {
        let version = Version::new(app);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = version;
    }
}

impl Version {
    fn new(app: Arc<App>) -> Version {
        Version {
            router: router(&app),
            app,
        }
    }
}
