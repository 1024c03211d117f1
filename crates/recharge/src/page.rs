//! Lists, which come in pages that a cursor continues.

use serde_json::Value;

use crate::call::{CallError, call_json};
use crate::error::UpstreamError;
use crate::resource::Resource;
use crate::transport::{MAX_LIMIT, Recharge, Request};

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Continues after it; `None` on the last page.
    pub next_cursor: Option<String>,
    /// Leads back before it; `None` on the first page.
    pub previous_cursor: Option<String>,
}

impl<T: Resource> Page<T> {
    /// Reads a list's envelope; its cursors may be absent. An item that cannot be read fails
    /// the page: a list is never silently short.
    pub fn read(mut body: Value) -> Result<Page<T>, CallError> {
        let Some(Value::Array(items)) = body.get_mut(T::PLURAL).map(Value::take) else {
            return Err(match UpstreamError::is_in(&body) {
                true => CallError::Refused(UpstreamError::parse(200, Some(&body))),
                false => CallError::Unreadable(format!("{}: no such list", T::PLURAL)),
            });
        };
        let items: Result<Vec<T>, _> = items.into_iter().map(serde_json::from_value).collect();
        let items = items.map_err(|why| CallError::Unreadable(format!("{}: {why}", T::PLURAL)))?;
        let cursor = |name| {
            let text = body.get(name).and_then(Value::as_str).unwrap_or_default();
            (!text.is_empty()).then(|| text.to_owned())
        };
        Ok(Page {
            items,
            next_cursor: cursor("next_cursor"),
            previous_cursor: cursor("previous_cursor"),
        })
    }
}

/// A list that was read page by page.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Whether there is more of it than was read.
    pub cut: bool,
}

/// Calls upstream for one page.
pub async fn list_page<T: Resource>(
    upstream: &dyn Recharge,
    request: Request,
) -> Result<Page<T>, CallError> {
    Page::read(call_json(upstream, request).await?)
}

/// Calls upstream for a list and follows its cursors to the end, or until `cap` items are read.
pub async fn list_all<T: Resource>(
    upstream: &dyn Recharge,
    request: Request,
    cap: usize,
) -> Result<Listed<T>, CallError> {
    let path = request.path.clone();
    let mut items = Vec::new();
    let mut request = request;
    loop {
        let asked_from = request
            .query
            .iter()
            .find(|(name, _)| *name == "cursor")
            .cloned();
        let page = list_page::<T>(upstream, request).await?;
        // A page without items, or one that continues at itself, would go round for ever.
        let stuck =
            page.items.is_empty() || asked_from.map(|(_, cursor)| cursor) == page.next_cursor;
        items.extend(page.items);
        let Some(cursor) = page.next_cursor else {
            let cut = items.len() > cap;
            items.truncate(cap);
            return Ok(Listed { items, cut });
        };
        if stuck || items.len() >= cap {
            items.truncate(cap);
            return Ok(Listed { items, cut: true });
        }
        // A cursor holds the position and the filters; upstream takes nothing but a limit beside it.
        request = Request::get(path.as_str())
            .with("limit", MAX_LIMIT)
            .with("cursor", cursor);
    }
}
