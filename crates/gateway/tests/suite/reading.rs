//! Views: what a customer sees.

use protocol::Query;
use protocol::view::*;
use sandbox::Scenario;

use crate::world::World;

#[tokio::test]
async fn every_view_can_be_read_in_every_scenario() {
    for scenario in Scenario::ALL {
        let world = World::new(scenario);
        let _: Session = world.read(Query::Session).await;
        let _: Overview = world.read(Query::Overview).await;
        let subscriptions: Subscriptions = world.read(Query::Subscriptions).await;
        for card in subscriptions.subscriptions {
            let detail: SubscriptionDetail = world.read(Query::Subscription(card.id)).await;
            assert_eq!(detail.card.title, card.title);
        }
        let _: DeliverySchedule = world.read(Query::Deliveries).await;
        let orders: Orders = world.read(Query::Orders { cursor: None }).await;
        for row in orders.orders {
            let detail: OrderDetail = world.read(Query::Order(row.id)).await;
            assert_eq!(detail.row, row);
        }
        let _: Addresses = world.read(Query::Addresses).await;
        let _: PaymentMethods = world.read(Query::PaymentMethods).await;
        let _: Customer = world.read(Query::Customer).await;
    }
}
