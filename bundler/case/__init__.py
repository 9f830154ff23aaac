"""The data of a case folder: the model of case.json, its reader, its JSON Schema, and identifiers with a legal form."""
