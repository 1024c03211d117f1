//! What comes inside a resource when it is asked for.

use std::ops::{Deref, DerefMut};

use serde_json::Value;

use crate::lenient::Lenient;

/// A list inside a resource, which says whether upstream sent one: none at all is not an empty one.
#[derive(Debug, Clone, PartialEq)]
pub struct Included<T> {
    items: Vec<T>,
    /// Whether upstream sent the list, and every row of it can be read.
    pub is_complete: bool,
}

impl<T> Default for Included<T> {
    fn default() -> Included<T> {
        Included {
            items: Vec::new(),
            is_complete: false,
        }
    }
}

impl<T> From<Vec<T>> for Included<T> {
    fn from(items: Vec<T>) -> Included<T> {
        Included {
            items,
            is_complete: true,
        }
    }
}

impl<T> Deref for Included<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.items
    }
}

impl<T> DerefMut for Included<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.items
    }
}

impl<T: Lenient> Lenient for Included<T> {
    fn read(value: Value) -> Option<Included<T>> {
        let Value::Array(rows) = value else {
            return None;
        };
        let count = rows.len();
        let items: Vec<T> = rows.into_iter().filter_map(T::read).collect();
        Some(Included {
            is_complete: items.len() == count,
            items,
        })
    }
}

/// Things inside a resource, of which upstream sends a list or, where there is one, only that.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T> Deref for OneOrMany<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Lenient> Lenient for OneOrMany<T> {
    fn read(value: Value) -> Option<OneOrMany<T>> {
        match value {
            one @ Value::Object(_) => T::read(one).map(|one| OneOrMany(vec![one])),
            list => Vec::read(list).map(OneOrMany),
        }
    }
}
