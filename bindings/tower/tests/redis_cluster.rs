//! The guard in a Redis Cluster of three real nodes.
#![cfg(all(feature = "axum", feature = "redis-cluster"))]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop at the first surprise")]

mod common;

use common::log::Lines;
use common::raw;
use common::redis::Server;
use common::{Count, Headers, ORIGIN, ring, serve, signed, vault};
use counterseal_tower::{RedisReplayGuard, RequireSignature};
use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

/// What a busy machine keeps.
const PATIENT: Option<Duration> = Some(Duration::from_secs(5));

/// Three nodes, each with a third of the slots.
struct Cluster {
    nodes: Vec<Server>,
    urls: Vec<String>,
}

impl Cluster {
    fn start() -> Self {
        let ports: Vec<_> = (0..3).map(|_| free_port()).collect();
        let node = |port: &u16| {
            let port = port.to_string();
            Server::start_with(&[
                "--port",
                &port,
                "--cluster-enabled",
                "yes",
                "--cluster-node-timeout",
                "2000",
            ])
        };
        let nodes: Vec<_> = ports.iter().map(node).collect();
        for (node, slots) in nodes.iter().zip([["0", "5460"], ["5461", "10922"], ["10923", "16383"]]) {
            let () = node.run(&["CLUSTER", "ADDSLOTSRANGE", slots[0], slots[1]]);
            let () = nodes[0].run(&["CLUSTER", "MEET", "127.0.0.1", &port_of(node).to_string()]);
        }
        let knows_all = |node: &Server| {
            let told: String = node.run(&["CLUSTER", "INFO"]);
            told.contains("cluster_state:ok") && told.contains("cluster_known_nodes:3")
        };
        let begun = Instant::now();
        while !nodes.iter().all(knows_all) {
            assert!(begun.elapsed() < Duration::from_secs(60), "the nodes never made a cluster");
        }
        Self { nodes, urls: ports.iter().map(|port| format!("redis://127.0.0.1:{port}")).collect() }
    }

    /// How many nonces each node holds.
    fn held(&self) -> Vec<usize> {
        let nonces = format!("counterseal:1:{{?}}:{}", "?".repeat(22));
        self.nodes.iter().map(|node| node.run::<Vec<String>>(&["KEYS", &nonces]).len()).collect()
    }

    /// As if all 64 guards had been up for long.
    fn open_the_fences(&self) {
        for node in &self.nodes {
            for key in node.run::<Vec<String>>(&["KEYS", "counterseal:1:{?}:epoch"]) {
                let () = node.run(&["SET", &key, "1"]);
            }
        }
    }

    /// Without a time-out of its own it has that of 250 ms.
    async fn replica(&self, count: &Count, timeout: Option<Duration>) -> SocketAddr {
        let guard = RedisReplayGuard::open_cluster(self.urls.clone()).unwrap().scope("mesh").unwrap();
        let guard = timeout.map_or(guard.clone(), |timeout| guard.timeout(timeout));
        serve(vault(count).layer(RequireSignature::builder(&ring(), [ORIGIN]).guard(guard).build().unwrap()))
            .await
    }
}

fn port_of(node: &Server) -> u16 {
    let told: Vec<String> = node.run(&["CONFIG", "GET", "port"]);
    told[1].parse().unwrap()
}

/// A port whose companion for the cluster's own traffic, 10,000 higher, is free too.
fn free_port() -> u16 {
    let mut tries =
        std::iter::repeat_with(|| TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port());
    let pair_is_free = |port: &u16| {
        port.checked_add(10_000).is_some_and(|other| TcpListener::bind(("127.0.0.1", other)).is_ok())
    };
    tries.by_ref().take(1000).find(pair_is_free).expect("no free pair of ports")
}

fn fresh() -> Headers {
    signed("POST", "/", &[], b"once")
}

async fn send(address: SocketAddr, headers: &Headers) -> u16 {
    raw::send(address, "POST", "/", headers, b"once").await.status
}

#[tokio::test]
async fn claims_spread_over_the_nodes_and_are_claimed_once() {
    let (cluster, count) = (Cluster::start(), Count::default());
    let (one, other) = (cluster.replica(&count, PATIENT).await, cluster.replica(&count, PATIENT).await);
    // Each of the 64 guards begins with its first claim.
    for _ in 0..300 {
        assert_eq!(send(one, &fresh()).await, 503);
    }
    cluster.open_the_fences();
    let (mut accepted, mut replayed) = (0, 0);
    for _ in 0..100 {
        let headers = fresh();
        accepted += usize::from(send(one, &headers).await == 200);
        replayed += usize::from(send(other, &headers).await == 200);
    }
    // One guard in a hundred may not have begun.
    assert!(accepted >= 90, "{accepted}");
    assert_eq!((replayed, count.get()), (0, accepted));
    let held = cluster.held();
    assert_eq!(held.iter().sum::<usize>(), accepted);
    assert!(held.iter().all(|held| *held > 0), "{held:?}");
}

#[tokio::test]
async fn where_a_node_is_gone_its_claims_are_refused() {
    let (mut cluster, count, lines) = (Cluster::start(), Count::default(), Lines::listen());
    let address = cluster.replica(&count, None).await;
    for _ in 0..300 {
        send(address, &fresh()).await;
    }
    cluster.open_the_fences();
    let sent: Vec<_> = (0..20).map(|_| fresh()).collect();
    for headers in &sent {
        send(address, headers).await;
    }
    let accepted = count.get();
    assert!(accepted > 0);
    cluster.nodes[2].kill();
    lines.take();
    for headers in &sent {
        assert_ne!(send(address, headers).await, 200);
    }
    assert!(lines.take().iter().any(|line| line.contains("code=store_unavailable")));
    assert_eq!(count.get(), accepted, "nothing is accepted twice, whichever node is gone");
}

#[tokio::test]
async fn each_node_is_asked_whether_it_may_evict() {
    let (cluster, lines) = (Cluster::start(), Lines::listen());
    let () = cluster.nodes[1].run(&["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]);
    let guard = RedisReplayGuard::open_cluster(cluster.urls.clone()).unwrap();
    guard.timeout(Duration::from_secs(5)).check().await.unwrap();
    let logged = lines.take();
    assert_eq!(logged.iter().filter(|line| line.contains("allkeys-lru")).count(), 1, "{logged:?}");
    assert!(!logged.iter().any(|line| line.contains("does not tell")), "{logged:?}");
    let bad = RedisReplayGuard::open_cluster(["http://x:hunter-two@h"]).unwrap_err();
    assert_eq!(bad.code().as_str(), "malformed_argument");
    assert!(!bad.to_string().contains("hunter-two"));
}
