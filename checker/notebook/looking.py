"""Looks at a manifest before it is sent, and puts the cluster's refusal into words."""

from __future__ import annotations

from checker.notebook.plain import ManifestError, here
from checker.notebook.refusals import field_of, first_line, what_to_do
from checker.notebook.yamlcheck import Document, documents, find_trouble, locate
from checker.texts import Text

NOTHING_WRITTEN = Text("什么都没有写入，也没有发送。", "Nothing was written, nothing was sent.")
NOTHING_SENT = Text("什么都没有发送。", "Nothing was sent.")


def look_at(manifest: str | bytes, namespace: str, nothing: Text, file: str = "") -> None:
    """Raise ManifestError unless this is a sound manifest for `namespace`; "" is any namespace.

    `nothing` says what has therefore not been done, `file` where the manifest stands, if anywhere.
    """
    if trouble := find_trouble(manifest):
        head = f"{file}\n" if file else ""
        raise ManifestError(
            Text(head + trouble.show("zh"), head + trouble.show("en")),
            Text("{cause}{nothing}", "{cause} {nothing}").format(
                cause=trouble.cause, nothing=nothing
            ),
        )
    if not namespace:
        return
    text = manifest.decode("utf-8") if isinstance(manifest, bytes) else manifest
    for document in documents(text):
        if document.namespace not in ("", namespace):
            raise _other_namespace(document, namespace, nothing)


def refusal(output: str, manifest: str) -> ManifestError:
    """What the cluster answered about this manifest, where in it, and what to do about it."""
    line = first_line(output)
    place = locate(manifest, field_of(line), line)
    detail = "\n".join(filter(None, [line or "kubectl apply", place.show(here()) if place else ""]))
    return ManifestError(
        Text("集群没有接受这份清单：", "The cluster did not take this manifest:"),
        what_to_do(output),
        detail,
    )


def _other_namespace(document: Document, namespace: str, nothing: Text) -> ManifestError:
    where = f"{document.kind}/{document.name}"
    return ManifestError(
        Text(
            f"第 {document.namespace_line} 行：{where} 写着 namespace: {document.namespace}，"
            f"而你的命名空间是 {namespace}。",
            f"Line {document.namespace_line}: {where} says namespace: {document.namespace}, but "
            f"your namespace is {namespace}.",
        ),
        Text(
            "删掉这一行：课程会把清单送到你自己的命名空间。{nothing}",
            "Remove this line: the course sends a manifest to your own namespace. {nothing}",
        ).format(nothing=nothing),
    )
