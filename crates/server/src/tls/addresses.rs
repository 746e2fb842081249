//! Under which names and addresses this computer can be reached.

use std::net::{IpAddr, SocketAddr};

/// Its addresses on the local network, those that people type first.
pub fn on_the_network() -> Vec<IpAddr> {
    // Where the system does not tell, the address listened on is all that can be said.
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    let mut addresses: Vec<IpAddr> = interfaces
        .into_iter()
        .filter(|interface| !interface.is_loopback() && !interface.is_link_local())
        .map(|interface| interface.ip())
        .collect();
    addresses.sort();
    addresses.dedup();
    addresses
}

/// Its name, without which people type an address.
pub fn host_name() -> Option<String> {
    let name = rustix::system::uname().nodename().to_string_lossy().to_ascii_lowercase();
    let is_name = !name.is_empty() && name.split('.').all(is_host_label);
    is_name.then_some(name)
}

/// What people on the network type to reach a server that listens here.
pub fn urls(scheme: &str, listened: SocketAddr) -> Vec<String> {
    if !listened.ip().is_unspecified() {
        return Vec::new();
    }
    // Listening on 0.0.0.0 takes no IPv6.
    let reachable = on_the_network().into_iter().filter(|address| listened.is_ipv6() || address.is_ipv4());
    reachable.map(|address| format!("{scheme}://{}", SocketAddr::new(address, listened.port()))).collect()
}

fn is_host_label(label: &str) -> bool {
    !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
