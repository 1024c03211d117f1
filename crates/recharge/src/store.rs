//! The store itself.

use base::Currency;

use crate::lenient::upstream;
use crate::resource::Resource;
use crate::transport::Request;

upstream! {
    /// The store.
    pub struct Store: u64 {
        /// Its name.
        name: String,
        /// Where to write to.
        email: String,
        /// Its own currency; `None` where upstream does not say.
        currency: Option<Currency>,
        /// Its zone.
        timezone: Timezone,
        /// Where it sells, such as `shopify`.
        external_platform: String,
        /// Who runs its checkout, such as `recharge`.
        checkout_platform: String,
    }
}

upstream! {
    /// A time zone.
    pub struct Timezone {
        /// Its name at IANA, such as `Europe/London`.
        iana_name: String,
        /// Its name for people.
        name: String,
    }
}

impl Resource for Store {
    const NAME: &'static str = "store";
    const PLURAL: &'static str = "stores";
}

impl Store {
    /// `GET /store`.
    pub fn retrieve() -> Request {
        Request::get("/store")
    }
}
