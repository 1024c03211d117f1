//! Reading views in the browser.
//!
//! Every view can be read with serde, which compiles a reader of its own for each struct: 40 kB
//! of the first load. This reader parses the text once into a tree and takes the fields out of
//! it, so that a struct costs a line of code for each field. The server keeps to serde.

use std::fmt;
use std::marker::PhantomData;

use base::{Currency, Date, Interval, Money, Secret, Unit};
pub use protocol_derive::Read;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How deep a text may nest.
const DEEPEST: u32 = 32;

/// A JSON text as a tree. Numbers are whole: views hold no others.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`, and what is absent.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Number(i64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object's fields in their order.
    Object(Vec<(String, Json)>),
}

/// What can be read from JSON. A struct derives it.
pub trait Read: Sized {
    /// The value; `None` where the JSON is of another shape.
    fn read(json: Json) -> Option<Self>;
}

/// Reads a view, an outcome or a problem from its text; `None` where it is none.
pub fn read<T: Read>(text: &str) -> Option<T> {
    T::read(Json::parse(text)?)
}

impl Json {
    /// Parses a text; `None` where it is not JSON, nests too deep or holds a fraction.
    pub fn parse(text: &str) -> Option<Json> {
        let mut parser = Parser { text, at: 0 };
        let json = parser.value(DEEPEST)?;
        parser.skip_space();
        (parser.at == text.len()).then_some(json)
    }

    /// Takes a field out of an object; an absent one reads as `null`.
    pub fn take<T: Read>(&mut self, name: &str) -> Option<T> {
        T::read(self.field(name))
    }

    /// The name of an enum's variant, and its fields.
    pub(crate) fn variant(self) -> Option<(String, Json)> {
        match self {
            Json::Text(name) => Some((name, Json::Null)),
            Json::Object(fields) => fields.into_iter().next(),
            _ => None,
        }
    }

    #[inline(never)]
    fn field(&mut self, name: &str) -> Json {
        let Json::Object(fields) = self else {
            return Json::Null;
        };
        let found = fields.iter_mut().find(|(field, _)| field == name);
        found.map_or(Json::Null, |(_, json)| std::mem::replace(json, Json::Null))
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => serializer.serialize_unit(),
            Json::Bool(value) => serializer.serialize_bool(*value),
            Json::Number(value) => serializer.serialize_i64(*value),
            Json::Text(text) => serializer.serialize_str(text),
            Json::List(items) => serializer.collect_seq(items),
            Json::Object(fields) => {
                serializer.collect_map(fields.iter().map(|(name, value)| (name, value)))
            }
        }
    }
}

/// A part of a view that is read where it is needed, so that its reader is no part of the first load.
pub struct Later<T> {
    json: Json,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize> Later<T> {
    /// What `value` is written as; `null` where a view can't hold it.
    pub fn new(value: &T) -> Later<T> {
        let json = serde_json::to_string(value).ok();
        let json = json.and_then(|text| Json::parse(&text));
        Later::of(json.unwrap_or(Json::Null))
    }
}

impl<T: Read> Later<T> {
    /// The part; `None` where it has another shape.
    pub fn get(&self) -> Option<T> {
        T::read(self.json.clone())
    }
}

impl<T> Later<T> {
    fn of(json: Json) -> Later<T> {
        Later {
            json,
            of: PhantomData,
        }
    }
}

impl<T> Read for Later<T> {
    fn read(json: Json) -> Option<Later<T>> {
        Some(Later::of(json))
    }
}

impl<T> Clone for Later<T> {
    fn clone(&self) -> Later<T> {
        Later::of(self.json.clone())
    }
}

impl<T> PartialEq for Later<T> {
    fn eq(&self, other: &Later<T>) -> bool {
        self.json == other.json
    }
}

impl<T> fmt::Debug for Later<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.json.fmt(f)
    }
}

impl<T> Serialize for Later<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Later<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Later<T>, D::Error> {
        deserializer.deserialize_any(JsonVisitor).map(Later::of)
    }
}

/// What can be deserialized as a part of a view.
struct JsonPart(Json);

impl<'de> Deserialize<'de> for JsonPart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<JsonPart, D::Error> {
        deserializer.deserialize_any(JsonVisitor).map(JsonPart)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what a view can hold")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        let number = i64::try_from(value).map(Json::Number);
        number.map_err(|_| E::custom("a number that is too large"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(JsonPart(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut fields = Vec::new();
        while let Some((name, JsonPart(value))) = entries.next_entry()? {
            fields.push((name, value));
        }
        Ok(Json::Object(fields))
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Passes over `token`, if it comes next.
    fn pass(&mut self, token: &str) -> bool {
        self.skip_space();
        let is_next = self.text.as_bytes()[self.at..].starts_with(token.as_bytes());
        if is_next {
            self.at += token.len();
        }
        is_next
    }

    fn value(&mut self, depth: u32) -> Option<Json> {
        let depth = depth.checked_sub(1)?;
        self.skip_space();
        match self.peek()? {
            b'n' => self.pass("null").then_some(Json::Null),
            b't' => self.pass("true").then_some(Json::Bool(true)),
            b'f' => self.pass("false").then_some(Json::Bool(false)),
            b'"' => self.string().map(Json::Text),
            b'[' => self.list(depth),
            b'{' => self.object(depth),
            _ => self.number(),
        }
    }

    fn list(&mut self, depth: u32) -> Option<Json> {
        self.at += 1;
        let mut list = Vec::new();
        if self.pass("]") {
            return Some(Json::List(list));
        }
        loop {
            list.push(self.value(depth)?);
            if self.pass("]") {
                return Some(Json::List(list));
            }
            self.pass(",").then_some(())?;
        }
    }

    fn object(&mut self, depth: u32) -> Option<Json> {
        self.at += 1;
        let mut fields = Vec::new();
        if self.pass("}") {
            return Some(Json::Object(fields));
        }
        loop {
            self.skip_space();
            let name = self.string()?;
            self.pass(":").then_some(())?;
            fields.push((name, self.value(depth)?));
            if self.pass("}") {
                return Some(Json::Object(fields));
            }
            self.pass(",").then_some(())?;
        }
    }

    fn number(&mut self) -> Option<Json> {
        let start = self.at;
        while matches!(self.peek(), Some(b'-' | b'0'..=b'9')) {
            self.at += 1;
        }
        let digits = &self.text[start..self.at];
        let positive = digits.strip_prefix('-').unwrap_or(digits);
        if positive.len() > 1 && positive.starts_with('0') {
            return None;
        }
        // A fraction or an exponent is left over and fails whatever comes next.
        digits.parse().ok().map(Json::Number)
    }

    fn string(&mut self) -> Option<String> {
        (self.peek()? == b'"').then_some(())?;
        self.at += 1;
        let mut string = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek()?, b'"' | b'\\' | 0..0x20) {
                self.at += 1;
            }
            string.push_str(&self.text[start..self.at]);
            self.at += 1;
            match self.text.as_bytes()[self.at - 1] {
                b'"' => return Some(string),
                b'\\' => string.push(self.escape()?),
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        self.at += 1;
        Some(match *self.text.as_bytes().get(self.at - 1)? {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => return self.unicode(),
            letter @ (b'"' | b'\\' | b'/') => char::from(letter),
            _ => return None,
        })
    }

    fn unicode(&mut self) -> Option<char> {
        let first = self.hex()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        // Beyond the first plane a character is written as two halves.
        self.pass("\\u").then_some(())?;
        let second = self.hex()?.checked_sub(0xdc00)?;
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + second)
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }
}

impl Read for String {
    fn read(json: Json) -> Option<String> {
        match json {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Read for Secret {
    fn read(json: Json) -> Option<Secret> {
        String::read(json).map(Secret::from)
    }
}

impl Read for bool {
    fn read(json: Json) -> Option<bool> {
        match json {
            Json::Bool(value) => Some(value),
            // A field that an older server does not send.
            Json::Null => Some(false),
            _ => None,
        }
    }
}

impl<T: Read> Read for Option<T> {
    fn read(json: Json) -> Option<Option<T>> {
        match json {
            Json::Null => Some(None),
            json => T::read(json).map(Some),
        }
    }
}

impl<T: Read> Read for Box<T> {
    fn read(json: Json) -> Option<Box<T>> {
        T::read(json).map(Box::new)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(json: Json) -> Option<Vec<T>> {
        match json {
            Json::List(list) => {
                let mut items = Vec::with_capacity(list.len());
                for json in list {
                    items.push(T::read(json)?);
                }
                Some(items)
            }
            Json::Null => Some(Vec::new()),
            _ => None,
        }
    }
}

/// A pair stands in a list of two.
impl<A: Read, B: Read> Read for (A, B) {
    fn read(json: Json) -> Option<(A, B)> {
        let Json::List(list) = json else { return None };
        let [first, second]: [Json; 2] = list.try_into().ok()?;
        Some((A::read(first)?, B::read(second)?))
    }
}

macro_rules! numbers {
    ($($type:ty),+) => {$(
        impl Read for $type {
            fn read(json: Json) -> Option<$type> {
                match json { Json::Number(number) => number.try_into().ok(), _ => None }
            }
        }
    )+};
}
numbers!(u16, u32, u64, i32, i64);

macro_rules! ids {
    ($($type:ident),+) => {$(
        impl Read for recharge::$type {
            fn read(json: Json) -> Option<Self> {
                u64::read(json).map(recharge::$type)
            }
        }
    )+};
}
ids!(
    AddressId,
    CustomerId,
    SubscriptionId,
    PurchaseItemId,
    PaymentMethodId,
    OrderId,
    PlanId,
    OnetimeId
);

impl Read for Date {
    fn read(json: Json) -> Option<Date> {
        String::read(json)?.parse().ok()
    }
}

impl Read for Currency {
    fn read(json: Json) -> Option<Currency> {
        String::read(json)?.parse().ok()
    }
}

impl Read for Money {
    fn read(mut json: Json) -> Option<Money> {
        let amount: String = json.take("amount")?;
        Money::parse(&amount, json.take("currency")?).ok()
    }
}

impl Read for Unit {
    fn read(json: Json) -> Option<Unit> {
        match String::read(json)?.as_str() {
            "day" => Some(Unit::Day),
            "week" => Some(Unit::Week),
            "month" => Some(Unit::Month),
            _ => None,
        }
    }
}

impl Read for Interval {
    fn read(mut json: Json) -> Option<Interval> {
        Some(Interval {
            unit: json.take("unit")?,
            every: json.take("every")?,
        })
    }
}

/// Lets the browser read open enums, which are words.
macro_rules! words {
    ($($name:ident),+ $(,)?) => {$(
        impl $crate::json::Read for $name {
            fn read(json: $crate::json::Json) -> Option<Self> {
                <String as $crate::json::Read>::read(json).map(|word| $name::from(word.as_str()))
            }
        }
    )+};
}
pub(crate) use words;

/// Whether `snake` is `camel` as serde writes the name of a variant: `skip_delivery`, `SkipDelivery`.
pub(crate) fn is_snake_of(snake: &str, camel: &str) -> bool {
    let mut given = snake.bytes();
    camel.bytes().enumerate().all(|(at, letter)| {
        (at == 0 || !letter.is_ascii_uppercase() || given.next() == Some(b'_'))
            && given.next() == Some(letter.to_ascii_lowercase())
    }) && given.next().is_none()
}
