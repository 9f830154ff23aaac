"""A picture as a PDF of one page for each of its pages; JPEG data are those of the input byte for byte."""

from __future__ import annotations

import io

import img2pdf
from PIL import Image

from bundler.materials.record import JPEG

_TURNS = {3: 180, 6: 90, 8: 270}


def picture_pdf(data: bytes, media_type: str) -> bytes:
    """The picture's pages as a PDF, upright, nothing re-encoded with loss."""
    if media_type != JPEG:
        data = _plain(data)
    pdf = img2pdf.convert(data, rotation=img2pdf.Rotation.ifvalid, **_NO_DATES)
    return bytes(pdf)


_NO_DATES = {"nodate": True, "producer": "", "engine": img2pdf.Engine.internal}


def _plain(data: bytes) -> bytes:
    """What img2pdf refuses, without loss in what is seen: alpha on white, odd modes as plain ones."""
    with Image.open(io.BytesIO(data)) as image:
        plain = image.mode in {"1", "L", "RGB"} or (image.mode == "P" and "transparency" not in image.info)
        if plain and int(image.getexif().get(0x0112, 1)) in {1, *_TURNS}:
            return data
        frames = []
        for number in range(int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1):
            image.seek(number)
            frames.append(_flat(image))
        dpi = image.info.get("dpi")
    target = io.BytesIO()
    options = {"dpi": dpi} if dpi else {}
    frames[0].save(target, "TIFF", save_all=True, append_images=frames[1:], compression="tiff_adobe_deflate", **options)
    return target.getvalue()


def _flat(image: Image.Image) -> Image.Image:
    rgba = image.convert("RGBA")
    ground = Image.new("RGBA", rgba.size, "white")
    ground.alpha_composite(rgba)
    return ground.convert("L" if image.mode.startswith(("L", "I", "1")) else "RGB")
