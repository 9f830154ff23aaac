"""Pages are the same, byte for byte, with and without the replaced hot spots of the typesetter."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.paths import SAMPLES

_TYPESET = """
import hashlib, sys
from pathlib import Path
from bundler.bundle.draft_single_papers import require_printable_case
from bundler.case.reader import read_case
from bundler.documents.definitions import DOCUMENTS, find_missing_fields, find_templates_folder
from bundler.documents.drafting import draft_document
from bundler.profile import load_profile
from bundler.typeset import typesetter as typesetting
from bundler.word.docx_reader import read_blocks

def patch_looks_only():
    from bundler.typeset import chinese_justification, weasyprint_adapters
    chinese_justification.patch_weasyprint()
    weasyprint_adapters.close_split_rows()

if sys.argv[2] == "plain":
    typesetting._patch_weasyprint = patch_looks_only
typesetting.import_weasyprint()
if sys.argv[2] == "plain":
    from bundler.typeset import weasyprint_adapters
    weasyprint_adapters.parse_plain_html = lambda body: None
    weasyprint_adapters.parse_xml = lambda css, body, fetch, looks: weasyprint_adapters._document_of(
        css + "".join(f".{name} {{ {rules} }}\\n" for rules, name in looks.items()),
        weasyprint_adapters.ET.fromstring(f"<body>{body}</body>"), fetch
    )
case = require_printable_case(read_case(sys.argv[1]), load_profile(None).regulation)
typesetter, templates = typesetting.Typesetter(), find_templates_folder(None)
papers = [
    (one.id, read_blocks(draft_document(case, one, load_profile(None), templates, packed=False)))
    for one in DOCUMENTS.values()
    if not find_missing_fields(one.id, case)
]
typesetter.typeset_papers(papers)
odd = "<div style='box-sizing:border-box;width:50%;padding:9pt;border:1pt solid;border-radius:4pt;min-height:10%'>甲</div>"
float_ = "<p style='float:right;position:relative;margin-block-start:3em;margin-left:calc(1% + 2pt)'>乙</p><p>丙</p>"
typesetter.typeset_pages({"page": odd + float_}, "@page { size: A4 }")
data, _ = typesetter.write([*dict(papers), "page"], "样本", b"same", None)
print(len(papers), hashlib.sha256(data).hexdigest())
"""


def typeset(way: str, cache: Path) -> list[str]:
    """Typeset every paper of the complete sample, and a page of odd boxes; return the number of papers and the digest."""
    done = subprocess.run(
        [sys.executable, "-c", _TYPESET, str(SAMPLES / "write-off-complete"), way],
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.stdout.split()


def test_the_replaced_functions_set_the_same_pages(tmp_path: Path) -> None:
    """All papers of a case, and boxes for which the short cuts do not hold."""
    quick = typeset("quick", tmp_path)

    assert int(quick[0]) > 10
    assert quick == typeset("plain", tmp_path)
