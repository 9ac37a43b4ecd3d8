# %% [markdown] lang="zh"
# # 生产环境中的 Pod 和容器
#
# 每一课都在一个真正的 Kubernetes 集群（cluster）上运行，它就在你的机器上，只属于这门课。每课末尾有一个实验，看你的 Pod 做了什么，按这个评分。按顺序学：后面的课会用到前面的。
#
# 下面的表会自己更新：每一课的得分、集群的状况。如果表里没有按钮，或者按钮没有反应，点一下写着 `welcome()` 的单元格，再按 `Shift+Enter`。

# %% [markdown] lang="en"
# # Pods and containers in production
#
# Each lesson runs on a real Kubernetes cluster, which is on your machine and belongs to the course alone. A lesson ends with a lab, judged by what your Pods do. Take the lessons in order: later ones use the earlier ones.
#
# The table below keeps itself up to date: your score in each lesson, the state of the cluster. If it has no buttons, or they do nothing, click into the cell with `welcome()` and press `Shift+Enter`.

# %%
# %load_ext checker.notebook
welcome()
