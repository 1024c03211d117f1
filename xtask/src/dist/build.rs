//! The portals that can be built.

use std::path::PathBuf;

use crate::process::target;

/// Which portal to build.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// What a merchant ships: it talks to the middleware.
    Production,
    /// The portal over a store in the browser, for journeys in mock mode.
    Mock,
    /// [`Build::Production`] built quickly and not small: for the demo, and for trying out a
    /// change in the browser.
    Quick,
    /// [`Build::Mock`] built quickly and not small.
    QuickMock,
}

impl Build {
    /// The name of its folder in `target/dist` and of its working folder.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Build::Production => "portal",
            Build::Mock => "portal-mock",
            Build::Quick => "portal-quick",
            Build::QuickMock => "portal-quick-mock",
        }
    }

    pub(super) fn is_mock(self) -> bool {
        matches!(self, Build::Mock | Build::QuickMock)
    }

    /// Whether it is neither optimised for size nor compressed.
    pub(super) fn is_quick(self) -> bool {
        matches!(self, Build::Quick | Build::QuickMock)
    }

    /// Whether its WebAssembly comes in two files.
    pub(super) fn is_split(self) -> bool {
        self == Build::Production
    }

    /// Where the finished bundle lies.
    pub(crate) fn folder(self) -> PathBuf {
        target().join("dist").join(self.name())
    }

    /// Where the steps leave what the next one reads.
    pub(super) fn work(self) -> PathBuf {
        target().join("xtask").join(self.name())
    }
}
