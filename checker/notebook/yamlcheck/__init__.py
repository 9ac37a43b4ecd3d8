"""Finds what is wrong with a manifest before anything is sent, and says it in words.

Each trouble names a place and the likely cause: a parser's own words ("mapping values are not
allowed here") describe the parser, not the mistake. Free of the cluster and of IPython.
"""

from checker.notebook.yamlcheck.find import locate
from checker.notebook.yamlcheck.place import YamlTrouble
from checker.notebook.yamlcheck.trouble import Document, documents, find_trouble

__all__ = ["Document", "YamlTrouble", "documents", "find_trouble", "locate"]
