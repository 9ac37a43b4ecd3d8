# %% [markdown] lang="zh"
# # 终止消息（termination message）：程序的遗言
#
# 凌晨三点，支付服务的容器重启了四十次。值班的人打开日志，这一次运行才刚开始；上一次的要另外去找，有几千行。真正的原因只有一句话，程序早就知道，只是没有人替它留下来。
#
# 这一课里，你会让程序把原因留在 Pod 的状态里，一条命令就能读到。大约 40 分钟，其中等待不到 1 分钟。

# %% [markdown] lang="en"
# # Termination messages: the last words of a program
#
# It is three in the morning, and the container of a payment service has been restarted forty times. The person on duty opens the log, and this run has barely begun; the log of the last run is elsewhere, thousands of lines long. The cause is two words long. The program knew it, and nobody kept it.
#
# In this lesson a program leaves its cause in the status of its Pod, where one command reads it. About 40 minutes, of which less than 1 is waiting.

# %% [markdown] lang="zh"
# ## 目标和问题
#
# 学完之后，你能够：
#
# 1. 在 `state` 和 `lastState` 里找到退出码和终止消息；
# 2. 选择消息从哪里来：默认的文件、程序自己的文件，或者日志的结尾；
# 3. 写一条查询，按名字只取一个容器的消息；
# 4. 让原因在截断之后还在。
#
# 带着两个问题往下读：日志里明明有原因，状态里为什么是空的？调用栈很长，该先写什么？

# %% [markdown] lang="en"
# ## Objectives and questions
#
# After this lesson you can
#
# 1. find exit code and termination message in `state` and in `lastState`;
# 2. choose where the message comes from: the default file, a file of the program's own, or the end of its log;
# 3. write a query that takes the message of one container, by its name;
# 4. keep the cause in a message that is cut.
#
# Read on with two questions. The cause is in the log: why is the status empty? And of a long stack trace, what should be written first?

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
lesson("08-termination-message")

# %% [markdown] lang="zh"
# ## 最后一句话从哪里来
#
# 容器启动时，kubelet 在里面挂载（mount）一个空文件，默认是 `/dev/termination-log`（`terminationMessagePath`）。容器结束时，kubelet 读这个文件，和退出码一起放进 Pod 的状态。
#
# 状态有两格。**state** 是现在：running、waiting 或 terminated。**lastState** 记着上一次是怎么结束的。

# %% [markdown] lang="en"
# ## Where the last words come from
#
# When a container starts, the kubelet mounts an empty file in it, by default `/dev/termination-log` (`terminationMessagePath`). When the container ends, the kubelet reads that file and puts it into the status of the Pod, beside the exit code.
#
# The status has two places. **state** is now: running, waiting or terminated. **lastState** is how the life before ended.

# %% [markdown] lang="zh"
# ## 第一轮：它能用
#
# 2015 年的例子，换成今天的镜像：
#
# ```yaml
# args: ['sleep 10 && echo Sleep expired > /dev/termination-log']
# ```
#
# **先猜再看**。程序正常结束，容器重启，又在运行。这时消息在哪里？
#
# - `a`：在 `state` 里；
# - `b`：在 `lastState` 里；
# - `c`：没有了，退出码 0 不算失败，不留消息。

# %% [markdown] lang="en"
# ## First round: it works
#
# The example of 2015, with an image of today:
#
# ```yaml
# args: ['sleep 10 && echo Sleep expired > /dev/termination-log']
# ```
#
# **Predict first.** The program ends well, the container is restarted and runs again. Where is the message then?
#
# - `a`: in `state`;
# - `b`: in `lastState`;
# - `c`: nowhere, for exit code 0 is no failure and leaves no message.

# %%
predict("q1", "?")

# %% tags=["nbval-ignore-output"]
with recording() as told:
    %shell kubectl apply -f manifests/08-termination-message/pod-w-message.yaml
    %shell kubectl wait pod pod-w-message --for=jsonpath='{.status.containerStatuses[0].restartCount}'=1 --timeout=50s
    told.keep(3)

# %%
# %shell kubectl wait pod pod-w-message --for=jsonpath='{.status.containerStatuses[0].state.running}' --timeout=50s > /dev/null
# %shell kubectl get pod pod-w-message -o jsonpath='state: {.status.containerStatuses[0].state.terminated.message}{"\n"}lastState: {.status.containerStatuses[0].lastState.terminated.message}exit code: {.status.containerStatuses[0].lastState.terminated.exitCode}{"\n"}'
reveal("q1", "b")

# %% tags=["nbval-ignore-output"]
timeline(told, only="pod-w-message", zh="一个容器和它的遗言", en="A container and its last words")

# %% [markdown] lang="zh"
# 图里第一段的末尾是退出码，下面是消息；第二段是重启之后：消息从 `state` 移到了 `lastState`。成功也会留下消息：文件里有什么，kubelet 就读什么。程序以用户 1000 运行，根文件系统只读，消息还是写得进去：那个文件是单独挂载的。
#
# 如果消息是空的，看 `restartCount`：还是 0，容器就还没有结束。

# %% [markdown] lang="en"
# At the end of the first bar stands the exit code, and under it the message; the second bar is the life after the restart, which moved the message from `state` to `lastState`. Success leaves a message too: whatever is in the file, the kubelet reads. The program runs as user 1000 with a read-only root file system and could write it all the same, as that file is a mount of its own.
#
# If the message is empty instead, see `restartCount`: while it is 0 the container has not ended.

# %%
# %shell kubectl delete pod pod-w-message --timeout=50s

# %% [markdown] lang="zh"
# ## 第二轮：故意弄坏
#
# 下面的失败是安排好的。`last-words.yaml` 里有五个容器，每个都说一句话就结束：
#
# | 容器 | 写到哪里 | 退出码 | 多出来的字段 |
# | --- | --- | --- | --- |
# | `file` | `/dev/termination-log` | 1 | |
# | `path` | `/tmp/words` | 1 | `terminationMessagePath: /tmp/words` |
# | `log` | 日志 | 1 | |
# | `fallback` | 日志 | 1 | `terminationMessagePolicy: FallbackToLogsOnError` |
# | `success` | 日志 | 0 | `terminationMessagePolicy: FallbackToLogsOnError` |

# %% [markdown] lang="en"
# ## Second round: break it
#
# The failures below are planned. In `last-words.yaml` there are five containers; each says one thing and ends:
#
# | container | writes to | exit code | its extra field |
# | --- | --- | --- | --- |
# | `file` | `/dev/termination-log` | 1 | |
# | `path` | `/tmp/words` | 1 | `terminationMessagePath: /tmp/words` |
# | `log` | its log | 1 | |
# | `fallback` | its log | 1 | `terminationMessagePolicy: FallbackToLogsOnError` |
# | `success` | its log | 0 | `terminationMessagePolicy: FallbackToLogsOnError` |

# %% [markdown] lang="zh"
# **先猜再看**。哪些容器的状态里有消息？
#
# - `a`：五个都有，kubelet 总会找到最后一句话；
# - `b`：`file`、`path`、`fallback` 和 `success`；
# - `c`：`file`、`path` 和 `fallback`；
# - `d`：只有 `file`，别的路径 kubelet 不看。

# %% [markdown] lang="en"
# **Predict first.** Which containers have a message in their status?
#
# - `a`: all five, for the kubelet finds the last words wherever they are;
# - `b`: `file`, `path`, `fallback` and `success`;
# - `c`: `file`, `path` and `fallback`;
# - `d`: `file` and no other, as the kubelet looks at no other path.

# %%
predict("q2", "?")

# %% tags=["nbval-ignore-output"]
with recording() as ends:
    %shell kubectl apply -f manifests/08-termination-message/last-words.yaml
    %shell kubectl wait pod last-words --for=jsonpath='{.status.phase}'=Failed --timeout=50s

# %%
# %shell kubectl get pod last-words -o jsonpath='{range .status.containerStatuses[*]}{.name} {.state.terminated.exitCode}: {.state.terminated.message}{"\n"}{end}' | grep .
reveal("q2", "c")

# %% tags=["nbval-ignore-output"]
timeline(ends, only="last-words", zh="五种结束", en="Five ways to end")

# %% [markdown] lang="zh"
# 消息是这样选出来的：
#
# ```
# the container ends
#    |
#    |-- file not empty? ---- yes --> its text, at most 4096 bytes
#    |
#    no
#    |
#    |-- FallbackToLogsOnError
#    |   and exit code not 0? yes --> end of the log: 2048 bytes or 80 lines, the smaller
#    |
#    no --> empty
# ```
#
# `log` 失败了，图里它的末尾只有退出码，没有一句话。原因在日志里，而默认的策略 `File` 只看文件：

# %% [markdown] lang="en"
# This is how the message is chosen:
#
# ```
# the container ends
#    |
#    |-- file not empty? ---- yes --> its text, at most 4096 bytes
#    |
#    no
#    |
#    |-- FallbackToLogsOnError
#    |   and exit code not 0? yes --> end of the log: 2048 bytes or 80 lines, the smaller
#    |
#    no --> empty
# ```
#
# `log` failed, and in the picture its end has an exit code and no word. The cause is in the log, and the default policy, `File`, looks at the file and nowhere else:

# %%
# %shell kubectl logs last-words -c log

# %% [markdown] lang="zh"
# 这个 Pod 是 `restartPolicy: Never`，没有下一次，所以消息停在 `state`，`lastState` 是空的。
#
# 再看顺序：列出来的是 `fallback`、`file`、`log`……，按名字排，不按清单（manifest）里的顺序。`containerStatuses[0]` 不一定是你要的那个，所以按名字找：

# %% [markdown] lang="en"
# This Pod has `restartPolicy: Never`. No other life follows, so the messages stay in `state`, and `lastState` is empty.
#
# Now the order: the list reads `fallback`, `file`, `log` and so on, sorted by name and not as in the manifest. `containerStatuses[0]` may be another than the one you want, so look by name:

# %%
# %shell kubectl get pod last-words -o jsonpath='{.status.containerStatuses[0].name}{"\n"}'
# %shell kubectl get pod last-words -o jsonpath='{.status.containerStatuses[?(@.name=="path")].state.terminated.message}'
# %shell kubectl get pod last-words -o go-template='{{range .status.containerStatuses}}{{if eq .name "path"}}{{.state.terminated.message}}{{end}}{{end}}'

# %% [markdown] lang="zh"
# 如果 `kubectl` 报 `error parsing`，先看引号：整条查询用单引号，里面的名字用双引号。
#
# ## 第三轮：只改一样
#
# `long.yaml` 里的两个容器写同样的话，有 6000 多字节：一行原因和一段调用栈。`first` 先写原因，`last` 后写原因。
#
# **先猜再看**。截断之后，哪一个的消息里还有原因？
#
# - `a`：`last`，留下的是结尾；
# - `b`：`first`，留下的是开头；
# - `c`：两个都有，状态里放得下。

# %% [markdown] lang="en"
# If `kubectl` says `error parsing` instead, look at the quotes: single ones around the whole query, double ones around the name in it.
#
# ## Third round: change one thing
#
# The two containers of `long.yaml` write the same, more than 6000 bytes: one line with the cause, and a stack trace. `first` writes the cause first, and `last` writes it last.
#
# **Predict first.** After the cut, whose message still holds the cause?
#
# - `a`: that of `last`, as the end is kept;
# - `b`: that of `first`, as the beginning is kept;
# - `c`: both, for a status has room for it.

# %%
predict("q3", "?")

# %%
# %%shell
kubectl apply -f manifests/08-termination-message/long.yaml
kubectl wait pod long --for=jsonpath='{.status.phase}'=Failed --timeout=50s > /dev/null
words() { kubectl get pod long -o jsonpath="{.status.containerStatuses[?(@.name==\"$1\")].state.terminated.message}"; }
echo "first: $(words first | wc -c) bytes, causes: $(words first | grep -c cause || true)"
echo "last: $(words last | wc -c) bytes, causes: $(words last | grep -c cause || true)"

# %% [markdown] lang="zh"
# 两条消息都正好 4096 字节，留下的是结尾。所以原因写在最后，或者只写原因，把调用栈留给日志。

# %% [markdown] lang="en"
# Both messages have 4096 bytes exactly, and what is kept is the end. So write the cause last; or write the cause alone, and leave the stack trace to the log.

# %%
reveal("q3", "a")

# %% [markdown] lang="zh"
# ## 在生产中
#
# - 写 `terminationMessagePolicy: FallbackToLogsOnError`，几乎没有代价：程序什么都不用改，崩溃时就有日志的结尾。
# - 一个 Pod 的所有消息合起来最多 12 KiB，由容器平分，初始化容器（init container）也算：12 个容器，每个 1024 字节。这第二刀留下的是开头，四个容器起就会切到：消息要短，只写原因。
# - 内存（memory）用尽时，内核直接杀掉进程，来不及写文件；这时 `reason` 是 OOMKilled，日志的结尾也许有线索。
# - 终止消息人人能看：能读 Pod 的人都读得到，不要写密码。
# - 消息说的是上一次；再往前的，要靠日志的采集。
#
# 延伸阅读：[查明 Pod 失败的原因](https://kubernetes.io/zh-cn/docs/tasks/debug/debug-application/determine-reason-pod-failure/)、[调试运行中的 Pod](https://kubernetes.io/zh-cn/docs/tasks/debug/debug-application/debug-running-pod/)。

# %% [markdown] lang="en"
# ## In production
#
# - `terminationMessagePolicy: FallbackToLogsOnError` costs next to nothing: the program stays as it is, and a crash brings the end of its log.
# - All messages of a Pod together have at most 12 KiB, in equal shares, init containers included: with 12 containers, 1024 bytes each. This second cut keeps the beginning, and begins with four containers: write a short message, the cause alone.
# - When memory runs out the kernel kills the process, and there is no time to write a file; then `reason` is OOMKilled, and the end of the log may give a clue.
# - Whoever may read a Pod reads its termination message. Write no password there.
# - A message tells of the last life; for those before it you need collected logs.
#
# More: [why a Pod failed](https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/), [debug running Pods](https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/).

# %% [markdown] lang="zh"
# ## 当时和现在
#
# 2015 年（Kubernetes 1.0）的例子，只作历史：
#
# ```yaml
# apiVersion: v1
# kind: Pod
# metadata: {name: pod-w-message}
# spec:
#   containers:
#     - name: messager
#       image: "ubuntu:14.04"
#       command: ["/bin/sh", "-c"]
#       args: ["sleep 60 && /bin/echo Sleep expired > /dev/termination-log"]
# ```
#
# | 当时 | 现在 |
# | --- | --- |
# | `ubuntu:14.04` | `busybox:1.37`；不以 root 运行，根文件系统只读 |
# | `kubectl get … -o template -t "…"` | `-t` 没有了：`-o go-template='…'` 或 `-o jsonpath='…'` |
# | `range` 所有容器，消息连成一串 | 按名字取一个 |
# | 只有文件 | 还有 `FallbackToLogsOnError` |
# | “最近一次终止” | `lastState`；不再重启的 Pod 在 `state` |

# %% [markdown] lang="en"
# ## Then and now
#
# The example of 2015 (Kubernetes 1.0), as history only:
#
# ```yaml
# apiVersion: v1
# kind: Pod
# metadata: {name: pod-w-message}
# spec:
#   containers:
#     - name: messager
#       image: "ubuntu:14.04"
#       command: ["/bin/sh", "-c"]
#       args: ["sleep 60 && /bin/echo Sleep expired > /dev/termination-log"]
# ```
#
# | then | now |
# | --- | --- |
# | `ubuntu:14.04` | `busybox:1.37`; no root, a read-only root file system |
# | `kubectl get … -o template -t "…"` | there is no `-t`: `-o go-template='…'` or `-o jsonpath='…'` |
# | `range` over all containers, their messages in one row | one, by its name |
# | a file and nothing else | `FallbackToLogsOnError` as well |
# | "the most recent termination" | `lastState`; `state` in a Pod that is not restarted |

# %% [markdown] lang="zh"
# ## 实验
#
# 现在轮到你，大约 20 分钟，在实验自己的命名空间里；文件存到 `work/08-termination-message/lab/`。固定的只有任务里的名字。`check(n)` 判定任务 n，`check()` 判定全部；`hint(n)` 给提示，`reset()` 重来。证据里的命令原样粘贴到单元格里就能运行；提示里的 `kubectl …` 前面要加 `%shell --lab`。
#
# 检查程序在容器 `messager` 里写文件 `/tmp/order`，第一行是退出码，第二行是原因；给你的程序都会读它。
#
# **任务 1**。带标签（label）`app=message` 的 Pod：程序把原因写进终止消息，以那个退出码结束；容器重启之后，两样都在 `lastState` 里。

# %% [markdown] lang="en"
# ## Lab
#
# Your turn now, about 20 minutes, in a namespace of the lab's own; files go to `work/08-termination-message/lab/`. Only the names in the tasks are fixed. `check(n)` judges task n, `check()` judges all; `hint(n)` helps, `reset()` starts over. Paste a command of the evidence into a cell as it is; put `%shell --lab` before a `kubectl …` of a hint.
#
# The checker writes the file `/tmp/order` in container `messager`, an exit code on the first line and a reason on the second; the programs you are given read it.
#
# **Task 1.** The Pod with the label `app=message`: the program writes the reason into its termination message and ends with that exit code; after the restart both stand in `lastState`.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest message.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: message
spec:
  selector:
    matchLabels:
      app: message
  template:
    metadata:
      labels:
        app: message
    spec:
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: messager
          image: busybox:1.37
          command:
            - sh
            - -c
            - |
              until [ -s /tmp/order ]; do sleep 1; done
              { read -r code; read -r reason; } < /tmp/order
              rm /tmp/order
              echo "$reason" # 1
              exit 0 # 1
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 32Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]

# %% tags=["solution"]
# %%manifest message.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: message
spec:
  selector:
    matchLabels:
      app: message
  template:
    metadata:
      labels:
        app: message
    spec:
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: messager
          image: busybox:1.37
          command:
            - sh
            - -c
            - |
              until [ -s /tmp/order ]; do sleep 1; done
              { read -r code; read -r reason; } < /tmp/order
              rm /tmp/order
              echo "$reason" > /dev/termination-log
              exit "$code"
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 32Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]

# %% tags=["nbval-ignore-output"]
check(1)

# %% [markdown] lang="zh"
# **任务 2**。带标签 `app=path` 的 Pod：程序写的是 `/tmp/last-words`，它不改；让 kubelet 从那里读。

# %% [markdown] lang="en"
# **Task 2.** The Pod with the label `app=path`: the program writes to `/tmp/last-words` and stays as it is; let the kubelet read from there.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest path.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: path
spec:
  selector:
    matchLabels:
      app: path
  template:
    metadata:
      labels:
        app: path
    spec:
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: messager
          image: busybox:1.37
          command:
            - sh
            - -c
            - |
              until [ -s /tmp/order ]; do sleep 1; done
              { read -r code; read -r reason; } < /tmp/order
              rm /tmp/order
              echo "$reason" > /tmp/last-words
              exit "$code"
          # 2
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 32Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]

# %% tags=["solution"]
# %%manifest path.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: path
spec:
  selector:
    matchLabels:
      app: path
  template:
    metadata:
      labels:
        app: path
    spec:
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: messager
          image: busybox:1.37
          command:
            - sh
            - -c
            - |
              until [ -s /tmp/order ]; do sleep 1; done
              { read -r code; read -r reason; } < /tmp/order
              rm /tmp/order
              echo "$reason" > /tmp/last-words
              exit "$code"
          terminationMessagePath: /tmp/last-words
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 32Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]

# %% tags=["nbval-ignore-output"]
check(2)

# %% [markdown] lang="zh"
# **任务 3**。带标签 `app=logs` 的 Pod：程序只写日志。出错结束时，终止消息是日志的结尾；以退出码 0 结束时，消息是空的。

# %% [markdown] lang="en"
# **Task 3.** The Pod with the label `app=logs`: the program writes to its log and nowhere else. After an error the termination message is the end of the log; after exit code 0 it is empty.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest logs.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: logs
spec:
  selector:
    matchLabels:
      app: logs
  template:
    metadata:
      labels:
        app: logs
    spec:
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: messager
          image: busybox:1.37
          command:
            - sh
            - -c
            - |
              echo started
              until [ -s /tmp/order ]; do sleep 1; done
              { read -r code; read -r reason; } < /tmp/order
              rm /tmp/order
              echo "$reason"
              exit "$code"
          # 3
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 32Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]

# %% tags=["solution"]
# %%manifest logs.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: logs
spec:
  selector:
    matchLabels:
      app: logs
  template:
    metadata:
      labels:
        app: logs
    spec:
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: messager
          image: busybox:1.37
          command:
            - sh
            - -c
            - |
              echo started
              until [ -s /tmp/order ]; do sleep 1; done
              { read -r code; read -r reason; } < /tmp/order
              rm /tmp/order
              echo "$reason"
              exit "$code"
          terminationMessagePolicy: FallbackToLogsOnError
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 32Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]

# %% tags=["nbval-ignore-output"]
check(3)

# %% [markdown] lang="zh"
# **任务 4**。文件 `query.txt` 是一条 jsonpath 或 go-template 查询。在一个有两个容器的 Pod 上，它打印容器 `messager` 在 `lastState` 里的终止消息，别的什么也没有。Pod `pair` 给你试；检查程序用自己的两个 Pod。下面是 2015 年的查询。

# %% [markdown] lang="en"
# **Task 4.** The file `query.txt` is a jsonpath or go-template query. On a Pod with two containers it prints the termination message in the `lastState` of container `messager` and nothing else. Pod `pair` is there to try it on; the checker uses two Pods of its own. Below is the query of 2015.

# %% tags=["exercise", "nbval-ignore-output"]
# %%shell --lab
cat > "$WORK/query.txt" << 'END'
{{range .status.containerStatuses}}{{.lastState.terminated.message}}{{end}}
END
kubectl get pod pair -o "go-template=$(cat "$WORK/query.txt")"

# %% tags=["solution"]
# %%shell --lab
cat > "$WORK/query.txt" << 'END'
{{range .status.containerStatuses}}{{if eq .name "messager"}}{{.lastState.terminated.message}}{{end}}{{end}}
END
kubectl get pod pair -o "go-template=$(cat "$WORK/query.txt")"

# %% tags=["nbval-ignore-output"]
check(4)

# %% [markdown] lang="zh"
# **任务 5**。带标签 `app=trace` 的 Pod：程序写的消息超过 4096 字节，截断之后原因还在里面。

# %% [markdown] lang="en"
# **Task 5.** The Pod with the label `app=trace`: the program writes a message of more than 4096 bytes, and after the cut the reason is still in it.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest trace.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: trace
spec:
  selector:
    matchLabels:
      app: trace
  template:
    metadata:
      labels:
        app: trace
    spec:
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: messager
          image: busybox:1.37
          command:
            - sh
            - -c
            - |
              until [ -s /tmp/order ]; do sleep 1; done
              { read -r code; read -r reason; } < /tmp/order
              rm /tmp/order
              {
                echo "$reason" # 5
                for n in $(seq 200); do echo "  at frame $n of the stack trace"; done
              } > /dev/termination-log
              exit "$code"
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 32Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]

# %% tags=["solution"]
# %%manifest trace.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: trace
spec:
  selector:
    matchLabels:
      app: trace
  template:
    metadata:
      labels:
        app: trace
    spec:
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: messager
          image: busybox:1.37
          command:
            - sh
            - -c
            - |
              until [ -s /tmp/order ]; do sleep 1; done
              { read -r code; read -r reason; } < /tmp/order
              rm /tmp/order
              {
                for n in $(seq 200); do echo "  at frame $n of the stack trace"; done
                echo "$reason"
              } > /dev/termination-log
              exit "$code"
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 32Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]

# %% tags=["nbval-ignore-output"]
check(5)

# %% [markdown] lang="zh"
# ## 回想
#
# 先自己回答，再展开。
#
# 1. 消息是空的，日志里有原因：看哪个字段？
# 2. 消息在 `state` 里而不在 `lastState` 里：这说明什么？
# 3. 程序写了 8192 字节，留下哪些？
# 4. 回顾 01 课：重启次数增加，UID 没变：`lastState` 属于哪个 Pod？
# 5. 回顾 02 课：为什么不能把密码写进终止消息？
#
# <details><summary>答案</summary>
#
# 1. `terminationMessagePolicy`；默认是 `File`。
# 2. 容器结束了，没有再启动。
# 3. 最后的 4096 字节。
# 4. 同一个 Pod；Pod 换了，`lastState` 也就没有了。
# 5. 能读 Pod 的人比能读 Secret 的人多。
#
# </details>

# %% [markdown] lang="en"
# ## Recall
#
# Answer first, then unfold.
#
# 1. The message is empty, and the cause is in the log: which field do you look at?
# 2. A message stands in `state` and not in `lastState`: what does that tell?
# 3. A program wrote 8192 bytes: which are left?
# 4. From lesson 01: more restarts, the same UID: whose is the `lastState`?
# 5. From lesson 02: why is a termination message no place for a password?
#
# <details><summary>Answers</summary>
#
# 1. `terminationMessagePolicy`; its default is `File`.
# 2. The container ended and was not started again.
# 3. The last 4096.
# 4. The same Pod's; with another Pod the `lastState` is gone too.
# 5. More people may read a Pod than a Secret.
#
# </details>

# %% [markdown] lang="zh"
# ## 要点
#
# - 日志里有原因而状态里是空的，因为默认只读文件；`FallbackToLogsOnError` 在出错时补上日志的结尾。
# - 调用栈很长，原因写在最后：留下的是最后 4096 字节。
# - 重启之后看 `lastState`，不再重启看 `state`；按名字找容器，不按位置。
#
# 最后清理演示的对象，数一数还剩几个。实验留着，`reset()` 可以清掉。

# %% [markdown] lang="en"
# ## Key points
#
# - The cause is in the log and the status is empty because by default a file is read and nothing else; `FallbackToLogsOnError` adds the end of the log after an error.
# - Of a long stack trace, write the cause last: what is left are the last 4096 bytes.
# - After a restart look at `lastState`, without one at `state`; look for a container by name and not by place.
#
# Last, remove what the demonstration made, and count what is left. Your lab stays; `reset()` clears it.

# %%
# %%shell --timeout 120
kubectl delete -f manifests/08-termination-message --ignore-not-found --timeout=100s > /dev/null
kubectl get pods -o name | wc -l
