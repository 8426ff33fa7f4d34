//! Writes the page of errors from the list of codes: `errors_page [--check] FILE`.
//!
//! The list gives code, class, status and sentence; what to make of a code and what to try stands here. A code without advice does not compile.

use counterseal::ErrorCode;
use std::fmt::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (check, file) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--check", file] => (true, file),
        [file] if !file.starts_with('-') => (false, file),
        _ => return ended(2, "usage: errors_page [--check] FILE"),
    };
    let page = page();
    if check {
        return match std::fs::read_to_string(file) {
            Ok(text) if text == page => ExitCode::SUCCESS,
            Ok(_) => ended(1, &format!("{file} is not what the core's list gives: cargo xtask errors-page")),
            Err(fault) => ended(1, &format!("{file}: {fault}")),
        };
    }
    match std::fs::write(file, page) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => ended(1, &format!("{file}: {fault}")),
    }
}

fn ended(code: u8, line: &str) -> ExitCode {
    eprintln!("{line}");
    ExitCode::from(code)
}

fn page() -> String {
    let mut page = String::from(HEAD);
    for code in ErrorCode::ALL {
        let _ = writeln!(
            page,
            "| [`{code}`](#{code}) | `{}` | {} | {} |",
            code.class(),
            code.status(),
            code.sentence()
        );
    }
    for code in ErrorCode::ALL {
        let advice = advice(*code);
        let _ = write!(page, "\n## {code}\n\n`{}`, {}. {}\n\n", code.class(), code.status(), code.sentence());
        let _ = write!(page, "- Means: {}\n- Try: {}\n", advice.means, advice.try_this);
    }
    page
}

struct Advice {
    means: &'static str,
    try_this: &'static str,
}

const fn says(means: &'static str, try_this: &'static str) -> Advice {
    Advice { means, try_this }
}

fn advice(code: ErrorCode) -> Advice {
    use ErrorCode as Code;
    match code {
        Code::MalformedArgument => says(
            "your own call is wrong; nothing was signed or judged.",
            "read the message: it names the argument and what is allowed. Times are whole seconds, contexts are printable ASCII, and text never stands for bytes.",
        ),
        Code::MalformedKey => says(
            "the id, owner, secret, window, uses or algorithms of a key are out of their grammar, or a ring holds an id twice.",
            "give text secrets their encoding (`hex:`, `base64:`, `base64url:`, `utf8:`), and ids of 1 to 64 letters, digits, `.`, `_`, `~` or `-`.",
        ),
        Code::WeakSecret => says(
            "the secret has fewer bytes than its algorithm asks for: 32, or 48 for HS384 and 64 for HS512.",
            "generate one with `Secret.generate()`. A longer password is no remedy: people's words are guessed.",
        ),
        Code::MalformedPacket => says(
            "a member is missing, unknown, doubled, or not in its form. The signature was not looked at.",
            "send the packet as it was signed, with no member added and none renamed, and compare it with [the wire format](wire-format.md).",
        ),
        Code::MalformedPayload => says(
            "the payload has a member twice, a lone surrogate, a number out of range, invalid UTF-8, or is nested deeper than 64.",
            "send numbers that do not fit a double (identifiers above 2^53, amounts) as strings. A JSON body of the parts call must already stand in its RFC 8785 form.",
        ),
        Code::MalformedRequest => says(
            "the target, Host, a covered field, or our member of `Signature-Input` or `Signature` is absent, repeated or not in its form. The signature was not looked at.",
            "send the request as it was signed: proxies must not add, join or drop what is covered, nor rewrite the target. Sign each attempt anew.",
        ),
        Code::MalformedToken => says(
            "it is not three strict base64url parts, its header or claims are not strict JSON, or `kid` or `typ` is not as it must be.",
            "pass the bare token, without `Bearer `. If the peer sets `typ`, name it in the policy.",
        ),
        Code::UnsupportedVersion => says(
            "the peer speaks another version of the wire contract.",
            "bring both sides to a version that both know.",
        ),
        Code::WrongAuthority => says(
            "the request names a host and port that is not among this verifier's `authorities`.",
            "configure the name under which callers reach this server, with its scheme and port; a proxy in front must pass Host on.",
        ),
        Code::UnknownKey => says(
            "the ring holds no key of that id for this use. For a token without `kid`: no key fits, or more than eight do.",
            "add the key to the ring before the peer signs with it, and check that its uses name what it is used for.",
        ),
        Code::RevokedKey => says(
            "the key was revoked here.",
            "have the peer sign with its new key. If nobody revoked it on purpose, treat it as an incident.",
        ),
        Code::InactiveKey => says(
            "this side's clock is outside the key's `not_before` and `not_after`.",
            "check the clock, then the window. Give the next key to the verifiers first: see [rotation](rotation.md).",
        ),
        Code::UnsupportedAlgorithm => says(
            "`alg` is not in the policy's algorithms or not in the key's. `none` never is.",
            "if the peer is right, name the algorithm in both; the key's secret must be long enough for it.",
        ),
        Code::UnsupportedCritical => says(
            "the token holds `crit` or `b64`, which change what a token means.",
            "have the issuer leave them out.",
        ),
        Code::BadSignature => says(
            "another secret, another context, or content that changed on the way.",
            "compare the secret's encoding on both sides (`hex:` against `utf8:`), then the context, then whether something re-serialised or re-encoded what was sent.",
        ),
        Code::BodyMismatch => says(
            "the body differs from the one that was signed, or there is a body and no signed digest, or the reverse.",
            "sign the bytes that leave and verify the bytes that came: parse after verifying, and let nothing re-serialise or compress in between.",
        ),
        Code::Expired => says(
            "it was on its way for longer than `max_age`, or one of the two clocks is off.",
            "synchronise the clocks, and sign each attempt anew instead of sending an old packet again. Raise `max_age` only for slow links.",
        ),
        Code::NotYetValid => says(
            "the signer's clock runs ahead of this one by more than `max_ahead`.",
            "synchronise the clocks.",
        ),
        Code::TokenExpired => says(
            "`exp` has passed, or `iat` is older than the policy's `max_age`, leeway included.",
            "obtain a new token. If it was issued just now, compare the clocks.",
        ),
        Code::TokenNotYetValid => says(
            "`nbf` or `iat` lies ahead by more than the leeway.",
            "compare the clocks of issuer and verifier.",
        ),
        Code::ClaimMissing => says(
            "`exp` is absent, or a claim that the policy names.",
            "have the issuer add it; the message names the claim.",
        ),
        Code::ClaimInvalid => says(
            "a time that is not a number, a name that is not text, or an empty value where one is due.",
            "have the issuer send the type that the policy names; times are numbers of seconds, never text.",
        ),
        Code::ClaimMismatch => says(
            "the token is genuine and was made for something else: another issuer, audience, subject or role.",
            "check the policy against the issuer. A token that has `aud` needs an `audience` in the policy.",
        ),
        Code::TokenRevoked => {
            says("the `jti` is in the policy's list of revoked ones.", "obtain a new token.")
        }
        Code::Replayed => says(
            "this very nonce was accepted before. The first one counted; this one did not.",
            "sign each attempt anew: a retry that sends the same bytes is a replay. If the peer did not retry, someone recorded it.",
        ),
        Code::HeartbeatMissed => says(
            "a session heard no verified heartbeat for longer than `heartbeat_window`, or its handshake took longer than `handshake_window`.",
            "poll the session at its deadline and send the heartbeat that is due. If both ends do, look at the network between them, and connect anew.",
        ),
        Code::CallerNotAllowed => says(
            "the signature is good, and the owner is not in `allow`, or no rule of the `trust` policy lets it make this call.",
            "add the owner to `allow`, or a rule to the policy, if it should be there. `Trust.explain` says in words what the policy allows.",
        ),
        Code::PayloadTooLarge => says(
            "the body is longer than `body_limit`, 1 MiB unless you say otherwise.",
            "send less, or raise `body_limit` on both sides.",
        ),
        Code::TokenTooLarge => says(
            "it is longer than 8192 bytes, which no header carries safely.",
            "put fewer claims into it; send data as a payload.",
        ),
        Code::RateLimited => says(
            "this one owner fills its share of the guard, half of it by default. Others are served.",
            "slow that peer down, or give the guard a larger capacity. Packets are forgotten 60 seconds after `max_age`.",
        ),
        Code::ReplayGuardFull => says(
            "the capacity is too small for the traffic, or the Redis that replicas share has no memory left. Forgetting a live nonce would let it be replayed.",
            "give the guard a capacity of messages a second × (`max_age` + 60), with room to spare, or Redis more `maxmemory`: [scale.md](scale.md) has the sums.",
        ),
        Code::ReplayGuardStarting => says(
            "the guard is new and has forgotten what was claimed before it began. One in Redis also begins anew where that was flushed, restarted or failed over.",
            "sign anew and send again: what is signed after the guard's start and `max_ahead` is accepted.",
        ),
        Code::StoreUnavailable => says(
            "what must be kept could not be kept: an audit log could not be written, since the disk is full or the file was taken away; or the Redis of the shared replay guard did not answer in time (250 ms), refused or failed.",
            "make room or repair the store, which the message names, and call again. Do not go on without it: what is not recorded did not happen, and what is not claimed can be replayed.",
        ),
    }
}

const HEAD: &str = "<!-- Generated by `cargo xtask errors-page`. Change the list in core/src/error.rs or the advice in core/examples/errors_page.rs. -->
# Errors

Whatever fails, fails with one error type that has a code, a class and a status. The list is closed and the same in every language.

Keep the code for your log and your own callers. Tell a peer the class and the status only: which check it failed helps an attacker. `invalid` is
your own mistake and never a peer's. The message of an error holds no secret material.

| code | class | status | in one sentence |
|---|---|---|---|
";
