//! Any request that there can be.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use protocol::*;

/// Any intent of any operation.
pub(crate) fn intent() -> impl Strategy<Value = Intent> {
    let operation = select(Operation::ALL);
    (operation, vec(any::<u8>(), 0..200)).prop_map(|(operation, bytes)| operation.intent(&bytes))
}

/// An intent of each operation, with all fields that it can have.
pub(crate) fn samples() -> Vec<Intent> {
    let all = Operation::ALL.iter();
    all.map(|operation| operation.intent(&[])).collect()
}

/// Any query of any route.
pub(crate) fn query() -> impl Strategy<Value = Query> {
    let id = any::<u64>;
    select(Query::ROUTES).prop_flat_map(move |route| {
        let plain = Query::read(&route.replace("{id}", "1"), &[]).unwrap();
        match plain {
            Query::Subscription(_) => id()
                .prop_map(|id| Query::Subscription(SubscriptionId(id)))
                .boxed(),
            Query::Order(_) => id().prop_map(|id| Query::Order(OrderId(id))).boxed(),
            Query::Orders { .. } => option::of("[A-Za-z0-9_=.-]{0,1024}")
                .prop_map(|cursor| Query::Orders { cursor })
                .boxed(),
            Query::Changes { .. } => (option::of(0..i64::MAX), option::of(id()))
                .prop_map(|(before, id)| Query::Changes {
                    before,
                    subscription: id.map(SubscriptionId),
                })
                .boxed(),
            plain => Just(plain).boxed(),
        }
    })
}
