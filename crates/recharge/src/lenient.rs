//! Reading upstream's objects without failing over a field.
//!
//! Upstream's answers differ by age, store and endpoint: numbers come as strings, booleans as
//! 0 and 1, empty objects as lists. A field that is absent, null or of a shape nobody can use
//! therefore reads as its default; only a resource without its id is refused.

use base::{Date, Secret, Timestamp, Unit};
use serde::de::{Deserialize, Deserializer, Error};
use serde_json::{Map, Value};

/// A value that is read from whatever upstream sends for it.
pub(crate) trait Lenient: Sized {
    /// The value, or `None` where `value` holds nothing of the kind.
    fn read(value: Value) -> Option<Self>;
}

/// The fields of an upstream object.
pub(crate) type Fields = Map<String, Value>;

/// Takes the object itself. The error tells nothing of the content, which may be personal.
pub(crate) fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fields, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(D::Error::custom("not an object")),
    }
}

/// Takes the first readable field among `names`, else the default.
pub(crate) fn take<T: Lenient + Default>(fields: &mut Fields, names: &[&str]) -> T {
    let mut values = names.iter().filter_map(|name| fields.remove(*name));
    values.find_map(T::read).unwrap_or_default()
}

/// Declares a type that is read from an upstream object, field by field and leniently. A field
/// goes by its own name, or by the words after `=`, of which the first readable one counts.
/// An id after the type's name is a field `id` without which the object is refused.
macro_rules! upstream {
    ($(#[$meta:meta])* pub struct $name:ident $(: $id:ty)? {
        $($(#[$doc:meta])* $field:ident: $ty:ty $(= $($word:literal)|+)?),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name {
            $(
                /// Its id.
                pub id: $id,
            )?
            $($(#[$doc])* pub $field: $ty,)+
        }

        impl $name {
            fn from_fields(mut fields: $crate::lenient::Fields) -> Option<$name> {
                Some($name {
                    $(id: fields.remove("id").and_then(<$id as $crate::lenient::Lenient>::read)?,)?
                    $($field: $crate::lenient::take(
                        &mut fields,
                        $crate::lenient::upstream!(@names $field $($($word)+)?),
                    ),)+
                })
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let fields = $crate::lenient::object(deserializer)?;
                $name::from_fields(fields).ok_or_else(|| ::serde::de::Error::missing_field("id"))
            }
        }

        impl $crate::lenient::Lenient for $name {
            fn read(value: ::serde_json::Value) -> Option<Self> {
                match value {
                    ::serde_json::Value::Object(fields) => $name::from_fields(fields),
                    _ => None,
                }
            }
        }
    };
    (@names $field:ident) => { &[stringify!($field)] };
    (@names $field:ident $($word:literal)+) => { &[$($word),+] };
}
pub(crate) use upstream;

/// Makes open enums lenient: any text is a word.
macro_rules! lenient_words {
    ($($name:ty),+ $(,)?) => {$(
        impl $crate::lenient::Lenient for $name {
            fn read(value: ::serde_json::Value) -> Option<Self> {
                value.as_str().map(<$name>::from)
            }
        }
    )+};
}
pub(crate) use lenient_words;

impl Lenient for String {
    fn read(value: Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        }
    }
}

impl Lenient for bool {
    fn read(value: Value) -> Option<bool> {
        match value {
            Value::Bool(flag) => Some(flag),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            other => i64::read(other).map(|number| number != 0),
        }
    }
}

/// The digits of a whole number: `30`, `"30"`, `30.0` and `"30.00"` all say 30.
fn whole_number(value: Value) -> Option<String> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    fraction
        .bytes()
        .all(|digit| digit == b'0')
        .then(|| whole.to_owned())
}

macro_rules! lenient_integers {
    ($($integer:ty),+) => {$(
        impl Lenient for $integer {
            fn read(value: Value) -> Option<$integer> {
                whole_number(value)?.parse().ok()
            }
        }
    )+};
}
lenient_integers!(u32, u64, i32, i64);

impl Lenient for Unit {
    /// Reads old spellings too: plural, capitalised.
    fn read(value: Value) -> Option<Unit> {
        let word = value.as_str()?.trim().to_ascii_lowercase();
        match word.strip_suffix('s').unwrap_or(&word) {
            "day" => Some(Unit::Day),
            "week" => Some(Unit::Week),
            "month" => Some(Unit::Month),
            _ => None,
        }
    }
}

impl Lenient for Secret {
    fn read(value: Value) -> Option<Secret> {
        match value {
            Value::String(text) => Some(Secret::from(text)),
            _ => None,
        }
    }
}

impl Lenient for Timestamp {
    fn read(value: Value) -> Option<Timestamp> {
        Timestamp::parse(value.as_str()?.trim())
    }
}

impl Lenient for Date {
    /// The first ten characters, since dates come with and without a clock.
    fn read(value: Value) -> Option<Date> {
        Date::from_prefix(value.as_str()?.trim())
    }
}

impl<T: Lenient> Lenient for Option<T> {
    fn read(value: Value) -> Option<Option<T>> {
        T::read(value).map(Some)
    }
}

impl<T: Lenient> Lenient for Vec<T> {
    fn read(value: Value) -> Option<Vec<T>> {
        match value {
            Value::Array(items) => Some(items.into_iter().filter_map(T::read).collect()),
            _ => None,
        }
    }
}
