"""Runs Python blocks from standard input in one namespace, answering a JSON line for each."""

import contextlib
import io
import json
import sys
import traceback


def main() -> None:
    task = json.load(sys.stdin)
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in task["blocks"]:
        printed = io.StringIO()
        fault = ""
        with contextlib.redirect_stdout(printed):
            try:
                code = "\n" * (block["line"] - 1) + block["code"]
                exec(compile(code, task["document"], "exec"), namespace)  # noqa: S102 running the documents is its purpose
            except BaseException:  # noqa: BLE001 a block that exits has failed too
                fault = traceback.format_exc()
        print(json.dumps({"fault": fault, "output": printed.getvalue()}), flush=True)


main()
