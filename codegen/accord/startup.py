"""What the command line does without, for start-up time: imported before anything else of accord.

jsonschema loads a grammar of IRIs (over a second) where `rfc3987-syntax` is installed; accord asserts formats itself.
Only the process of the command line is touched: in another's, as under pytest, jsonschema keeps all its formats.
"""

import sys

if "jsonschema" not in sys.modules:
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
