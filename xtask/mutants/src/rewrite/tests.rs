//! What the rewriter produces, and what it leaves alone.

use super::*;

fn rewritten(source: &str) -> Rewritten {
    file("a.rs", source, 1).unwrap()
}

/// What each mutant is, without file and function.
fn mutants(source: &str) -> Vec<String> {
    let what = |mutant: Mutant| mutant.key.splitn(3, ": ").nth(2).unwrap().to_owned();
    rewritten(source).mutants.into_iter().map(what).collect()
}

/// The body of `f`, without spaces.
fn body(source: &str) -> String {
    let text = rewritten(&format!("fn f() {{ {source} }}")).text.replace(' ', "");
    text["fnf(){".len()..text.len() - 1].replace("crate::mutant::", "")
}

#[test]
fn a_comparison_is_negated_and_its_boundary_shifted() {
    assert_eq!(body("g(a == b)"), "g(flip(1usize,a==b))");
    assert_eq!(body("g(a < b)"), "g((ifon(2usize){a<=b}else{flip(1usize,a<b)}))");
    assert_eq!(mutants("fn f() { g(a >= b.c()) }"), ["`a >= b.c()` negated", "`a >= b.c()` with `>`"]);
}

#[test]
fn and_becomes_or_without_standing_twice() {
    assert_eq!(body("g(a && b)"), "g(flip(1usize,flip(1usize,a)&&flip(1usize,b)))");
    assert_eq!(mutants("fn f() { g(a || b) }"), ["`a || b` with `&&`"]);
}

#[test]
fn sums_and_negations_are_turned() {
    assert_eq!(body("a += 1;"), "(ifon(1usize){a-=1}else{a+=1});");
    assert_eq!(body("g(a - b)"), "g((ifon(1usize){a+b}else{a-b}))");
    assert_eq!(body("g(!a)"), "g((ifon(1usize){a}else{!a}))");
}

#[test]
fn what_is_compiled_for_tests_is_left_alone() {
    for cfg in ["test", "all(test, loom)", "loom"] {
        for item in ["fn f() { g(a == b) }", "impl A { fn f() { g(a == b) } }"] {
            assert!(mutants(&format!("#[cfg({cfg})] {item}")).is_empty(), "{cfg} {item}");
        }
        assert!(mutants(&format!("impl A {{ #[cfg({cfg})] fn f() {{ g(a == b) }} }}")).is_empty(), "{cfg}");
    }
    assert_eq!(mutants("impl A { #[cfg(not(loom))] fn f() { g(a == b) } }"), ["`a == b` negated"]);
}

#[test]
fn a_condition_is_negated_once() {
    assert_eq!(body("if a.b() {}"), "ifflip(1usize,a.b()){}");
    assert_eq!(mutants("fn f() { if a == b {} }").len(), 1);
    assert_eq!(mutants("fn f() { if !a {} }").len(), 1);
    assert_eq!(mutants("fn f() { if matches!(a, B) {} }").len(), 1);
    assert_eq!(mutants("fn f() { while a && b {} }"), ["`a && b` with `||`", "condition `a && b` negated"]);
    assert_eq!(mutants("fn f() { match a { b if c() => {} _ => {} } }"), ["condition `c()` negated"]);
}

#[test]
fn a_question_is_answered_otherwise_wherever_it_stands() {
    assert_eq!(body("g(|a| a.is_b())"), "g(|a|flip(1usize,a.is_b()))");
    assert_eq!(body("g(is_b(a))"), "g(flip(1usize,is_b(a)))");
    assert_eq!(mutants("fn f() { g(!a.contains(b)) }"), ["`!a.contains(b)` without its `!`"]);
    assert_eq!(mutants("fn f() { if a.contains(b) {} }"), ["`a.contains(b)` negated"]);
}

#[test]
fn a_closed_range_loses_its_ends() {
    assert_eq!(body("g(1..=b)"), "g(later(1usize,1)..=earlier(2usize,b))");
    assert!(mutants("fn f() { g(a[1..b]) }").is_empty());
}

#[test]
fn a_let_stays_where_it_is() {
    assert_eq!(body("if let A = b {}"), "ifletA=b{}");
    assert_eq!(body("if let A = b && c() {}"), "ifletA=b&&flip(1usize,c()){}");
}

#[test]
fn a_check_is_skipped_and_a_question_answered_both_ways() {
    let text = rewritten("const fn check() -> Result<(), E> { g() }").text.replace(' ', "");
    assert_eq!(text, "fncheck()->Result<(),E>{ifcrate::mutant::on(1usize){returnOk(());}g()}");
    assert_eq!(mutants("fn check() -> Result<()> { g() }"), ["skipped"]);
    assert_eq!(mutants("fn f() -> bool { g() }"), ["returns true", "returns false"]);
    assert!(mutants("fn f() -> Result<u8> { g() }").is_empty());
    assert_eq!(
        rewritten("fn check_a() -> Result<u8> { g() }").left,
        ["a.rs:1: check_a gives a value: not skipped"]
    );
}

#[test]
fn what_is_computed_before_it_runs_is_left_alone() {
    for source in [
        "const A: bool = 1 < 2;",
        "impl A { const B: usize = 1 + 2; }",
        "fn f() { [0; 1 + 2]; }",
        "fn f(a: [u8; 1 + 2]) {}",
        "enum A { B = 1 + 2 }",
        "macro_rules! a { () => { 1 < 2 } }",
        "const fn f() {}",
    ] {
        let rewritten = rewritten(source);
        assert_eq!(rewritten.mutants, [], "{source}");
        assert_eq!(rewritten.text, syn::parse_file(source).unwrap().into_token_stream().to_string());
    }
}

#[test]
fn tests_and_words_for_people_are_left_alone() {
    for source in [
        "#[cfg(test)] mod tests { fn f() { g(a == b) } }",
        "impl Display for A { fn f() { g(a == b) } }",
        "impl fmt::Debug for A { fn f() { g(a == b) } }",
    ] {
        assert!(mutants(source).is_empty(), "{source}");
    }
}

#[test]
fn a_key_names_file_and_function_and_is_unique() {
    let source = "impl A { fn f() {\n g(a == b);\n g(a == b); } }\nimpl B for A { fn f() { g(a == b) } }";
    let keys: Vec<_> =
        rewritten(source).mutants.into_iter().map(|mutant| (mutant.line, mutant.key)).collect();
    let expected = [
        (2, "a.rs: A::f: `a == b` negated"),
        (3, "a.rs: A::f: `a == b` negated (2)"),
        (4, "a.rs: <B for A>::f: `a == b` negated"),
    ];
    assert_eq!(keys, expected.map(|(line, key)| (line, key.to_owned())));
}
