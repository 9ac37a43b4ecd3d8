"""A container image made in memory: its last layer, its configuration, its manifest. Data only.

Forms: https://github.com/opencontainers/image-spec (manifest.md, config.md, layer.md). The first
layer is not made here: it is the program, and comes from inside the cluster.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from dataclasses import dataclass
from typing import Any

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"
PROGRAM = "/bin/busybox"
PORT = 8080
# The shell ends at once when it is told to; busybox's web server alone would not hear the signal.
SERVE = f"trap 'exit 0' TERM INT; {PROGRAM} httpd -f -p {PORT} -h /www & wait"
NOBODY = "65534:65534"


@dataclass(frozen=True)
class Blob:
    """Something a registry holds, known by the hash of its bytes. `size` is in bytes."""

    digest: str
    size: int
    data: bytes = b""

    @classmethod
    def of(cls, data: bytes) -> Blob:
        """The blob of these bytes."""
        return cls(f"sha256:{hashlib.sha256(data).hexdigest()}", len(data), data)

    def described(self, kind: str) -> dict[str, Any]:
        """The descriptor of this blob, as a manifest holds it."""
        return {"mediaType": kind, "digest": self.digest, "size": self.size}


@dataclass(frozen=True)
class Image:
    """What is pushed: `blobs` first, then `manifest`. Its digest is the image's."""

    blobs: tuple[Blob, ...]
    manifest: Blob


def build(program: Blob, page: str, architecture: str) -> Image:
    """An image that answers GET / on port 8080 with `page`.

    `program` is an uncompressed layer with /bin/busybox in it; `architecture` is Go's word for the
    machine (amd64, arm64). The same arguments give the same image, bit by bit.
    """
    layer = Blob.of(_layer(page.encode()))
    config = Blob.of(
        _json(
            {
                "architecture": architecture,
                "os": "linux",
                "config": {
                    "User": NOBODY,
                    "Entrypoint": [PROGRAM, "sh", "-c", SERVE],
                    "ExposedPorts": {f"{PORT}/tcp": {}},
                },
                # A layer that is not compressed has the same digest outside and inside.
                "rootfs": {"type": "layers", "diff_ids": [program.digest, layer.digest]},
            }
        )
    )
    manifest = _json(
        {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": config.described(CONFIG),
            "layers": [program.described(LAYER), layer.described(LAYER)],
        }
    )
    return Image((layer, config), Blob.of(manifest))


def _layer(page: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as layer:
        folder = tarfile.TarInfo("www")
        folder.type, folder.mode = tarfile.DIRTYPE, 0o755
        layer.addfile(folder)
        file = tarfile.TarInfo("www/index.html")
        file.size, file.mode = len(page), 0o644
        layer.addfile(file, io.BytesIO(page))
    return packed.getvalue()


def _json(form: dict[str, Any]) -> bytes:
    return json.dumps(form, separators=(",", ":")).encode()
