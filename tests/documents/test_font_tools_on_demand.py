"""The typesetter starts without fontTools' subsetter, and WeasyPrint still gets it, and the instancer, when it asks."""

import subprocess
import sys

_SCRIPT = """
import sys
from bundler.typeset.typesetter import import_weasyprint
import_weasyprint()
from weasyprint.pdf import fonts
assert not {"fontTools.subset", "fontTools.varLib"} & set(sys.modules), "loaded at the start"
assert fonts.subset.Options(retain_gids=True).retain_gids
import fontTools.subset
assert fonts.subset.Subsetter is fontTools.subset.Subsetter
try:
    fonts.instantiateVariableFont(None, {})
except TypeError as error:
    import fontTools.varLib.instancer as instancer
    assert instancer.__file__ and instancer.instantiateVariableFont is not fonts.instantiateVariableFont
    print("asked the real one:", error)
"""


def test_the_parts_that_are_hardly_ever_needed_are_loaded_on_demand() -> None:
    """Each later import gets the real modules."""
    done = subprocess.run([sys.executable, "-c", _SCRIPT], check=False, capture_output=True, text=True, timeout=120)

    assert (done.returncode, done.stdout[:18]) == (0, "asked the real one"), done.stderr
