//! How the gallery is divided: groups of specimens, each with a heading and an id that stays.

use leptos::prelude::*;

/// The components of one kind.
pub(super) struct Group {
    /// Its id, which also names its picture.
    pub(super) id: &'static str,
    /// Its heading.
    pub(super) title: &'static str,
    /// Whether each specimen takes the whole width.
    is_wide: bool,
    specimens: Vec<AnyView>,
}

impl Group {
    pub(super) fn new(id: &'static str, title: &'static str, specimens: Vec<AnyView>) -> Group {
        Group {
            id,
            title,
            is_wide: false,
            specimens,
        }
    }

    /// The same, with each specimen as wide as the page.
    pub(super) fn wide(self) -> Group {
        Group {
            is_wide: true,
            ..self
        }
    }

    pub(super) fn view(self) -> impl IntoView {
        view! {
            <section class="gallery-group" id=self.id>
                <h2>{self.title}</h2>
                <div class="gallery-grid" class:gallery-wide=self.is_wide>{self.specimens}</div>
            </section>
        }
    }
}

/// One component in one state.
pub(super) fn specimen(
    id: &'static str,
    title: impl Into<String>,
    content: impl IntoView + 'static,
) -> AnyView {
    let (title, content) = (title.into(), content.into_any());
    view! {
        <div class="gallery-specimen" id=id>
            <h3>{title}</h3>
            {content}
        </div>
    }
    .into_any()
}
