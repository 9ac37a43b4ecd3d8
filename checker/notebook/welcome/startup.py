"""Run by IPython before a kernel answers, in each kernel of `podlab lab` (PYTHONSTARTUP).

In the welcome page's own kernel it makes the page, so that a learner need not run a cell. It leaves
no name behind: lessons must run the same without it.
"""

if __import__("os").environ.get("JPY_SESSION_NAME", "").endswith("/welcome.ipynb"):
    __import__("checker.notebook.welcome", fromlist=["open_page"]).open_page()
