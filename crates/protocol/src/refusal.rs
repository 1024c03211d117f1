//! The reasons for which a change is refused.

use recharge::open_enum;

use crate::json::words;

open_enum! {
    /// Why a change was refused.
    pub enum Refusal {
        /// A field is missing or wrong: the fields say which.
        InvalidFields = "invalid_fields",
        /// The date is too close: upstream wants tomorrow at the earliest.
        TooSoon = "too_soon",
        /// Nothing is sent on that day, or it is too far ahead.
        ClosedDate = "closed_date",
        /// A rule of the merchant's stands against it for now.
        Locked = "locked",
        /// The product is not offered that way.
        NotOffered = "not_offered",
        /// The delivery's cut-off has passed.
        CutOffPassed = "cut_off_passed",
        /// It is in that state already, or in one that does not allow the change.
        StateChanged = "state_changed",
        /// This item cannot be skipped (prepaid, one-time).
        NotSkippable = "not_skippable",
        /// This delivery, or this item of it, cannot be moved to that day.
        NotMovable = "not_movable",
        /// This delivery, or this item of it, cannot be given away.
        NotGivable = "not_givable",
        /// The amount is another one than the customer agreed to; nothing was paid.
        AmountChanged = "amount_changed",
        /// The payment was declined; nothing was paid.
        PaymentDeclined = "payment_declined",
        /// The store does not ship to this address.
        NotShippable = "not_shippable",
        /// Something still goes to the address, or is to be paid for it.
        AddressInUse = "address_in_use",
        /// The address needs a payment method first.
        NoPaymentMethod = "no_payment_method",
        /// The payment method pays for an address, and so stays.
        MethodInUse = "method_in_use",
        /// The processor lets this payment method be changed by an e-mailed link only.
        ByLinkOnly = "by_link_only",
        /// The processor does not know this customer yet, so a card cannot be added to them.
        NoProcessorAccount = "no_processor_account",
        /// The processor's token is not good (any more): the card has to be typed in again.
        CardNotTaken = "card_not_taken",
        /// The e-mail address belongs to another customer of the store.
        EmailInUse = "email_in_use",
        /// Whether it was done cannot be found out, so that the customer has to look.
        Unconfirmed = "unconfirmed",
        /// A payment for the address failed, and has to be made before anything is added.
        PaymentOverdue = "payment_overdue",
        /// It was done a moment ago and may not be repeated yet.
        TooOften = "too_often",
        /// The pause would be longer than the merchant allows.
        PauseTooLong = "pause_too_long",
        /// It was paused as often as the merchant allows within a year.
        PauseLimit = "pause_limit",
        /// As many deliveries of it are skipped as the merchant allows within a year.
        SkipLimit = "skip_limit",
        /// The product is no longer sold.
        NoLongerSold = "no_longer_sold",
        /// Nothing of it is left.
        SoldOut = "sold_out",
        /// An earlier request still waits for its code; another is taken once that has expired.
        StillPending = "still_pending",
        /// The customer has to prove who they are by a code first; see
        /// [`VERIFICATIONS`](crate::view::VERIFICATIONS).
        CodeNeeded = "code_needed",
        /// There is no code that would count any more: it has expired, was tried too often, or
        /// was sent for another browser.
        CodeExpired = "code_expired",
        /// The delivery is only forecast yet.
        NotPrepared = "not_prepared",
        /// Upstream refused for a reason that has no words of its own here.
        Upstream = "upstream",
        /// Upstream is busy or unreachable and did nothing.
        Unavailable = "unavailable",
    }
}

words!(Refusal);
