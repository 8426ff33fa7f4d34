"""Strings that are described instead of stored: {"repeat":[text, count]} and {"concat":[…]}."""


def repeat(text, count):
    """`text` `count` times."""
    return {"repeat": [text, count]}


def concat(*parts):
    """Strings and descriptions, one after the other; neighbouring strings are joined."""
    joined = []
    for part in parts:
        for piece in part["concat"] if isinstance(part, dict) and "concat" in part else [part]:
            if joined and isinstance(piece, str) and isinstance(joined[-1], str):
                joined[-1] += piece
            elif piece != "":
                joined.append(piece)
    if all(isinstance(piece, str) for piece in joined):
        return "".join(joined)
    return {"concat": joined}


def expand(described):
    """The string that a description stands for."""
    if isinstance(described, str):
        return described
    if "repeat" in described:
        text, count = described["repeat"]
        return text * count
    return "".join(expand(part) for part in described["concat"])


def nested(depth, inner=""):
    """`depth` arrays, one inside the other."""
    return concat(repeat("[", depth), inner, repeat("]", depth))
