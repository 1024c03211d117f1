//! The connections that are open, and which of them goes when there are too many.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The log tells of refused connections at most this often.
pub(super) const REPORT: Duration = Duration::from_secs(10);

/// Where a connection is in its current request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// No request has come yet.
    New,
    /// Between requests.
    Idle,
    /// The head of a request has come, its body has not.
    Receiving,
    /// A complete request is being answered.
    Working,
    /// The response is being sent.
    Sending,
    /// All of the response is with the socket's writer.
    Sent,
}

/// How many connections there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caps {
    pub(super) total: usize,
    pub(super) per_address: usize,
}

/// The connections that are open.
#[derive(Debug, Default)]
pub(super) struct Open(Mutex<Table>);

#[derive(Debug, Default)]
struct Table {
    next: u64,
    by_id: HashMap<u64, Entry>,
    report: Report,
}

#[derive(Debug)]
struct Entry {
    address: IpAddr,
    phase: Phase,
    since: Instant,
    close: CancellationToken,
}

/// What has happened since the log was last told.
#[derive(Debug, Default)]
struct Report {
    refused: u64,
    closed: u64,
    failed: u64,
    told: Option<Instant>,
}

/// An open connection, until it is dropped.
#[derive(Debug)]
pub(super) struct Connection {
    id: u64,
    open: Arc<Open>,
    /// Tells that it has to make way for another.
    pub(super) close: CancellationToken,
}

impl Open {
    /// Takes in a connection from `address`. Where there are too many, one that has no complete
    /// request makes way: one from the address with the most, the oldest first. Where all are at
    /// work, the new one is refused.
    pub(super) fn admit(
        self: &Arc<Open>,
        address: IpAddr,
        caps: Caps,
        is_proxy: bool,
    ) -> Option<Connection> {
        let mut table = self.lock();
        let entries = table.by_id.values();
        let own = entries.filter(|entry| entry.address == address).count();
        let has_room = if !is_proxy && own >= caps.per_address {
            table.close_one(|entry| entry.address == address)
        } else if table.by_id.len() >= caps.total {
            table.close_one(|_| true)
        } else {
            true
        };
        if !has_room {
            table.report.refused += 1;
            table.report.tell(false);
            return None;
        }
        let id = table.next;
        table.next += 1;
        let close = CancellationToken::new();
        table.by_id.insert(
            id,
            Entry {
                address,
                phase: Phase::New,
                since: Instant::now(),
                close: close.clone(),
            },
        );
        Some(Connection {
            id,
            open: Arc::clone(self),
            close,
        })
    }

    /// Notes that a connection could not be accepted, as happens where the process may open no
    /// more files, and makes room for the next.
    pub(super) fn accept_failed(&self) {
        let mut table = self.lock();
        table.close_one(|_| true);
        table.report.failed += 1;
        table.report.tell(false);
    }

    /// Tells the log what it has not been told yet.
    pub(super) fn tell(&self) {
        self.lock().report.tell(true);
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// Closes a connection without a complete request among those that `is_candidate` names.
    fn close_one(&mut self, is_candidate: impl Fn(&Entry) -> bool) -> bool {
        let mut counts: HashMap<IpAddr, usize> = HashMap::new();
        for entry in self.by_id.values() {
            *counts.entry(entry.address).or_default() += 1;
        }
        let victim = self
            .by_id
            .iter()
            .filter(|(_, entry)| entry.phase != Phase::Working && is_candidate(entry))
            .max_by_key(|(_, entry)| {
                let is_at_rest = !matches!(entry.phase, Phase::Sending | Phase::Sent);
                (is_at_rest, counts[&entry.address], Reverse(entry.since))
            })
            .map(|(id, _)| *id);
        let Some(entry) = victim.and_then(|id| self.by_id.remove(&id)) else {
            return false;
        };
        entry.close.cancel();
        self.report.closed += 1;
        self.report.tell(false);
        true
    }
}

impl Report {
    fn tell(&mut self, is_due: bool) {
        let is_due = is_due || self.told.is_none_or(|told| told.elapsed() >= REPORT);
        if !is_due || self.refused + self.closed + self.failed == 0 {
            return;
        }
        tracing::warn!(
            refused = self.refused,
            closed = self.closed,
            accept_failed = self.failed,
            "too many connections"
        );
        *self = Report {
            told: Some(Instant::now()),
            ..Report::default()
        };
    }
}

impl Connection {
    /// Notes where the connection is in its request.
    pub(super) fn enter(&self, phase: Phase) {
        if let Some(entry) = self.open.lock().by_id.get_mut(&self.id) {
            entry.phase = phase;
            entry.since = Instant::now();
        }
    }

    /// Notes that nothing is left to be written.
    pub(super) fn flushed(&self) {
        if self.phase() == Phase::Sent {
            self.enter(Phase::Idle);
        }
    }

    /// Whether a response is still owed.
    pub(super) fn is_at_work(&self) -> bool {
        matches!(self.phase(), Phase::Working | Phase::Sending | Phase::Sent)
    }

    /// Where it is; idle where it has had to make way.
    pub(super) fn phase(&self) -> Phase {
        let table = self.open.lock();
        table.by_id.get(&self.id).map_or(Phase::Idle, |e| e.phase)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.open.lock().by_id.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPS: Caps = Caps {
        total: 4,
        per_address: 3,
    };

    fn address(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    #[test]
    fn s49_the_oldest_idle_connection_of_the_busiest_address_makes_way() {
        let open = Arc::new(Open::default());
        let admit = |last| open.admit(address(last), CAPS, false).unwrap();
        let (other, first, second) = (admit(1), admit(2), admit(2));
        first.enter(Phase::Working);
        let third = admit(2);
        let fourth = admit(2);
        assert!(second.close.is_cancelled(), "the oldest that is at rest");
        let another = admit(3);
        assert!(third.close.is_cancelled(), "one of the busiest address");
        let kept = [&other, &first, &fourth, &another];
        assert!(kept.iter().all(|one| !one.close.is_cancelled()));
    }

    #[test]
    fn s49_connections_with_a_complete_request_are_never_closed_for_others() {
        let open = Arc::new(Open::default());
        let admit = |last| open.admit(address(last), CAPS, false);
        let working: Vec<Connection> = (0..3).filter_map(|_| admit(1)).collect();
        working.iter().for_each(|one| one.enter(Phase::Working));
        assert!(admit(1).is_none());
        let other = admit(2).unwrap();
        other.enter(Phase::Working);
        assert!(admit(3).is_none());
        working[0].enter(Phase::Idle);
        assert!(admit(3).is_some());
        assert!(working[0].close.is_cancelled());
    }

    #[test]
    fn s49_a_trusted_proxy_may_have_more_connections_than_one_address() {
        let open = Arc::new(Open::default());
        let admit = |_| open.admit(address(1), CAPS, true).unwrap();
        let all: Vec<Connection> = (0..4).map(admit).collect();
        assert!(all.iter().all(|one| !one.close.is_cancelled()));
    }
}
