//! Lines as they are written, and each way in which a line does not follow.

use super::line::{HASH, Line};
use super::*;
use crate::base64;
use crate::error::ErrorCode;
use crate::key::Secret;
use crate::time::Timestamp;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

const PLAIN: [&str; 3] = [
    r#"{"seq":1,"timestamp":"2026-11-25T22:59:55Z","event":"AUTH_FAILED","user_id":"engine-7","action":"connect","resource":"/engine","success":false,"metadata":{"code":"token_expired"},"prev":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","hash":"uDD9-36WDgbBhcvxdp_JwmIVmmv7zeqLfJPm79nD3wU"}"#,
    r#"{"seq":2,"timestamp":"2026-11-25T22:59:56Z","event":"ENGINE_CONNECTED","user_id":null,"action":"connect","resource":"/engine","success":true,"metadata":{},"prev":"uDD9-36WDgbBhcvxdp_JwmIVmmv7zeqLfJPm79nD3wU","hash":"Vk9dbP68xCBDw7YO-_aWnUiYpvzisCrylAw-tAuMxTs"}"#,
    r#"{"seq":3,"timestamp":"1970-01-01T00:00:00Z","event":"JOB_SENT","user_id":"né\"\n","action":"\u0001send","resource":"","success":true,"metadata":{"a":[1,1e+21,null],"€":"\\"},"prev":"Vk9dbP68xCBDw7YO-_aWnUiYpvzisCrylAw-tAuMxTs","hash":"OhnDtYhHiflT35N50rz2q1KNDMfUfRc90sHHVRK7HOQ"}"#,
];

const KEYED: [&str; 3] = [
    r#"{"seq":1,"timestamp":"2026-11-25T22:59:55Z","event":"AUTH_FAILED","user_id":"engine-7","action":"connect","resource":"/engine","success":false,"metadata":{"code":"token_expired"},"prev":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","hash":"D8FR1yyhUElLCmfPjARJSyYiJT-XKqYSju54err11BQ"}"#,
    r#"{"seq":2,"timestamp":"2026-11-25T22:59:56Z","event":"ENGINE_CONNECTED","user_id":null,"action":"connect","resource":"/engine","success":true,"metadata":{},"prev":"D8FR1yyhUElLCmfPjARJSyYiJT-XKqYSju54err11BQ","hash":"C1v3VEhrW4rlpFTdMV_cOBwu0gnL3alXDDHj4DOgnLA"}"#,
    r#"{"seq":3,"timestamp":"1970-01-01T00:00:00Z","event":"JOB_SENT","user_id":"né\"\n","action":"\u0001send","resource":"","success":true,"metadata":{"a":[1,1e+21,null],"€":"\\"},"prev":"C1v3VEhrW4rlpFTdMV_cOBwu0gnL3alXDDHj4DOgnLA","hash":"xIew7N2Ywf4IsOTvQ_H0L3xhmbAmc8sI_EkwzOypP44"}"#,
];

fn secret() -> Secret {
    Secret::from_bytes(&core::array::from_fn::<u8, 32, _>(|at| at as u8)).unwrap()
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::new(seconds).unwrap()
}

fn event() -> AuditEvent<'static> {
    AuditEvent {
        event: "AUTH_FAILED",
        user_id: Some("engine-7"),
        action: "connect",
        resource: "/engine",
        success: false,
        metadata: br#"{"code":"token_expired"}"#,
    }
}

fn events() -> [(AuditEvent<'static>, Timestamp); 3] {
    let connected =
        AuditEvent { event: "ENGINE_CONNECTED", user_id: None, success: true, metadata: b"{}", ..event() };
    let sent = AuditEvent {
        event: "JOB_SENT",
        user_id: Some("né\"\n"),
        action: "\u{1}send",
        resource: "",
        success: true,
        metadata: " { \"€\" : \"\\u005c\", \"a\":[1.0, 1e21,null]}\n".as_bytes(),
    };
    [(event(), at(1_795_647_595)), (connected, at(1_795_647_596)), (sent, at(0))]
}

fn lines(secret: Option<&Secret>) -> Vec<String> {
    let mut chain = AuditChain::new(secret);
    events().iter().map(|(event, now)| chain.record(event, *now).unwrap()).collect()
}

fn follow_all(secret: Option<&Secret>, lines: &[impl AsRef<[u8]>]) -> Result<AuditHead, (usize, AuditFault)> {
    let mut chain = AuditChain::new(secret);
    for (at, line) in lines.iter().enumerate() {
        chain.follow(line.as_ref()).map_err(|fault| (at, fault))?;
    }
    Ok(chain.head())
}

/// A line with a hash that fits it.
fn sealed(text: &str) -> String {
    let hash = AuditChain::new(None).hash(text);
    format!(r#"{text}{HASH}{}"}}"#, base64::encode_url(&hash))
}

/// The golden first line before its hash.
fn text() -> &'static str {
    PLAIN[0].split_once(HASH).unwrap().0
}

#[test]
fn golden_lines() {
    assert_eq!(lines(None), PLAIN);
    assert_eq!(lines(Some(&secret())), KEYED);
    let head = follow_all(None, &PLAIN).unwrap();
    assert_eq!(head.to_string(), "3:OhnDtYhHiflT35N50rz2q1KNDMfUfRc90sHHVRK7HOQ");
    let head = follow_all(Some(&secret()), &KEYED).unwrap();
    assert_eq!(head.to_string(), "3:xIew7N2Ywf4IsOTvQ_H0L3xhmbAmc8sI_EkwzOypP44");
    assert_eq!(head.seq(), 3);
}

#[test]
fn a_chain_goes_on_where_another_verified_to() {
    let mut chain = AuditChain::new(None);
    chain.follow(PLAIN[0].as_bytes()).unwrap();
    let (event, now) = &events()[1];
    assert_eq!(chain.record(event, *now).unwrap(), PLAIN[1]);
}

#[test]
fn what_was_removed_moved_inserted_or_joined_shows() {
    let other = lines(Some(&secret()));
    let mut reordered = PLAIN;
    reordered.swap(1, 2);
    for (lines, expected) in [
        (&[PLAIN[1]][..], (0, AuditFault::OutOfOrder)),
        (&[PLAIN[0], PLAIN[2]], (1, AuditFault::OutOfOrder)),
        (&[PLAIN[0], PLAIN[0]], (1, AuditFault::OutOfOrder)),
        (&reordered, (1, AuditFault::OutOfOrder)),
        (&[PLAIN[0], &other[1]], (1, AuditFault::Changed)),
    ] {
        assert_eq!(follow_all(None, lines), Err(expected));
    }
    assert_eq!(follow_all(Some(&secret()), &PLAIN), Err((0, AuditFault::Changed)));
    let another = sealed(&PLAIN[1].split_once(HASH).unwrap().0.replace("uDD9", "uDD8"));
    assert_eq!(follow_all(None, &[PLAIN[0], &another]), Err((1, AuditFault::Unlinked)));
    // The first record follows nothing.
    let another = sealed(&text().replace(r#""prev":"A"#, r#""prev":"B"#));
    assert_eq!(follow_all(None, &[&another]), Err((0, AuditFault::Unlinked)));
}

#[test]
fn a_refused_line_leaves_the_chain_as_it_was() {
    let mut chain = AuditChain::new(None);
    chain.follow(PLAIN[0].as_bytes()).unwrap();
    for wrong in [PLAIN[0], PLAIN[2], KEYED[1], ""] {
        assert!(chain.follow(wrong.as_bytes()).is_err());
    }
    assert!(chain.record(&AuditEvent { metadata: b"[]", ..event() }, at(0)).is_err());
    assert_eq!(chain.head().seq(), 1);
    chain.follow(PLAIN[1].as_bytes()).unwrap();
}

#[test]
fn any_single_byte_counts() {
    for (at, _) in PLAIN[0].bytes().enumerate() {
        for bit in 0..8 {
            let mut line = PLAIN[0].as_bytes().to_vec();
            line[at] ^= 1 << bit;
            assert!(follow_all(None, &[&line]).is_err(), "bit {bit} of byte {at}");
        }
        let mut line = PLAIN[0].as_bytes().to_vec();
        line.remove(at);
        assert!(follow_all(None, &[&line]).is_err(), "without byte {at}");
        line.insert(at, b' ');
        assert!(follow_all(None, &[&line]).is_err(), "a space at {at}");
        assert!(follow_all(None, &[&PLAIN[0][..at]]).is_err(), "the first {at} bytes");
    }
}

/// A hash that fits is not enough: the line must be what the log writes.
#[test]
fn one_text_for_one_record() {
    assert!(follow_all(None, &[&sealed(text())]).is_ok());
    for (from, to) in [
        (r#""seq":1,"#, r#""seq": 1,"#),
        (r#""seq":1,"#, r#""seq":01,"#),
        (r#""seq":1,"#, r#""seq":1.0,"#),
        (r#""seq":1,"#, r#""seq":"1","#),
        (r#""seq":1,"#, r#""seq":0,"#),
        (r#""seq":1,"#, r#""seq":-1,"#),
        (r#""seq":1,"#, r#""seq":9007199254740992,"#),
        (r#""seq":1,"#, ""),
        ("22:59:55Z", "22:59:60Z"),
        ("2026-11-25", "2026-11-31"),
        (r#""event":"AUTH_FAILED""#, r#""event":"auth_failed""#),
        (r#""event":"AUTH_FAILED""#, r#""event":null"#),
        (r#""event":"AUTH_FAILED""#, r#""event":"\u0041UTH_FAILED""#),
        (r#""engine-7""#, r#""engine\u002d7""#),
        (r#""engine-7""#, "7"),
        (r#""engine-7""#, r#" "engine-7""#),
        (r#""connect""#, "null"),
        (r#""connect""#, "{}"),
        (r#""/engine""#, r#""\/engine""#),
        (r#""success":false"#, r#""success":null"#),
        (r#""success":false"#, r#""success":"false""#),
        (r#""success":false"#, r#""success":0"#),
        (r#"{"code":"token_expired"}"#, "[]"),
        (r#"{"code":"token_expired"}"#, "null"),
        (r#"{"code":"token_expired"}"#, r#"{"code":"token_expired" }"#),
        (r#"{"code":"token_expired"}"#, r#"{"b":1,"a":1}"#),
        (r#"{"code":"token_expired"}"#, r#"{"a":1,"a":1}"#),
        (r#"{"code":"token_expired"}"#, r#"{"a":1.0}"#),
        (r#""prev":"A"#, r#""prev":"AA"#),
        (r#""prev":"AA"#, r#""prev":"A"#),
        (r#""prev":"AA"#, r#""prev":"+A"#),
        (r#","prev":"#, r#","more":1,"prev":"#),
        (r#"AAA""#, r#"AAB""#),
        (r#"AAA""#, r#"AAA","more":1"#),
        (r#"AAA""#, r#"AAA" "#),
        (r#"{"seq""#, r#" {"seq""#),
    ] {
        let text = text().replacen(from, to, 1);
        assert_ne!(text, self::text(), "{from}");
        let line = sealed(&text);
        assert_eq!(follow_all(None, &[&line]), Err((0, AuditFault::NotARecord)), "{to}");
        let begun = AuditChain::before(None, line.as_bytes());
        assert!(begun.and_then(|mut chain| chain.follow(line.as_bytes())).is_err(), "{to}");
    }
    for line in
        [&format!("{}\n", PLAIN[0]), &format!("{} ", PLAIN[0]), "", "{}", &"x".repeat(53), &"x".repeat(54)]
    {
        assert_eq!(follow_all(None, &[line]), Err((0, AuditFault::NotARecord)), "{line:?}");
        assert!(AuditChain::before(None, line.as_bytes()).is_err(), "{line:?}");
    }
}

#[test]
fn a_chain_may_begin_anywhere_if_asked() {
    for (secret, lines) in [(None, PLAIN), (Some(&secret()), KEYED)] {
        let mut chain = AuditChain::before(secret, lines[1].as_bytes()).unwrap();
        assert_eq!(chain.head().seq(), 1);
        assert_eq!(chain.head(), follow_all(secret, &lines[..1]).unwrap());
        chain.follow(lines[1].as_bytes()).unwrap();
        chain.follow(lines[2].as_bytes()).unwrap();
        assert_eq!(chain.head(), follow_all(secret, &lines).unwrap());
    }
    let mut chain = AuditChain::before(None, KEYED[1].as_bytes()).unwrap();
    assert_eq!(chain.follow(KEYED[1].as_bytes()), Err(AuditFault::Changed));
    // What a first record says of what stood before is not believed.
    let first = sealed(&text().replace(r#""prev":"A"#, r#""prev":"B"#));
    let mut chain = AuditChain::before(None, first.as_bytes()).unwrap();
    assert_eq!(chain.head(), AuditHead::FIRST);
    assert_eq!(chain.follow(first.as_bytes()), Err(AuditFault::Unlinked));
}

#[test]
fn a_chain_ends_before_numbers_do() {
    let last = text().replace(r#""seq":1,"#, r#""seq":9007199254740991,"#);
    let last = sealed(&last);
    let mut chain = AuditChain::before(None, last.as_bytes()).unwrap();
    chain.follow(last.as_bytes()).unwrap();
    assert_eq!(chain.head().seq(), 9_007_199_254_740_991);
    assert_eq!(chain.record(&event(), at(0)).unwrap_err().code(), ErrorCode::MalformedArgument);
}

#[test]
fn an_event_has_its_grammar() {
    let record = |name: &str| AuditChain::new(None).record(&AuditEvent { event: name, ..event() }, at(0));
    for good in ["A", "AUTH_FAILED", "A9_", &"E".repeat(64)] {
        assert!(record(good).is_ok(), "{good}");
    }
    for bad in ["", "a", "Auth", "_A", "9A", "A-B", "A B", "A\n", "É", "AÉ", &"E".repeat(65)] {
        let error = record(bad).unwrap_err();
        assert_eq!(error.code(), ErrorCode::MalformedArgument, "{bad:?}");
        assert!(error.detail().starts_with("event must be"), "{bad:?}");
    }
}

#[test]
fn metadata_is_one_strict_object_of_limited_length() {
    let record = |metadata: &str| {
        AuditChain::new(None).record(&AuditEvent { metadata: metadata.as_bytes(), ..event() }, at(0))
    };
    let long = |length: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(length - 8));
    let deep = |depth: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(depth - 1), "]".repeat(depth - 1));
    for good in ["{}", " {\n} ", &long(16_384), &deep(64)] {
        let line = record(good).unwrap();
        assert!(follow_all(None, &[&line]).is_ok(), "{line}");
    }
    // What grows when it is written is judged as written, and what shrinks as given.
    let grows = format!(r#"{{"a":[{}1]}}"#, "1e9,".repeat(4000));
    let shrinks = format!("{{{}}}", " ".repeat(16_383));
    for bad in
        ["", "null", "[]", "\"{}\"", "{}{}", r#"{"a":1,"a":2}"#, "{\"a\":1e400}", "{\"a\":\"\\ud800\"}"]
    {
        assert!(record(bad).unwrap_err().detail().starts_with("metadata must be"), "{bad}");
    }
    for bad in [&long(16_385), &deep(65), &grows, &shrinks] {
        let error = record(bad).unwrap_err();
        assert_eq!(error.code(), ErrorCode::MalformedArgument);
        assert!(error.detail().starts_with("metadata must"), "{error}");
    }
    // No more is read than is written.
    let longer = sealed(&text().replace(r#"{"code":"token_expired"}"#, &long(16_385)));
    assert_eq!(follow_all(None, &[&longer]), Err((0, AuditFault::NotARecord)));
}

#[test]
fn long_texts_are_cut_at_a_character_and_stay_so() {
    for (text, expected) in [
        ("x".repeat(256), "x".repeat(256)),
        ("x".repeat(257), "x".repeat(253) + "…"),
        ("é".repeat(128), "é".repeat(128)),
        ("é".repeat(200), "é".repeat(126) + "…"),
        ("€".repeat(100), "€".repeat(84) + "…"),
        ("x".to_string() + &"😀".repeat(100), "x".to_string() + &"😀".repeat(63) + "…"),
        ("\n".repeat(1_000_000), "\n".repeat(253) + "…"),
    ] {
        let event = AuditEvent { user_id: Some(&text), action: &text, resource: &text, ..event() };
        let line = AuditChain::new(None).record(&event, at(0)).unwrap();
        let head = follow_all(None, &[&line]).unwrap();
        let again = AuditEvent { user_id: Some(&expected), action: &expected, resource: &expected, ..event };
        let mut chain = AuditChain::new(None);
        assert_eq!(chain.record(&again, at(0)).unwrap(), line);
        assert_eq!(chain.head(), head);
        let uncut = Line::read(line.split_once(HASH).unwrap().0.as_bytes()).unwrap();
        assert_eq!((&*uncut.action, uncut.user_id.as_deref()), (&*expected, Some(&*expected)));
    }
    // A text that the log would have cut is none of its own.
    let uncut = sealed(&text().replace("/engine", &"x".repeat(257)));
    assert_eq!(follow_all(None, &[&uncut]), Err((0, AuditFault::NotARecord)));
}

#[test]
fn heads_are_read_as_they_are_written() {
    for head in [AuditHead::FIRST, follow_all(None, &PLAIN).unwrap()] {
        assert_eq!(AuditHead::parse(&head.to_string()), Some(head));
    }
    let hash = "A".repeat(43);
    assert!(AuditHead::parse(&format!("9007199254740991:{hash}")).is_some());
    for bad in [
        "",
        "1",
        ":",
        "1:",
        &format!(":{hash}"),
        &format!("01:{hash}"),
        &format!("+1:{hash}"),
        &format!("-1:{hash}"),
        &format!("9007199254740992:{hash}"),
        &format!("1:{hash}A"),
        &format!("1: {hash}"),
        &format!("1:{}B", "A".repeat(42)),
        &format!("1:{}", "A".repeat(42)),
    ] {
        assert_eq!(AuditHead::parse(bad), None, "{bad}");
    }
}

#[test]
fn options_are_data() {
    let log = |json: &str| AuditLogOptions::from_json(json.as_bytes());
    let default = AuditLogOptions { rotate_bytes: 67_108_864, keep: None, sync: false };
    assert_eq!(log("{}").unwrap(), default);
    assert_eq!(
        log(r#"{"rotate_bytes":4096,"keep":1,"sync":true}"#).unwrap(),
        AuditLogOptions { rotate_bytes: 4096, keep: Some(1), sync: true }
    );
    let most = r#"{"rotate_bytes":1099511627776,"keep":1000000}"#;
    assert_eq!(
        log(most).unwrap(),
        AuditLogOptions { rotate_bytes: 1 << 40, keep: Some(1_000_000), sync: false }
    );
    for bad in [
        r#"{"rotate_bytes":4095}"#,
        r#"{"rotate_bytes":1099511627777}"#,
        r#"{"keep":0}"#,
        r#"{"keep":1000001}"#,
        r#"{"sync":1}"#,
        r#"{"rotate":4096}"#,
        "[]",
    ] {
        assert_eq!(log(bad).unwrap_err().code(), ErrorCode::MalformedArgument, "{bad}");
    }
    let verify = |json: &str| AuditVerifyOptions::from_json(json.as_bytes());
    assert_eq!(verify("{}").unwrap(), AuditVerifyOptions { head: None, continued: false });
    let head = format!("0:{}", "A".repeat(43));
    assert_eq!(
        verify(&format!(r#"{{"head":"{head}","continued":true}}"#)).unwrap(),
        AuditVerifyOptions { head: Some(AuditHead::FIRST), continued: true }
    );
    for bad in [r#"{"head":"1:x"}"#, r#"{"head":1}"#, r#"{"continued":1}"#, r#"{"x":1}"#] {
        assert_eq!(verify(bad).unwrap_err().code(), ErrorCode::MalformedArgument, "{bad}");
    }
}

#[test]
fn a_chain_shows_its_head_and_no_secret() {
    let mut chain = AuditChain::new(Some(&secret()));
    chain.follow(KEYED[0].as_bytes()).unwrap();
    let shown = format!("{chain:?} {:?}", chain.clone());
    assert!(shown.starts_with("AuditChain(at 1:D8FR1yyh"), "{shown}");
}
