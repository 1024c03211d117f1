//! Lists, which come in pages that a cursor continues.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::call::{CallError, call_json};
use crate::error::UpstreamError;
use crate::resource::Resource;
use crate::transport::{MAX_LIMIT, Recharge, Request};

/// Pages that are followed at most, whatever the cursors say.
const MOST_PAGES: usize = 100;

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// How many of its rows could not be read and are not among the items.
    pub unreadable: usize,
    /// Continues after it; `None` on the last page.
    pub next_cursor: Option<String>,
    /// Leads back before it; `None` on the first page.
    pub previous_cursor: Option<String>,
}

impl<T> Default for Page<T> {
    fn default() -> Page<T> {
        Page {
            items: Vec::new(),
            unreadable: 0,
            next_cursor: None,
            previous_cursor: None,
        }
    }
}

impl<T: Resource> Page<T> {
    /// Reads a list's envelope; its cursors may be absent. A row that cannot be read is left out
    /// and counted; where none of the rows can, the page is unreadable.
    pub fn read(mut body: Value) -> Result<Page<T>, CallError> {
        let Some(Value::Array(rows)) = body.get_mut(T::PLURAL).map(Value::take) else {
            return Err(if UpstreamError::is_in(&body) {
                CallError::Refused(UpstreamError::parse(200, Some(&body)))
            } else {
                CallError::Unreadable(format!("{}: no such list", T::PLURAL))
            });
        };
        let count = rows.len();
        let (mut items, mut why) = (Vec::new(), None);
        for row in rows {
            match serde_json::from_value(row) {
                Ok(item) => items.push(item),
                Err(error) => why = Some(error),
            }
        }
        if let (true, Some(why)) = (items.is_empty(), why) {
            return Err(CallError::Unreadable(format!("{}: {why}", T::PLURAL)));
        }
        let cursor = |name| {
            let text = body.get(name).and_then(Value::as_str).unwrap_or_default();
            (!text.is_empty()).then(|| text.to_owned())
        };
        Ok(Page {
            unreadable: count - items.len(),
            items,
            next_cursor: cursor("next_cursor"),
            previous_cursor: cursor("previous_cursor"),
        })
    }
}

/// A list that was read page by page.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    /// What is on it, nothing twice.
    pub items: Vec<T>,
    /// Whether there is more of it than was read.
    pub cut: bool,
    /// How many of its rows could not be read; the list then counts as cut.
    pub unreadable: usize,
}

/// Calls upstream for one page.
pub async fn list_page<T: Resource>(
    upstream: &dyn Recharge,
    request: Request,
) -> Result<Page<T>, CallError> {
    Page::read(call_json(upstream, request).await?)
}

/// Calls upstream for a list and follows its cursors to the end, or until `cap` items are read.
/// Cursors that lead back end the list as cut.
pub async fn list_all<T: Resource>(
    upstream: &dyn Recharge,
    request: Request,
    cap: usize,
) -> Result<Listed<T>, CallError> {
    let path = request.path.clone();
    let mut request = request;
    let (mut items, mut unreadable) = (Vec::new(), 0);
    let (mut ids, mut cursors) = (BTreeSet::new(), BTreeSet::new());
    let more = loop {
        let mut body = call_json(upstream, request).await?;
        drop_known(&mut body, T::PLURAL, &mut ids);
        let page = Page::<T>::read(body)?;
        // A page that brings nothing new, or leads to where the list was before, would go round.
        let brought = page.items.len() + page.unreadable;
        items.extend(page.items);
        unreadable += page.unreadable;
        let Some(cursor) = page.next_cursor else {
            break false;
        };
        let is_new = cursors.insert(cursor.clone());
        if brought == 0 || !is_new || items.len() >= cap || cursors.len() >= MOST_PAGES {
            break true;
        }
        // A cursor holds the position and the filters; upstream takes nothing but a limit beside it.
        request = Request::get(path.as_str())
            .with("limit", MAX_LIMIT)
            .with("cursor", cursor);
    };
    let cut = more || unreadable > 0 || items.len() > cap;
    items.truncate(cap);
    Ok(Listed {
        items,
        cut,
        unreadable,
    })
}

/// Drops the rows whose id was on the list before. Not every list has ids.
fn drop_known(body: &mut Value, plural: &str, known: &mut BTreeSet<String>) {
    if let Some(Value::Array(rows)) = body.get_mut(plural) {
        rows.retain(|row| match row.get("id") {
            None | Some(Value::Null) => true,
            Some(id) => known.insert(id.to_string()),
        });
    }
}
