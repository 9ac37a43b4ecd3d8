"""The welcome page: the lessons in order, how far the learner is, the cluster's health, buttons.

What there is to show (`lessons`, `health`) and its HTML (`render`) know nothing of widgets; `page`
and `row` are thin over them.
"""

from checker.notebook.welcome.page import open_page, welcome

__all__ = ["open_page", "welcome"]
