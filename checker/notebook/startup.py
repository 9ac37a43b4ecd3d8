"""Run by IPython before a kernel answers, in each kernel of `podlab lab` (PYTHONSTARTUP).

In the welcome page's own kernel it makes the page, so that a learner need not run a cell. In the
kernel of a lesson it gives the names and magics, so that any cell works after a restart. It leaves
no name of its own behind: lessons must run the same without it, from their first cell on.
"""

if __import__("os").environ.get("JPY_SESSION_NAME", "").endswith("/welcome.ipynb"):
    __import__("checker.notebook.welcome", fromlist=["open_page"]).open_page()
elif __import__("re").search(
    r"/\d\d-[a-z0-9-]+\.ipynb$", __import__("os").environ.get("JPY_SESSION_NAME", "")
):
    __import__("checker.notebook").notebook.load_ipython_extension(
        __import__("IPython").get_ipython()
    )
