//! The messages in the reader's language. The English ones are in the program; a translation is
//! loaded before the portal is mounted.

use std::cell::{Cell, RefCell};

use super::{intl, t};

/// Begins a stretch of text whose first letter says its direction.
const FIRST_STRONG: &str = "\u{2068}";

/// Begins a stretch of text that runs from left to right.
const LEFT_TO_RIGHT: &str = "\u{2066}";

/// Ends such a stretch.
const END: &str = "\u{2069}";

thread_local! {
    /// The messages of the translation by number, empty where it has none.
    static LINES: Cell<&'static [&'static str]> = const { Cell::new(&[]) };
    /// Translations that have been loaded, which stay in memory: texts of them may be on a page.
    static LOADED: RefCell<Vec<(String, &'static [&'static str])>> = const { RefCell::new(Vec::new()) };
    static IS_RIGHT_TO_LEFT: Cell<bool> = const { Cell::new(false) };
}

/// Takes `translation`, as `messages::lines` packs it, for the messages from now on; English where
/// there is none, or it belongs to another release.
pub(super) fn set(translation: Option<String>) {
    let lines = translation.map(|translation| {
        LOADED.with_borrow_mut(|loaded| {
            let known = loaded.iter().find(|(known, _)| *known == translation);
            if let Some((_, lines)) = known {
                return *lines;
            }
            let lines = split(translation.clone().leak());
            loaded.push((translation, lines));
            lines
        })
    });
    LINES.set(lines.unwrap_or_default());
    IS_RIGHT_TO_LEFT.set(t::language_direction() == "rtl");
}

fn split(translation: &'static str) -> &'static [&'static str] {
    let mut lines = translation.split('\n');
    if lines.next() == Some(t::FINGERPRINT) {
        lines.collect::<Vec<_>>().leak()
    } else {
        &[]
    }
}

/// Whether the words run from right to left.
pub(crate) fn is_right_to_left() -> bool {
    IS_RIGHT_TO_LEFT.get()
}

/// A message by its number, and its English text.
pub(super) struct Message(pub(super) usize, pub(super) &'static str);

/// The text in the language of the page. A thin pointer, since every call of a message has it.
#[inline(never)]
fn find(message: &'static Message) -> &'static &'static str {
    match LINES.get().get(message.0) {
        Some(line) if !line.is_empty() => line,
        _ => &message.1,
    }
}

/// A message without placeholders.
#[inline(always)]
pub(super) fn text(message: &'static Message) -> &'static str {
    find(message)
}

/// A message with its placeholders filled in.
#[inline(never)]
pub(super) fn fill(message: &'static Message, arguments: &[&str]) -> String {
    insert(find(message), arguments)
}

/// A message in the form that `count` needs.
#[inline(never)]
pub(super) fn plural(message: &'static Message, count: usize, others: &[&str]) -> String {
    let category = intl::plural(count);
    let forms = find(message);
    let form = |category: &str| {
        let mut forms = forms.split('\t').filter_map(|form| form.split_once('='));
        forms.find(|(name, _)| *name == category)
    };
    let form = form(&category).or_else(|| form("other"));
    let count = intl::integer(count);
    let mut arguments = vec![&*count];
    arguments.extend_from_slice(others);
    insert(form.map_or("", |(_, text)| text), &arguments)
}

/// Puts the arguments into the places with their numbers. Among words that run from right to left,
/// each keeps its own direction.
fn insert(text: &str, arguments: &[&str]) -> String {
    let mut pieces = text.split('{');
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let place = piece.bytes().next().unwrap_or_default().wrapping_sub(b'0');
        let argument = arguments.get(usize::from(place)).copied();
        let rest = piece.get(2..).unwrap_or_default();
        filled.push_str(&isolated(argument.unwrap_or_default().to_owned()));
        filled.push_str(rest);
    }
    filled
}

/// The text with a direction of its own, where words run from right to left: a street that begins
/// with its number would be turned round among them.
pub(crate) fn isolated(text: String) -> String {
    within(FIRST_STRONG, text)
}

/// The figure in one piece, with its sign and unit where they are from left to right.
pub(super) fn figure(text: String) -> String {
    within(LEFT_TO_RIGHT, text)
}

fn within(start: &str, text: String) -> String {
    if IS_RIGHT_TO_LEFT.get() {
        [start, &text, END].concat()
    } else {
        text
    }
}
