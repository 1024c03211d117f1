//! Who is at the other end: the address of a client behind the proxies that the configuration
//! lists. What other hops say of an address is not believed.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Once;

use axum::http::{Extensions, HeaderMap, HeaderName};
use ipnet::IpNet;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of the client of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

impl ClientAddress {
    /// The address of the client, among a request's extensions.
    pub(crate) fn of(extensions: &Extensions) -> IpAddr {
        extensions
            .get::<ClientAddress>()
            .map_or(Ipv4Addr::UNSPECIFIED.into(), |address| address.0)
    }
}

/// The proxies whose `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Default)]
pub struct Proxies(pub(crate) Vec<IpNet>);

impl Proxies {
    /// Whether `address` is one of them.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client of a request that came from `peer`: the first address, from the right, that no
    /// listed proxy has.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut forwarded = headers
            .get_all(FORWARDED_FOR)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect::<Vec<_>>();
        if !forwarded.is_empty() && !self.contains(peer) {
            tell_once(peer);
        }
        let mut address = peer;
        while self.contains(address)
            && let Some(before) = forwarded.pop().and_then(parse)
        {
            address = before;
        }
        address
    }
}

/// An address, with a port or without.
fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let with_port = |text: &str| Some(text.parse::<SocketAddr>().ok()?.ip());
    let address = text.parse().ok().or_else(|| with_port(text))?;
    Some(address.to_canonical())
}

/// A proxy that is not listed makes all its clients count as one.
fn tell_once(peer: IpAddr) {
    static TOLD: Once = Once::new();
    TOLD.call_once(|| {
        tracing::warn!(
            %peer,
            "X-Forwarded-For from an address that trusted_proxies does not list: \
             its clients count as one"
        );
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(proxies: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let networks = proxies.iter().map(|text| text.parse().unwrap());
        let proxies = Proxies(networks.collect());
        let headers = forwarded
            .iter()
            .map(|value| (FORWARDED_FOR, value.parse().unwrap()));
        let address = proxies.client(peer.parse().unwrap(), &headers.collect());
        address.to_string()
    }

    #[test]
    fn s23_the_client_is_read_from_the_right_through_listed_proxies_only() {
        let own = ["10.0.0.0/8", "192.0.2.7/32"];
        // Nobody says anything, or somebody who is not listed does.
        assert_eq!(client(&own, "10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client(&[], "10.0.0.1", &["203.0.113.9"]), "10.0.0.1");
        assert_eq!(client(&own, "203.0.113.5", &["203.0.113.9"]), "203.0.113.5");
        // One proxy, two proxies, and a client that made up hops of its own.
        assert_eq!(client(&own, "10.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        let two = ["203.0.113.9, 192.0.2.7", "10.9.9.9"];
        assert_eq!(client(&own, "10.0.0.1", &two), "203.0.113.9");
        let made_up = ["127.0.0.1, 10.1.1.1, 203.0.113.9"];
        assert_eq!(client(&own, "10.0.0.1", &made_up), "203.0.113.9");
        // With a port, in brackets, mapped, and nonsense.
        assert_eq!(client(&own, "10.0.0.1", &["203.0.113.9:80"]), "203.0.113.9");
        assert_eq!(
            client(&own, "10.0.0.1", &["[2001:db8::1]:80"]),
            "2001:db8::1"
        );
        assert_eq!(
            client(&own, "10.0.0.1", &["::ffff:203.0.113.9"]),
            "203.0.113.9"
        );
        assert_eq!(
            client(&own, "10.0.0.1", &["203.0.113.9, unknown"]),
            "10.0.0.1"
        );
    }
}
