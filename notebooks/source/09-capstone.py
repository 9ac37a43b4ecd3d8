# %% [markdown] lang="zh"
# # 毕业实验：修好一家出了故障的小店
#
# 中午上了一次新版本，之后顾客就在打电话：什么都放不进购物车。你值班。
#
# 前面每一课都事先告诉你哪里有错，这一课不说：先用一个例子走一遍从症状到原因的路，再自己去修一家坏了八处的小店。大约 75 分钟，其中等待约 6 分钟。

# %% [markdown] lang="en"
# # Capstone: repair a small shop that is broken
#
# A release went out at noon, and since then customers call: nothing goes into the cart. You are on call.
#
# Each lesson so far told you beforehand what was wrong. This one does not: you follow one example from its symptom to its cause, then repair a shop that is broken in eight ways. About 75 minutes, of which about 6 are waiting.

# %% [markdown] lang="zh"
# ## 目标和问题
#
# 学完之后，你能够：
#
# 1. 从一个症状出发，按固定的顺序一跳一跳地往里找；
# 2. 对每一跳说出用哪个命令看，看哪个字段；
# 3. 在容器重启之后，找到它上一次运行的日志和结局；
# 4. 修好之后，从顾客那里证明它真的好了。
#
# 带着两个问题往下读：从一个症状出发，先看哪里，走到哪里停？怎样才算修好了？

# %% [markdown] lang="en"
# ## Objectives and questions
#
# After this lesson you can
#
# 1. start from a symptom and look inwards, hop by hop, in a fixed order;
# 2. name for each hop the command and the field to look at;
# 3. find the log and the end of a container's former life after a restart;
# 4. prove a repair from where the customer stands.
#
# Read on with two questions. From a symptom, where do you look first, and where do you stop? What proves a repair?

# %% [markdown] lang="zh"
# ## 准备
#
# 确认集群（cluster）是课程自己的，并清空演示用的命名空间（namespace）。

# %% [markdown] lang="en"
# ## Preflight
#
# Make sure that the cluster is the course's own, and empty the namespace of the demonstration.

# %% tags=["nbval-ignore-output"]
# %load_ext checker.notebook
lesson("09-capstone")

# %% [markdown] lang="zh"
# ## 一张路线图
#
# ```
# customer --> Service --> endpoints --> Pod --> container --> program --> Redis
#     1           2            2          3          4            5          6
# ```
#
# | 跳 | 问题 | 用什么看 |
# | --- | --- | --- |
# | 1 | 谁的什么请求失败，从什么时候起？ | 自己当一次顾客 |
# | 2 | Service 有就绪的地址吗？ | `kubectl get endpointslices` |
# | 3 | Kubernetes 对 Pod 做了什么？ | `kubectl describe pod`、`kubectl events` |
# | 4 | 容器上一次是怎么结束的？ | `lastState` |
# | 5 | 程序自己说了什么？ | `kubectl logs` |
# | 6 | 从出错的地方再问一遍，得到什么？ | `kubectl exec` |
#
# 第 1 跳给你症状。从第 2 跳往里走，走到最后一个“不对”的地方：原因就在那里，或者在它和下一跳之间。

# %% [markdown] lang="en"
# ## One map
#
# ```
# customer --> Service --> endpoints --> Pod --> container --> program --> Redis
#     1           2            2          3          4            5          6
# ```
#
# | hop | question | look with |
# | --- | --- | --- |
# | 1 | Whose request fails, which one, since when? | be a customer yourself |
# | 2 | Has the Service ready addresses? | `kubectl get endpointslices` |
# | 3 | What did Kubernetes do to the Pod? | `kubectl describe pod`, `kubectl events` |
# | 4 | How did the container's last life end? | `lastState` |
# | 5 | What does the program itself say? | `kubectl logs` |
# | 6 | Asked again from where it fails, what comes? | `kubectl exec` |
#
# Hop 1 gives you the symptom. Go inwards from hop 2 to the last thing that is wrong: the cause is there, or between it and the next hop.

# %% [markdown] lang="zh"
# ## 第一轮：它能用
#
# 演示的小店只有两个前端、一个 Redis，还有一个名为 `customer` 的 Pod 代替顾客。先看它好的时候是什么样：值班的人要认得“正常”。

# %% [markdown] lang="en"
# ## First round: it works
#
# The shop of the demonstration has two fronts, one Redis, and a Pod `customer` that stands in for customers. See it well first: who is on call must know what normal looks like.

# %%
# %%shell
kubectl apply -f manifests/09-capstone/shop.yaml > /dev/null
kubectl wait deployment --all --for=condition=Available --timeout=50s > /dev/null
kubectl wait pod customer --for=condition=Ready --timeout=50s > /dev/null
kubectl exec customer -- sh -c 'until wget -qO- -T 3 http://shop/; do sleep 1; done' 2> /dev/null
kubectl exec customer -- sh -c 'until wget -qO- -T 3 http://shop/cgi-bin/cart; do sleep 1; done' 2> /dev/null

# %%
# %shell kubectl get endpointslices -l kubernetes.io/service-name=shop -o jsonpath='ready: {.items[0].endpoints[*].conditions.ready}{"\n"}'

# %% [markdown] lang="zh"
# **先猜再看**。一个前端写下最后一句话，它的进程就结束了，kubelet 马上把容器再启动起来。这句话现在在哪里？
#
# - `a`：在 `kubectl logs` 里，日志属于 Pod，从头到尾都在；
# - `b`：在 `kubectl logs --previous` 里；
# - `c`：没有了，日志随容器一起消失。

# %% [markdown] lang="en"
# **Predict first.** A front writes a last sentence and its process ends; the kubelet starts the container again at once. Where is that sentence now?
#
# - `a`: in `kubectl logs`, for a log belongs to the Pod and is there from start to end;
# - `b`: in `kubectl logs --previous`;
# - `c`: gone, for a log ends with its container.

# %%
predict("q1", "?")

# %% tags=["long-cell"]
# %%shell
front=pod/$(kubectl get pod -l app=front -o jsonpath='{.items[0].metadata.name}')
restarts=$(kubectl get "$front" -o jsonpath='{.status.containerStatuses[0].restartCount}')
kubectl exec "$front" -- sh -c 'echo "last words" > /proc/1/fd/1; kill 1' 2> /dev/null || true
kubectl wait "$front" --for=jsonpath='{.status.containerStatuses[0].restartCount}'=$((restarts + 1)) --timeout=50s > /dev/null
echo "lines now: $(kubectl logs "$front" | grep -c last), before: $(kubectl logs "$front" --previous | grep -c last)"
kubectl get "$front" -o jsonpath='{.status.containerStatuses[0].lastState.terminated.reason}{"\n"}'

# %%
reveal("q1", "b")

# %% [markdown] lang="zh"
# `kubectl logs` 只给现在这一次运行的日志；`--previous` 给上一次的，只有一次。它属于第 4 跳。上一次的结局在 `lastState.terminated`：原因、退出码、终止消息（termination message）。Pod 一旦换掉，两样都没有了，所以先看，再删。
#
# 如果 `--previous` 报告找不到，容器还没有重启过：看 RESTARTS 一列。

# %% [markdown] lang="en"
# `kubectl logs` gives the log of this life; `--previous` that of the one before, and of no more than one; it belongs to hop 4. How that one ended is in `lastState.terminated`: reason, exit code, termination message. Once the Pod is replaced both are gone, so look first and delete later.
#
# If `--previous` reports that nothing is found, the container was not restarted: see the column RESTARTS.

# %% [markdown] lang="zh"
# ## 第二轮：故意弄坏
#
# 下面的失败是安排好的，它不属于前面八课的任何一种。新版本带来一份新的 ConfigMap，所有前端滚动更新。

# %% [markdown] lang="en"
# ## Second round: break it
#
# The failure below is planned, and of none of the kinds in the eight lessons. A release brings a new ConfigMap, and all fronts are replaced in a rolling update.

# %% [markdown] lang="zh"
# **先猜再看**。顾客往购物车里放不进东西的时候，`kubectl get pods` 会显示前端：
#
# - `a`：全部 Running、就绪，重启次数是 0；
# - `b`：CrashLoopBackOff，一直在重启；
# - `c`：没有就绪，READY 是 0/1。

# %% [markdown] lang="en"
# **Predict first.** While customers cannot fill their carts, `kubectl get pods` shows the fronts as
#
# - `a`: Running and Ready, with a restart count of 0;
# - `b`: in CrashLoopBackOff, restarted again and again;
# - `c`: not Ready, with 0/1 under READY.

# %%
predict("q2", "?")

# %%
# %%shell
old=$(kubectl get pod -l app=front -o name)
kubectl apply -f manifests/09-capstone/settings-broken.yaml
kubectl rollout restart deployment front
kubectl rollout status deployment front --timeout=50s | tail -n 1
kubectl wait $old --for=delete --timeout=50s > /dev/null

# %% [markdown] lang="zh"
# 第 1 跳：当一次顾客。首页没问题，购物车不行；失败的是一种请求，不是整家店。

# %% [markdown] lang="en"
# Hop 1: be a customer. The home page is fine and the cart is not: one kind of request fails, and not the shop as a whole.

# %%
# %shell kubectl exec customer -- wget -qO- http://shop/
# %shell --fails kubectl exec customer -- wget -qO- http://shop/cgi-bin/cart

# %% [markdown] lang="zh"
# 第 2 到第 4 跳：地址都就绪，Pod 没有重启过，没有 `lastState`。

# %% [markdown] lang="en"
# Hops 2 to 4: the addresses are ready, no Pod was restarted, there is no `lastState`.

# %%
# %shell kubectl get endpointslices -l kubernetes.io/service-name=shop -o jsonpath='ready: {.items[0].endpoints[*].conditions.ready}{"\n"}'
# %shell kubectl get pods -l app=front -o jsonpath='restarts: {.items[*].status.containerStatuses[0].restartCount}{"\n"}'
reveal("q2", "a")

# %% [markdown] lang="zh"
# Kubernetes 一路都是绿的：它只知道探针问过的事，而就绪探针（readiness probe）问的是首页。所以往里走，第 5、第 6 跳：程序说了什么？从它那里再问一遍，会怎样？

# %% [markdown] lang="en"
# All is green as far as Kubernetes looks: it knows what the probes ask, and the readiness probe asks for the home page. So go on to hops 5 and 6. What does the program say? And asked again from where it stands, what comes?

# %%
# %shell kubectl logs -l app=front --tail=-1 | grep address | sort -u
# %shell kubectl exec deploy/front -- printenv REDIS_HOST
# %shell kubectl get service -o name
# %shell --fails kubectl exec deploy/front -- nslookup redis-master > /dev/null

# %% [markdown] lang="zh"
# 停在这里：前端要找 `redis-master`，而没有一个 Service 叫这个名字。前一跳（前端）是好的，后一跳（Redis）也是好的，错在两者之间的名字。清单（manifest）里写什么文字，API 服务器都收；只有去用它的程序才知道它对不对。
#
# 如果日志是空的，多半还没有人往购物车里放过东西：先当一次顾客，再看日志。

# %% [markdown] lang="en"
# Stop here: the front looks for `redis-master`, and no Service has that name. The hop before (the front) is well and so is the hop after (Redis); the name between them is wrong. The API server takes any text in a manifest; whether it is right is known only to the program that uses it.
#
# If the log is empty, nobody has tried a cart yet: be a customer first, then read the log.

# %% [markdown] lang="zh"
# ## 第三轮：只改一样
#
# 把 ConfigMap 改回去：再应用一次 `shop.yaml`，只有这一个字段不同。
#
# **先猜再看**。之后购物车什么时候能用？
#
# - `a`：马上，容器里的环境变量跟着变；
# - `b`：一两分钟之内，等 kubelet 同步；
# - `c`：前端换成新的 Pod 之后。

# %% [markdown] lang="en"
# ## Third round: change one thing
#
# Put the ConfigMap right: apply `shop.yaml` again, which differs in this field and nowhere else.
#
# **Predict first.** When do carts work after that?
#
# - `a`: at once, for the environment of the containers changes with it;
# - `b`: within a minute or two, when the kubelet has synchronized it;
# - `c`: when the fronts have been replaced by new Pods.

# %%
predict("q3", "?")

# %% tags=["long-cell", "nbval-ignore-output"]
with recording(cart=load("shop", path="/cgi-bin/cart", rate=3, slow=3), home="kubectl exec customer -- wget -qO- http://shop/") as repaired:
    mark("kubectl apply")
    %shell kubectl apply -f manifests/09-capstone/shop.yaml > /dev/null
    repaired.keep(6)
    mark("kubectl rollout restart")
    %shell --timeout 110 old=$(kubectl get pod -l app=front -o name); kubectl rollout restart deployment front; kubectl rollout status deployment front --timeout=50s | tail -n 1; kubectl wait $old --for=delete --timeout=50s > /dev/null
    repaired.keep(5)

# %%
carts = [answer.ok for answer in repaired.answers("cart")]
print("failed after the apply:", len(repaired.failed("cart")) > 12)
print("the last five:", carts[-5:])
reveal("q3", "c")

# %% [markdown] lang="zh"
# 容器启动时得到一份环境变量，之后它不再改变。ConfigMap 的改动会到达作为卷（volume）挂载（mount）的文件（例外见 02 课），到不了已经在运行的环境变量（02 课里 Secret 也是这样）。滚动重启换上新的 Pod，它们读到新的值。
#
# 修好的证据也在第 1 跳：最后五个请求都成功了。“Pod 都就绪”在坏的时候也成立，不能当证据。
#
# ## 画出来
#
# 下图是修复时的记录：最下面两行是购物车和首页的请求，上面是前端的容器和端点，虚线是我们做的事。

# %% [markdown] lang="en"
# A container is given its environment once, when it starts, and it does not change after that. A change of a ConfigMap reaches files mounted from a volume (lesson 02 has the exception), and never the environment of what is running (so it was with Secrets in lesson 02). The rolling restart brings new Pods, and these read the new value.
#
# The proof of the repair is at hop 1, too: the last five requests succeeded. "All Pods are Ready" was as true while it was broken, and proves nothing.
#
# ## See it
#
# The picture was recorded during the repair: the two lowest rows are requests for the cart and the home page, above them stand containers and endpoints of the fronts; the dashed lines are what we did.

# %% tags=["nbval-ignore-output"]
timeline(repaired, only="front", lanes="containers endpoints", zh="从改对配置到真正修好", en="From the right setting to the repair")

# %% [markdown] lang="zh"
# 第一条虚线之后什么都没有变：购物车继续失败，首页一直有应答，端点一直就绪。直到新的 Pod 接手、旧的端点都不再就绪，购物车才开始成功；请求画在它结束的时刻，所以会晚大约一秒。

# %% [markdown] lang="en"
# After the first dashed line nothing changes: carts go on failing, the home page is answered, the endpoints stay ready. Carts succeed when the new Pods have taken over and the old endpoints are no longer ready; a request is drawn when it ends, about a second later.

# %% [markdown] lang="zh"
# ## 在生产中
#
# - 先问“最后改了什么”：`kubectl rollout history`、Git 的记录。回滚（`kubectl rollout undo`）止血，不等于找到原因；它也不会改回 ConfigMap。
# - 先保存现场再动手：`kubectl describe`、`logs --previous`、事件。事件默认只保存一小时。
# - 一次只改一样，改完回到第 1 跳。
# - 镜像里没有 shell 时，用 `kubectl debug` 加一个临时容器（ephemeral container）。
#
# 延伸阅读：[调试 Pod](https://kubernetes.io/zh-cn/docs/tasks/debug/debug-application/debug-pods/)、[调试 Service](https://kubernetes.io/zh-cn/docs/tasks/debug/debug-application/debug-service/)、[调试运行中的 Pod](https://kubernetes.io/zh-cn/docs/tasks/debug/debug-application/debug-running-pod/)。

# %% [markdown] lang="en"
# ## In production
#
# - Ask first what changed last: `kubectl rollout history`, the history in Git. A rollback (`kubectl rollout undo`) stops the bleeding and is no cause found; nor does it put back a ConfigMap.
# - Save what is there before you act: `kubectl describe`, `logs --previous`, events. Events are kept for one hour by default.
# - Change one thing at a time, then go back to hop 1.
# - Where an image has no shell, `kubectl debug` adds an ephemeral container.
#
# More: [debug Pods](https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/), [debug Services](https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/), [debug running Pods](https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/).

# %% [markdown] lang="zh"
# ## 当时和现在
#
# | 2015 年（Kubernetes 1.0） | 现在 |
# | --- | --- |
# | `kubectl rolling-update`，由命令行一步步换 | `kubectl rollout`，由 Deployment 换，可以暂停和回滚 |
# | Endpoints，一个对象装下所有地址 | EndpointSlice，每个地址有 ready、serving、terminating |
# | 镜像里要带着 shell 和工具 | `kubectl debug` 用临时容器 |
# | 终止消息只来自文件 | 出错时也可以取日志的末尾 |

# %% [markdown] lang="en"
# ## Then and now
#
# | 2015 (Kubernetes 1.0) | now |
# | --- | --- |
# | `kubectl rolling-update`, step by step from the command line | `kubectl rollout`: the Deployment does it, can pause and go back |
# | Endpoints, one object for all addresses | EndpointSlice, with ready, serving and terminating for each address |
# | an image had to bring a shell and tools | `kubectl debug` with an ephemeral container |
# | a termination message came from a file only | after an error it can be the end of the log |

# %% [markdown] lang="zh"
# ## 实验
#
# 轮到你了，大约 45 分钟。店的文件在 `work/09-capstone/lab/`，已经应用到实验的命名空间：`front.yaml`（前端和它的小程序）、`redis.yaml`、`git.yaml`（作者们推送的地方）、`search.yaml`、`stock.yaml`（夜里的进货）、`invoice.yaml`（私有镜像）。`%shell --lab kubectl …` 看实验里的店。
#
# 每一题是一个症状。前八题互不相关，从哪一题开始都可以；怎么修都行，名字和路径要留着。`hint(n)` 从一个问题开始提示；其中的 `kubectl …` 前面要加 `%shell --lab`，证据里的命令原样粘贴。
#
# | 题 | 症状 |
# | --- | --- |
# | 1 | 目录加到 12000 件之后，搜索（Service `search`）没有反应。每个容器最多用 128 MiB 内存（memory） |
# | 2 | 新首页推送到 `site.git` 一个小时了，网站（Service `shop`）上还是旧的。20 秒之内应当看到 |
# | 3 | 维护换掉了 Redis 的 Pod，购物车空了 |
# | 4 | 进货导入（CronJob `stock`）没有接受供货商的进货表，Pod 的状态里没有原因。终止消息要写着是哪件商品 |
# | 5 | Secret `payment` 换了密钥，前端还用旧的。以后换密钥不能再靠重启前端（修的时候可以换一次 Pod） |
# | 6 | 前端一更新，正在处理的订单就失败。容器也不能等到被杀掉 |
# | 7 | 没有发票：Deployment `invoice` 起不来。有效的登录信息在 Secret `registry-login`（`username`、`password`） |
# | 8 | Redis 几秒钟不应答，所有前端都重启了。自己卡住的前端（`/cgi-bin/live`）还是要重启 |
# | 9 | 大促销：滚动重启的时候没有一个订单失败；之后 Redis 突然退出，收下的订单一个不丢 |

# %% [markdown] lang="en"
# ## Lab
#
# Your turn, about 45 minutes. The files of the shop are in `work/09-capstone/lab/` and applied in the lab's namespace: `front.yaml` (fronts and their small programs), `redis.yaml`, `git.yaml` (where authors push), `search.yaml`, `stock.yaml` (the nightly import), `invoice.yaml` (a private image). Look at the lab's shop with `%shell --lab kubectl …`.
#
# Each task is a symptom. The first eight have nothing to do with each other, so begin anywhere; any repair will do, while names and paths stay. `hint(n)` begins with a question; put `%shell --lab` before a `kubectl …` of a hint, and paste a command of the evidence as it is.
#
# | task | symptom |
# | --- | --- |
# | 1 | Since the catalogue grew to 12000 articles, the search (Service `search`) does not answer. No container may use more than 128 MiB of memory |
# | 2 | A new page was pushed to `site.git` an hour ago, and the site (Service `shop`) shows the old one. It should show within 20 s |
# | 3 | Maintenance replaced the Pod of Redis, and carts were empty |
# | 4 | The import (CronJob `stock`) refused a list, and the Pod's status does not say why. The termination message is to name the article |
# | 5 | The key in the Secret `payment` was changed, and fronts use the old one. From now on a new key must take effect without a restart (your repair may replace the Pods once) |
# | 6 | At each update of the fronts, orders under way fail. Nor may a container wait until it is killed |
# | 7 | No invoices: Deployment `invoice` does not come up. The valid login is in the Secret `registry-login` (`username`, `password`) |
# | 8 | Redis was silent for seconds, and all fronts were restarted. A front that is stuck itself (`/cgi-bin/live`) must still be restarted |
# | 9 | The big sale: no order fails during a rolling restart; afterwards Redis stops abruptly, and no order that was taken is lost |

# %% tags=["nbval-ignore-output"]
# %shell --lab kubectl get pods,cronjobs

# %% [markdown] lang="zh"
# 改好文件之后，用下面这个单元格应用；`kubectl edit`、`patch` 也可以。`check(n)` 判定一个任务（任务 9 会连同任务 3、6、8 一起判定），`check()` 判定全部，要两分钟左右；检查会删除 Pod、让 Redis 停顿，之后恢复原样。

# %% [markdown] lang="en"
# When you have edited a file, apply it with the cell below; `kubectl edit` and `patch` are as good. `check(n)` judges one task (task 9 with 3, 6 and 8), `check()` all of them, in about two minutes; checks delete Pods and make Redis pause, and put back what they changed.

# %% tags=["exercise", "nbval-ignore-output"]
# %shell --lab kubectl apply -f "$WORK"

# %% tags=["solution"]
from checker.catalogue import load_lab, solution
from checker.cluster import Workspace, learner_name
from checker.grading import put_case
put_case(solution(load_lab("09")), Workspace("09-capstone", "lab", learner_name()), anew=True)

# %% tags=["nbval-ignore-output", "spoiler"]
check()

# %% [markdown] lang="zh"
# ## 回想
#
# 先自己回答，再展开。
#
# 1. 端点都就绪，请求却失败：下一跳看哪里？
# 2. 容器重启了两次，第一次运行的日志在哪里？
# 3. 为什么“所有 Pod 都就绪”不能证明店修好了？
# 4. 回顾 05 课：容器以 137 结束，还要看哪个字段才知道是不是内存不够？
# 5. 回顾 06 课：哪一种探针失败会重启容器，哪一种只是不再分到请求？
#
# <details><summary>答案</summary>
#
# 1. 第 5 跳：程序的日志；再从它那里问一遍。
# 2. 没有了，`--previous` 只有上一次；要靠集中收集的日志。
# 3. 它只说明探针问过的事；证据是顾客的请求成功。
# 4. 终止的原因：OOMKilled。
# 5. 存活探针（liveness probe）；就绪探针。
#
# </details>

# %% [markdown] lang="en"
# ## Recall
#
# Answer first, then unfold.
#
# 1. The endpoints are ready and requests fail: where do you look next?
# 2. A container was restarted twice; where is the log of its first life?
# 3. Why does "all Pods are Ready" not prove that the shop is repaired?
# 4. From lesson 05: a container ended with 137. Which other field tells whether memory was short?
# 5. From lesson 06: which probe restarts a container when it fails, and which only keeps requests away?
#
# <details><summary>Answers</summary>
#
# 1. At hop 5, the log of the program; then ask again from where it stands.
# 2. Gone; `--previous` is the one before and no more. Logs have to be collected elsewhere.
# 3. It tells what the probes asked. The proof is a customer's request that succeeds.
# 4. The reason of its end: OOMKilled.
# 5. The liveness probe; the readiness probe.
#
# </details>

# %% [markdown] lang="zh"
# ## 要点
#
# - 从顾客往里走，一跳一个命令，走到最后一个不对的地方。
# - 所有 Pod 都就绪，店照样会坏：Kubernetes 只知道探针问过的事。
# - 配置改对了，症状还在：环境变量只在容器启动时给一次。
# - 回到第 1 跳，才算修好。
#
# 最后清理演示的对象，数一数还剩几个。实验留着，`reset()` 可以清掉。

# %% [markdown] lang="en"
# ## Key points
#
# - Go inwards from the customer, one command a hop, to the last thing that is wrong.
# - All Pods are Ready and the shop can be broken: Kubernetes knows what the probes ask.
# - The setting is right and the symptom stays: an environment is given once, when a container starts.
# - It is repaired when hop 1 says so.
#
# Last, remove what the demonstration made, and count what is left. Your lab stays; `reset()` clears it.

# %%
# %%shell --timeout 120
kubectl delete -f manifests/09-capstone/shop.yaml --cascade=foreground --timeout=100s > /dev/null
kubectl get deployments,pods,services -o name | wc -l
