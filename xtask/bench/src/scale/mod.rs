//! `scale`: what a guard that replicas share costs, measured on this machine, and what that makes for the rate that was asked for.

mod arguments;
mod claims;
mod redis;
mod sizing;
mod socket;

use std::path::Path;

use crate::Result;
use crate::guard;
use crate::rows::grouped;
use arguments::Arguments;
use claims::Claims;
use redis::{Pace, Server};
use sizing::Measured;

/// Measures and prints. The first is the server's path.
pub(crate) fn run(given: impl IntoIterator<Item = String>) -> Result<()> {
    let arguments = Arguments::read(given)?;
    let measured = measure(&arguments.redis)?;
    println!("\nFor {}:\n", arguments.plan.in_words());
    for (what, figure) in arguments.plan.needs(&measured) {
        println!("  {what:<58} {figure:>18}");
    }
    Ok(())
}

fn measure(server: &Path) -> Result<Measured> {
    eprintln!("  … a Redis server, {} claims into it", grouped(CLAIMS));
    let server = Server::start(server)?;
    let mut claims = Claims::new()?;
    println!("{} on this machine, over loopback, one connection:\n", server.version()?);
    let before = server.used_memory()?;
    let alone = server.one_by_one(&claims.take(CLAIMS / 10)?)?;
    say("claims one by one: a round trip each", &alone);
    let few = server.pipelined(&claims.take(CLAIMS / 2)?, 16)?;
    say("claims pipelined, 16 at a time", &few);
    let many = server.pipelined(&claims.take(CLAIMS / 2)?, 128)?;
    say("claims pipelined, 128 at a time", &many);
    let claimed = CLAIMS / 10 + CLAIMS / 2 * 2;
    let bare = server.bare_sets(CLAIMS / 2, 128)?;
    say("bare SETs pipelined, 128 at a time, for comparison", &bare);
    let redis_bytes = server.used_memory()?.saturating_sub(before) as f64 / claimed as f64;
    println!("  {:<58} {:>12.0} B", "a nonce in Redis", redis_bytes);

    eprintln!("  … a guard in memory, a socket's session");
    let memory_bytes = guard::resident_in_a_process(RESIDENT)? as f64 / RESIDENT as f64;
    println!("  {:<58} {:>12.0} B", "a nonce in a MemoryReplayGuard, full", memory_bytes);
    let session = socket::nanoseconds_a_packet()?;
    println!(
        "  {:<58} {:>12} ns",
        "a packet on a session: verified, claimed in its own guard",
        grouped(session.round() as usize)
    );
    Ok(Measured { redis_bytes, memory_bytes, redis_rate: many.per_second, round_trip: alone.median })
}

fn say(what: &str, pace: &Pace) {
    println!(
        "  {what:<58} {:>12} /s   p50 {:>6.0} µs, p99 {:>6.0} µs",
        grouped(pace.per_second as usize),
        pace.median,
        pace.late
    );
}

/// Enough that Redis's own tables weigh as they do when full.
const CLAIMS: usize = 400_000;
const RESIDENT: usize = 1_000_000;
