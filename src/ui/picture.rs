//! Product pictures, with a drawn one where there is none.

use leptos::prelude::*;

use super::task;
use crate::i18n::t;

/// How large a picture is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum PictureSize {
    /// 40 px: in a table.
    Small,
    /// 56 px: in a row.
    #[default]
    Row,
    /// 72 px: in a card.
    Card,
    /// 112 px: on a detail page.
    Hero,
}

impl PictureSize {
    fn class(self) -> &'static str {
        match self {
            PictureSize::Small => "picture picture-small",
            PictureSize::Row => "picture",
            PictureSize::Card => "picture picture-large",
            PictureSize::Hero => "picture picture-hero",
        }
    }
}

/// A product picture, square, on a light mat. A drawn parcel takes its place where it is
/// missing, does not load, or is no picture address.
#[component]
pub fn Picture(
    /// Its address, as upstream has it.
    src: Option<String>,
    /// What it shows; empty where the title stands right beside it.
    #[prop(optional, into)]
    alt: String,
    /// How large it is.
    #[prop(optional)]
    size: PictureSize,
    /// How many of it; shown on the picture from two on.
    #[prop(default = 1)]
    count: u32,
) -> impl IntoView {
    let failed = RwSignal::new(false);
    let src = src.filter(|address| is_picture(address));
    let image = move || {
        match src.clone().filter(|_| !failed.get()) {
        Some(src) => view! {
            <img
                src=src
                alt=alt.clone()
                loading="lazy"
                decoding="async"
                // The picture's host need not learn where it was shown.
                referrerpolicy="no-referrer"
                on:error=task::guard(move |_| failed.set(true))
            />
        }
        .into_any(),
        None => view! {
            <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
                <path d="m10 2.5 7 3.5v8l-7 3.5L3 14V6zM3 6l7 3.5L17 6M10 9.5v8M6.5 4.25l7 3.5"></path>
            </svg>
        }
        .into_any(),
    }
    };
    view! {
        <div class=size.class() part="picture">
            {image}
            {(count > 1).then(|| view! {
                <span class="picture-count" aria-hidden="true">{count}</span>
                <span class="visually-hidden">{t::ui_quantity(count as usize)}</span>
            })}
        </div>
    }
}

/// Only what can be nothing but a picture: https, our own server, or inline picture data.
fn is_picture(address: &str) -> bool {
    let own = address.starts_with('/') && !address.starts_with("//");
    own || ["https://", "data:image/"]
        .iter()
        .any(|start| address.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::is_picture;

    #[test]
    fn only_addresses_that_can_be_pictures_are_loaded() {
        for good in [
            "https://cdn.example/a.png",
            "/portal/demo/a.svg",
            "data:image/svg+xml,x",
        ] {
            assert!(is_picture(good), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            "http://cdn.example/a.png",
            "//evil",
            "data:text/html,x",
            "",
        ] {
            assert!(!is_picture(bad), "{bad}");
        }
    }
}
