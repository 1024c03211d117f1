//! What shows a thing and its figures.

use leptos::prelude::*;

use super::specimen::{Group, specimen};
use crate::ui::{
    Card, Column, DateBlock, Fact, Facts, Line, LineKind, Picture, PictureSize, Review, Sum, Sums,
    Table,
};

/// A bag, drawn.
pub(super) const PICTURE: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 72 72'%3E%3Crect width='72' height='72' fill='%23eadfce'/%3E%3Cpath d='M24 20h24l4 36H20z' fill='%23573f2c'/%3E%3Cpath d='M28 32h16v12H28z' fill='%23f6efe4'/%3E%3C/svg%3E";

/// Something that is no picture, whatever its address says.
const BROKEN: &str = "data:image/png;base64,AAAA";

pub(super) fn groups() -> Vec<Group> {
    vec![cards(), facts(), reviews(), tables(), pictures()]
}

fn cards() -> Group {
    let specimens = vec![
        specimen(
            "card",
            "With a title",
            view! {
                <Card title=Signal::stored("Delivery address".to_owned())>
                    <p>"4 Mill Lane, Portland, ME 04101"</p>
                </Card>
            },
        ),
        specimen(
            "card-plain",
            "Without a title",
            view! { <Card><p>"Visa ending in 4242, expires 04/29"</p></Card> },
        ),
        specimen(
            "card-flush",
            "With rows",
            view! {
                <Card flush=true>
                    <p>"Tuesday, December 22"</p>
                    <p>"Tuesday, January 19"</p>
                </Card>
            },
        ),
    ];
    Group::new("cards", "Cards", specimens)
}

fn facts() -> Group {
    let change = Callback::new(|()| ());
    let locked = Signal::stored(Some("Another change is being sent".to_owned()));
    let specimens = vec![
        specimen(
            "facts",
            "Facts: to read, to change, disabled",
            view! {
                <Facts>
                    <Fact label="Price per item">"$18.00"</Fact>
                    <Fact label="Frequency" on_change=change>"Every 4 weeks"</Fact>
                    <Fact label="Ships to" on_change=change locked>"4 Mill Lane, Portland"</Fact>
                </Facts>
            },
        ),
        specimen(
            "sums",
            "Sums: one being updated, a total",
            view! {
                <Sums>
                    <Sum label="Items" amount="$36.00"/>
                    <Sum label="Shipping" amount="$4.90" updating=true/>
                    <Sum label="Total" amount="$40.90" total=true/>
                </Sums>
            },
        ),
        specimen(
            "date-blocks",
            "Date block, and one that is skipped",
            view! {
                <div class="row">
                    <DateBlock weekday="Tue" day="24"/>
                    <DateBlock weekday="Tue" day="22" skipped=true/>
                </div>
            },
        ),
    ];
    Group::new("facts-and-sums", "Facts, sums, dates", specimens)
}

fn reviews() -> Group {
    let line = |label: &str, before: &str, after: &str, kind| Line {
        label: label.to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
        kind,
    };
    let lines = vec![
        line(
            "Next delivery",
            "November 24",
            "December 1",
            LineKind::Changed,
        ),
        line("Gift message", "", "Happy birthday", LineKind::Changed),
        line("Total", "$40.90", "", LineKind::Unchanged),
        line("Discount", "SPRING10", "", LineKind::Lost),
    ];
    let review = view! { <Review lines/> };
    let specimen = specimen("review", "Changed, new, unchanged, lost", review);
    Group::new("reviews", "Review", vec![specimen]).wide()
}

fn tables() -> Group {
    let column = |(title, end): (&str, bool)| Column {
        title: title.to_owned(),
        end,
    };
    let columns = [("Date", false), ("Order", false), ("Total", true)].map(column);
    let table = view! {
        <Table caption="Orders" columns=columns.to_vec()>
            <tr><td>"October 27, 2026"</td><td>"#1042"</td><td class="end money">"$40.90"</td></tr>
            <tr><td>"September 29, 2026"</td><td>"#1017"</td><td class="end money">"$140.10"</td></tr>
        </Table>
    };
    let specimen = specimen("table", "Figures align at the end", table);
    Group::new("tables", "Table", vec![specimen]).wide()
}

fn pictures() -> Group {
    let drawn = || Some(PICTURE.to_owned());
    let all = |src: fn() -> Option<String>| {
        view! {
            <div class="row">
                <Picture src=src() size=PictureSize::Small/>
                <Picture src=src()/>
                <Picture src=src() size=PictureSize::Card/>
                <Picture src=src() size=PictureSize::Hero/>
            </div>
        }
    };
    let specimens = vec![
        specimen("picture", "Sizes", all(|| Some(PICTURE.to_owned()))),
        specimen("picture-missing", "Missing", all(|| None)),
        specimen(
            "picture-broken",
            "Not loading",
            view! { <Picture src=Some(BROKEN.to_owned()) size=PictureSize::Card/> },
        ),
        specimen(
            "picture-count",
            "With a count",
            view! { <Picture src=drawn() size=PictureSize::Card count=3/> },
        ),
    ];
    Group::new("pictures", "Pictures", specimens)
}
