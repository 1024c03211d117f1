//! Lists: filters, order and pages.
//!
//! A cursor is opaque to the caller. It holds the order, the filters and the row after
//! which (or before which) to go on, so a page follows from the cursor alone and rows
//! that come or go meanwhile make nothing appear twice.

use std::collections::BTreeSet;

use base::{Date, Timestamp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::call::{Answer, Outcome};
use crate::clock::start_of;
use crate::errors::invalid;
use crate::incoming::{Include, Incoming};
use crate::rows::Id;

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 250;
/// Paging by number is deprecated, and ends here.
const LAST_PAGE: usize = 100;

/// A row that can be listed.
pub(crate) trait Listed {
    /// Its id.
    fn id(&self) -> Id;
    /// What it is ordered by under the name of a field; `None` for a field that does not order it.
    fn key(&self, field: &str) -> Option<i64>;
}

/// Which rows are asked for, and which page of them.
pub(crate) struct Query {
    filters: Vec<(String, String)>,
    limit: usize,
    field: String,
    ascending: bool,
    begin: Begin,
}

/// Where a page begins.
enum Begin {
    /// At the first row, or so many pages of `limit` after it: the old way of paging.
    Page(usize),
    /// At the row of a cursor.
    Cursor(Cursor),
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    starting_before_id: Id,
    last_value: i64,
    sort_by: String,
    cursor_dir: Direction,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    filters: Vec<(String, String)>,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Direction {
    Next,
    Prev,
}

impl Query {
    /// Reads the query of a list call. `fields` are those that `sort_by` may name.
    pub(crate) fn read(incoming: &Incoming, fields: &[&str]) -> Result<Query, Answer> {
        let limit = match incoming.param("limit") {
            None => DEFAULT_LIMIT,
            Some(text) => text
                .parse()
                .map_err(|_| invalid("limit", "Not a valid integer."))?,
        };
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(invalid(
                "limit",
                "Must be greater than or equal to 1 and less than or equal to 250.",
            ));
        }
        let cursor = incoming.param("cursor").map(open_cursor).transpose()?;
        let named = if cursor.is_some() {
            "cursor"
        } else {
            "sort_by"
        };
        let sort_by = match (&cursor, incoming.param("sort_by")) {
            (Some(cursor), _) => cursor.sort_by.clone(),
            (None, Some(text)) => text.to_owned(),
            (None, None) => "id-desc".to_owned(),
        };
        let bad_order = || invalid(named, "Invalid value");
        let (field, direction) = sort_by.rsplit_once('-').ok_or_else(bad_order)?;
        if !fields.contains(&field) || !matches!(direction, "asc" | "desc") {
            return Err(bad_order());
        }
        let paging = ["limit", "cursor", "sort_by", "page"];
        let filters = match &cursor {
            Some(cursor) => cursor.filters.clone(),
            None => incoming
                .query
                .iter()
                .filter(|(name, _)| !paging.contains(&name.as_str()))
                .cloned()
                .collect(),
        };
        Ok(Query {
            filters,
            limit,
            field: field.to_owned(),
            ascending: direction == "asc",
            begin: match cursor {
                Some(cursor) => Begin::Cursor(cursor),
                None => Begin::Page(page_number(incoming)? - 1),
            },
        })
    }

    /// A filter's value.
    pub(crate) fn filter(&self, name: &str) -> Option<&str> {
        self.filters
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// What is to be included; a cursor keeps it like a filter.
    pub(crate) fn include(&self) -> Include<'_> {
        Include(self.filter("include"))
    }

    /// Whether `id` passes a filter of one or more ids; true without the filter.
    pub(crate) fn admits_id(&self, name: &str, id: Id) -> Result<bool, Answer> {
        Ok(self.ids(name)?.is_none_or(|ids| ids.contains(&id)))
    }

    /// The ids of a filter.
    pub(crate) fn ids(&self, name: &str) -> Result<Option<BTreeSet<Id>>, Answer> {
        let Some(list) = self.filter(name) else {
            return Ok(None);
        };
        let parsed = list.split(',').map(|word| word.trim().parse::<Id>());
        parsed
            .collect::<Result<_, _>>()
            .map(Some)
            .map_err(|_| invalid(name, "Not a valid integer."))
    }

    /// Whether `word` is one of a filter's comma-joined words, in any case; true without the filter.
    pub(crate) fn admits_word(&self, name: &str, word: &str) -> bool {
        self.filter(name)
            .is_none_or(|list| list.split(',').any(|w| w.trim().eq_ignore_ascii_case(word)))
    }

    /// Whether an instant lies between `<name>_min` and `<name>_max`, both included.
    pub(crate) fn admits_time(&self, name: &str, ms: Option<i64>) -> Result<bool, Answer> {
        if !self.is_bounded(name) {
            return Ok(true);
        }
        let (min, max) = (
            self.time(&format!("{name}_min"), false)?,
            self.time(&format!("{name}_max"), true)?,
        );
        Ok(match ms {
            Some(ms) => min.is_none_or(|min| ms >= min) && max.is_none_or(|max| ms <= max),
            None => min.is_none() && max.is_none(),
        })
    }

    /// Whether a date passes `<name>`, `<name>_min` and `<name>_max`.
    pub(crate) fn admits_date(&self, name: &str, date: Date) -> Result<bool, Answer> {
        if !self.is_bounded(name) {
            return Ok(true);
        }
        let on = self.date(name)?.is_none_or(|on| on == date);
        let after = self
            .date(&format!("{name}_min"))?
            .is_none_or(|min| date >= min);
        let before = self
            .date(&format!("{name}_max"))?
            .is_none_or(|max| date <= max);
        Ok(on && after && before)
    }

    /// Whether any filter begins with `name`: asked of every row of a long list, most of
    /// whose times nobody bounds.
    fn is_bounded(&self, name: &str) -> bool {
        self.filters.iter().any(|(key, _)| key.starts_with(name))
    }

    /// The date of a filter.
    pub(crate) fn date(&self, name: &str) -> Result<Option<Date>, Answer> {
        self.filter(name)
            .map(|text| Date::from_prefix(text).ok_or_else(|| bad_date(name, text)))
            .transpose()
    }

    fn time(&self, name: &str, end: bool) -> Result<Option<i64>, Answer> {
        let Some(text) = self.filter(name) else {
            return Ok(None);
        };
        let Some(date) = Date::from_prefix(text) else {
            return Err(bad_date(name, text));
        };
        if let Some(ms) = Timestamp::parse(text).and_then(|moment| moment.unix_ms()) {
            return Ok(Some(ms + if end { 999 } else { 0 }));
        }
        let day = start_of(date) - start_of(Date::from_days(0));
        let clock = text.get(11..19).and_then(seconds_of_day);
        Ok(Some(match clock {
            Some(seconds) => day + seconds * 1000 + if end { 999 } else { 0 },
            None => day + if end { crate::clock::DAY_MS - 1 } else { 0 },
        }))
    }

    /// The page of `rows` asked for, under the name `plural`.
    pub(crate) fn answer<'a, R: Listed + 'a>(
        &self,
        plural: &str,
        rows: impl Iterator<Item = &'a R>,
        mut serialise: impl FnMut(&R) -> Value,
    ) -> Outcome {
        let key = |row: &R| (row.key(&self.field).unwrap_or(i64::MIN), row.id());
        let mut rows: Vec<&R> = rows.collect();
        rows.sort_by_key(|row| key(row));
        if !self.ascending {
            rows.reverse();
        }
        let total = rows.len();
        let (start, end) = match &self.begin {
            Begin::Page(pages) => {
                let start = (pages * self.limit).min(total);
                (start, (start + self.limit).min(total))
            }
            Begin::Cursor(cursor) => {
                let at = (cursor.last_value, cursor.starting_before_id);
                let is_before = |row: &&R| {
                    if self.ascending {
                        key(row) < at
                    } else {
                        key(row) > at
                    }
                };
                let first_not_before = rows.partition_point(is_before);
                match cursor.cursor_dir {
                    Direction::Next => {
                        let start = first_not_before
                            + usize::from(rows.get(first_not_before).is_some_and(|r| key(r) == at));
                        (start, (start + self.limit).min(total))
                    }
                    Direction::Prev => (
                        first_not_before.saturating_sub(self.limit),
                        first_not_before,
                    ),
                }
            }
        };
        let cursor = |row: Option<&&R>, direction| row.map(|row| self.cursor(key(row), direction));
        let next = if end < total {
            cursor(rows[start..end].last(), Direction::Next)
        } else {
            None
        };
        let previous = if start > 0 {
            cursor(rows[start..end].first(), Direction::Prev)
        } else {
            None
        };
        let page: Vec<Value> = rows[start..end].iter().map(|row| serialise(row)).collect();
        Ok(Answer::json(
            200,
            json!({"next_cursor": next, "previous_cursor": previous, plural: page}),
        ))
    }

    fn cursor(&self, (value, id): (i64, Id), direction: Direction) -> String {
        let cursor = Cursor {
            starting_before_id: id,
            last_value: value,
            sort_by: format!(
                "{}-{}",
                self.field,
                if self.ascending { "asc" } else { "desc" }
            ),
            cursor_dir: direction,
            filters: self.filters.clone(),
        };
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&cursor).unwrap_or_default())
    }
}

/// The page asked for by number, from 1.
fn page_number(incoming: &Incoming) -> Result<usize, Answer> {
    let number = incoming.param("page").map_or(Ok(1), str::parse);
    number
        .ok()
        .filter(|page| (1..=LAST_PAGE).contains(page))
        .ok_or_else(|| invalid("page", "Must be between 1 and 100; use cursor instead."))
}

fn open_cursor(text: &str) -> Result<Cursor, Answer> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    bytes
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or_else(|| invalid("cursor", "Invalid value"))
}

fn bad_date(name: &str, text: &str) -> Answer {
    invalid(
        name,
        &format!("Invalid date: {text}. Must be a valid ISO-8601 datetime string"),
    )
}

/// `hh:mm:ss` in seconds.
fn seconds_of_day(clock: &str) -> Option<i64> {
    let mut parts = clock.split(':').map(|part| part.parse::<i64>().ok());
    Some(parts.next()?? * 3600 + parts.next()?? * 60 + parts.next()??)
}
