"""Holds a document against the committed JSON Schema: just the keywords that schema uses, and an error for any other."""

import re

_TYPES = {"object": dict, "array": list, "string": str, "integer": int}
_NOTES = {"$schema", "$defs", "title", "description"}


def violations(schema, document):
    """What is wrong, as lines; none if the document conforms."""
    return list(_check(schema, schema, document, "$"))


def _check(root, schema, value, at):
    if "type" in schema and not _is(value, schema["type"]):
        yield f"{at}: not of type {schema['type']}"
        return
    for keyword, rule in schema.items():
        if keyword not in _NOTES and keyword != "type":
            yield from _KEYWORDS[keyword](root, schema, rule, value, at)


def _is(value, name):
    return isinstance(value, _TYPES[name]) and not isinstance(value, bool)


def _ref(root, schema, rule, value, at):
    yield from _check(root, root["$defs"][rule.removeprefix("#/$defs/")], value, at)


def _required(root, schema, rule, value, at):
    yield from (f"{at}: lacks {name}" for name in rule if name not in value)


def _properties(root, schema, rule, value, at):
    for name in rule.keys() & value.keys():
        yield from _check(root, rule[name], value[name], f"{at}.{name}")


def _additional(root, schema, rule, value, at):
    yield from (f"{at}: unknown member {name}" for name in value.keys() - schema.get("properties", {}).keys())


def _items(root, schema, rule, value, at):
    for index, item in enumerate(value):
        yield from _check(root, rule, item, f"{at}[{index}]")


def _prefix(root, schema, rule, value, at):
    for index, (part, item) in enumerate(zip(rule, value, strict=False)):
        yield from _check(root, part, item, f"{at}[{index}]")


def _some(root, schema, rule, value, at):
    attempts = [list(_check(root, part, value, at)) for part in rule]
    fitting = sum(not faults for faults in attempts)
    if fitting == 0 or (fitting > 1 and "oneOf" in schema):
        yield f"{at}: fits {fitting} of the alternatives ({min(attempts, key=len)})"


def _simple(broken, text):
    def check(root, schema, rule, value, at):
        if broken(rule, value):
            yield f"{at}: {text} {rule}"

    return check


_KEYWORDS = {
    "$ref": _ref,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "prefixItems": _prefix,
    "anyOf": _some,
    "oneOf": _some,
    "enum": _simple(lambda rule, value: value not in rule, "not one of"),
    "const": _simple(lambda rule, value: value != rule, "is not"),
    "pattern": _simple(lambda rule, value: not re.search(rule, value), "does not match"),
    "minLength": _simple(lambda rule, value: len(value) < rule, "shorter than"),
    "minItems": _simple(lambda rule, value: len(value) < rule, "fewer than"),
    "maxItems": _simple(lambda rule, value: len(value) > rule, "more than"),
    "minimum": _simple(lambda rule, value: value < rule, "less than"),
}
