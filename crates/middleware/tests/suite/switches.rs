//! Every switch and rule of the file that decides what customers may do, both ways: where it allows
//! something, that works and is in the views; where it does not, it is refused and in no view.
//!
//! The table is made of the example file, so a key that is added there needs a row here.

use std::collections::BTreeSet;

use gateway::sample;
use gateway::testing::scenario;
use protocol::{Intent, Operation, SubscriptionId};
use serde_json::{Value, json};

use crate::support::{Customer, Portal, Reply, Scenario};
use crate::world::{Post, World};

const EXAMPLE: &str = include_str!("../../../../examples/portal.toml");

/// The tables whose keys are such rules.
const TABLES: &[&str] = &[
    "terms",
    "customer",
    "history",
    "cancellation",
    "cancellation.reasons",
    "layout",
    "products.add",
    "subscriptions",
    "announcements",
];

/// Those of other tables.
const OTHERS: &[&str] = &["merchant.headline"];

/// A portal with one customer.
struct Shop {
    portal: Portal,
    customer: Customer,
}

impl Shop {
    /// Over the store of `scenario`, with `rule` at the end of its file.
    async fn of(scenario: Scenario, rule: &str) -> Shop {
        let portal = Portal::with(scenario, |config| [&config, rule].concat()).await;
        let customer = portal.customer().await;
        Shop { portal, customer }
    }

    /// Over the everyday store.
    async fn with(rule: &str) -> Shop {
        Shop::of(Scenario::Everyday, rule).await
    }

    /// The same store, database and session under another rule.
    async fn under(self, from: &str, to: &str) -> Shop {
        let change = |config: &str| {
            assert!(config.contains(from), "{from}");
            config.replace(from, to)
        };
        let portal = self.portal.restarted_as(change).await;
        let customer = Customer::new(&portal.origin, self.customer.cookie);
        Shop { portal, customer }
    }

    async fn session(&self) -> Value {
        self.customer.get("/session").await.json()
    }

    async fn change(&self, method: &str, path: &str, body: Value) -> Reply {
        self.customer.change(method, path, body).await
    }

    async fn writes(&self) -> usize {
        self.portal.upstream.writes().await
    }

    async fn subscription(&self) -> SubscriptionId {
        let all = self.customer.get("/subscriptions").await.json();
        let id = all["subscriptions"][0]["id"].as_u64();
        SubscriptionId(id.expect("a subscription"))
    }

    /// Cancels the first subscription.
    async fn cancel(&self, body: Value) -> Reply {
        let id = self.subscription().await;
        let path = format!("/subscriptions/{id}/cancel");
        self.change("POST", &path, body).await
    }

    /// What upstream has as the reason for which that was cancelled.
    async fn cancelled_for(&self, id: SubscriptionId) -> Value {
        let path = format!("/subscriptions/{id}");
        self.portal.upstream.get(&path).await["subscription"]["cancellation_reason"].clone()
    }

    async fn allows(&self, operation: &Value) -> bool {
        let session = self.session().await;
        session["allowed"].as_array().unwrap().contains(operation)
    }

    /// The customer as the samples of intents need one.
    fn world(&self) -> World {
        World {
            post: Post(self.portal.folder.path().join("mail")),
            upstream: self.portal.upstream.clone(),
            customer: self.customer.clone(),
        }
    }
}

/// Refused because of `field`.
fn is_refused_at(reply: &Reply, field: &str) -> bool {
    let fields = &reply.json()["parts"][0]["state"]["refused"]["fields"];
    reply.is("refused") && fields[0]["field"] == field
}

/// Not there for anybody.
fn is_off(reply: &Reply) -> bool {
    reply.status == 403 && reply.problem() == "switched_off"
}

/// The keys of the example that are such rules, such as `customer.editable`.
fn keys() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut table = String::new();
    for line in EXAMPLE.lines() {
        let line = line.trim_start_matches("# ");
        let header = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        if let Some(header) = header {
            table = header.trim_matches(['[', ']']).to_owned();
        } else if let Some((key, _)) = line.split_once(" = ") {
            let is_key = key
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            let name = format!("{table}.{key}");
            let is_rule = TABLES.contains(&table.as_str()) || OTHERS.contains(&name.as_str());
            if is_key && is_rule {
                keys.insert(name);
            }
        }
    }
    keys
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cf_1_cf_12_every_switch_and_rule_holds_both_ways() {
    let keys = keys();
    assert!(OTHERS.iter().all(|key| keys.contains(*key)), "{keys:?}");
    for key in keys {
        eprintln!("{key}");
        row(&key).await;
    }
}

/// The row of a key.
async fn row(key: &str) {
    match key {
        "merchant.headline" => headline().await,
        "terms.terms_url" => page("terms_url", "terms").await,
        "terms.privacy_url" => page("privacy_url", "privacy").await,
        "terms.imprint_url" => page("imprint_url", "imprint").await,
        "customer.editable" => editable().await,
        "customer.tax_ids" => tax_ids().await,
        "history.invoices" => invoices().await,
        "cancellation.order" => order().await,
        "cancellation.required" => required().await,
        "cancellation.default_reason" => default_reason().await,
        "cancellation.offers" => offers().await,
        "cancellation.reasons.id" | "cancellation.reasons.text" | "cancellation.reasons.de" => {
            reasons().await;
        }
        "layout.sections" => sections().await,
        "layout.actions" => actions().await,
        "subscriptions.fewest" | "subscriptions.most" => quantity().await,
        "subscriptions.note_length" => note_length().await,
        "subscriptions.properties" => properties().await,
        "subscriptions.pause_months" => pause_months().await,
        "subscriptions.longest_pause_days" => longest_pause().await,
        "subscriptions.most_pauses_per_year" => most_pauses().await,
        "subscriptions.most_skips_per_year" => most_skips().await,
        "products.add.products" => lists("products").await,
        "products.add.collections" => lists("collections").await,
        "products.add.variants" => lists("variants").await,
        "products.add.plans" => lists("plans").await,
        "products.add.fewest" | "products.add.most" => list_quantities().await,
        "announcements.id"
        | "announcements.text"
        | "announcements.de"
        | "announcements.picture"
        | "announcements.link" => announcement().await,
        "announcements.audience" => audience().await,
        "announcements.from" | "announcements.until" => announcement_days().await,
        other => panic!("{other} has no row in this table"),
    }
}

async fn headline() {
    let portal = Portal::with(Scenario::Everyday, |config| {
        config.replace("[store]", "headline = \"Thank you\"\n[store]")
    });
    let session = portal.await.customer().await.get("/session").await.json();
    assert_eq!(session["merchant"]["headline"], "Thank you");
    let without = Shop::with("").await.session().await;
    assert_eq!(without["merchant"]["headline"], Value::Null);
}

/// A legal page is in the view where the file has it.
async fn page(key: &str, name: &str) {
    let url = "https://shop.example/page";
    let shop = Shop::with(&format!("[terms]\n{key} = \"{url}\"")).await;
    assert_eq!(shop.session().await["merchant"]["pages"][name], url);
    let without = Shop::with("").await.session().await;
    assert_eq!(without["merchant"]["pages"][name], Value::Null);
}

async fn editable() {
    let name = json!({"first_name": "Zoë"});
    let open = Shop::with("").await;
    let session = open.session().await;
    assert_eq!(session["editable"], json!({"name": true, "phone": true}));
    assert!(
        open.change("PUT", "/customer", name.clone())
            .await
            .is("done")
    );

    let shop = Shop::with("[customer]\neditable = [\"phone\"]").await;
    let session = shop.session().await;
    assert_eq!(session["editable"], json!({"name": false, "phone": true}));
    let reply = shop.change("PUT", "/customer", name.clone()).await;
    assert!(is_refused_at(&reply, "first_name"), "{reply:?}");
    let email = json!({"email": "new@example.com"});
    assert!(is_off(&shop.change("POST", "/customer/email", email).await));
    assert_eq!(shop.writes().await, 0);
    let phone = json!({"phone": "+1 212 555 0199"});
    assert!(shop.change("PUT", "/customer", phone).await.is("done"));
    for operation in [
        "request_email_change",
        "confirm_email_change",
        "update_address",
        "update_billing_address",
    ] {
        let allowed = session["allowed"].as_array().unwrap();
        assert!(!allowed.contains(&operation.into()), "{operation}");
    }

    let none = Shop::with("[customer]\neditable = []").await;
    assert!(is_off(&none.change("PUT", "/customer", name).await));
    assert_eq!(none.writes().await, 0);
}

async fn tax_ids() {
    let id = json!({"tax_id": "DE123456789"});
    let shop = Shop::with("[customer]\ntax_ids = true").await;
    assert!(
        shop.change("PUT", "/customer/tax_id", id.clone())
            .await
            .is("done")
    );
    let view = shop.customer.get("/customer").await.json();
    assert_eq!(view["tax_id"], "DE123456789");

    let shop = shop.under("tax_ids = true", "tax_ids = false").await;
    assert!(is_off(&shop.change("PUT", "/customer/tax_id", id).await));
    let view = shop.customer.get("/customer").await.json();
    assert_eq!(view["tax_id"], Value::Null);
    let session = shop.session().await;
    assert!(
        !session["allowed"]
            .as_array()
            .unwrap()
            .contains(&"set_tax_id".into())
    );
}

async fn invoices() {
    let shop = Shop::with("[history]\ninvoices = true").await;
    let orders = shop.customer.get("/orders").await.json();
    let order = format!("/orders/{}", orders["orders"][0]["id"]);
    assert_eq!(shop.customer.get(&order).await.status, 200);
    let subscription = format!("/subscriptions/{}", shop.subscription().await);
    let detail = shop.customer.get(&subscription).await.json();
    assert_ne!(detail["history"], json!([]));
    let export = shop.customer.get("/export").await;
    assert!(export.text.contains("orders.csv"));

    let shop = shop.under("invoices = true", "invoices = false").await;
    for path in ["/orders", &order, "/orders/1"] {
        assert!(is_off(&shop.customer.get(path).await), "{path}");
    }
    let detail = shop.customer.get(&subscription).await.json();
    assert_eq!(detail["history"], json!([]));
    let export = shop.customer.get("/export").await;
    assert!(export.status == 200 && !export.text.contains("orders.csv"));
    let session = shop.session().await;
    let report = "report_problem".into();
    assert!(!session["allowed"].as_array().unwrap().contains(&report));
    let layout = &session["layout"];
    assert!(
        !layout["sections"]
            .as_array()
            .unwrap()
            .contains(&"history".into())
    );
}

/// The reasons of the first two customers.
async fn ids(order: &str) -> Vec<Vec<Value>> {
    let mut rule = format!("[cancellation]\norder = \"{order}\"\n");
    for id in ["a", "b", "c", "d", "e", "other"] {
        rule.push_str(&format!(
            "[[cancellation.reasons]]\nid = \"{id}\"\ntext = \"Reason {id}\"\n"
        ));
    }
    let portal = Portal::with(Scenario::TwoCustomers, |config| {
        let config = config.replace("cancel_reasons = [\"Too much\"]", "");
        [&config, rule.as_str()].concat()
    })
    .await;
    let mut found = Vec::new();
    for person in portal.upstream.customers().await.as_array().unwrap() {
        let customer = portal.sign_in(person["email"].as_str().unwrap()).await;
        let (once, again) = (
            customer.get("/session").await,
            customer.get("/session").await,
        );
        let reasons = &once.json()["cancellation"]["reasons"];
        assert_eq!(*reasons, again.json()["cancellation"]["reasons"]);
        let reasons = reasons.as_array().unwrap().iter();
        found.push(reasons.map(|reason| reason["id"].clone()).collect());
    }
    found
}

async fn order() {
    let listed: Vec<Value> = ["a", "b", "c", "d", "e", "other"].map(Value::from).to_vec();
    assert!(ids("listed").await.iter().all(|ids| *ids == listed));
    let shuffled = ids("shuffled").await;
    assert_ne!(shuffled[0], shuffled[1]);
    for mut ids in shuffled {
        assert_eq!(ids.last(), listed.last());
        ids.sort_by_key(ToString::to_string);
        assert_eq!(ids, listed);
    }
}

async fn required() {
    let shop = Shop::with("[cancellation]\nrequired = true").await;
    assert_eq!(shop.session().await["cancellation"]["required"], true);
    let reply = shop.cancel(json!({})).await;
    assert!(is_refused_at(&reply, "reason"), "{reply:?}");
    assert_eq!(shop.writes().await, 0);

    let shop = Shop::with("[cancellation]\nrequired = false").await;
    assert_eq!(shop.session().await["cancellation"]["required"], false);
    let id = shop.subscription().await;
    assert!(shop.cancel(json!({})).await.is("done"));
    assert_eq!(shop.cancelled_for(id).await, "No reason given");
}

async fn default_reason() {
    let rule = "[cancellation]\nrequired = false\ndefault_reason = \"Ohne Angabe\"";
    let shop = Shop::with(rule).await;
    let id = shop.subscription().await;
    assert!(shop.cancel(json!({})).await.is("done"));
    assert_eq!(shop.cancelled_for(id).await, "Ohne Angabe");
}

async fn offers() {
    let offers = async |rule: &str| {
        let session = Shop::with(rule).await.session().await;
        session["cancellation"]["offers"].clone()
    };
    let usual = json!(["pause_subscription", "skip_delivery"]);
    assert_eq!(offers("").await, usual);
    assert_eq!(offers("[cancellation]\noffers = []").await, json!([]));
    let two = "[cancellation]\noffers = [\"swap_product\", \"skip_delivery\"]\n";
    assert_eq!(offers(two).await, json!(["swap_product", "skip_delivery"]));
    let off = [two, "[actions]\nswap_product = false"].concat();
    assert_eq!(offers(&off).await, json!(["skip_delivery"]));
}

async fn reasons() {
    let reason =
        "[[cancellation.reasons]]\nid = \"much\"\ntext = \"Too much tea\"\nde = \"Zu viel\"";
    let portal = Portal::with(Scenario::Everyday, |config| {
        let config = config.replace("cancel_reasons = [\"Too much\"]", "");
        [&config, reason].concat()
    });
    let portal = portal.await;
    let customer = portal.customer().await;
    let shop = Shop { portal, customer };
    let text = json!({"text": "Too much tea", "translations": [["de", "Zu viel"]]});
    let offered = shop.session().await["cancellation"]["reasons"].clone();
    assert_eq!(offered, json!([{"id": "much", "text": text}]));
    for wrong in [
        json!({"reason": "Too much tea", "reason_id": "little"}),
        json!({"reason": "Something else", "reason_id": "much"}),
    ] {
        let reply = shop.cancel(wrong).await;
        assert!(is_refused_at(&reply, "reason"), "{reply:?}");
    }
    assert_eq!(shop.writes().await, 0);
    let id = shop.subscription().await;
    let right = json!({"reason": "Too much tea", "reason_id": "much"});
    assert!(shop.cancel(right).await.is("done"));
    assert_eq!(shop.cancelled_for(id).await, "Too much tea");
}

async fn sections() {
    let usual = Shop::with("").await.session().await["layout"].clone();
    assert_eq!(usual["sections"][0], "overview");
    assert_eq!(
        usual["bar"],
        json!(["overview", "subscriptions", "deliveries", "payment_methods"])
    );
    let rule = "[layout]\nsections = [\"deliveries\", \"overview\"]";
    let layout = Shop::with(rule).await.session().await["layout"].clone();
    let expected = [
        "deliveries",
        "overview",
        "subscriptions",
        "history",
        "addresses",
        "payment_methods",
        "customer",
    ];
    assert_eq!(layout["sections"], json!(expected));
    assert_eq!(layout["bar"], json!(expected[..4]));
    let off = Shop::with(&[rule, "\n[history]\ninvoices = false"].concat()).await;
    let bar = json!(["deliveries", "overview", "subscriptions", "addresses"]);
    assert_eq!(off.session().await["layout"]["bar"], bar);
}

async fn actions() {
    let rule = "[layout]\nactions = [\"swap_product\", \"skip_delivery\"]\n";
    let first = Shop::with(rule).await.session().await["layout"]["actions"].clone();
    assert_eq!(first, json!(["swap_product", "skip_delivery"]));
    let off = [rule, "[actions]\nswap_product = false"].concat();
    let first = Shop::with(&off).await.session().await["layout"]["actions"].clone();
    assert_eq!(first, json!(["skip_delivery"]));
}

async fn quantity() {
    let shop = Shop::with("[subscriptions]\nfewest = 2\nmost = 3").await;
    let rules = shop.session().await["subscription_rules"].clone();
    assert_eq!((&rules["fewest"], &rules["most"]), (&json!(2), &json!(3)));
    let path = format!("/subscriptions/{}/quantity", shop.subscription().await);
    for wrong in [1, 4] {
        let reply = shop.change("PUT", &path, json!({"quantity": wrong})).await;
        assert!(is_refused_at(&reply, "quantity"), "{wrong}: {reply:?}");
    }
    assert_eq!(shop.writes().await, 0);
    assert!(
        shop.change("PUT", &path, json!({"quantity": 3}))
            .await
            .is("done")
    );
}

/// A property that the customer writes.
async fn engrave(rule: &str) -> Reply {
    let shop = Shop::with(rule).await;
    let path = format!("/subscriptions/{}/properties", shop.subscription().await);
    let property = json!({"name": "Engraving", "value": "Zoë"});
    shop.change("PUT", &path, json!({"properties": [property]}))
        .await
}

async fn note_length() {
    let rule = "[subscriptions]\nproperties = [\"Engraving\"]\nnote_length = ";
    assert!(engrave(&format!("{rule}3")).await.is("done"));
    let long = engrave(&format!("{rule}2")).await;
    assert!(is_refused_at(&long, "Engraving"), "{long:?}");
}

async fn properties() {
    assert!(
        engrave("[subscriptions]\nproperties = [\"Engraving\"]")
            .await
            .is("done")
    );
    let other = engrave("[subscriptions]\nproperties = [\"Roast\"]").await;
    assert!(other.is("refused"), "{other:?}");
    assert_eq!(
        Shop::with("").await.session().await["subscription_rules"]["properties"],
        json!([])
    );
}

/// What is only a proposal: a day can be chosen as well.
async fn pause_months() {
    let session = Shop::with("[subscriptions]\npause_months = [2]")
        .await
        .session()
        .await;
    assert_eq!(session["subscription_rules"]["pause_months"], json!([2]));
}

/// A pause of 40 days after the next charge.
async fn pause(shop: &Shop) -> Intent {
    sample(&shop.world(), Operation::PauseSubscription).await
}

fn reason(reply: &Reply) -> Value {
    reply.json()["parts"][0]["state"]["refused"]["reason"].clone()
}

async fn longest_pause() {
    let shop = Shop::with("[subscriptions]\nlongest_pause_days = 39").await;
    let intent = pause(&shop).await;
    assert_eq!(
        reason(&shop.world().send(1, &intent).await),
        "pause_too_long"
    );
    assert_eq!(shop.writes().await, 0);
    let shop = shop
        .under("longest_pause_days = 39", "longest_pause_days = 40")
        .await;
    assert!(shop.world().send(2, &intent).await.is("done"));
}

async fn most_pauses() {
    let shop = Shop::with("[subscriptions]\nmost_pauses_per_year = 1").await;
    let intent = pause(&shop).await;
    let world = shop.world();
    let outcome = world.change(1, intent.clone()).await.unwrap();
    let undo = outcome.undo.unwrap().intent().unwrap();
    assert!(world.send(2, &undo).await.is("done"));
    assert_eq!(reason(&world.send(3, &intent).await), "pause_limit");
    let path = intent.path().replace("/pause", "");
    let yearly = async |customer: &Customer| {
        let detail = customer.get(&path).await.json();
        let locks = detail["locks"].as_array().unwrap().clone();
        locks
            .iter()
            .any(|lock| lock["rule"] == "yearly" && lock["until"].is_string())
    };
    assert!(yearly(&shop.customer).await);
    let shop = shop
        .under("most_pauses_per_year = 1", "most_pauses_per_year = 2")
        .await;
    assert!(!yearly(&shop.customer).await);
    assert!(shop.world().send(4, &intent).await.is("done"));
}

async fn most_skips() {
    let shop = Shop::with("[subscriptions]\nmost_skips_per_year = 1").await;
    let all = shop.customer.get("/subscriptions").await.json();
    let mut found = None;
    for card in all["subscriptions"].as_array().unwrap() {
        let path = format!("/subscriptions/{}", card["id"]);
        let detail = shop.customer.get(&path).await.json();
        let dates = detail["next_dates"].as_array().unwrap().clone();
        if detail["locks"] == json!([]) && detail["skipped_dates"] == json!([]) && dates.len() > 1 {
            found = Some((card.clone(), dates, path));
            break;
        }
    }
    let (card, dates, path) = found.expect("a subscription that can be skipped");
    let delivery = |date: &Value| {
        let date = date.as_str().unwrap();
        format!("/deliveries/{}/{date}", card["address_id"])
    };
    let item = json!({"purchase_item_ids": [card["id"]]});
    let [first, second] = [delivery(&dates[0]), delivery(&dates[1])];
    let skip = async |path: &str| {
        shop.change("POST", &format!("{path}/skip"), item.clone())
            .await
    };
    let is_limited = async || {
        let schedule = shop.customer.get("/deliveries").await.json();
        let mut items = schedule["deliveries"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|delivery| delivery["items"].as_array().unwrap());
        items.any(|one| one["purchase_item_id"] == card["id"] && one["skip_limited"] == true)
    };
    assert!(!is_limited().await);
    assert!(skip(&first).await.is("done"));
    assert!(is_limited().await);
    let locks = shop.customer.get(&path).await.json()["locks"].clone();
    assert!(locks.to_string().contains("yearly"), "{locks}");
    assert_eq!(reason(&skip(&second).await), "skip_limit");
    let back = shop
        .change("POST", &format!("{first}/unskip"), item.clone())
        .await;
    assert!(back.is("done"));
    assert!(skip(&second).await.is("done"));
}

/// Each of the three lists, with the operation that goes by it.
const LISTS: [(&str, Operation); 3] = [
    ("add", Operation::AddSubscription),
    ("swap", Operation::SwapProduct),
    ("once", Operation::AddOnetime),
];

/// The variant in an intent that adds or swaps to one.
fn variant(intent: &Intent) -> String {
    let body: Value = serde_json::from_str(&intent.body()).unwrap();
    body["external_variant_id"].as_str().unwrap().to_owned()
}

/// What a list that names the product of `intent` by `key` says, and one that names another.
async fn selectors(shop: &Shop, intent: &Intent, key: &str) -> (String, String) {
    let variant = variant(intent);
    let catalogue = shop.customer.get("/catalogue").await.json();
    let has = |product: &&Value| product["variants"].to_string().contains(&variant);
    let product = catalogue["products"].as_array().unwrap().iter().find(has);
    let product = product.unwrap().clone();
    let own = match key {
        "products" => json!([product["external_product_id"]]),
        "variants" => json!([variant]),
        "plans" => {
            let plans = product["plans"].as_array().unwrap().iter();
            plans.map(|plan| plan["id"].clone()).collect()
        }
        _ => {
            let rows = shop
                .portal
                .upstream
                .get("/collection_products?limit=250")
                .await;
            let rows = rows["collection_products"].as_array().unwrap().clone();
            let is_own = |row: &&Value| {
                row["external_product_id"]["ecommerce"] == product["external_product_id"]
            };
            let ids = rows.iter().filter(is_own);
            ids.map(|row| json!(row["collection_id"].to_string()))
                .collect()
        }
    };
    let other = if key == "plans" { "[1]" } else { "[\"1\"]" };
    (format!("{key} = {own}"), format!("{key} = {other}"))
}

async fn lists(key: &str) {
    for (list, operation) in LISTS {
        let shop = Shop::with(&format!("[products.{list}]\n")).await;
        let intent = sample(&shop.world(), operation).await;
        let (own, other) = selectors(&shop, &intent, key).await;
        let is_listed = async |shop: &Shop| {
            let catalogue = shop.customer.get("/catalogue").await.json();
            let products = catalogue["products"].as_array().unwrap().clone();
            products.iter().any(|product| {
                let any = |part: &str| {
                    let mut all = product[part].as_array().unwrap().iter();
                    all.any(|one| one["listed"][list] == true)
                };
                any("variants") && any("plans")
            })
        };
        let table = format!("[products.{list}]\n");
        let shop = shop
            .under(&table, &[&table, other.as_str(), "\n"].concat())
            .await;
        assert!(!is_listed(&shop).await, "{list}: {other}");
        let reply = shop.world().send(1, &intent).await;
        assert_eq!(reason(&reply), "not_offered", "{list}: {other}");
        assert_eq!(shop.writes().await, 0);

        // The mug, which is sold once, is in no collection.
        if key == "collections" && !own.contains('"') {
            continue;
        }
        let shop = shop.under(&other, &own).await;
        assert!(is_listed(&shop).await, "{list}: {own}");
        let reply = shop.world().send(2, &intent).await;
        assert!(reply.is("done"), "{list}: {own}: {reply:?}");
    }
}

async fn list_quantities() {
    for (list, operation) in LISTS {
        let shop = Shop::with(&format!("[products.{list}]\nfewest = 1\nmost = 9\n")).await;
        let intent = sample(&shop.world(), operation).await;
        let shop = shop.under("fewest = 1", "fewest = 8").await;
        let reply = shop.world().send(1, &intent).await;
        if list == "swap" {
            assert_eq!(reason(&reply), "locked");
            let path = intent.path().replace("/product", "");
            let locks = shop.customer.get(&path).await.json()["locks"].clone();
            assert_eq!(locks[0]["rule"], "quantity", "{locks}");
        } else {
            assert!(is_refused_at(&reply, "quantity"), "{list}: {reply:?}");
            let limits = &shop.session().await[format!("{list}_quantity")];
            assert_eq!(*limits, json!({"fewest": 8, "most": 9}));
        }
        assert_eq!(shop.writes().await, 0);
        let shop = shop.under("fewest = 8", "fewest = 1").await;
        let reply = shop.world().send(2, &intent).await;
        assert!(reply.is("done"), "{list}: {reply:?}");
    }
}

async fn announcement() {
    let table = r#"
        [[announcements]]
        id = "summer"
        text = "Closed in <b>August</b>"
        de = "Im August zu"
        picture = "https://shop.example/summer.jpg"
        link = "https://shop.example/summer"
        [[announcements]]
        id = "second"
        text = "Second"
    "#;
    let shop = Shop::with(table).await;
    let shown = json!({
        "id": "summer",
        "text": {"text": "Closed in <b>August</b>", "translations": [["de", "Im August zu"]]},
        "picture": "https://shop.example/summer.jpg",
        "link": "https://shop.example/summer",
    });
    assert_eq!(shop.session().await["announcement"], shown);
    let dismiss = async |shop: &Shop, id: &str| {
        let dismissal = json!({"announcement": id});
        shop.change("POST", "/dismissals", dismissal).await.status
    };
    assert_eq!(dismiss(&shop, "winter").await, 404);
    assert_eq!(dismiss(&shop, "summer").await, 200);
    assert_eq!(shop.session().await["announcement"]["id"], "second");
    assert_eq!(dismiss(&shop, "summer").await, 200);
    assert_eq!(dismiss(&shop, "second").await, 200);
    // For good: another session, and another process.
    let shop = shop.under("Second", "Third").await;
    assert_eq!(shop.session().await["announcement"], Value::Null);
    let again = shop.under("\"second\"", "\"third\"").await;
    assert_eq!(again.session().await["announcement"]["id"], "third");
    let without = Shop::with("").await;
    assert_eq!(without.session().await["announcement"], Value::Null);
    assert_eq!(dismiss(&without, "summer").await, 404);
}

async fn audience() {
    let sees = async |scenario, audience: &str| {
        let table = "[[announcements]]\nid = \"a\"\ntext = \"A\"\naudience";
        let shop = Shop::of(scenario, &format!("{table} = \"{audience}\"")).await;
        shop.session().await["announcement"]["id"] == "a"
    };
    for (audience, everyday, cancelled, new) in [
        ("all", true, true, true),
        ("active", true, false, false),
        ("cancelled", false, true, false),
        ("new", false, false, true),
    ] {
        assert_eq!(
            sees(Scenario::Everyday, audience).await,
            everyday,
            "{audience}"
        );
        assert_eq!(
            sees(Scenario::Cancelled, audience).await,
            cancelled,
            "{audience}"
        );
        assert_eq!(
            sees(Scenario::NewCustomer, audience).await,
            new,
            "{audience}"
        );
    }
}

async fn announcement_days() {
    let today = Shop::with("").await.session().await["today"].clone();
    let today: protocol::Date = today.as_str().unwrap().parse().unwrap();
    let is_shown = async |from: i32, until: i32| {
        let [from, until] = [from, until].map(|days| today.add_days(days));
        let table = "[[announcements]]\nid = \"a\"\ntext = \"A\"\n";
        let days = format!("from = \"{from}\"\nuntil = \"{until}\"");
        let session = Shop::with(&[table, &days].concat()).await.session().await;
        session["announcement"].is_object()
    };
    assert!(is_shown(-3, 3).await);
    assert!(!is_shown(3, 5).await);
    assert!(!is_shown(-5, -3).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cf_1_every_action_works_where_it_is_on_and_is_refused_where_it_is_off() {
    let rest = r#"
    code = "GB"
    [[shipping_methods]]
    code = "pickup"
    title = "Pickup point"
    price = "2.90"
    [subscriptions]
    properties = ["Engraving"]
    [actions]
    "#;
    for operation in Operation::ALL {
        let name = serde_json::to_value(operation).unwrap();
        let on = format!("{} = true", name.as_str().unwrap());
        let portal = Portal::with(scenario(*operation).parse().unwrap(), |config| {
            let provinces = "provinces = [{ name = \"Washington\", code = \"WA\" }, ";
            let config = config.replace("provinces = [", provinces);
            let (before, upstream) = config.split_once("[upstream]").unwrap();
            let url = upstream.split('"').nth(1).unwrap();
            let payments = format!("[payments]\ntokeniser = \"sandbox\"\norigin = \"{url}\"\n");
            [
                before,
                &payments,
                "[upstream]",
                upstream,
                "\n[[countries]]",
                rest,
                &on,
            ]
            .concat()
        });
        let portal = portal.await;
        let shop = Shop {
            customer: portal.customer().await,
            portal,
        };
        let world = shop.world();
        let intent = sample(&world, *operation).await;
        let writes = shop.writes().await;

        let off = shop.under(&on, &on.replace("true", "false")).await;
        assert!(!off.allows(&name).await, "{name}");
        assert!(is_off(&off.world().send(1, &intent).await), "{name}");
        assert_eq!(off.writes().await, writes, "{name}");

        let on = off.under(&on.replace("true", "false"), &on).await;
        assert!(on.allows(&name).await, "{name}");
        let reply = on.world().send(2, &intent).await;
        assert!(reply.is("done"), "{name}: {reply:?}");
    }
}
