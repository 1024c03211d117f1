//! What the gateway promises, shown over the sandbox.

#[path = "suite/account.rs"]
mod account;
#[path = "suite/adding.rs"]
mod adding;
#[path = "suite/boxes.rs"]
mod boxes;
#[path = "suite/catalogue.rs"]
mod catalogue;
#[path = "suite/changes.rs"]
mod changes;
#[path = "suite/codes.rs"]
mod codes;
#[path = "suite/deliveries.rs"]
mod deliveries;
#[path = "suite/discounts.rs"]
mod discounts;
#[path = "suite/figures.rs"]
mod figures;
#[path = "suite/history.rs"]
mod history;
#[path = "suite/honest.rs"]
mod honest;
#[path = "suite/inventory.rs"]
mod inventory;
#[path = "suite/leaking.rs"]
mod leaking;
#[path = "suite/lists.rs"]
mod lists;
#[path = "suite/mutations.rs"]
mod mutations;
#[path = "suite/once.rs"]
mod once;
#[path = "suite/owning.rs"]
mod owning;
#[path = "suite/pausing.rs"]
mod pausing;
#[path = "suite/payment_methods.rs"]
mod payment_methods;
#[path = "suite/previews.rs"]
mod previews;
#[path = "suite/reading.rs"]
mod reading;
#[path = "suite/recovery.rs"]
mod recovery;
#[path = "suite/rules.rs"]
mod rules;
#[path = "suite/samples.rs"]
mod samples;
#[path = "suite/scopes.rs"]
mod scopes;
#[path = "suite/secrets.rs"]
mod secrets;
#[path = "suite/several.rs"]
mod several;
#[path = "suite/skipping.rs"]
mod skipping;
#[path = "suite/subscriptions.rs"]
mod subscriptions;
#[path = "suite/typing.rs"]
mod typing;
#[path = "suite/unowned.rs"]
mod unowned;
#[path = "suite/upstream_reads.rs"]
mod upstream_reads;
#[path = "suite/visits.rs"]
mod visits;
#[path = "suite/world.rs"]
mod world;
