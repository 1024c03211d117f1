//! `perennial funnel`: what customers do when they cancel, as a table.

use std::error::Error;
use std::io::Write;

use base::Date;
use protocol::view::CancellationStep;

use crate::store::{Funnel, FunnelRow};

/// The width of the first column.
const WIDTH: usize = 40;

/// Writes how many flows took each step in these days to `out`, with the reasons and the offers below
/// their steps.
///
/// # Errors
/// Where the steps cannot be read or `out` not be written.
pub async fn funnel(
    store: &dyn Funnel,
    from: Date,
    to: Date,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let rows = store.funnel(from, to).await?;
    let flows = |step: CancellationStep| -> u64 { of(&rows, step).map(|row| row.flows).sum() };
    let started = flows(CancellationStep::Started);
    writeln!(
        out,
        "{:WIDTH$} {:>8} {:>8}",
        format!("{from} to {to}"),
        "flows",
        "share"
    )?;
    for step in CancellationStep::ALL {
        line(out, step.name(), flows(step), started)?;
        for row in of(&rows, step).filter(|row| !row.detail.is_empty()) {
            line(out, &format!("  {}", row.detail), row.flows, started)?;
        }
    }
    Ok(())
}

fn of(rows: &[FunnelRow], step: CancellationStep) -> impl Iterator<Item = &FunnelRow> {
    rows.iter().filter(move |row| row.step == step.name())
}

fn line(out: &mut dyn Write, label: &str, flows: u64, started: u64) -> std::io::Result<()> {
    match (flows * 100).checked_div(started) {
        Some(share) => writeln!(out, "{label:WIDTH$} {flows:>8} {share:>7}%"),
        None => writeln!(out, "{label:WIDTH$} {flows:>8} {:>8}", "-"),
    }
}
