"""RFC 8785 (JSON Canonicalization Scheme) for Python values."""

_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def canonical(value):
    """The RFC 8785 text of a value made of dict, list, str, int, float, bool and None."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number(float(value))
    if isinstance(value, str):
        return string(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    names = sorted(value, key=_utf16)
    return "{" + ",".join(string(name) + ":" + canonical(value[name]) for name in names) + "}"


def string(text):
    """RFC 8785 3.2.2.2: only what RFC 8259 demands is escaped."""
    return '"' + "".join(_SHORT.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in text) + '"'


def number(value):
    """RFC 8785 3.2.2.3: Number::toString of ECMAScript. `repr` finds the same shortest digits; only the layout differs."""
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    digits = (whole + fraction).lstrip("0")
    point = len(digits) - len(fraction) + int(exponent or 0)
    digits = digits.rstrip("0")
    return sign + _layout(digits, point)


def _layout(digits, point):
    """The digits of 0.DIGITS x 10^point as ECMAScript lays them out (ECMA-262, Number::toString, steps 6 to 10)."""
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    mantissa = digits if len(digits) == 1 else digits[0] + "." + digits[1:]
    return f"{mantissa}e{point - 1:+d}"


def _utf16(name):
    """RFC 8785 3.2.3: names sort by UTF-16 code units."""
    return name.encode("utf-16-be")
