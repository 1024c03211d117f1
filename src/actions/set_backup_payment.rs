//! Letting another payment method be charged when the usual one fails, or no longer.

use std::sync::Arc;

use protocol::{BackupPayment, Intent, SetBackupPayment};

use super::form::Form;
use super::places;
use crate::data::Action;
use crate::i18n::t;
use crate::overview::page::Page;
use crate::ui::Line;

/// Opens the review of turning backup payments on, where `enabled`, or off.
pub(crate) fn open(page: &Page, enabled: bool) {
    page.changes.start(|| action(enabled));
}

fn action(enabled: bool) -> Arc<dyn Action> {
    let said = |on: bool| {
        if on {
            t::set_backup_payment_on()
        } else {
            t::set_backup_payment_off()
        }
    };
    let intent = move || {
        Intent::SetBackupPayment(SetBackupPayment {
            body: BackupPayment { enabled },
        })
    };
    let form = Form::new(t::set_backup_payment_title(), intent)
        .review(move || {
            vec![Line {
                label: t::set_backup_payment_when().into(),
                before: said(!enabled).into(),
                after: said(enabled).into(),
                ..Line::default()
            }]
        })
        .place(places::BACKUP);
    if enabled {
        form.meaning(|| t::set_backup_payment_meaning().into())
            .confirm(|| t::set_backup_payment_turn_on().into())
            .done(|_, _| t::set_backup_payment_done_on().into())
            .action()
    } else {
        form.meaning(|| t::set_backup_payment_meaning_off().into())
            .confirm(|| t::set_backup_payment_turn_off().into())
            .done(|_, _| t::set_backup_payment_done_off().into())
            .action()
    }
}
