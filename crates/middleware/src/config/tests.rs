mod configurations;
mod schema;
mod tables;

use std::path::Path;

use protocol::Operation;

use super::*;

const EXAMPLE: &str = include_str!("../../../../examples/portal.toml");

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, "portal.toml", Path::new("/etc/portal"))
}

/// What is said when one line of the example is another.
fn complaint(line: &str, instead: &str) -> String {
    assert!(EXAMPLE.contains(line), "{line}");
    match parse(&EXAMPLE.replace(line, instead)) {
        Ok(_) => format!("{instead} was taken"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_example_is_right() {
    let config = parse(EXAMPLE).unwrap();
    assert_eq!(config.database, Path::new("/etc/portal/portal.db"));
    assert_eq!(config.policy.allowed.len(), Operation::ALL.len());
    assert_eq!(config.policy.cut_off_minute, 18 * 60);
    assert!(!config.policy.merchant.demo);
    let text = format!("{config:?}");
    assert!(text.contains("shop.example"));
}

#[test]
fn the_example_shows_the_defaults() {
    let explained = parse(EXAMPLE).unwrap();
    let is_default = |line: &&str| {
        let optional = [
            "listen", "database", "log", "_seconds", "bucket", "leak_", "horizon_",
        ]
        .iter()
        .chain(&[
            "_minutes",
            "_hours",
            "_per_",
            "connections",
            "return_origins",
            "base_url",
        ])
        .any(|part| line.contains(part));
        !(optional && line.contains(" = "))
    };
    let short: Vec<&str> = EXAMPLE.lines().filter(is_default).collect();
    let short = parse(&short.join("\n")).unwrap();
    assert_eq!(format!("{short:?}"), format!("{explained:?}"));
}

#[test]
fn an_unknown_key_is_named_with_its_line() {
    let line = EXAMPLE
        .lines()
        .position(|line| line.starts_with("log ="))
        .unwrap()
        + 1;
    let said = complaint("log = \"info\"", "lag = \"info\"");
    assert!(
        said.starts_with(&format!("portal.toml:{line}: unknown field `lag`")),
        "{said}"
    );
    assert!(said.contains("hint: "), "{said}");
}

#[test]
fn a_wrong_value_is_named_with_its_line_and_a_hint() {
    let line = EXAMPLE
        .lines()
        .position(|line| line.starts_with("zone ="))
        .unwrap()
        + 1;
    assert_eq!(
        complaint("zone = \"America/New_York\"", "zone = \"America/Nowhere\""),
        format!(
            "portal.toml:{line}: no such time zone\n  hint: use an IANA name like Europe/Berlin"
        )
    );
}

#[test]
fn values_that_do_not_do_are_refused() {
    for (line, instead, why) in [
        ("link_minutes = 5", "link_minutes = 11", "out of range"),
        ("accent = \"#0b6e4f\"", "accent = \"green\"", "not a color"),
        (
            "accent = \"#0b6e4f\"",
            "first_action = \"cancel_subscription\"",
            "not an action that can come first",
        ),
        (
            "currency = \"USD\"",
            "currency = \"dollar\"",
            "not a currency",
        ),
        ("time = \"18:00\"", "time = \"24:00\"", "not a time of day"),
        ("code = \"GB\"", "code = \"UK!\"", "not a country code"),
        ("name = \"Your Shop\"", "name = \" \"", "name is empty"),
        (
            "skip_delivery = true",
            "skip_dilevery = true",
            "no action is called",
        ),
        (
            "listen = \"127.0.0.1:8402\"",
            "listen = \"8402\"",
            "not an address",
        ),
        (
            "return_url = \"https://shop.example/account\"",
            "return_url = \"http://shop.example/account\"",
            "http is allowed on loopback",
        ),
        (
            "support_url = \"mailto:help@shop.example\"",
            "support_url = \"javascript:alert(1)\"",
            "does not start with https://",
        ),
        (
            "public_origin = \"https://account.shop.example\"",
            "public_origin = \"https://account.shop.example/portal\"",
            "only scheme, host and port",
        ),
        (
            "frame_ancestors = []",
            "frame_ancestors = [\"*\"]",
            "does not start with https://",
        ),
    ] {
        let said = complaint(line, instead);
        assert!(said.contains(why), "{instead}: {said}");
    }
}

#[test]
fn an_upstream_that_is_not_on_this_machine_must_be_https() {
    let base = "base_url = \"https://api.rechargeapps.com\"";
    for wrong in [
        "http://api.rechargeapps.com",
        "http://10.0.0.1:8401",
        "https://api.rechargeapps.com/v1",
        "https://user@api.rechargeapps.com",
    ] {
        let said = complaint(base, &format!("base_url = \"{wrong}\""));
        assert!(said.contains("hint: "), "{said}");
    }
    let sandbox = EXAMPLE.replace(base, "base_url = \"http://127.0.0.1:8401\"");
    assert!(parse(&sandbox).unwrap().policy.merchant.demo);
}

#[test]
fn without_a_public_origin_it_listens_on_loopback_only() {
    let without = EXAMPLE.replace("public_origin", "# public_origin");
    assert_eq!(parse(&without).unwrap().public_origin, None);
    let open = without.replace("127.0.0.1:8402", "0.0.0.0:8402");
    assert!(
        parse(&open)
            .unwrap_err()
            .message
            .contains("public_origin is missing")
    );
}

#[test]
fn a_switch_takes_the_action_away() {
    let off = EXAMPLE.replace("cancel_subscription = true", "cancel_subscription = false");
    let policy = parse(&off).unwrap().policy;
    assert!(!policy.allowed.contains(&Operation::CancelSubscription));
    assert!(policy.allowed.contains(&Operation::SkipDelivery));
}

#[test]
fn a_secret_comes_from_its_file_without_the_line_break() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        Some(path)
    };
    let files = |merchant: &str| Config {
        secret_files: SecretFiles {
            recharge_token: file("token", "sk_1x1_abc\n"),
            merchant_secret: file("secret", merchant),
            ..SecretFiles::default()
        },
        effects: Vec::new(),
        mail: None,
        ..parse(EXAMPLE).unwrap()
    };
    let secrets = Secrets::load(&files("0123456789abcdef\n")).unwrap();
    assert_eq!(
        secrecy::ExposeSecret::expose_secret(&secrets.merchant_secret),
        "0123456789abcdef"
    );
    let short = Secrets::load(&files("short\n")).unwrap_err();
    assert!(
        short.to_string().contains("merchant.secret_file"),
        "{short}"
    );
    assert!(!short.to_string().contains("short\n"));
}

#[test]
fn s45_the_secret_of_the_demonstration_opens_no_live_store() {
    let live = Config {
        effects: Vec::new(),
        mail: None,
        ..parse(EXAMPLE).unwrap()
    };
    let with = |config: &Config| {
        let secrets = Secrets::with("token".into(), "demo-merchant-secret".into(), config);
        secrets.is_ok()
    };
    assert!(!with(&live));
    let mut demo = live.clone();
    demo.policy.merchant.demo = true;
    assert!(with(&demo));
}

#[test]
fn s45_a_live_configuration_takes_nothing_of_a_demonstration() {
    // Each is fine over a store on this machine.
    let parts = [
        (
            "[merchant]",
            "[payments]\ntokeniser = \"sandbox\"\norigin = \"http://127.0.0.1:8401\"\n[merchant]",
            "the sandbox takes no real cards",
        ),
        (
            "smtp_host = \"smtp.shop.example\"\nsmtp_port = 587\nsmtp_user = \"portal\"",
            "folder = \"mail\"",
            "this is for demonstrations only",
        ),
    ];
    let live = "base_url = \"https://api.rechargeapps.com\"";
    let sandbox = EXAMPLE.replace(live, "base_url = \"http://127.0.0.1:8401\"");
    for (line, instead, why) in parts {
        let said = complaint(line, instead);
        assert!(said.contains(why), "{instead}: {said}");
        assert!(sandbox.contains(line), "{line}");
        let demo = parse(&sandbox.replace(line, instead));
        assert!(demo.is_ok(), "{instead}: {demo:?}");
    }
}

#[test]
fn what_needs_mail_or_somebody_who_is_told_is_off_without_them() {
    let without = |line: &str| {
        let start = EXAMPLE.find(line).unwrap();
        let end = EXAMPLE[start + 1..].find("\n[").unwrap() + start + 1;
        let text = format!("{}{}", &EXAMPLE[..start], &EXAMPLE[end..]);
        parse(&text).unwrap().policy.allowed
    };
    let told = without("[[effects]]\nafter = \"confirm_deletion\"");
    assert!(!told.contains(&Operation::RequestDeletion));
    assert!(told.contains(&Operation::RequestEmailChange));
    let mailed = without("[mail]");
    assert!(!mailed.contains(&Operation::RequestEmailChange));
    assert!(!mailed.contains(&Operation::ConfirmDeletion));
}

#[test]
fn a_webhook_of_a_live_configuration_leads_to_another_machine() {
    let url = "url = \"https://shop.example/hooks/portal\"";
    for instead in [
        "http://127.0.0.1:9/",
        "https://localhost/",
        "https://10.0.0.1/",
    ] {
        let said = complaint(url, &format!("url = \"{instead}\""));
        assert!(said.contains("own network"), "{said}");
    }
    let said = complaint(url, "url = \"http://shop.example/\"");
    assert!(said.contains("use https"), "{said}");
    let said = complaint("\"{operation} on {date}\"", "\"{hash}\"");
    assert!(said.contains("no fact is called hash"), "{said}");
}

#[test]
fn en_2_the_login_page_is_off_unless_it_is_switched_on_and_needs_mail() {
    assert!(parse(EXAMPLE).unwrap().login.is_none());
    let on = EXAMPLE.replace("[login]\nenabled = false", "[login]\nenabled = true");
    let login = parse(&on).unwrap().login.unwrap();
    assert_eq!((login.requests_per_minute, login.emails_per_hour), (20, 10));
    let (before, mail) = on.split_once("[mail]\n").unwrap();
    let (_, after) = mail.split_once("[login]").unwrap();
    let without = format!("{before}[login]{after}");
    let line = without
        .lines()
        .position(|line| line == "enabled = true")
        .unwrap()
        + 1;
    let error = parse(&without).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("portal.toml:{line}: ")),
        "{error}"
    );
    assert!(error.contains("add a [mail] table"), "{error}");
    let said = complaint(
        "emails_per_hour = 10\n\n# What else",
        "emails_per_hour = 0\n\n# What else",
    );
    assert!(said.contains("use 1 to 100000"), "{said}");
}

#[test]
fn the_documentation_explains_every_key() {
    let document = include_str!("../../../../docs/configuration.md");
    let keys = EXAMPLE
        .lines()
        .map(|line| line.trim_start_matches("# "))
        .filter_map(|line| line.split_once(" = "))
        .map(|(key, _)| key.trim())
        .filter(|key| key.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
    let actions: Vec<String> = Operation::ALL.iter().copied().map(operation_name).collect();
    for key in keys.filter(|key| !actions.iter().any(|action| action == key)) {
        assert!(document.contains(&format!("`{key}`")), "{key}");
    }
}

#[test]
fn the_example_lists_every_action() {
    for operation in Operation::ALL {
        let line = format!("\n{} = true\n", operation_name(*operation));
        assert!(EXAMPLE.contains(&line), "{line}");
    }
}

#[test]
fn a_live_configuration_cannot_have_a_cookie_without_secure() {
    let demo = include_str!("../../../../examples/shop/portal.toml");
    assert!(demo.contains("loopback_cookie = true"));
    assert_eq!(parse(demo).unwrap().session.cookie, SessionCookie::Loopback);
    let live = "base_url = \"https://api.rechargeapps.com\"";
    for (line, instead) in [
        (
            "base_url = \"http://127.0.0.1:8401\"\n\n[payments]",
            &*format!("{live}\n\n[payments]"),
        ),
        (
            "listen = \"127.0.0.1:8402\"",
            "listen = \"0.0.0.0:8402\"\npublic_origin = \"http://127.0.0.1:8402\"",
        ),
        (
            "log = ",
            "public_origin = \"https://account.shop.example\"\nlog = ",
        ),
    ] {
        assert!(demo.contains(line), "{line}");
        let changed = demo.replacen(line, instead, 1);
        // What else of a demonstration a live store refuses would be complained about first.
        let changed = changed.replace(
            "tokeniser = \"sandbox\"",
            "tokeniser = \"stripe\"\npublishable_key = \"pk_test_1\"",
        );
        let changed = changed.replace("origin = \"http://127.0.0.1:8401\"\n", "");
        let changed = changed.replace(
            "folder = \"../../target/demo/mail\"",
            "smtp_host = \"smtp.shop.example\"",
        );
        let error = parse(&changed).unwrap_err();
        assert!(
            error.message.contains("without Secure"),
            "{instead}: {error}"
        );
        let without = changed.replace("loopback_cookie = true", "");
        assert_eq!(
            parse(&without).unwrap().session.cookie,
            SessionCookie::HostOnly
        );
    }
}

#[test]
fn hsts_reaches_subdomains_of_an_own_origin_only() {
    let asked = "own_origin = false\nhsts_subdomains = true";
    assert!(complaint("own_origin = false", asked).contains("only where `own_origin` is true"));
}

/// What the portal is told of the example with `table` at its end, or why it is refused.
fn themed(table: &str) -> Result<(Option<String>, Option<String>), String> {
    let config = parse(&format!("{EXAMPLE}\n{table}")).map_err(|error| error.to_string())?;
    Ok((config.policy.merchant.theme, config.policy.merchant.logo))
}

#[test]
fn a_theme_becomes_declarations() {
    let only_accent = parse(EXAMPLE).unwrap().policy.merchant.theme;
    assert_eq!(only_accent.as_deref(), Some("--portal-accent:#0b6e4f;"));
    let table = "[theme]\nmode = \"dark\"\nlogo = \"/logo.svg\"\n\
        [theme.tokens]\nbutton_radius = \"999px\"\n[theme.dark]\naccent = \"#8fd9b6\"";
    let (theme, logo) = themed(table).unwrap();
    assert_eq!(
        theme.as_deref(),
        Some(
            "--portal-accent:#0b6e4f;--portal-accent-dark:#8fd9b6;\
             --portal-button-radius:999px;--portal-mode:dark;"
        )
    );
    assert_eq!(logo.as_deref(), Some("/logo.svg"));
}

#[test]
fn a_theme_that_does_not_do_is_refused_with_its_line_and_a_hint() {
    let end = EXAMPLE.lines().count() + 3;
    for (table, why) in [
        ("[theme]\nmode = \"dim\"", "not a mode"),
        (
            "[theme]\nlogo = \"//elsewhere.example/logo.svg\"",
            "does not start with https://",
        ),
        (
            "[theme]\nlogo = \"javascript:alert(1)\"",
            "does not start with https://",
        ),
        ("[theme.tokens]\nradius = \"big\"", "not a length"),
        (
            "[theme.tokens]\nfont = \"url(/font.woff)\"",
            "not a list of fonts",
        ),
        ("[theme.tokens]\naccent = \"#123456\"", "accent is a color"),
        ("[theme.light]\nradius = \"4px\"", "radius is not a color"),
        (
            "[theme.light]\ncolour = \"#123456\"",
            "no token is called colour",
        ),
        (
            "[theme.light]\ntext = \"url(https://x.example)\"",
            "not a color",
        ),
        (
            "[theme.light]\ntext = \"#000;} * {color:red\"",
            "not a color",
        ),
        (
            "[theme.light]\nmuted = \"#999999\"",
            "muted on background has a contrast of 2.72:1 on the light page, and needs 4.50:1",
        ),
        (
            "[theme.dark]\nsurface = \"#777777\"",
            "text-dark on surface-dark has a contrast of",
        ),
    ] {
        let said = themed(table).unwrap_err();
        assert!(said.starts_with(&format!("portal.toml:{end}: ")), "{said}");
        assert!(said.contains(why), "{table}: {said}");
        assert!(said.contains("hint: "), "{said}");
    }
    let twice = themed("[theme.light]\naccent = \"#123456\"").unwrap_err();
    assert!(
        twice.contains("the accent is set in [theme.light] too"),
        "{twice}"
    );
}
