//! What pages and style sheets of a merchant may rely on: tokens, parts and slots.

/// The version of the theme's interface: the names of tokens, parts and slots. It changes where
/// one is renamed or removed, which only a major version does.
pub const VERSION: u32 = 1;

/// A custom property that a merchant may set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Its name after `--portal-`.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// What it is for.
    pub about: &'static str,
}

impl Token {
    /// Its name in the configuration.
    pub fn key(&self) -> String {
        self.name.replace('-', "_")
    }
}

/// What the value of a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A color, one for the light page and one, with `-dark` in its name, for the dark page.
    Color,
    /// A length such as `12px`.
    Length,
    /// The weight of a font, 100 to 900.
    Weight,
    /// A list of font families.
    Font,
    /// `light`, `dark` or `light dark`.
    Mode,
}

/// The name of a part or a slot, and what it is.
pub type Described = (&'static str, &'static str);

const fn color(name: &'static str, about: &'static str) -> Token {
    Token {
        name,
        kind: Kind::Color,
        about,
    }
}

const fn token(name: &'static str, kind: Kind, about: &'static str) -> Token {
    Token { name, kind, about }
}

/// Every token.
pub const TOKENS: [Token; 22] = [
    color(
        "accent",
        "Your color: primary buttons, chosen days and boxes, the current page",
    ),
    color("on-accent", "Text and icons on the accent"),
    color("link", "Links, text-sized actions and the focus ring"),
    color("background", "The page behind the cards"),
    color("surface", "Cards, buttons and fields"),
    color("floating", "Dialogs and menus"),
    color("text", "Text and headings"),
    color("muted", "Text of less weight: labels, hints, details"),
    color("border", "Lines around and between cards and rows"),
    color("control-border", "Edges of fields, checkboxes and switches"),
    color("success", "What went well; its background has the same hue"),
    color("info", "What is under way"),
    color("warning", "What needs attention"),
    color("danger", "What failed, and buttons that end something"),
    token("font", Kind::Font, "The font of all text"),
    token(
        "heading-font",
        Kind::Font,
        "The font of headings and of the shop's name",
    ),
    token("heading-weight", Kind::Weight, "The weight of headings"),
    token(
        "radius",
        Kind::Length,
        "The corners of cards, dialogs and banners",
    ),
    token(
        "control-radius",
        Kind::Length,
        "The corners of fields, pictures and menu items",
    ),
    token(
        "button-radius",
        Kind::Length,
        "The corners of buttons; `999px` makes them round",
    ),
    token(
        "space",
        Kind::Length,
        "The unit of all spacing, from 3px (dense) to 5px (airy)",
    ),
    token(
        "mode",
        Kind::Mode,
        "Whether the portal is light or dark; the attribute `theme` comes first",
    ),
];

/// The parts of the shadow tree that `::part()` selects.
pub const PARTS: [Described; 20] = [
    ("badge", "A state in a word or two"),
    ("banner", "A notice above a page, such as a failed payment"),
    ("brand", "The shop's name or logo"),
    (
        "button",
        "Every button with an edge, and links that look like one",
    ),
    ("card", "Every card"),
    ("dialog", "The dialog in which something is changed"),
    ("field", "A label with its field, hint and error"),
    ("footer", "The last line of the portal"),
    ("heading", "The heading of a page"),
    ("icon-button", "A button that shows an icon only"),
    ("input", "What is typed or chosen in"),
    ("lead", "The card of the next delivery, which is a card too"),
    ("link-button", "A text-sized button, such as “Change”"),
    ("menu", "The list that a menu opens"),
    ("menu-item", "One line of a menu"),
    ("nav", "The sections"),
    ("nav-link", "One section"),
    ("picture", "The picture of a product"),
    (
        "primary-button",
        "The likeliest thing to do, which is a button too",
    ),
    ("status", "The line that reports a change, with Undo"),
];

/// The slots that a page may fill.
pub const SLOTS: [Described; 5] = [
    (
        "after-overview",
        "Below the overview: an offer, an invitation, a link",
    ),
    ("brand", "In place of the shop's name: your logo"),
    ("fallback", "Shown if the portal can't be loaded"),
    ("footer", "In the last line, before help: your links"),
    (
        "unsupported",
        "Shown, in place of `fallback`, if the browser can't run the portal",
    ),
];
