//! The life of one change, without anything of what is changed: which step it is in, what may
//! happen next, and what has to be done about it.
//!
//! `draft → review → sending → settling → done`, with `refused` and `checking` beside it. The
//! functions here are pure, so that the rules of exactly-once can be shown natively: a key is
//! made once per review, a lost answer is asked for again with the same key, and a second press
//! does nothing.

use protocol::ProblemKind;

/// Where a change stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Phase {
    /// Nothing is being changed.
    #[default]
    Idle,
    /// The customer fills in a form.
    Draft,
    /// The customer sees before and after; `key` is what the change will be sent with.
    Review {
        /// The idempotency key.
        key: String,
    },
    /// It was sent for the first time and no answer is there.
    Sending {
        /// The idempotency key.
        key: String,
    },
    /// The answer was lost, or the server does not know yet: asked again with the same key.
    Checking {
        /// The idempotency key.
        key: String,
        /// How often it was asked again.
        tries: usize,
    },
    /// It happened; upstream still recalculates, so figures are 'Updating'.
    Settling {
        /// How often the data was read again.
        rounds: usize,
    },
    /// It happened and every figure on the page is true again.
    Done,
    /// It happened, but the figures did not settle in time.
    Slow,
    /// It was refused; nothing changed.
    Refused,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The customer asked for the change; there is a form to fill in.
    OpenDraft,
    /// The form is complete, or there is none: to the review, with a fresh key.
    OpenReview {
        /// The idempotency key.
        key: String,
    },
    /// A change was being sent with this key when the page was loaded again.
    Resume {
        /// The idempotency key.
        key: String,
    },
    /// From the review back to the form.
    Back,
    /// The customer pressed the button that sends it.
    Confirm,
    /// The preview says that the change in this review would be refused.
    WouldBeRefused {
        /// The idempotency key of the review that was looked at.
        key: String,
    },
    /// The server answered, or did not.
    Answered(Answer),
    /// The wait that an effect asked for is over.
    Due,
    /// The data was read again.
    Reread {
        /// Whether some of it still says 'Updating'.
        updating: bool,
    },
    /// The customer wants to have the data read again after it was slow.
    Again,
    /// The customer closed the dialog or left the page.
    Leave,
}

/// What came back from sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It happened.
    Done,
    /// It was refused, nothing changed.
    Refused,
    /// The server does not know yet, or no answer came.
    Unknown,
}

/// What has to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send the intent with this key.
    Send(String),
    /// Say `Due` after so many milliseconds.
    Wait(i32),
    /// Read the stale data again and say `Reread`.
    Reread,
    /// Close the dialog and show what changed.
    Close,
    /// Say on the status line how it ended.
    Announce,
}

/// The waits before data is read again while upstream recalculates, milliseconds: half a minute
/// in all.
const SETTLE: [i32; 5] = [1_000, 2_000, 4_000, 8_000, 15_000];

/// The wait before asking again what became of a change; the last one repeats until it is known.
fn patience(tries: usize) -> i32 {
    SETTLE[tries.min(SETTLE.len() - 1)]
}

impl Phase {
    /// Whether other changes have to wait.
    pub fn is_busy(&self) -> bool {
        matches!(
            self,
            Phase::Sending { .. } | Phase::Checking { .. } | Phase::Settling { .. }
        )
    }

    /// Whether an answer is awaited.
    pub fn is_sending(&self) -> bool {
        matches!(self, Phase::Sending { .. } | Phase::Checking { .. })
    }
}

/// The phase after `event`, and what has to be done. An event that has no place in a phase, such
/// as a second press of the button, changes nothing and does nothing.
pub fn next(phase: Phase, event: Event) -> (Phase, Vec<Effect>) {
    match (phase, event) {
        (Phase::Idle | Phase::Done | Phase::Slow, Event::OpenDraft) => (Phase::Draft, vec![]),
        (
            Phase::Idle
            | Phase::Done
            | Phase::Slow
            | Phase::Draft
            | Phase::Review { .. }
            | Phase::Refused,
            Event::OpenReview { key },
        ) => (Phase::Review { key }, vec![]),
        (Phase::Idle, Event::Resume { key }) => (
            Phase::Checking {
                key: key.clone(),
                tries: 0,
            },
            vec![Effect::Send(key)],
        ),
        (Phase::Review { .. } | Phase::Refused, Event::Back) => (Phase::Draft, vec![]),
        (Phase::Review { key }, Event::WouldBeRefused { key: previewed }) if key == previewed => {
            (Phase::Refused, vec![])
        }
        (Phase::Review { key }, Event::Confirm) => {
            (Phase::Sending { key: key.clone() }, vec![Effect::Send(key)])
        }
        (Phase::Sending { key }, Event::Answered(answer)) => answered(key, 0, answer),
        (Phase::Checking { key, tries }, Event::Answered(answer)) => {
            answered(key, tries + 1, answer)
        }
        (Phase::Checking { key, tries }, Event::Due) => (
            Phase::Checking {
                key: key.clone(),
                tries,
            },
            vec![Effect::Send(key)],
        ),
        (Phase::Settling { rounds }, Event::Due) => {
            (Phase::Settling { rounds }, vec![Effect::Reread])
        }
        (Phase::Settling { .. }, Event::Reread { updating: false }) => {
            (Phase::Done, vec![Effect::Announce])
        }
        (Phase::Settling { rounds }, Event::Reread { updating: true }) => {
            match SETTLE.get(rounds + 1) {
                Some(wait) => (
                    Phase::Settling { rounds: rounds + 1 },
                    vec![Effect::Wait(*wait)],
                ),
                None => (Phase::Slow, vec![Effect::Announce]),
            }
        }
        (Phase::Slow, Event::Again) => (
            Phase::Settling {
                rounds: SETTLE.len() - 1,
            },
            vec![Effect::Reread],
        ),
        (
            Phase::Draft | Phase::Review { .. } | Phase::Refused | Phase::Done | Phase::Slow,
            Event::Leave,
        ) => (Phase::Idle, vec![]),
        (phase, _) => (phase, vec![]),
    }
}

fn answered(key: String, tries: usize, answer: Answer) -> (Phase, Vec<Effect>) {
    match answer {
        Answer::Done => (
            Phase::Settling { rounds: 0 },
            vec![Effect::Close, Effect::Reread],
        ),
        Answer::Refused => (Phase::Refused, vec![]),
        Answer::Unknown => (
            Phase::Checking { key, tries },
            vec![Effect::Wait(patience(tries))],
        ),
    }
}

/// Whether a failed request leaves open what became of the change. One that is sent `again` may be
/// turned away before the server looks for what came of the first.
pub fn leaves_open(kind: &ProblemKind, again: bool) -> bool {
    match kind {
        ProblemKind::Internal | ProblemKind::Other(_) => true,
        ProblemKind::StillChecking
        | ProblemKind::TooManyRequests
        | ProblemKind::Upstream
        | ProblemKind::Unavailable => again,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> String {
        "k1".to_owned()
    }

    fn run(start: Phase, events: impl IntoIterator<Item = Event>) -> (Phase, Vec<Effect>) {
        let mut all = Vec::new();
        let mut phase = start;
        for event in events {
            let (after, effects) = next(phase, event);
            all.extend(effects);
            phase = after;
        }
        (phase, all)
    }

    fn sends(effects: &[Effect]) -> Vec<&str> {
        effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Send(key) => Some(key.as_str()),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_double_press_sends_once() {
        let review = Phase::Review { key: key() };
        let (phase, effects) = run(review, [Event::Confirm, Event::Confirm]);
        assert_eq!(phase, Phase::Sending { key: key() });
        assert_eq!(sends(&effects), ["k1"]);
    }

    #[test]
    fn a_busy_server_says_nothing_of_a_change_that_was_sent_before() {
        for kind in [ProblemKind::TooManyRequests, ProblemKind::Unavailable] {
            assert!(!leaves_open(&kind, false), "{kind:?}");
            assert!(leaves_open(&kind, true), "{kind:?}");
        }
        assert!(leaves_open(&ProblemKind::Internal, false));
        assert!(!leaves_open(&ProblemKind::SwitchedOff, true));
    }

    #[test]
    fn a_lost_answer_is_asked_for_again_with_the_same_key() {
        let events = [
            Event::Confirm,
            Event::Answered(Answer::Unknown),
            Event::Due,
            Event::Answered(Answer::Unknown),
            Event::Due,
            Event::Answered(Answer::Done),
        ];
        let (phase, effects) = run(Phase::Review { key: key() }, events);
        assert!(matches!(phase, Phase::Settling { .. }));
        assert_eq!(sends(&effects), ["k1", "k1", "k1"]);
    }

    #[test]
    fn checking_never_gives_up_and_waits_longer_each_time() {
        let mut phase = Phase::Sending { key: key() };
        let mut waits = Vec::new();
        for _ in 0..7 {
            let (after, effects) = run(phase, [Event::Answered(Answer::Unknown), Event::Due]);
            waits.extend(effects.iter().filter_map(|effect| match effect {
                Effect::Wait(wait) => Some(*wait),
                _ => None,
            }));
            phase = after;
        }
        assert_eq!(waits, [1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
        assert!(phase.is_sending());
    }

    #[test]
    fn leaving_does_not_forget_a_change_on_its_way() {
        let sending = Phase::Sending { key: key() };
        assert_eq!(run(sending.clone(), [Event::Leave]).0, sending);
        assert_eq!(
            run(Phase::Review { key: key() }, [Event::Leave]).0,
            Phase::Idle
        );
    }

    #[test]
    fn a_change_that_was_being_sent_is_asked_for_with_its_own_key() {
        let resume = Event::Resume { key: key() };
        let (phase, effects) = run(Phase::Idle, [resume.clone(), Event::Leave]);
        assert!(phase.is_sending());
        assert_eq!(sends(&effects), ["k1"]);
        let busy = Phase::Sending { key: "k2".into() };
        assert_eq!(run(busy.clone(), [resume]).0, busy);
    }

    #[test]
    fn it_reads_again_until_nothing_is_updating_and_then_announces() {
        let events = [
            Event::Answered(Answer::Done),
            Event::Reread { updating: true },
            Event::Due,
            Event::Reread { updating: false },
        ];
        let (phase, effects) = run(Phase::Sending { key: key() }, events);
        assert_eq!(phase, Phase::Done);
        assert_eq!(
            effects,
            [
                Effect::Close,
                Effect::Reread,
                Effect::Wait(2_000),
                Effect::Reread,
                Effect::Announce
            ]
        );
    }

    #[test]
    fn upstream_that_never_settles_ends_in_an_offer_to_look_again() {
        let mut phase = Phase::Settling { rounds: 0 };
        let mut rereads = 0;
        while phase.is_busy() {
            let (after, effects) = run(phase, [Event::Due, Event::Reread { updating: true }]);
            rereads += effects.iter().filter(|e| **e == Effect::Reread).count();
            phase = after;
        }
        assert_eq!((phase.clone(), rereads), (Phase::Slow, 5));
        assert_eq!(run(phase, [Event::Again]).1, [Effect::Reread]);
    }

    #[test]
    fn a_refused_change_keeps_its_form_and_gets_a_new_key() {
        let sending = Phase::Sending { key: key() };
        let (phase, _) = run(sending, [Event::Answered(Answer::Refused)]);
        assert_eq!(phase, Phase::Refused);
        assert_eq!(run(phase.clone(), [Event::Back]).0, Phase::Draft);
        let again = Event::OpenReview { key: "k2".into() };
        assert_eq!(run(phase, [again]).0, Phase::Review { key: "k2".into() });
    }

    #[test]
    fn a_previewed_refusal_counts_only_for_the_review_it_was_asked_for() {
        let review = Phase::Review { key: key() };
        let of = |key: &str| Event::WouldBeRefused { key: key.into() };
        assert_eq!(run(review.clone(), [of("k0")]).0, review);
        assert_eq!(run(review, [of("k1")]).0, Phase::Refused);
        let sending = Phase::Sending { key: key() };
        assert_eq!(run(sending.clone(), [of("k1")]).0, sending);
    }

    #[test]
    fn nothing_new_starts_while_a_change_is_on_its_way() {
        for busy in [Phase::Sending { key: key() }, Phase::Settling { rounds: 1 }] {
            let events = [Event::OpenDraft, Event::OpenReview { key: "k2".into() }];
            assert_eq!(run(busy.clone(), events).0, busy);
        }
    }
}
