"""Holds JSON against the schemas of a folder. Reads [[schema, object], ...]; prints what does not fit.

What follows a `#` in the name of a schema tells objects apart.
"""

import json
import pathlib
import sys

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

folder = pathlib.Path(sys.argv[1])
schemas = {path.name: json.loads(path.read_text()) for path in folder.glob("*.schema.json")}
for schema in schemas.values():
    Draft202012Validator.check_schema(schema)
registry = Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in schemas.items())
wrong = 0
for name, instance in json.load(sys.stdin):
    for error in Draft202012Validator(schemas[name.partition("#")[0] + ".schema.json"], registry=registry).iter_errors(instance):
        wrong += 1
        print(f"{name}: {error.json_path}: {error.message}")
sys.exit(1 if wrong else 0)
