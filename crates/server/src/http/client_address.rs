//! Extractor: the address that a request comes from.

use crate::{app::App, config::Settings};
use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Data};
use ipnet::IpNet;
use std::{
    convert::Infallible,
    future::{Ready, ready},
    net::{IpAddr, Ipv4Addr},
};

const FORWARDED_FOR: &str = "X-Forwarded-For";

/// The peer's address, or the one that a trusted proxy says it has been asked from.
pub struct ClientAddress(pub IpAddr);

impl FromRequest for ClientAddress {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let settings = request.app_data::<Data<App>>().map(|app| app.settings.clone());
        let trusted = settings.as_deref().map_or(&[][..], |settings: &Settings| &settings.trusted_proxies);
        // Only a socket that is no longer connected has no peer.
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip());
        // A proxy may add a line of its own or lengthen the one that came.
        let lines = request.headers().get_all(FORWARDED_FOR).filter_map(|line| line.to_str().ok());
        let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
        ready(Ok(Self(origin(peer, &hops, trusted))))
    }
}

/// Back along the hops for as long as whoever tells of the one before is trusted. What stands further left may be made up.
fn origin(peer: IpAddr, hops: &[&str], trusted: &[IpNet]) -> IpAddr {
    let mut address = peer.to_canonical();
    for hop in hops.iter().rev() {
        if !trusted.iter().any(|network| network.contains(&address)) {
            break;
        }
        match hop.parse::<IpAddr>() {
            Ok(before) => address = before.to_canonical(),
            Err(_) => break,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, hops: &[&str]) -> String {
        let trusted = ["10.0.0.0/8", "::1/128"].map(|network| network.parse().expect("a network"));
        origin(peer.parse().expect("an address"), hops, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(from("192.0.2.1", &["203.0.113.9"]), "192.0.2.1");
        assert_eq!(from("10.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(from("::ffff:10.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(from("10.0.0.1", &["203.0.113.9", "10.0.0.2"]), "203.0.113.9");
        // Whatever the client wrote itself stands left of what the first trusted proxy saw.
        assert_eq!(from("10.0.0.1", &["198.51.100.7", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(from("10.0.0.1", &["nonsense"]), "10.0.0.1");
        assert_eq!(from("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(from("::1", &["2001:db8::1"]), "2001:db8::1");
    }
}
