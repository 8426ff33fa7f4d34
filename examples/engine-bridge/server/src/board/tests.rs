//! The board without sockets: what it shows, and that it never grows past its bounds.

use super::*;
use serde_json::{Value, json};

fn shown(board: &Board, now: u64) -> Value {
    serde_json::to_value(board.snapshot(now)).unwrap()
}

#[test]
fn an_engine_is_shown_from_its_proof_on() {
    let mut board = Board::new(15);
    assert_eq!(
        serde_json::to_value(board.connected("engine-7", 100)).unwrap(),
        json!({ "at": 100, "kind": "connected", "engine": "engine-7", "text": "connected" })
    );
    board.packet("engine-7");
    board.heartbeat("engine-7", 101);
    board.status("engine-7", "IDLE", 102);
    board.disconnected("engine-7", "heartbeat_missed", 120);
    assert_eq!(
        shown(&board, 121),
        json!({
            "now": 121, "heartbeatWindow": 15,
            "engines": [{
                "name": "engine-7", "connected": false, "since": 120, "lastHeartbeat": 101, "lastStatus": "IDLE",
                "packets": 1, "refusals": 0,
            }],
            "jobs": [], "refusals": [],
            "totals": { "connected": 0, "packets": 1, "refusals": 0, "jobs": 0 },
        })
    );
}

#[test]
fn only_the_engine_that_was_sent_a_job_settles_it() {
    let mut board = Board::default();
    board.connected("engine-7", 1);
    board.connected("engine-8", 1);
    board.job_sent("engine-7", "j1", "render", 2);
    let state = |board: &Board| shown(board, 9)["jobs"][0]["state"].clone();
    board.job_result("engine-8", "j1", true, 3);
    assert_eq!(state(&board), "sent");
    board.job_result("engine-7", "j1", false, 4);
    assert_eq!(state(&board), "failed");
    board.job_result("engine-7", "j1", true, 5);
    assert_eq!(state(&board), "failed", "it was settled before");
}

#[test]
fn a_refusal_is_shown_with_its_code_and_counted_for_an_engine_that_is_known() {
    let mut board = Board::default();
    board.connected("engine-7", 1);
    board.refused(Some("engine-7"), "telemetry", "replayed", 2);
    board.refused(None, "connect", "token_expired", 3);
    let shown = shown(&board, 4);
    assert_eq!(
        shown["refusals"],
        json!([
            { "at": 2, "engine": "engine-7", "event": "telemetry", "code": "replayed" },
            { "at": 3, "engine": null, "event": "connect", "code": "token_expired" },
        ])
    );
    assert_eq!((&shown["engines"][0]["refusals"], &shown["totals"]["refusals"]), (&json!(1), &json!(2)));
}

#[test]
fn a_full_board_lets_go_of_the_engine_that_left_first() {
    let mut board = Board::default();
    for number in 0..limits::BOARD_ENGINES {
        board.connected(&format!("engine-{number}"), 1);
    }
    board.disconnected("engine-5", "left", 10);
    board.disconnected("engine-3", "left", 11);
    board.connected("new-1", 12);
    let is_shown = |board: &Board, name: &str| board.engines.contains_key(name);
    assert!(!is_shown(&board, "engine-5") && is_shown(&board, "engine-3") && is_shown(&board, "new-1"));
    board.connected("new-2", 13);
    board.connected("new-3", 14);
    assert!(!is_shown(&board, "engine-3") && is_shown(&board, "new-2"));
    assert!(!is_shown(&board, "new-3"), "all that are shown are connected");
    assert_eq!(board.engines.len(), limits::BOARD_ENGINES);
    assert_eq!(shown(&board, 15)["totals"]["connected"], json!(limits::BOARD_ENGINES + 1));
}

#[test]
fn jobs_and_refusals_are_the_last() {
    let mut board = Board::default();
    for number in 0..=limits::BOARD_LISTED as u64 {
        board.job_sent("engine-7", &format!("j{number}"), "render", number);
        board.refused(None, "connect", "bad_signature", number);
    }
    assert_eq!((board.jobs.len(), board.refusals.len()), (limits::BOARD_LISTED, limits::BOARD_LISTED));
    assert_eq!((board.jobs[0].at, board.refusals[0].at), (1, 1));
}

#[test]
fn the_largest_snapshot_is_below_a_packets_limit() {
    let mut board = Board::default();
    let long = "\u{1}".repeat(10_000);
    for number in 0..2 * limits::BOARD_ENGINES {
        let name = format!("{number:0>62}");
        board.connected(&name, u64::from(u32::MAX));
        board.status(&name, &long, 1);
        board.job_sent(&name, &long, &long, 1);
        board.refused(Some(&name), &long, "replay_guard_starting", 1);
        board.disconnected(&name, "left", number as u64);
    }
    assert!(shown(&board, u64::from(u32::MAX)).to_string().len() < 1 << 20);
}

#[test]
fn each_change_shows_in_the_version() {
    let mut board = Board::default();
    let mut last = board.version();
    let mut changed = |board: &Board| std::mem::replace(&mut last, board.version()) < board.version();
    board.connected("e", 1);
    assert!(changed(&board));
    board.packet("e");
    assert!(changed(&board));
    board.heartbeat("e", 1);
    assert!(changed(&board));
    board.snapshot(2);
    assert!(!changed(&board));
}
