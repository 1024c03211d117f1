//! Where something is sent or who pays, as it stands inside other resources.

use crate::lenient::upstream;

upstream! {
    /// A postal address; every field may be empty, all of them in far-future deliveries.
    pub struct PostalAddress {
        /// First name.
        first_name: String,
        /// Last name.
        last_name: String,
        /// Company.
        company: String,
        /// Street and number.
        address1: String,
        /// Flat, floor and the like.
        address2: String,
        /// City.
        city: String,
        /// State or province, its name.
        province: String,
        /// Postcode.
        zip: String,
        /// Country, two letters.
        country_code: String,
        /// Country by name, which only billing addresses have.
        country: String,
        /// Telephone.
        phone: String,
    }
}

impl PostalAddress {
    /// Whether upstream said nothing about the place.
    pub fn is_blank(&self) -> bool {
        [
            &self.address1,
            &self.address2,
            &self.city,
            &self.zip,
            &self.country_code,
            &self.country,
        ]
        .iter()
        .all(|field| field.trim().is_empty())
    }
}
