"""A small lesson without a fault, to be spoiled in one place at a time."""

from __future__ import annotations

GLOSSARY = """
- en: readiness probe
  zh: 就绪探针
  never: [可读探针, 准备探针]
- en: Secret
  zh: Secret
  never: [秘密]
"""

PAIR = """\
# %% [markdown] lang="zh"
# ## 1. 第一个 Pod
#
# 就绪探针（readiness probe）看 `ready`，等 30 秒。[文档](https://kubernetes.io/zh-cn/docs/x/#y)
#
# - 第一点
# - 第二点

# %% [markdown] lang="en"
# ## 1. The first Pod
#
# A readiness probe looks at `ready` and waits
# 30 seconds. [Docs](https://kubernetes.io/docs/x/#y)
#
# - point one
# - point two
"""

FACT = """\
# %%
# %shell kubectl get pod web -o name
"""

EXERCISE = """\
# %% tags=["exercise", "nbval-ignore-output"]
# %%manifest web.yaml
kind: Pod

# %% tags=["solution"]
# %%manifest web.yaml
kind: Pod
metadata: {name: solved}
"""

GOOD = "\n".join([PAIR, *[FACT] * 8, EXERCISE])
