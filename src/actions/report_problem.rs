//! Telling the merchant that something is wrong with an order, or asking for money back.

use leptos::prelude::*;
use protocol::{Intent, OrderId, ProblemReport, ReportProblem, ReportTopic};

use super::field::Field;
use super::form::Form;
use crate::i18n::t;
use crate::overview::page::Page;
use crate::ui::Choice;

/// The longest message, in characters.
const MESSAGE: usize = 1_000;

/// Opens the form for the order `order_id`, called `name`.
pub(crate) fn open(page: &Page, order_id: OrderId, name: &str) {
    page.changes.start(|| {
        let (about, message) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
        let topic = |topic: ReportTopic, label: &str| Choice {
            value: topic.as_str().to_owned(),
            label: label.to_owned(),
            hint: String::new(),
        };
        let topics = vec![
            topic(ReportTopic::Damaged, t::report_problem_damaged()),
            topic(ReportTopic::Missing, t::report_problem_missing()),
            topic(ReportTopic::Wrong, t::report_problem_wrong()),
            topic(ReportTopic::Refund, t::report_problem_refund()),
            topic(ReportTopic::Question, t::report_problem_question()),
        ];
        let intent = move || {
            Intent::ReportProblem(ReportProblem {
                order_id,
                body: ProblemReport {
                    about: ReportTopic::from(about.get_untracked().as_str()),
                    message: message.get_untracked(),
                },
            })
        };
        Form::new(t::report_problem_title(name), intent)
            .one_step()
            .fields(vec![
                Field::choice("about", t::report_problem_about(), about, topics),
                Field::area("message", t::report_problem_message(), message, MESSAGE),
            ])
            .meaning(|| t::report_problem_meaning().into())
            .confirm(|| t::report_problem_confirm().into())
            .sending(t::report_problem_sending())
            .done(|_, reference| t::report_problem_done(reference))
            .action()
    });
}
