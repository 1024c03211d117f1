//! Product pictures, drawn for this shop and carried in the binary.

use std::sync::LazyLock;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What must be escaped for a drawing to stand in a data URI inside an attribute.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'\'');

/// The drawings, each encoded once.
static URIS: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let encode = |drawing: &str| {
        format!(
            "data:image/svg+xml,{}",
            utf8_percent_encode(drawing.trim(), ESCAPED)
        )
    };
    DRAWINGS
        .iter()
        .map(|(handle, drawing)| (*handle, encode(drawing)))
        .collect()
});

/// The picture of a product as a `data:` URI; `None` for a product without one.
pub(crate) fn data_uri(handle: &str) -> Option<&'static str> {
    URIS.iter()
        .find(|(name, _)| *name == handle)
        .map(|(_, uri)| uri.as_str())
}

const DRAWINGS: &[(&str, &str)] = &[
    (
        "house-espresso",
        include_str!("pictures/house-espresso.svg"),
    ),
    ("decaf-huila", include_str!("pictures/decaf-huila.svg")),
    ("kenya-filter", include_str!("pictures/kenya-filter.svg")),
    ("sencha", include_str!("pictures/sencha.svg")),
    ("earl-grey", include_str!("pictures/earl-grey.svg")),
    ("oat-milk", include_str!("pictures/oat-milk.svg")),
    ("filter-papers", include_str!("pictures/filter-papers.svg")),
    ("chai", include_str!("pictures/chai.svg")),
    ("stroopwafels", include_str!("pictures/stroopwafels.svg")),
    ("travel-mug", include_str!("pictures/travel-mug.svg")),
];
