"""A sentence in both languages, and which of the two a reader gets. Free of everything else."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)


@dataclass(frozen=True)
class Text:
    """One sentence, Chinese and English, neither the translation of the other."""

    zh: str
    en: str

    def pick(self, lang: Lang) -> str:
        """The sentence in `lang`."""
        return self.zh if lang == "zh" else self.en

    def format(self, **values: object) -> Text:
        """Fill `{placeholders}`; a value that is a Text is filled in the same language.

        Raises KeyError for a placeholder without a value: a message with a hole is a bug.
        """
        return Text(*(self._fill(lang, values) for lang in LANGUAGES))

    def _fill(self, lang: Lang, values: Mapping[str, object]) -> str:
        own = {k: v.pick(lang) if isinstance(v, Text) else v for k, v in values.items()}
        return self.pick(lang).format(**own)

    @classmethod
    def same(cls, words: str) -> Text:
        """Words that are alike in both languages: a name, a command, text from the cluster."""
        return cls(words, words)


def language(folder: Path | None = None, environ: Mapping[str, str] = os.environ) -> Lang:
    """The reader's language.

    A notebook's folder (`zh` or `en`) decides, else PODLAB_LANG, else the locale, else English.
    """
    for word in (folder.name if folder else "", environ.get("PODLAB_LANG", "").lower()):
        for lang in LANGUAGES:
            if word == lang:
                return lang
    named = next((environ[k] for k in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(k)), "")
    return "zh" if (named or locale.getlocale()[0] or "").lower().startswith("zh") else "en"
