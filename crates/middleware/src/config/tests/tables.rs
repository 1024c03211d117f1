//! What is said of wrong values in the tables with the merchant's rules: the line, what is wrong
//! with it, and how it is written.

use super::super::url::Origin;
use super::{EXAMPLE, complaint, parse};

/// Each `(line, instead, why)`: the complaint names the line of what was changed, says why, and
/// helps on.
fn refused(cases: &[(&str, &str, &str)]) {
    for (line, instead, why) in cases {
        let said = complaint(line, instead);
        let before = &EXAMPLE[..EXAMPLE.find(line).unwrap()];
        // What is wrong stands in the last line of what was put in.
        let at = before.lines().count() + instead.trim_end().lines().count();
        let at = if before.ends_with('\n') { at } else { at - 1 };
        let place = format!("portal.toml:{at}: ");
        assert!(said.starts_with(&place), "{instead}: {said}");
        assert!(said.contains(why), "{instead}: {said}");
        assert!(said.contains("hint: "), "{instead}: {said}");
    }
}

#[test]
fn wrong_days_are_refused() {
    refused(&[
        (
            "closed_weekdays = []",
            "closed_weekdays = [\"Sonntag\"]",
            "not a day of the week",
        ),
        (
            "closed_weekdays = []",
            "closed_weekdays = [\"monday\", \"tuesday\", \"wednesday\", \"thursday\", \"friday\", \"saturday\", \"sunday\"]",
            "no day is left for deliveries",
        ),
        (
            "closed_dates = []",
            "closed_dates = [\"24.12.2026\"]",
            "not a date",
        ),
        (
            "closed_dates = []",
            "closed_dates = [\"2026-02-30\"]",
            "not a date",
        ),
        (
            "closed_dates = []",
            "closed_dates = [2026-12-25]",
            "expected a string",
        ),
        ("\ndays = 1\n", "\ndays = 31\n", "31 is out of range"),
    ]);
}

#[test]
fn wrong_rules_of_subscriptions_are_refused() {
    refused(&[
        ("fewest = 1", "fewest = 0", "0 is out of range"),
        ("most = 20", "most = 0", "use 1 to 10000"),
        ("fewest = 1\nmost = 20", "fewest = 9\nmost = 8", "use 9 to"),
        ("note_length = 255", "note_length = 5000", "out of range"),
        (
            "pause_months = [1, 2, 3]",
            "pause_months = [0]",
            "not lengths of a pause",
        ),
        (
            "pause_months = [1, 2, 3]",
            "pause_months = [1, 24]",
            "not lengths of a pause",
        ),
        (
            "# swap_product = { days_before = 5 }",
            "swap_produkt = { days_before = 5 }",
            "no action is called swap_produkt",
        ),
        (
            "# swap_product = { days_before = 5 }",
            "swap_product = { days = 5 }",
            "unknown field `days`",
        ),
        (
            "# swap_product = { days_before = 5 }",
            "swap_product = { days_before = -1 }",
            "expected u32",
        ),
    ]);
}

#[test]
fn wrong_ways_of_shipping_are_refused() {
    let second = "price = \"2.90\"\n[[shipping_methods]]\ntitle = \"Again\"\nprice = \"1.00\"\n";
    let twice = format!("{second}code = \"pickup\"");
    refused(&[
        ("price = \"2.90\"", "price = \"free\"", "not a price"),
        ("price = \"2.90\"", "price = \"-2.90\"", "not a price"),
        (
            "shipping_price = \"4.90\"",
            "shipping_price = \"cheap\"",
            "not a price",
        ),
        ("code = \"pickup\"", "code = \" \"", "the code is empty"),
        (
            "title = \"Pickup point\"",
            "title = \"\"",
            "the title is empty",
        ),
        ("price = \"2.90\"", &twice, "pickup is there twice"),
        ("code = \"GB\"", "code = \"US\"", "US is there twice"),
    ]);
}

#[test]
fn wrong_effects_are_refused() {
    refused(&[
        (
            "after = \"skip_delivery\"",
            "after = \"skip\"",
            "no action is called skip",
        ),
        (
            "after = \"report_problem\"\nkind = \"mail\"",
            "after = \"report_problem\"\nkind = \"sms\"",
            "unknown variant `sms`",
        ),
        (
            "to = \"help@shop.example\"",
            "to = \"the shop\"",
            "not an address",
        ),
        (
            "kind = \"metafield\"\nnamespace = \"loyalty\"",
            "kind = \"metafield\"\nname_space = \"loyalty\"",
            "unknown field `name_space`",
        ),
        (
            "\"{operation} on {date}\"",
            "\"{operation on\"",
            "a { without its }",
        ),
    ]);
}

#[test]
fn an_effect_that_lacks_something_says_what() {
    for (line, lacking) in [
        ("namespace = \"loyalty\"\n", "`namespace`"),
        ("key = \"last_change\"\n", "`key`"),
        ("value = \"{operation} on {date}\"\n", "`value`"),
        ("url = \"https://shop.example/hooks/portal\"\n", "`url`"),
        ("to = \"privacy@shop.example\"\n", "`to`"),
        (
            "secret_env = \"PORTAL_WEBHOOK_SECRET\"\n",
            "one of `secret_env` and `secret_file`",
        ),
    ] {
        let said = complaint(line, "");
        assert!(said.contains(lacking), "{line}: {said}");
        assert!(said.contains("portal.toml:"), "{line}: {said}");
    }
    let both = "secret_env = \"PORTAL_WEBHOOK_SECRET\"\nsecret_file = \"secret\"";
    let said = complaint("secret_env = \"PORTAL_WEBHOOK_SECRET\"", both);
    assert!(said.contains("one of `secret_env`"), "{said}");
}

#[test]
fn pages_that_may_embed_the_portal_are_listed_by_their_exact_origin() {
    let table = "[embedding]\norigins = []";
    let listing = |origins: &str| format!("[embedding]\norigins = [{origins}]");
    for (origins, why) in [
        ("\"*\"", "does not start with https://"),
        ("\"null\"", "does not start with https://"),
        ("\"https://*.shop.example\"", "this is a pattern"),
        ("\"https://shop.example/\"", "only scheme, host and port"),
        ("\"http://shop.example\"", "http is allowed on loopback"),
        ("\"https://account.shop.example\"", "this is public_origin"),
    ] {
        refused(&[(table, &listing(origins), why)]);
    }
    assert!(parse(EXAMPLE).unwrap().embedding_origins.is_empty());
    let listed = listing("\"https://Shop.example:443\", \"https://www.shop.example\"");
    let config = parse(&EXAMPLE.replace(table, &listed)).unwrap();
    let origins: Vec<&str> = config
        .embedding_origins
        .iter()
        .map(Origin::as_str)
        .collect();
    assert_eq!(
        origins,
        ["https://shop.example", "https://www.shop.example"]
    );
}

#[test]
fn wrong_ways_to_help_and_to_pay_are_refused() {
    let support = "support_url = \"mailto:help@shop.example\"";
    let payments = |table: &str| format!("[payments]\n{table}");
    let other = payments("tokeniser = \"braintree\"");
    let bare = payments("tokeniser = \"stripe\"");
    refused(&[
        (support, "support_url = \"mailto:\"", "not an address"),
        (
            support,
            "support_url = \"mailto:help at shop\"",
            "not an address",
        ),
        (
            support,
            "support_url = \"http://shop.example/help\"",
            "http is allowed on loopback",
        ),
        ("# [payments]", &other, "no such tokeniser"),
        ("# [payments]", &bare, "publishable_key does not do"),
        (
            "from = \"Your Shop <hello@shop.example>\"",
            "from = \"Your Shop\"",
            "not a sender",
        ),
        (
            "# [hosted_portal]",
            "[hosted_portal]\nbase_url = \"https://shop.example/?a=b\"",
            "has a query",
        ),
    ]);
    let asks = "support_url = \"mailto:help@shop.example?cc=second@shop.example\"";
    assert!(parse(&EXAMPLE.replace(support, asks)).is_ok());
}

#[test]
fn wrong_pages_and_details_are_refused() {
    let url = "# terms_url = \"https://shop.example/terms\"";
    refused(&[
        (
            url,
            "terms_url = \"javascript:alert(1)\"",
            "does not start with https://",
        ),
        (url, "terms_url = \"http://shop.example/\"", "use https"),
        (
            url,
            "terms = \"https://shop.example/\"",
            "unknown field `terms`",
        ),
        (
            "# headline = \"Thank you for being a subscriber.\"",
            "headline = \" \"",
            "a headline has 1 to 200 characters",
        ),
        (
            "editable = [\"name\", \"phone\", \"email\", \"billing_address\", \"shipping_address\"]",
            "editable = [\"name\", \"birthday\"]",
            "birthday is no detail of a customer",
        ),
        (
            "# sections = [\"overview\", \"subscriptions\", \"deliveries\", \"payment_methods\", \"customer\"]",
            "sections = [\"home\"]",
            "no section is called home",
        ),
        (
            "# sections = [\"overview\", \"subscriptions\", \"deliveries\", \"payment_methods\", \"customer\"]",
            "sections = [\"history\", \"history\"]",
            "history is there twice",
        ),
        (
            "\nactions = []\n",
            "\nactions = [\"swap\"]\n",
            "no action is called swap",
        ),
    ]);
}

#[test]
fn wrong_cancellations_are_refused() {
    let offers = "offers = [\"pause_subscription\", \"skip_delivery\"]";
    let default = "# default_reason = \"No reason given\"";
    refused(&[
        (
            "order = \"listed\"",
            "order = \"random\"",
            "unknown variant `random`",
        ),
        (
            default,
            "default_reason = \"None\"",
            "a reason is always chosen",
        ),
        (offers, "offers = [\"pause\"]", "no action is called pause"),
        (
            offers,
            "offers = [\"apply_discount\"]",
            "not an action that is offered instead",
        ),
        (
            offers,
            "offers = [\"skip_delivery\", \"skip_delivery\"]",
            "skip_delivery is there twice",
        ),
    ]);
    let twice = "# [[cancellation.reasons]]\n# id = \"too_much\"\n# text = \"Too much\"";
    let listed = "[[cancellation.reasons]]\nid = \"a\"\ntext = \"A\"";
    let said = complaint(twice, listed);
    assert!(said.contains("the reasons are listed twice"), "{said}");
}

#[test]
fn wrong_reasons_for_cancelling_are_refused() {
    let start = EXAMPLE.find("cancel_reasons = [").unwrap();
    let end = start + EXAMPLE[start..].find("]\n").unwrap() + 2;
    let without = [&EXAMPLE[..start], &EXAMPLE[end..]].concat();
    let none = parse(&without).unwrap_err().to_string();
    assert!(none.contains("cancel_reasons is missing"), "{none}");
    for (keys, why) in [
        ("text = \"A\"", "the id is missing"),
        ("id = \"A b\"\ntext = \"A\"", "not an id"),
        ("id = \"a\"", "the text is missing"),
        ("id = \"a\"\ntext = \"\"", "text is empty"),
        (
            "id = \"a\"\ntext = \"A\"\nname = \"B\"",
            "unknown key `name`",
        ),
        ("id = \"a\"\ntext = \"A\"\nde = 1", "expected a string"),
    ] {
        let said = parse(&[&without, "[[cancellation.reasons]]\n", keys].concat());
        let said = said
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        assert!(said.contains(why), "{keys}: {said}");
        assert!(said.contains("hint: "), "{said}");
    }
}

#[test]
fn wrong_lists_and_limits_are_refused() {
    refused(&[
        (
            "# products = [\"8012345\"]",
            "products = [\" \"]",
            "not an id",
        ),
        (
            "# products = [\"8012345\"]",
            "product = [\"1\"]",
            "unknown field `product`",
        ),
        (
            "# fewest = 1\n# most = 20",
            "fewest = 9\nmost = 8",
            "use 9 to",
        ),
        ("# plans = [51200]", "plans = [\"51200\"]", "expected u64"),
        (
            "# longest_pause_days = 90",
            "longest_pause_days = 3",
            "3 is out of range",
        ),
        (
            "# most_pauses_per_year = 3",
            "most_pauses_per_year = 0",
            "0 is out of range",
        ),
        (
            "# most_skips_per_year = 6",
            "most_skips_per_year = 400",
            "400 is out of range",
        ),
    ]);
}

#[test]
fn wrong_announcements_are_refused() {
    let long = format!("text = \"{}\"", "a".repeat(501));
    for (keys, why) in [
        ("text = \"A\"", "the id is missing"),
        ("id = \"a\"", "the text is missing"),
        (
            "id = \"a\"\ntext = \"A\"\nlink = \"javascript:1\"",
            "does not start with",
        ),
        (
            "id = \"a\"\ntext = \"A\"\npicture = \"//x\"",
            "does not start with",
        ),
        (
            "id = \"a\"\ntext = \"A\"\nfrom = \"1.12.2026\"",
            "not a date",
        ),
        (
            "id = \"a\"\ntext = \"A\"\nfrom = \"2026-12-02\"\nuntil = \"2026-12-01\"",
            "it is over before it begins",
        ),
        (
            "id = \"a\"\ntext = \"A\"\naudience = \"old\"",
            "no such audience",
        ),
        (
            "id = \"a\"\ntext = \"A\"\ntill = \"2026-12-02\"",
            "unknown key `till`",
        ),
        (
            "id = \"a\"\ntext = \"A\"\n[[announcements]]\nid = \"a\"\ntext = \"B\"",
            "a is there twice",
        ),
        (&["id = \"a\"\n", &long].concat(), "longer than 500"),
    ] {
        let said = parse(&[EXAMPLE, "[[announcements]]\n", keys].concat());
        let said = said
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default();
        assert!(said.contains(why), "{keys}: {said}");
        assert!(said.contains("hint: "), "{said}");
    }
}

#[test]
fn mt_1_mt_2_wrong_actions_of_support_and_days_of_the_audit_log_are_refused() {
    let act = "# act = [\"skip_delivery\", \"unskip_delivery\"]";
    refused(&[
        (
            act,
            "[support]\nact = [\"add_payment_method\"]",
            "support cannot use add_payment_method",
        ),
        (
            act,
            "[support]\nact = [\"confirm_email_change\"]",
            "support cannot use confirm_email_change",
        ),
        (
            act,
            "[support]\nact = [\"refund\"]",
            "no action is called refund",
        ),
        ("keep_days = 730", "keep_days = 0", "use 1 to 3650"),
    ]);
}

#[test]
fn mt_1_support_is_off_and_only_looks_unless_the_file_says_otherwise() {
    let config = parse(EXAMPLE).unwrap();
    assert!(!config.support && config.policy.support.is_empty());
    let looks = parse(&EXAMPLE.replace("# [support]", "[support]")).unwrap();
    assert!(looks.support && looks.policy.support.is_empty());
    let table = "# [support]\n# act = ";
    let acts = parse(&EXAMPLE.replace(table, "[support]\nact = ")).unwrap();
    assert_eq!(acts.policy.support.len(), 2);
}

/// The example with a table at its end.
fn with_table(table: &str) -> Result<super::Config, super::ConfigError> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys");
    let text = format!("{EXAMPLE}\n{table}");
    super::Config::parse(&text, "portal.toml", std::path::Path::new(folder))
}

#[test]
fn en_4_wrong_tables_of_sign_on_are_refused_with_their_line() {
    let jwt = "[jwt]\nissuer = \"shop\"\naudience = \"portal\"\n";
    let proxy = "[app_proxy]\nsecret_file = \"x\"\n";
    let account = "[customer_account]\nclient_id = \"shp_1\"\n";
    for (table, line, why) in [
        (jwt, "algorithm = \"none\"", "unknown variant `none`"),
        (jwt, "algorithm = \"HS512\"", "unknown variant `HS512`"),
        (jwt, "algorithm = \"RS256\"", "needs a public key"),
        (
            jwt,
            "secret_file = \"x\"\nalgorithm = \"RS256\"",
            "needs a public key",
        ),
        (
            jwt,
            "public_key_file = \"rsa-public.pem\"\nalgorithm = \"HS256\"",
            "has a secret and no public key",
        ),
        (
            jwt,
            "algorithm = \"RS256\"\npublic_key_file = \"nowhere.pem\"",
            "the key cannot be read",
        ),
        (
            jwt,
            "algorithm = \"ES256\"\npublic_key_file = \"rsa-public.pem\"",
            "no public key for the algorithm",
        ),
        (
            jwt,
            "algorithm = \"RS256\"\njwks_file = \"rsa-public.pem\"",
            "this is no JWK set",
        ),
        (
            jwt,
            "algorithm = \"HS256\"\nmax_minutes = 11",
            "use 1 to 10",
        ),
        (
            jwt,
            "algorithm = \"HS256\"\ncustomer_claim = \" \"",
            "this is empty",
        ),
        (
            jwt,
            "algorithm = \"HS256\"\ncustomer_is = \"phone\"",
            "unknown variant `phone`",
        ),
        (
            proxy,
            "shop = \"https://your-shop.myshopify.com\"",
            "not a host name",
        ),
        (account, "shop_url = \"http://shop.example\"", "use https"),
        (
            account,
            "shop_url = \"http://127.0.0.1:1\"",
            "for demonstrations only",
        ),
        (
            account,
            "shop_url = \"https://shop.example/x\"",
            "only scheme, host and port",
        ),
        (
            account,
            "shop_url = \"https://shop.example\"\nclient = \"secret\"",
            "unknown variant `secret`",
        ),
    ] {
        let error = with_table(&format!("{table}{line}")).unwrap_err();
        let last = EXAMPLE.lines().count() + table.lines().count() + line.lines().count() + 1;
        assert_eq!(
            error.place,
            format!("portal.toml:{last}"),
            "{line}: {error}"
        );
        assert!(
            error.message.contains(why) || error.hint.contains(why),
            "{line}: {error}"
        );
        assert!(!error.hint.is_empty(), "{line}");
    }
    for line in [
        "algorithm = \"HS256\"",
        "algorithm = \"RS256\"\npublic_key_file = \"rsa-public.pem\"",
    ] {
        assert!(with_table(&format!("{jwt}{line}")).is_ok(), "{line}");
    }
}
