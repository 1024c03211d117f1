//! Calls with typed answers, and lists that are followed to their end.

use recharge::{
    Address, CallError, Customer, CustomerId, DeliverySchedule, NoAnswer, Page, Request,
    Subscription, UpstreamError, call_as, list_all,
};
use serde_json::{Value, json};

use crate::support::{Scripted, answer, example, ready};

fn page(ids: &[u64], next: Option<&str>) -> Result<recharge::Response, NoAnswer> {
    let items: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
    answer(
        200,
        json!({ "next_cursor": next, "previous_cursor": null, "subscriptions": items }),
    )
}

fn list(upstream: &Scripted, cap: usize) -> Result<(Vec<u64>, bool), CallError> {
    let request = Subscription::list(CustomerId(7));
    let listed = ready(list_all::<Subscription>(upstream, request, cap))?;
    Ok((
        listed.items.iter().map(|item| item.id.0).collect(),
        listed.cut,
    ))
}

#[test]
fn a_list_is_followed_to_its_end() {
    let upstream = Scripted::new([
        page(&[3, 2], Some("a")),
        page(&[1], Some("b")),
        page(&[0], None),
    ]);
    assert_eq!(list(&upstream, 100), Ok((vec![3, 2, 1, 0], false)));
    let asked: Vec<String> = upstream
        .asked()
        .iter()
        .map(Request::path_and_query)
        .collect();
    assert_eq!(
        asked,
        [
            "/subscriptions?limit=250&customer_id=7",
            "/subscriptions?limit=250&cursor=a",
            "/subscriptions?limit=250&cursor=b",
        ]
    );
}

#[test]
fn a_cap_is_stated() {
    let upstream = Scripted::new([page(&[3, 2], Some("a")), page(&[1], None)]);
    assert_eq!(list(&upstream, 2), Ok((vec![3, 2], true)));
    assert_eq!(upstream.asked().len(), 1);
    assert_eq!(
        list(&Scripted::new([page(&[3, 2, 1], None)]), 2),
        Ok((vec![3, 2], true))
    );
    assert_eq!(
        list(&Scripted::new([page(&[3, 2], None)]), 2),
        Ok((vec![3, 2], false))
    );
}

#[test]
fn a_cursor_that_leads_nowhere_ends_the_list_as_cut() {
    let itself = Scripted::new([page(&[3], Some("a")), page(&[2], Some("a"))]);
    assert_eq!(list(&itself, 100), Ok((vec![3, 2], true)));
    let empty = Scripted::new([page(&[], Some("a"))]);
    assert_eq!(list(&empty, 100), Ok((vec![], true)));
}

#[test]
fn a_page_that_fails_fails_the_list() {
    let upstream = Scripted::new([page(&[3], Some("a")), Err(NoAnswer::Lost)]);
    assert_eq!(
        list(&upstream, 100),
        Err(CallError::NoAnswer(NoAnswer::Lost))
    );
    let refused = json!({ "errors": { "cursor": ["Invalid value"] } });
    let upstream = Scripted::new([answer(422, refused.clone())]);
    assert_eq!(
        list(&upstream, 9),
        Err(CallError::Refused(UpstreamError::parse(
            422,
            Some(&refused)
        )))
    );
}

#[test]
fn a_row_that_cannot_be_read_is_left_out_and_the_list_counts_as_cut() {
    for odd in [json!(null), json!({ "status": "active" }), json!("x")] {
        let body = json!({ "subscriptions": [{ "id": 1 }, odd] });
        let upstream = Scripted::new([answer(200, body)]);
        assert_eq!(list(&upstream, 9), Ok((vec![1], true)));
        let upstream = Scripted::new([answer(200, json!({ "subscriptions": [odd] }))]);
        assert!(matches!(list(&upstream, 9), Err(CallError::Unreadable(_))));
    }
}

#[test]
fn pages_that_lead_in_a_circle_end_and_list_nothing_twice() {
    for circle in [&["a"][..], &["a", "b"], &["a", "b", "c"]] {
        let turns = (0..50).map(|turn| {
            let at = turn % circle.len();
            let id = u64::try_from(at).expect("small");
            page(&[10 + id], Some(circle[at]))
        });
        let upstream = Scripted::new(turns);
        let (ids, cut) = list(&upstream, 100).expect("a list");
        assert!(cut);
        assert_eq!(ids.len(), circle.len(), "{ids:?}");
        assert!(upstream.asked().len() <= circle.len() + 1);
    }
}

#[test]
fn a_list_is_followed_for_a_hundred_pages_at_most() {
    let pages = (0..1_000).map(|n| page(&[n], Some(&format!("c{n}"))));
    let upstream = Scripted::new(pages);
    let (ids, cut) = list(&upstream, 5_000).expect("a list");
    assert_eq!((ids.len(), cut, upstream.asked().len()), (100, true, 100));
}

#[test]
fn cursors_may_be_absent() {
    let page = Page::<Address>::read(json!({ "addresses": [{ "id": 1 }] })).expect("a page");
    assert_eq!(
        (page.items.len(), page.next_cursor, page.previous_cursor),
        (1, None, None)
    );
}

#[test]
fn a_resource_is_read_from_its_envelope() {
    let upstream = Scripted::new([answer(200, example("modern/customer"))]);
    let customer: Customer =
        ready(call_as(&upstream, Customer::retrieve(CustomerId(1), &[]))).expect("read");
    assert_eq!(customer.id, CustomerId(61_200_418));
}

#[test]
fn a_schedule_is_read_with_and_without_an_envelope() {
    let body = example("modern/delivery_schedule");
    let upstream = Scripted::new([
        answer(200, body.clone()),
        answer(200, json!({ "deliverySchedule": body })),
    ]);
    let read = || {
        let request = DeliverySchedule::retrieve(CustomerId(1), Default::default());
        ready(call_as::<DeliverySchedule>(&upstream, request)).expect("read")
    };
    assert_eq!(read(), read());
}

#[test]
fn an_error_under_success_is_a_refusal() {
    let upstream = Scripted::new([answer(200, json!({ "errors": "Not today" }))]);
    let request = DeliverySchedule::retrieve(CustomerId(1), Default::default());
    let refused = ready(call_as::<DeliverySchedule>(&upstream, request));
    assert!(matches!(refused, Err(CallError::Refused(error)) if error.messages == ["Not today"]));
}

#[test]
fn an_unreadable_answer_tells_nothing_of_its_content() {
    let upstream = Scripted::new([answer(
        200,
        json!({ "customer": { "email": "maren@example.test" } }),
    )]);
    let error = ready(call_as::<Customer>(&upstream, Customer::by_email("x"))).expect_err("no id");
    assert!(matches!(error, CallError::Unreadable(_)));
    assert!(!format!("{error} {error:?}").contains("maren"));
}
