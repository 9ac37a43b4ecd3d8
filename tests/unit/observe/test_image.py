from __future__ import annotations

import hashlib
import io
import json
import tarfile

from checker.observe.image import CONFIG, LAYER, Blob, Image, build

PROGRAM = Blob.of(b"a layer with busybox")


def made(page: str = "hello\n", machine: str = "amd64") -> Image:
    return build(PROGRAM, page, machine)


def test_the_same_words_give_the_same_image_and_other_words_another() -> None:
    assert made() == made()
    assert made().manifest.digest != made("other\n").manifest.digest


def test_a_blob_is_known_by_the_hash_of_its_bytes() -> None:
    for blob in (*made().blobs, made().manifest):
        assert blob.digest == f"sha256:{hashlib.sha256(blob.data).hexdigest()}"
        assert blob.size == len(blob.data)


def test_the_manifest_names_config_program_and_page_in_this_order() -> None:
    layer, config = made().blobs
    manifest = json.loads(made().manifest.data)
    assert manifest["schemaVersion"] == 2
    assert manifest["config"] == config.described(CONFIG)
    assert manifest["layers"] == [PROGRAM.described(LAYER), layer.described(LAYER)]


def test_the_configuration_says_for_which_machine_and_names_each_layer() -> None:
    layer, config = made(machine="arm64").blobs
    told = json.loads(config.data)
    assert (told["os"], told["architecture"]) == ("linux", "arm64")
    assert told["rootfs"]["diff_ids"] == [PROGRAM.digest, layer.digest]
    assert told["config"]["User"].split(":")[0].isdigit(), "runAsNonRoot wants a number"


def test_the_page_is_a_file_that_everyone_may_read() -> None:
    layer = made("täglich\n").blobs[0]
    with tarfile.open(fileobj=io.BytesIO(layer.data)) as packed:
        assert packed.getnames() == ["www", "www/index.html"]
        assert packed.getmember("www/index.html").mode == 0o644
        page = packed.extractfile("www/index.html")
        assert page is not None
        assert page.read().decode() == "täglich\n"
