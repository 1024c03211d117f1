//! The log: JSON lines on standard error.

use std::io::{self, Write};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::LogLevel;

/// Starts the log. To be called once, by the program.
pub fn init(level: LogLevel) {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    // Libraries say too much below a warning, and might say headers.
    let targets = Targets::new()
        .with_default(LevelFilter::WARN.min(level))
        .with_targets([("middleware", level), ("gateway", level)]);
    // The JSON writer escapes line breaks, so nothing a request says can begin a line.
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_writer(|| Masked(std::io::stderr()));
    tracing_subscriber::registry()
        .with(targets)
        .with(lines)
        .init();
    // The message of a panic may hold somebody's data; where it happened says enough.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a handler panicked");
    }));
}

/// A writer that masks what looks like the number of a card. None should ever come by here; if
/// one is typed where it does not belong, it goes no further than this.
struct Masked<W>(W);

impl<W: Write> Write for Masked<W> {
    // The log hands over whole lines.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(&mask(line))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A card's number has so many digits.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// `line` with a star for each digit of what may be a card's number: 13 to 19 digits with the
/// right check digit, alone or with single spaces or dashes between them.
fn mask(line: &[u8]) -> Vec<u8> {
    let mut masked = line.to_vec();
    let mut run: Vec<usize> = Vec::new();
    let mut last = None;
    for at in 0..=line.len() {
        let byte = line.get(at).copied().unwrap_or(b'\n');
        if byte.is_ascii_digit() {
            run.push(at);
        } else if !(b" -".contains(&byte) && last.is_some_and(|b: u8| b.is_ascii_digit())) {
            let digits: Vec<u8> = run.iter().map(|at| line[*at] - b'0').collect();
            if CARD_DIGITS.contains(&digits.len()) && has_check_digit(&digits) {
                run.iter().for_each(|at| masked[*at] = b'*');
            }
            run.clear();
        }
        last = Some(byte);
    }
    masked
}

/// Whether the last digit is the one that cards have (Luhn).
fn has_check_digit(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match (at % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s46_what_looks_like_a_card_is_not_logged_and_ids_are() {
        let masked = |line: &str| String::from_utf8(mask(line.as_bytes())).unwrap();
        assert_eq!(
            masked("path: /4242424242424242/x"),
            "path: /****************/x"
        );
        assert_eq!(masked("\"4242 4242 4242 4242\""), "\"**** **** **** ****\"");
        assert_eq!(masked("3782-822463-10005."), "****-******-*****.");
        for kept in [
            "customer 43845860",
            "4242424242424241",
            "2026-11-21T10:17:07Z",
            "",
        ] {
            assert_eq!(masked(kept), kept);
        }
    }
}
