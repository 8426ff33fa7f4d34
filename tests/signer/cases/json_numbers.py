"""Numbers as section 2 of the wire contract reads them and RFC 8785 writes them: alone, and as the payload of a packet."""

from canonical import number
from case import Subject
from fixtures import CONTEXT, NONCE, SECRET, TS, assembled, evidence, members, verifying
from packet import sign
from text import concat, expand, repeat

numbers = Subject("json-numbers", "Numbers to RFC 8785 (wire contract section 2)")
payload = Subject("packet-numbers", "The same numbers as the payload of a packet (wire contract section 2)")
SUBJECTS = [numbers, payload]


def accepted(source, canonical, comment=None, *flags):
    if number(float(expand(source))) != canonical:
        raise ValueError(f"{source} is {number(float(expand(source)))}, not {canonical}")
    comment = f"§2 {comment or source}"
    numbers.ok(comment, {"op": "json.canonical", "text": source}, {"text": canonical}, *flags)
    sig = sign(SECRET, "engine-7", TS, NONCE, CONTEXT, "json", canonical)
    sent = assembled(members() | {"payload": source, "sig": f'"{sig}"'})
    payload.ok(comment, verifying(sent), evidence(canonical), *flags)


def refused(source, comment=None, *flags):
    comment = f"§2 {comment or source}"
    numbers.refused(comment, {"op": "json.canonical", "text": source}, "malformed_payload", *flags)
    payload.refused(
        comment, verifying(assembled(members() | {"payload": source})), "malformed_payload", *flags
    )


# Integers: no point, no exponent.
for source in ("0", "1", "-1", "10", "42", "-9007199254740991", "9007199254740991", "1708167234"):
    accepted(source, source)
accepted("-0", "0", "minus zero is written 0")
for source in (
    "9007199254740992",
    "-9007199254740992",
    "9007199254740994",
    "-9007199254740994",
    "9007199254740996",
    "18014398509481984",
    "12345678901234567000",
    "18446744073709552000",
    "9223372036854776000",
    "-9223372036854776000",
    "100000000000000000000",
    "999999999999999900000",
    "-100000000000000000000",
    "295147905179352830000",
):
    accepted(source, source, f"an integer beyond 2^53 in its RFC 8785 form: {source}", "hostile")
for source in (
    "9007199254740993",
    "-9007199254740993",
    "9007199254740995",
    "18014398509481985",
    "12345678901234567890",
    "12345678901234567001",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
    "999999999999999999999",
    "1000000000000000000000",
    "-1000000000000000000000",
    "100000000000000000001",
):
    refused(source, f"an integer beyond 2^53 not in its RFC 8785 form: {source}", "hostile")
refused(concat("1", repeat("0", 308)), "10^308 written out")
refused(concat("1", repeat("0", 400)), "10^400 written out")
refused(concat("-1", repeat("0", 400)), "-10^400 written out")
refused(repeat("9", 100_000), "an integer of 100,000 digits", "hostile")

# RFC 8785 Appendix B, and where ECMAScript changes its layout.
for source, canonical in [
    ("0.0", "0"),
    ("-0.0", "0"),
    ("-0e0", "0"),
    ("0e5", "0"),
    ("-0E-5", "0"),
    ("0.000", "0"),
    ("1.0", "1"),
    ("1.50", "1.5"),
    ("1e0", "1"),
    ("1E0", "1"),
    ("1e+0", "1"),
    ("1e-0", "1"),
    ("1e2", "100"),
    ("1E+2", "100"),
    ("1e00002", "100"),
    ("1e-00002", "0.01"),
    ("45.0", "45"),
    ("0.1", "0.1"),
    ("0.10", "0.1"),
    ("-0.1", "-0.1"),
    ("0.30000000000000004", "0.30000000000000004"),
    ("0.1000000000000000055511151231257827", "0.1"),
    ("1e-07", "1e-7"),
    ("0.000001", "0.000001"),
    ("0.0000001", "1e-7"),
    ("0.00000123", "0.00000123"),
    ("0.000000123", "1.23e-7"),
    ("1e20", "100000000000000000000"),
    ("1e21", "1e+21"),
    ("-1e21", "-1e+21"),
    ("1.5e21", "1.5e+21"),
    ("123456789012345678901.0", "123456789012345680000"),
    ("1234567890123456789012.0", "1.2345678901234568e+21"),
    ("1e22", "1e+22"),
    ("1e23", "1e+23"),
    ("9.999999999999997e22", "9.999999999999997e+22"),
    ("9.999999999999999e22", "1e+23"),
    ("1.0000000000000001e23", "1.0000000000000001e+23"),
    ("999999999999999700000.0", "999999999999999700000"),
    ("999999999999999900000.0", "999999999999999900000"),
    ("999999999999999999999.0", "1e+21"),
    ("333333333.3333332", "333333333.3333332"),
    ("333333333.33333325", "333333333.33333325"),
    ("333333333.33333329", "333333333.3333333"),
    ("333333333.3333334", "333333333.3333334"),
    ("333333333.33333343", "333333333.33333343"),
    ("-0.0000033333333333333333", "-0.0000033333333333333333"),
    ("1424953923781206.25", "1424953923781206.2"),
    ("1424953923781206.75", "1424953923781206.8"),
    ("9007199254740991.0", "9007199254740991"),
    ("9007199254740993.0", "9007199254740992"),
    ("9007199254740993e0", "9007199254740992"),
    ("9007199254740995.0", "9007199254740996"),
    ("9007199254740993.00000000000000000000000000001", "9007199254740994"),
    ("4503599627370496.5", "4503599627370496"),
    ("4503599627370497.5", "4503599627370498"),
    ("2.2250738585072014e-308", "2.2250738585072014e-308"),
    ("2.2250738585072011e-308", "2.225073858507201e-308"),
    ("2.225073858507201e-308", "2.225073858507201e-308"),
    ("5e-324", "5e-324"),
    ("4.9406564584124654e-324", "5e-324"),
    ("3e-324", "5e-324"),
    ("2.5e-324", "5e-324"),
    ("2.4703282292062327e-324", "0"),
    ("2.4703282292062328e-324", "5e-324"),
    ("7.4109846876186981e-324", "5e-324"),
    ("7.4109846876186982e-324", "1e-323"),
    ("2e-324", "0"),
    ("-2e-324", "0"),
    ("1e-400", "0"),
    ("-1e-400", "0"),
    ("1.7976931348623157e308", "1.7976931348623157e+308"),
    ("-1.7976931348623157e308", "-1.7976931348623157e+308"),
    ("1.7976931348623158e308", "1.7976931348623157e+308"),
    ("1.797693134862315807e308", "1.7976931348623157e+308"),
    ("179769313486231570e291", "1.7976931348623157e+308"),
    ("0.000017976931348623157e313", "1.7976931348623157e+308"),
]:
    accepted(source, canonical)

# Overflow is refused.
for source in (
    "1e309",
    "-1e309",
    "1.7976931348623159e308",
    "1.797693134862315808e308",
    "2e308",
    "1e400",
    "-1e400",
    "10e308",
    "1e+999",
    "1E9999999999",
):
    refused(source, f"overflow: {source}")

# Exponents of any length are read exactly.
for source, canonical, comment in [
    ("1e-99999999999999999999", "0", "an exponent below 64 bits"),
    ("-1e-99999999999999999999", "0", "an exponent below 64 bits, minus"),
    ("1e-9223372036854775809", "0", "an exponent one below 64 bits"),
    ("1e-4294967297", "0", "an exponent that wraps in 32 bits"),
    ("1e-18446744073709551617", "0", "an exponent that wraps in 64 bits"),
    ("0e99999999999999999999", "0", "zero with an exponent above 64 bits"),
    ("0.000e99999999999999999999", "0", "zero with a fraction and an exponent above 64 bits"),
    ("-0e99999999999999999999", "0", "minus zero with an exponent above 64 bits"),
    (concat("1e", repeat("0", 100_000), "2"), "100", "an exponent with 100,000 leading zeros"),
    (concat("1e-", repeat("9", 100_000)), "0", "an exponent of 100,000 digits"),
    (concat("0e", repeat("9", 100_000)), "0", "zero with an exponent of 100,000 digits"),
    (concat("1", repeat("0", 400), "e-400"), "1", "400 zeros and as negative an exponent"),
    (concat("1", repeat("0", 400), ".0e-400"), "1", "400 zeros, a fraction and as negative an exponent"),
    (concat("1", repeat("0", 100_000), "e-100000"), "1", "100,000 zeros and as negative an exponent"),
    (concat("123", repeat("0", 100_000), "e-100001"), "12.3", "100,000 zeros and one more"),
    (concat("0.", repeat("0", 400), "1e401"), "1", "400 zeros behind the point and as large an exponent"),
    (
        concat("0.", repeat("0", 100_000), "25e100001"),
        "2.5",
        "100,000 zeros behind the point and as large an exponent",
    ),
    (concat("0.", repeat("0", 100_000), "1"), "0", "100,000 zeros behind the point"),
    (concat("1.", repeat("0", 100_000)), "1", "a fraction of 100,000 zeros"),
    (
        concat("9007199254740993.", repeat("0", 100_000)),
        "9007199254740992",
        "a tie, to even, after 100,000 zeros",
    ),
    (
        concat("9007199254740993.", repeat("0", 100_000), "1"),
        "9007199254740994",
        "a tie broken by the 100,001st digit",
    ),
    (
        concat("1", repeat("0", 1_000), "e-99999999999999999999"),
        "0",
        "1,000 zeros and an exponent below 64 bits",
    ),
]:
    accepted(source, canonical, comment, "hostile")
for source, comment in [
    ("1e99999999999999999999", "an exponent above 64 bits"),
    ("1e4294967297", "an exponent that wraps in 32 bits to 1"),
    ("1e18446744073709551617", "an exponent that wraps in 64 bits to 1"),
    ("0.1e99999999999999999999", "a fraction with an exponent above 64 bits"),
    (concat("1e", repeat("9", 100_000)), "an exponent of 100,000 nines"),
    (concat("1", repeat("0", 1_000), "e-600"), "1,000 zeros and too small an exponent"),
    (concat("0.", repeat("0", 400), "1e800"), "400 zeros behind the point and too large an exponent"),
]:
    refused(source, f"overflow: {comment}", "hostile")

# The grammar of RFC 8259, over the longest run of letters, digits, plus, minus and point.
for source in (
    "+1",
    "-",
    "--1",
    "-+1",
    "+",
    ".",
    ".5",
    "-.5",
    "1.",
    "-1.",
    "1.e5",
    "1..2",
    "1.2.3",
    "01",
    "-01",
    "00",
    "-00",
    "007",
    "1e",
    "1e+",
    "1e-",
    "1E",
    "1e5.5",
    "1e5e5",
    "1ee5",
    "1e+-5",
    "1+1",
    "1-",
    "1-1",
    "1+",
    "0x10",
    "0b1",
    "0o7",
    "1n",
    "1f",
    "1d",
    "1L",
    "1x",
    "1a2",
    "e5",
    "-e5",
    "-a",
    "1.5x",
    "-Infinity",
    "-NaN",
    "1e5x",
    "0e",
    "0.e1",
    "1.true",
    "1null",
    "-true",
):
    refused(source, f"no number: {source}")
    refused(f"[{source}]", f"no number within an array: {source}")
for comment, source in [
    ("an underscore", "_1"),
    ("an Arabic digit", "\u0661"),
    ("a full-width digit", "\uff11"),
    ("a minus sign U+2212", "\u22121"),
    ("a currency sign", "$1"),
]:
    refused(source, f"no number: {comment}")
for source in ("1_000", "1,5", "1 000", "1'000", "1%", "1/2"):
    numbers.refused(
        f"§2 no number alone: {source}", {"op": "json.canonical", "text": source}, "malformed_payload"
    )
