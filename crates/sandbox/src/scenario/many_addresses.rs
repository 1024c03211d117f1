//! Jonas Weber sends coffee and tea to everybody he knows: 24 addresses in twelve
//! countries, five ways to pay.

use base::Currency;

use super::build::{Build, NewSubscription, postal};
use super::catalogue::*;
use crate::rows::*;

/// First and last name, street, city, province, post code, country.
type Home = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static str,
    &'static str,
);

/// Who lives where.
#[rustfmt::skip]
const PEOPLE: [Home; 24] = [
    ("Jonas", "Weber", "Torstraße 140", "Berlin", None, "10119", "DE"),
    ("Anke", "Weber", "Lange Reihe 7", "Hamburg", None, "20099", "DE"),
    ("Camille", "Moreau", "12 rue des Martyrs", "Paris", None, "75009", "FR"),
    ("Hugo", "Petit", "4 place Bellecour", "Lyon", None, "69002", "FR"),
    ("Alice", "Hargreaves", "9 Lansdown Crescent", "Bath", None, "BA1 5EX", "GB"),
    ("Tom", "Evans", "31 Cathedral Road", "Cardiff", None, "CF11 9HA", "GB"),
    ("Niamh", "Byrne", "22 Dawson Street", "Dublin", Some("County Dublin"), "D02 HP48", "IE"),
    ("Freja", "Nielsen", "Nørrebrogade 44", "København N", None, "2200", "DK"),
    ("Oskar", "Lund", "Götgatan 71", "Stockholm", None, "116 21", "SE"),
    ("Ingrid", "Dahl", "Thorvald Meyers gate 30", "Oslo", None, "0555", "NO"),
    ("Hana", "Sato", "神宮前 4-12-10", "渋谷区", Some("Tōkyō"), "150-0001", "JP"),
    ("Kenji", "Mori", "天神橋 2-3-8", "大阪市北区", Some("Ōsaka"), "530-0041", "JP"),
    ("Chloe", "Tremblay", "3820 rue Saint-Denis", "Montréal", Some("Quebec"), "H2W 2M2", "CA"),
    ("Liam", "Campbell", "905 Granville Street", "Vancouver", Some("British Columbia"), "V6Z 1L3", "CA"),
    ("Ruby", "Nguyen", "18 Gertrude Street", "Fitzroy", Some("Victoria"), "3065", "AU"),
    ("Jack", "Murray", "5 Crown Street", "Surry Hills", Some("New South Wales"), "2010", "AU"),
    ("Fatima", "Al-Sabah", "Block 3, Salem Al Mubarak Street", "Salmiya", None, "20003", "KW"),
    ("Maya", "Lindqvist", "214 Prospect Place", "Brooklyn", Some("New York"), "11238", "US"),
    ("Ben", "Carter", "77 Congress Street", "Portland", Some("Maine"), "04101", "US"),
    ("Zoe", "Young", "1480 Valencia Street", "San Francisco", Some("California"), "94110", "US"),
    ("Omar", "Diallo", "600 Peachtree Street", "Atlanta", Some("Georgia"), "30308", "US"),
    ("Eva", "Novak", "240 Main Street", "Burlington", Some("Vermont"), "05401", "US"),
    ("Luis", "Garza", "1100 South Congress", "Austin", Some("Texas"), "78704", "US"),
    ("Mei", "Chen", "55 East Pearson Street", "Chicago", Some("Illinois"), "60611", "US"),
];

/// The rows at `now`.
pub(super) fn tables(now: i64) -> Tables {
    let mut build = Build::begin(now, 60, Currency::USD);
    let jonas = build.customer("Jonas", "Weber", "jonas.weber@example.com");
    let places: Vec<Postal> = PEOPLE
        .iter()
        .map(|(first, last, street, city, province, zip, country)| {
            postal((first, last), street, city, *province, zip, country)
        })
        .collect();
    let brands = [
        ("visa", "4242"),
        ("mastercard", "4444"),
        ("amex", "1005"),
        ("visa", "1881"),
    ];
    let mut methods: Vec<Id> = brands
        .iter()
        .enumerate()
        .map(|(n, (brand, last4))| {
            let expires = build.today.add_months(8 + 7 * n as i32);
            build.card(jonas, brand, last4, expires, &places[0])
        })
        .collect();
    methods.push(build.paypal(jonas, "jonas.weber@example.com", &places[0]));
    let variants = [
        ESPRESSO_250,
        SENCHA_100,
        DECAF_250,
        EARL_GREY_100,
        KENYA_250,
    ];
    for (n, place) in places.into_iter().enumerate() {
        // The last one has no way to pay yet.
        let method = (n < PEOPLE.len() - 1).then(|| methods[n % methods.len()]);
        let address_id = build.address(jonas, place, method);
        let first = build.day(3 + (n as i32 * 5) % 26 - 28);
        if n % 4 != 3 {
            build.subscription(NewSubscription::weekly(
                address_id,
                variants[n % variants.len()],
                1,
                4,
                first,
            ));
        }
    }
    build.finish()
}
