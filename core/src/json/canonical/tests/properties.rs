//! Any text gets the verdict that reading and writing it would give.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;

use super::super::*;
use super::{canonical_end, slow};
use crate::json::canonical;

fn decimal() -> impl Strategy<Value = String> {
    (any::<bool>(), 0..10_u64.pow(17), 0_u32..17, 0_usize..8).prop_map(|(negative, digits, point, zeros)| {
        let (digits, sign) = (digits / 10_u64.pow(point / 2), if negative { "-" } else { "" });
        let unit = 10_u64.pow(point);
        match zeros {
            0 => format!("{sign}{digits}"),
            1..6 => format!("{sign}{}.{:0width$}", digits / unit, digits % unit, width = point as usize),
            _ => format!("{sign}0.{}{digits}", "0".repeat(zeros - 1)),
        }
    })
}

/// A text that is canonical, made of what is judged in more than one way.
fn text() -> impl Strategy<Value = String> {
    let part = prop::sample::select(
        &[
            "\\u0000",
            "\\u001f",
            "\\b",
            "\\n",
            "\\\"",
            "\\\\",
            "/",
            " ",
            "!",
            "#",
            "a",
            "b",
            "abcdefgh",
            "0",
            "~",
            "\u{7f}",
            "é",
            "\u{d7ff}",
            "\u{e000}",
            "\u{ffff}",
            "\u{10000}",
        ][..],
    );
    let body = prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat());
    let double = any::<f64>().prop_filter_map("finite", |value| {
        let number = crate::json::Number::new(value)?;
        Some(crate::json::write(&crate::json::Value::Number(number)))
    });
    let leaf = prop_oneof![
        prop::sample::select(&["null", "true", "false", "{}", "[]", "0", "-7", "0.75"][..])
            .prop_map(ToString::to_string),
        body.clone().prop_map(|body| format!("\"{body}\"")),
        decimal().prop_filter("canonical", |text| slow(text.as_bytes())),
        double,
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::hash_map(body.clone(), inner, 0..6).prop_map(|members| {
                let members: Vec<_> =
                    members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
                canonical(format!("{{{}}}", members.join(",")).as_bytes()).unwrap()
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_canonical_is_recognised(text in text()) {
        prop_assert!(is_canonical(text.as_bytes()), "{}", text);
        let inside = format!("{{\"payload\":{text},\"sig\":\"\"}}");
        prop_assert_eq!(canonical_end(inside.as_bytes(), 11), Some(11 + text.len()));
    }

    #[test]
    fn a_changed_text_is_judged_as_by_reading_and_writing(
        text in text(), at in any::<prop::sample::Index>(), from in any::<prop::sample::Index>(),
        byte in prop_oneof![any::<u8>(), prop::sample::select(&b"\"\\ {}[],:.0e-nu"[..])],
    ) {
        let text = text.as_bytes();
        let (at, from) = (at.index(text.len()), from.index(text.len()));
        let mut flipped = text.to_vec();
        flipped[at] = byte;
        let inserted = [&text[..at], &[byte], &text[at..]].concat();
        let removed = [&text[..at], &text[at + 1..]].concat();
        let mut swapped = text.to_vec();
        swapped.swap(at, from);
        let (low, high) = (at.min(from), at.max(from));
        let repeated = [&text[..high], &text[low..]].concat();
        for changed in [flipped, inserted, removed, swapped, repeated, text[..at].to_vec()] {
            prop_assert_eq!(is_canonical(&changed), slow(&changed), "{}", changed.escape_ascii());
        }
    }

    #[test]
    fn each_spelling_of_a_decimal_is_judged_as_by_reading_and_writing(text in decimal()) {
        prop_assert_eq!(is_canonical(text.as_bytes()), slow(text.as_bytes()), "{}", text);
    }

    #[test]
    fn a_decimal_of_fifteen_digits_is_written_as_it_stands(
        digits in 1..10_u64.pow(15), point in 1_u32..15, negative in any::<bool>(),
    ) {
        prop_assume!(digits % 10 != 0);
        let unit = 10_u64.pow(point);
        let sign = if negative { "-" } else { "" };
        let text = format!("{sign}{}.{:0width$}", digits / unit, digits % unit, width = point as usize);
        let is_plain = u128::from(digits) * 1_000_000 >= u128::from(unit);
        prop_assert_eq!(is_canonical(text.as_bytes()), is_plain);
        prop_assert_eq!(slow(text.as_bytes()), is_plain);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64), at in 0_usize..80) {
        let _ = canonical_end(&bytes, at);
        prop_assert_eq!(is_canonical(&bytes), slow(&bytes));
    }
}
