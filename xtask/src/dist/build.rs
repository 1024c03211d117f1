//! The portals that can be built.

use std::path::PathBuf;

use crate::process::target;

/// Which portal to build.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// What a merchant ships: it talks to the middleware.
    Production,
    /// [`Build::Production`] built quickly and not small: for the demo, and for trying out a
    /// change in the browser.
    Quick,
    /// The portal over a store in the browser, for the preview and for journeys in mock mode. As
    /// quick, since nobody ships it.
    Mock,
}

impl Build {
    /// The name of its folder in `target/dist` and of its working folder.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Build::Production => "portal",
            Build::Quick => "portal-quick",
            Build::Mock => "portal-mock",
        }
    }

    pub(super) fn is_mock(self) -> bool {
        self == Build::Mock
    }

    /// Whether it is neither optimised for size nor compressed.
    pub(super) fn is_quick(self) -> bool {
        self != Build::Production
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
