//! A mutating proxy in front of the sandbox: every field of every answer that a view reads becomes
//! null, absent, of the wrong type, huge, garbage, or somebody else's, one at a time.
//!
//! Every so manieth mutation is tried, the same ones each time. `MUTATIONS_STEP=1` tries all.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use base::BoxFuture;
use gateway::optional_reads;
use protocol::{ProblemKind, Query};
use recharge::{NoAnswer, Recharge, Request, Response};
use sandbox::Scenario;
use sandbox_recharge::Upstream;
use serde_json::{Map, Value, json};

use crate::leaking::secrets;
use crate::upstream_reads::{queries, template};
use crate::world::World;

/// One of so many mutations is tried unless the environment says otherwise. A prime, so that all
/// kinds and fields have their turn.
const STEP: usize = 1_999;

/// The text that every field of somebody else's thing holds.
const FOREIGN: &str = "of-somebody-else";

/// What becomes of a value.
#[derive(Debug, Clone, Copy)]
enum Mutation {
    Null,
    Absent,
    WrongType,
    Huge,
    Garbage,
    /// Of an object that names its owner: another customer's, with texts of theirs.
    Foreign,
}

const MUTATIONS: [Mutation; 6] = [
    Mutation::Null,
    Mutation::Absent,
    Mutation::WrongType,
    Mutation::Huge,
    Mutation::Garbage,
    Mutation::Foreign,
];

/// Answers from a recording, one of its answers changed, and asks the store what is not on it.
struct Replay {
    answers: Arc<BTreeMap<String, Response>>,
    changed: (String, Response),
    store: Arc<Upstream>,
}

impl Recharge for Replay {
    fn call(&self, request: Request) -> BoxFuture<'_, Result<Response, NoAnswer>> {
        let asked = request.path_and_query();
        let answer = if asked == self.changed.0 {
            Some(self.changed.1.clone())
        } else {
            self.answers.get(&asked).cloned()
        };
        match answer {
            Some(answer) => Box::pin(std::future::ready(Ok(answer))),
            None => Box::pin(async move { self.store.call(request).await }),
        }
    }
}

/// Rows of a list that are changed; the others are like them.
const ROWS: usize = 2;

/// The JSON pointers of all values inside `value`.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut inner = |name: &str, value: &Value| {
        let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        found.push(at.clone());
        pointers(value, &at, found);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| inner(name, value)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .take(ROWS)
            .for_each(|(at, value)| inner(&at.to_string(), value)),
        _ => {}
    }
}

/// `body` with the value at `pointer` changed; `None` where `mutation` does not apply to it.
fn mutated(body: &Value, pointer: &str, mutation: Mutation) -> Option<Value> {
    let mut body = body.clone();
    let (parent, name) = pointer.rsplit_once('/')?;
    let value = body.pointer_mut(pointer)?;
    *value = match mutation {
        Mutation::Null => Value::Null,
        Mutation::Absent => {
            if let Value::Object(fields) = body.pointer_mut(parent)? {
                fields.remove(&name.replace("~1", "/").replace("~0", "~"))?;
                return Some(body);
            }
            return None;
        }
        Mutation::WrongType => match value {
            Value::Object(_) => json!("text"),
            Value::Array(_) => json!({"data": []}),
            Value::String(_) => json!([{}]),
            Value::Number(_) => json!("a word"),
            Value::Bool(_) | Value::Null => json!({"a": 1}),
        },
        Mutation::Huge => match value {
            Value::Array(items) => {
                let first = items.first().cloned()?;
                json!(vec![first; 400])
            }
            Value::String(_) => json!("9".repeat(20_000)),
            Value::Number(_) => json!(u64::MAX),
            _ => return None,
        },
        Mutation::Garbage => match value {
            Value::String(_) => json!("\u{0}\u{202e}<script>9999-99-99T99:99:99+99:99"),
            Value::Number(_) => json!(-1.5),
            _ => json!([[null], {"id": {}}]),
        },
        Mutation::Foreign => {
            let Value::Object(fields) = value else {
                return None;
            };
            disown(fields)?;
            return Some(body);
        }
    };
    Some(body)
}

/// Makes somebody else's of an object that names its owner.
fn disown(fields: &mut Map<String, Value>) -> Option<()> {
    match (fields.get("customer_id"), fields.get("customer")) {
        (Some(Value::Number(_)), _) => fields.insert("customer_id".into(), json!(4_711)),
        (_, Some(Value::Object(owner))) if owner.contains_key("id") => {
            fields.insert("customer".into(), json!({"id": 4_711}))
        }
        _ => return None,
    };
    fields.values_mut().for_each(mark);
    Some(())
}

/// Puts the mark of somebody else in place of every text that no type is read from.
fn mark(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(|(name, inner)| {
            let is_word = [
                "status", "type", "unit", "id", "_at", "date", "price", "currency",
            ]
            .iter()
            .any(|word| name.contains(word));
            if !is_word {
                mark(inner);
            }
        }),
        Value::Array(items) => items.iter_mut().for_each(mark),
        Value::String(text) => *text = FOREIGN.to_owned(),
        _ => {}
    }
}

/// The whole part of an answer that is its resource or list, by which a view stands or falls.
fn is_envelope(path: &str, pointer: &str, mutation: Mutation) -> bool {
    if pointer.rfind('/') != Some(0) {
        return false;
    }
    let name = match template(path).as_str() {
        "/customers/{id}" => "/customer".to_owned(),
        "/customers/{id}/delivery_schedule" => "/deliveries".to_owned(),
        "/customers/{id}/credit_summary" => "/credit_summary".to_owned(),
        path if path.ends_with("/{id}") => {
            let plural = path.trim_end_matches("/{id}");
            plural.trim_end_matches('s').to_owned()
        }
        path => path.to_owned(),
    };
    let breaks = matches!(
        mutation,
        Mutation::Null | Mutation::Absent | Mutation::WrongType
    );
    breaks && pointer == name
}

#[derive(Default)]
struct Counts {
    possible: usize,
    tried: usize,
    views: usize,
    refused: usize,
    panics: usize,
}

fn step() -> usize {
    let said = std::env::var("MUTATIONS_STEP").ok();
    said.map_or(STEP, |text| {
        text.parse().expect("MUTATIONS_STEP is a number")
    })
}

#[test]
fn s38_no_mutation_of_an_answer_breaks_a_view_or_shows_what_is_not_theirs() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let mut counts = Counts::default();
    let scenarios = Scenario::ALL
        .into_iter()
        .filter(|s| ![Scenario::Large, Scenario::Crowd].contains(s));
    let step = step();
    for scenario in scenarios {
        let world = World::new(scenario);
        for query in runtime.block_on(queries(&world)) {
            try_all(&runtime, &world, scenario, &query, step, &mut counts);
        }
    }
    eprintln!(
        "{} mutations possible, {} tried: {} views, {} problems, {} panics",
        counts.possible, counts.tried, counts.views, counts.refused, counts.panics
    );
    assert_eq!(counts.panics, 0);
    assert!(
        counts.views > counts.refused && counts.refused > 0,
        "most mutations cost a field at most"
    );
}

/// Tries every `step`th mutation of what `query` reads.
fn try_all(
    runtime: &tokio::runtime::Runtime,
    world: &World,
    scenario: Scenario,
    query: &Query,
    step: usize,
    counts: &mut Counts,
) {
    let answers = runtime.block_on(recorded(world, query));
    let store = sandbox::Store::new(scenario, crate::world::NOW_MS);
    let store = Arc::new(Upstream::new(store, || crate::world::NOW_MS));
    let mut hidden = BTreeSet::new();
    for answer in answers.values() {
        let body = answer.body.as_ref().unwrap_or(&Value::Null);
        secrets(body, false, &mut hidden);
    }
    for (asked, answer) in &*answers {
        let body = answer.body.as_ref().unwrap_or(&Value::Null);
        let mut found = Vec::new();
        pointers(body, "", &mut found);
        let each = found
            .iter()
            .flat_map(|pointer| MUTATIONS.map(|m| (pointer, m)));
        for (pointer, mutation) in each {
            counts.possible += 1;
            // Each whole part of an answer has its turn in two scenarios.
            let path = asked.split('?').next().unwrap_or_default();
            let is_whole = is_envelope(path, pointer, mutation)
                && [Scenario::Everyday, Scenario::Bundles].contains(&scenario);
            if !is_whole && !counts.possible.is_multiple_of(step) {
                continue;
            }
            let Some(body) = mutated(body, pointer, mutation) else {
                continue;
            };
            let changed = Response {
                body: Some(body),
                ..answer.clone()
            };
            let gateway = world.over_upstream(Arc::new(Replay {
                answers: Arc::clone(&answers),
                changed: (asked.clone(), changed),
                store: Arc::clone(&store),
            }));
            counts.tried += 1;
            let what = format!("{scenario:?} {query:?}: {mutation:?} of {pointer} in {asked}");
            let read = || runtime.block_on(gateway.read(world.customer, query));
            let Ok(view) = catch_unwind(AssertUnwindSafe(read)) else {
                eprintln!("panicked: {what}");
                counts.panics += 1;
                continue;
            };
            let optional = optional_reads(query).contains(&template(path).as_str());
            match view {
                Ok(json) => {
                    counts.views += 1;
                    assert!(
                        optional || !is_envelope(path, pointer, mutation),
                        "shown without what it needs: {what}"
                    );
                    assert!(!json.contains(FOREIGN), "somebody else's: {what}");
                    let leaked = hidden.iter().find(|secret| json.contains(*secret));
                    assert_eq!(leaked, None, "{what}");
                }
                Err(problem) => {
                    counts.refused += 1;
                    assert_ne!(problem.kind, ProblemKind::Internal, "{what}");
                }
            }
        }
    }
}

/// What a view reads, by what is asked.
async fn recorded(world: &World, query: &Query) -> Arc<BTreeMap<String, Response>> {
    let answers: Arc<Mutex<BTreeMap<String, Response>>> = Arc::default();
    let note = Arc::clone(&answers);
    world.door.bend(move |request, response| {
        note.lock()
            .unwrap()
            .insert(request.path_and_query(), response.clone());
        Ok(response)
    });
    let view = world.restarted().read(world.customer, query).await;
    assert!(view.is_ok(), "{query:?}: {view:?}");
    world.door.bend(|_, response| Ok(response));
    let answers = answers.lock().unwrap().clone();
    Arc::new(answers)
}
