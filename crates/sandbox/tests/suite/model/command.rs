//! What a customer can do, drawn at random.

use proptest::prelude::*;

/// Something a customer does, or time that passes. Numbers choose among what there is.
#[derive(Debug, Clone)]
pub(crate) enum Command {
    Skip {
        which: usize,
        mask: u8,
        commit: bool,
    },
    SkipAhead {
        which: usize,
        nth: usize,
    },
    Unskip {
        which: usize,
        mask: u8,
    },
    Move {
        which: usize,
        days: i32,
        commit: bool,
    },
    MoveCharge {
        which: usize,
        days: i32,
    },
    ChangeIntervals {
        which: usize,
        every: u32,
        commit: bool,
    },
    ChangeQuantity {
        which: usize,
        quantity: u32,
        commit: bool,
    },
    ChangeAddress {
        which: usize,
        to: usize,
        commit: bool,
    },
    Cancel {
        which: usize,
        commit: bool,
    },
    Activate {
        which: usize,
        commit: bool,
    },
    EditAddress {
        which: usize,
        zip: u32,
        commit: bool,
    },
    Discount {
        which: usize,
        on_charge: bool,
    },
    AddOnetime {
        which: usize,
        days: i32,
        commit: bool,
    },
    RemoveOnetime {
        which: usize,
    },
    Pay {
        which: usize,
    },
    NewCard {
        which: usize,
    },
    Swap {
        which: usize,
        variant: usize,
        commit: bool,
    },
    FixDay {
        which: usize,
        day: u32,
        commit: bool,
    },
    Subscribe {
        which: usize,
        variant: usize,
        days: i32,
    },
    GiveAway {
        which: usize,
    },
    MoveOnetime {
        which: usize,
        days: i32,
    },
    AddCard {
        which: usize,
        declined: bool,
        retry: bool,
    },
    WantBackup {
        which: usize,
        wanted: bool,
    },
    UseCredit {
        which: usize,
    },
    LimitedCode {
        which: usize,
        code: usize,
        on_charge: bool,
    },
    FreeGift {
        which: usize,
    },
    JoinAddresses {
        from: usize,
        to: usize,
        delete: bool,
    },
    RemoveAddress {
        which: usize,
    },
    MoveOrder {
        which: usize,
        days: i32,
    },
    FillBox {
        which: usize,
        quantity: u32,
    },
    Configure {
        process: usize,
        recalculate: bool,
    },
    Advance {
        days: i64,
    },
}

/// Any command.
pub(crate) fn command() -> impl Strategy<Value = Command> {
    let (w, c) = (0usize..40, any::<bool>());
    prop_oneof![
        4 => (w.clone(), any::<u8>(), c).prop_map(|(which, mask, commit)| Command::Skip { which, mask, commit }),
        3 => (w.clone(), 0usize..5).prop_map(|(which, nth)| Command::SkipAhead { which, nth }),
        4 => (w.clone(), any::<u8>()).prop_map(|(which, mask)| Command::Unskip { which, mask }),
        3 => (w.clone(), -1i32..80, c).prop_map(|(which, days, commit)| Command::Move { which, days, commit }),
        1 => (w.clone(), 0i32..80).prop_map(|(which, days)| Command::MoveCharge { which, days }),
        2 => (w.clone(), 1u32..9, c).prop_map(|(which, every, commit)| Command::ChangeIntervals { which, every, commit }),
        1 => (w.clone(), 1u32..9, c).prop_map(|(which, quantity, commit)| Command::ChangeQuantity { which, quantity, commit }),
        2 => (w.clone(), 0usize..4, c).prop_map(|(which, to, commit)| Command::ChangeAddress { which, to, commit }),
        2 => (w.clone(), c).prop_map(|(which, commit)| Command::Cancel { which, commit }),
        2 => (w.clone(), c).prop_map(|(which, commit)| Command::Activate { which, commit }),
        1 => (w.clone(), 10_000u32..99_999, c).prop_map(|(which, zip, commit)| Command::EditAddress { which, zip, commit }),
        1 => (w.clone(), any::<bool>()).prop_map(|(which, on_charge)| Command::Discount { which, on_charge }),
        2 => (w.clone(), 0i32..60, c).prop_map(|(which, days, commit)| Command::AddOnetime { which, days, commit }),
        1 => w.clone().prop_map(|which| Command::RemoveOnetime { which }),
        1 => w.clone().prop_map(|which| Command::Pay { which }),
        1 => w.clone().prop_map(|which| Command::NewCard { which }),
        6 => beside(),
        3 => (1i64..45).prop_map(|days| Command::Advance { days }),
    ]
}

/// What is done less often.
fn beside() -> impl Strategy<Value = Command> {
    let (w, c) = (0usize..40, any::<bool>());
    prop_oneof![
        (w.clone(), w.clone(), c).prop_map(|(which, variant, commit)| Command::Swap {
            which,
            variant,
            commit
        }),
        (w.clone(), 0u32..32, c).prop_map(|(which, day, commit)| Command::FixDay {
            which,
            day,
            commit
        }),
        (w.clone(), w.clone(), 0i32..40).prop_map(|(which, variant, days)| Command::Subscribe {
            which,
            variant,
            days
        }),
        w.clone().prop_map(|which| Command::GiveAway { which }),
        (w.clone(), -1i32..60).prop_map(|(which, days)| Command::MoveOnetime { which, days }),
        (w.clone(), c, c).prop_map(|(which, declined, retry)| Command::AddCard {
            which,
            declined,
            retry
        }),
        (w.clone(), c).prop_map(|(which, wanted)| Command::WantBackup { which, wanted }),
        w.clone().prop_map(|which| Command::UseCredit { which }),
        (w.clone(), w.clone(), c).prop_map(|(which, code, on_charge)| Command::LimitedCode {
            which,
            code,
            on_charge
        }),
        w.clone().prop_map(|which| Command::FreeGift { which }),
        (w.clone(), w.clone(), c).prop_map(|(from, to, delete)| Command::JoinAddresses {
            from,
            to,
            delete
        }),
        w.clone().prop_map(|which| Command::RemoveAddress { which }),
        (w.clone(), 0i32..60).prop_map(|(which, days)| Command::MoveOrder { which, days }),
        (w.clone(), 0u32..8).prop_map(|(which, quantity)| Command::FillBox { which, quantity }),
        (0usize..3, c).prop_map(|(process, recalculate)| Command::Configure {
            process,
            recalculate
        }),
    ]
}
