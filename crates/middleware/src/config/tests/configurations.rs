//! Named configurations and the rules that choose one.

use protocol::{Currency, Money, Operation};

use super::{EXAMPLE, parse};

/// The example with `more` at its end.
fn with(more: &str) -> String {
    format!("{EXAMPLE}\n{more}")
}

/// What is said of the example with `more` at its end, and the line of `more` that it names.
fn said(more: &str) -> (usize, String) {
    let text = with(more);
    let error = parse(&text).expect_err(more);
    let line = error.place.strip_prefix("portal.toml:").expect("a line");
    let line: usize = line.parse().unwrap();
    let before = with("").lines().count();
    (line.saturating_sub(before), error.to_string())
}

#[test]
fn cf_2_a_configuration_is_the_file_with_its_table_merged_over() {
    let text = with(
        r#"
        [configurations.wholesale]
        cancel_reasons = ["We closed"]
        merchant.name = "Wholesale"
        merchant.first_action = "skip_delivery"
        [configurations.wholesale.actions]
        swap_product = false
        [configurations.wholesale.locks]
        cancel_subscription = { minimum_orders = 6 }
        [configurations.wholesale.subscriptions]
        most = 400
        [configurations.wholesale.dates]
        closed_weekdays = ["sunday"]
        [configurations.wholesale.cutoff]
        days = 3
        [configurations.wholesale.theme.light]
        background = "\#ffffff"
        "#
        .replace("\\#", "#")
        .as_str(),
    );
    let config = parse(&text).unwrap();
    let (usual, other) = (&config.policy, &config.configurations["wholesale"].policy);
    assert_eq!(other.cancellation.reasons[0].text, "We closed".into());
    assert_eq!(other.merchant.name, "Wholesale");
    assert_eq!(other.merchant.first_action, Some(Operation::SkipDelivery));
    assert_eq!(other.merchant.return_url, usual.merchant.return_url);
    assert!(!other.allowed.contains(&Operation::SwapProduct));
    assert!(other.allowed.contains(&Operation::SkipDelivery));
    assert_eq!(other.locks.len(), 1);
    assert_eq!(
        (other.subscriptions.most, other.subscriptions.fewest),
        (400, 1)
    );
    assert_eq!(other.closed.weekdays.len(), 1);
    assert_eq!((other.cut_off_days, other.cut_off_minute), (3, 18 * 60));
    assert_ne!(other.merchant.theme, usual.merchant.theme);
    assert_eq!(usual.cancellation.reasons.len(), 5);
    assert!(usual.allowed.contains(&Operation::SwapProduct));
    assert_eq!(usual.locks.len(), 0);
}

#[test]
fn cf_2_what_is_wrong_in_a_configuration_is_named_with_its_own_line() {
    for (more, line, why) in [
        (
            "[configurations.b2b]\nlisten = \"127.0.0.1:1\"",
            2,
            "`listen` cannot be different",
        ),
        (
            "[configurations.b2b]\n\n[configurations.b2b.upstream]\nbucket = 1",
            3,
            "`upstream` cannot be different",
        ),
        (
            "[configurations.b2b]\nmerchant.secret_file = \"x\"",
            2,
            "`merchant.secret_file` cannot",
        ),
        (
            "[configurations.b2b]\nstore.currency = \"EUR\"",
            2,
            "`store` cannot be different",
        ),
        (
            "[configurations.b2b.actions]\nskip_dilevery = false",
            2,
            "did you mean `skip_delivery`?",
        ),
        (
            "[configurations.b2b.subscriptions]\nmots = 3",
            2,
            "did you mean `most`?",
        ),
        (
            "[configurations.b2b]\ncutof.days = 3",
            2,
            "did you mean `cutoff`?",
        ),
        (
            "[configurations.b2b.cutoff]\ndays = 31",
            2,
            "configuration b2b: 31 is out of range",
        ),
        (
            "[configurations.b2b.cutoff]\ndays = \"x\"",
            2,
            "invalid type",
        ),
        (
            "[configurations.default]\ncutoff.days = 3",
            1,
            "`default` is what the rest",
        ),
        (
            "[configurations.\"b 2\"]\ncutoff.days = 3",
            1,
            "not the name of a configuration",
        ),
    ] {
        let (at, said) = said(more);
        assert_eq!(at, line, "{more}: {said}");
        assert!(
            said.contains(why) && said.contains("hint: "),
            "{more}: {said}"
        );
    }
}

#[test]
fn cf_2_a_rule_names_a_configuration_and_has_conditions() {
    let rule = "[configurations.b2b]\n[[rules]]\n";
    for (conditions, line, why) in [
        (
            "configuration = \"b2c\"\ntags = [\"x\"]",
            3,
            "did you mean `b2b`? There are: b2b, default",
        ),
        ("configuration = \"b2b\"", 3, "no condition"),
        (
            "configuration = \"b2b\"\ncountries = [\"Germany\"]",
            4,
            "not a country code",
        ),
        (
            "configuration = \"b2b\"\ncurrencies = [\"euro\"]",
            4,
            "not a currency",
        ),
        ("configuration = \"b2b\"\nmin_orders = 0", 4, "use 1 to 249"),
        (
            "configuration = \"b2b\"\nmin_orders = 5\nmax_orders = 4",
            5,
            "use 5 to 249",
        ),
        (
            "configuration = \"b2b\"\ntags = [\" \"]",
            4,
            "this is empty",
        ),
        (
            "configuration = \"b2b\"\ncountry = \"DE\"",
            4,
            "unknown field `country`",
        ),
    ] {
        let (at, said) = said(&format!("{rule}{conditions}"));
        assert_eq!(at, line, "{conditions}: {said}");
        assert!(said.contains(why), "{conditions}: {said}");
    }
    let right = format!("{rule}configuration = \"b2b\"\ntags = [\"wholesale\"]\nmin_orders = 3");
    let config = parse(&with(&right)).unwrap();
    let [rule] = &*config.rules else {
        panic!("one rule");
    };
    assert_eq!(rule.segment.tags, ["wholesale"]);
    assert_eq!(rule.segment.orders.min, Some(3));
    let line = with("").lines().count() + 3;
    assert_eq!(rule.place, format!("portal.toml:{line}"));
}

#[test]
fn cf_2_the_reason_of_a_switch_is_its_line() {
    let text = EXAMPLE.replace("swap_product = true", "swap_product = false");
    let line = text[..text.find("swap_product = false").unwrap()]
        .lines()
        .count()
        + 1;
    let more = "[configurations.b2b.actions]\nskip_delivery = false\n\
                [configurations.b2b.locks]\nunskip_delivery = { days_before = 2 }";
    let config = parse(&format!("{text}\n{more}")).unwrap();
    let off = |switches: &super::Switches, operation| switches.off.get(&operation).cloned();
    let usual = format!("portal.toml:{line}: swap_product = false");
    let b2b = &config.configurations["b2b"].switches;
    assert_eq!(
        off(&config.switches, Operation::SwapProduct),
        Some(usual.clone())
    );
    assert_eq!(off(b2b, Operation::SwapProduct), Some(usual));
    assert_eq!(off(&config.switches, Operation::SkipDelivery), None);
    let last = format!("{text}\n").lines().count();
    let own = format!("portal.toml:{}: skip_delivery = false", last + 2);
    assert_eq!(off(b2b, Operation::SkipDelivery), Some(own));
    let locked = format!("portal.toml:{}: days_before = 2", last + 4);
    assert_eq!(b2b.locked[&Operation::UnskipDelivery], locked);
}

#[test]
fn a_lock_that_limits_nothing_is_no_limit() {
    let config = parse(&with("[locks.skip_delivery]\nminimum_orders = 0")).unwrap();
    assert!(config.switches.locked.is_empty());
}

#[test]
fn en_11_codes_guard_the_export_and_large_payments_where_they_can_be_sent() {
    let guarded = |text: &str| parse(text).unwrap().policy.step_up;
    let usual = guarded(EXAMPLE);
    assert_eq!((usual.pay_above, usual.export), (None, true));
    assert!(!guarded(&EXAMPLE.replace("# export = false", "export = false")).export);
    let limited = EXAMPLE.replace("# pay_above", "pay_above");
    let most = Money::parse("200.00", Currency::USD).ok();
    assert_eq!(guarded(&limited).pay_above, most);
    let error = parse(&limited.replace("\"200.00\"", "\"-1\"")).unwrap_err();
    assert!(error.to_string().contains("not a price"), "{error}");

    let mail = EXAMPLE.find("[mail]").unwrap()..EXAMPLE.find("# What needs a code").unwrap();
    let mut silent = EXAMPLE.to_owned();
    silent.replace_range(mail, "");
    assert!(!guarded(&silent).export);
    for asked in ["export = true", "pay_above = \"200.00\""] {
        let text = silent.replace("# export = false", asked);
        let error = parse(&text).unwrap_err();
        assert!(
            error.to_string().contains("codes cannot be sent"),
            "{error}"
        );
    }
}
