//! Intents for tests, made from their types: any intent of an operation, and the ids that it names.

use base::{Currency, Date, Interval, Money, Secret, Unit};
use recharge::{
    AddressId, OnetimeId, OrderId, PaymentMethodId, PlanId, PurchaseItemId, SubscriptionId,
};

/// An id of the customer's things that an intent names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedId {
    /// Its type, such as `AddressId`.
    pub kind: &'static str,
    /// JSON pointer to it in the intent, with a `0` for each element of a list.
    pub pointer: String,
}

/// Makes values out of bytes. Where there are none left, an optional field has a value and a list
/// one element.
#[derive(Debug)]
pub struct Generator<'a> {
    bytes: &'a [u8],
    pointer: String,
    ids: Vec<NamedId>,
}

impl Generator<'_> {
    /// A generator of what `bytes` say.
    pub(crate) fn new(bytes: &[u8]) -> Generator<'_> {
        Generator {
            bytes,
            pointer: String::new(),
            ids: Vec::new(),
        }
    }

    /// The ids in all that was made.
    pub(crate) fn into_ids(self) -> Vec<NamedId> {
        self.ids
    }

    /// Makes the value of a field.
    pub(crate) fn field<T: Generate>(&mut self, name: &str) -> T {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(name);
        let value = T::generate(self);
        self.pointer.truncate(length);
        value
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(*first)
    }

    fn number(&mut self) -> u64 {
        let length = self.byte().unwrap_or_default() % 9;
        let bytes = (0..length).map_while(|_| self.byte());
        let number = bytes.fold(0_u64, |number, byte| (number << 8) | u64::from(byte));
        number.max(1)
    }

    fn id(&mut self, kind: &'static str) -> u64 {
        let pointer = self.pointer.clone();
        self.ids.push(NamedId { kind, pointer });
        self.number()
    }
}

/// What a [`Generator`] can make. A struct derives it.
pub trait Generate {
    /// Makes a value.
    fn generate(from: &mut Generator) -> Self;
}

macro_rules! ids {
    ($($id:ident),+) => {$(
        impl Generate for $id {
            fn generate(from: &mut Generator) -> $id {
                $id(from.id(stringify!($id)))
            }
        }
    )+};
}
ids!(
    AddressId,
    OnetimeId,
    OrderId,
    PaymentMethodId,
    PurchaseItemId,
    SubscriptionId
);

/// Plans are the shop's, not the customer's.
impl Generate for PlanId {
    fn generate(from: &mut Generator) -> PlanId {
        PlanId(from.number())
    }
}

impl<T: Generate> Generate for Option<T> {
    fn generate(from: &mut Generator) -> Option<T> {
        let is_some = from.byte().is_none_or(|byte| byte % 2 == 0);
        is_some.then(|| T::generate(from))
    }
}

/// One to three elements, none of them twice.
impl<T: Generate + PartialEq> Generate for Vec<T> {
    fn generate(from: &mut Generator) -> Vec<T> {
        let mut list = Vec::new();
        for _ in 0..=from.byte().unwrap_or_default() % 3 {
            let element = from.field("0");
            if !list.contains(&element) {
                list.push(element);
            }
        }
        list
    }
}

impl Generate for bool {
    fn generate(from: &mut Generator) -> bool {
        from.byte().is_none_or(|byte| byte % 2 == 0)
    }
}

impl Generate for u32 {
    fn generate(from: &mut Generator) -> u32 {
        u32::try_from(from.number()).unwrap_or(u32::MAX)
    }
}

impl Generate for String {
    fn generate(from: &mut Generator) -> String {
        let Some(length) = from.byte() else {
            return "text".to_owned();
        };
        let bytes: Vec<u8> = (0..length % 16).map_while(|_| from.byte()).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Generate for Secret {
    fn generate(from: &mut Generator) -> Secret {
        String::generate(from).into()
    }
}

/// Up to 270 years from late in 2026, in either direction.
impl Generate for Date {
    fn generate(from: &mut Generator) -> Date {
        let days = i32::try_from(from.number() % 100_000).unwrap_or_default();
        let is_later = bool::generate(from);
        Date::from_days(20_800 + if is_later { days } else { -days })
    }
}

impl Generate for Money {
    fn generate(from: &mut Generator) -> Money {
        let minor = i64::try_from(from.number() >> 1).unwrap_or_default();
        let is_positive = bool::generate(from);
        Money::from_minor(if is_positive { minor } else { -minor }, Currency::USD)
    }
}

impl Generate for Interval {
    fn generate(from: &mut Generator) -> Interval {
        let units = [Unit::Week, Unit::Day, Unit::Month];
        Interval {
            unit: units[usize::from(from.byte().unwrap_or_default() % 3)],
            every: u32::generate(from),
        }
    }
}
