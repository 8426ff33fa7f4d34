//! What must hold of every audit log: whatever is recorded is one line that any JSON reader reads, the chain verifies, and no change passes.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use counterseal::{AuditChain, AuditEvent, AuditFault, AuditHead, Secret, Timestamp};
use proptest::prelude::*;
use serde_json::Value;

#[derive(Clone, Debug)]
struct Happened {
    event: String,
    user_id: Option<String>,
    action: String,
    resource: String,
    success: bool,
    metadata: String,
    now: Timestamp,
}

impl Happened {
    fn event(&self) -> AuditEvent<'_> {
        AuditEvent {
            event: &self.event,
            user_id: self.user_id.as_deref(),
            action: &self.action,
            resource: &self.resource,
            success: self.success,
            metadata: self.metadata.as_bytes(),
        }
    }
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "\\PC{200,300}", "[\u{0}-\u{1f}\"\\\\]{0,400}", "(\u{85}|\u{2028}|x){0,9}"]
}

fn metadata() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let value = leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(any::<String>(), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    prop::collection::hash_map(any::<String>(), value, 0..4).prop_map(|members| {
        serde_json::to_string_pretty(&Value::Object(members.into_iter().collect())).unwrap()
    })
}

fn happenings() -> impl Strategy<Value = Happened> {
    (
        "[A-Z][A-Z0-9_]{0,63}",
        prop::option::of(texts()),
        texts(),
        texts(),
        any::<bool>(),
        metadata(),
        0..=Timestamp::MAX.seconds(),
    )
        .prop_map(|(event, user_id, action, resource, success, metadata, now)| Happened {
            event,
            user_id,
            action,
            resource,
            success,
            metadata,
            now: Timestamp::new(now).unwrap(),
        })
}

fn secrets() -> impl Strategy<Value = Option<Secret>> {
    prop::option::of(any::<[u8; 32]>().prop_map(|bytes| Secret::from_entropy(&bytes)))
}

fn log(secret: Option<&Secret>, happened: &[Happened]) -> Vec<String> {
    let mut chain = AuditChain::new(secret);
    happened.iter().map(|one| chain.record(&one.event(), one.now).unwrap()).collect()
}

fn verify(secret: Option<&Secret>, lines: &[String]) -> Result<AuditHead, AuditFault> {
    let mut chain = AuditChain::new(secret);
    lines.iter().try_for_each(|line| chain.follow(line.as_bytes()))?;
    Ok(chain.head())
}

proptest! {
    #[test]
    fn any_record_is_one_line_that_reads_and_verifies(secret in secrets(), happened in prop::collection::vec(happenings(), 1..5)) {
        let lines = log(secret.as_ref(), &happened);
        for (line, one) in lines.iter().zip(&happened) {
            prop_assert!(!line.contains(['\n', '\r']) && line.len() < 64 * 1024);
            let read: Value = serde_json::from_str(line).unwrap();
            prop_assert_eq!(read["event"].as_str(), Some(&*one.event));
            prop_assert_eq!(read["user_id"].is_null(), one.user_id.is_none());
            prop_assert_eq!(&read["success"], &Value::from(one.success));
            let expected: Value = serde_json::from_str(&one.metadata).unwrap();
            prop_assert_eq!(as_doubles(&read["metadata"]), as_doubles(&expected));
            let action = read["action"].as_str().unwrap();
            let cut = action.strip_suffix('…').filter(|start| one.action.starts_with(start));
            prop_assert!(action == one.action || cut.is_some() && one.action.len() > 256 && action.len() <= 256);
        }
        prop_assert_eq!(verify(secret.as_ref(), &lines).unwrap().seq(), lines.len() as u64);
    }

    #[test]
    fn any_change_shows(secret in secrets(), happened in prop::collection::vec(happenings(), 2..5), line in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), to in any::<char>()) {
        let lines = log(secret.as_ref(), &happened);
        let line = line.index(lines.len());

        let mut changed = lines.clone();
        let mut letters: Vec<char> = changed[line].chars().collect();
        let at = at.index(letters.len());
        prop_assume!(letters[at] != to);
        letters[at] = to;
        changed[line] = letters.into_iter().collect();
        prop_assert!(verify(secret.as_ref(), &changed).is_err());

        let mut removed = lines.clone();
        removed.remove(line);
        // Without its last line a log is a shorter one, which only the head tells.
        prop_assert_eq!(verify(secret.as_ref(), &removed).is_err(), line + 1 < lines.len());
        prop_assert_ne!(verify(secret.as_ref(), &removed).ok(), verify(secret.as_ref(), &lines).ok());

        let mut repeated = lines.clone();
        repeated.insert(line, lines[line].clone());
        prop_assert!(verify(secret.as_ref(), &repeated).is_err());

        let mut swapped = lines.clone();
        swapped.swap(line, (line + 1) % lines.len());
        prop_assert!(verify(secret.as_ref(), &swapped).is_err());
    }

    #[test]
    fn another_secret_makes_another_chain(secret in any::<[u8; 32]>(), other in secrets(), one in happenings()) {
        let secret = Secret::from_entropy(&secret);
        prop_assume!(other.as_ref().is_none_or(|other| other.expose() != secret.expose()));
        prop_assert_eq!(verify(other.as_ref(), &log(Some(&secret), &[one])), Err(AuditFault::Changed));
    }
}

/// Integers and doubles are the same number.
fn as_doubles(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.as_f64().unwrap() + 0.0),
        Value::Array(items) => items.iter().map(as_doubles).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), as_doubles(value))).collect()
        }
        other => other.clone(),
    }
}
