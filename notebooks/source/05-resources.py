# %% [markdown] lang="zh"
# # 资源：每个容器能用多少
#
# 一家网店在同一个节点上跑网页和一个报表程序。中午报表程序占的内存（memory）越来越多，网页跟着变慢，然后被杀掉，而报表程序还活着。
#
# 这一课里，你给每个容器说清楚要多少、最多能用多少，再看内核怎样执行。大约 55 分钟，其中等待不到 3 分钟。

# %% [markdown] lang="en"
# # Resources: how much each container may have
#
# A shop runs its web front and a report on one node. At noon the report takes more and more memory; the web front slows down, then it is killed, and the report lives on.
#
# In this lesson you say for each container what it needs and what it may have, and see how the kernel holds it to that. About 55 minutes, of which less than 3 are waiting.

# %% [markdown] lang="zh"
# ## 目标和问题
#
# 学完之后，你能够：
#
# 1. 分清请求（request）和上限（limit），并在 cgroup 里读到生效的值；
# 2. 从症状看出，一个容器是内存超了，还是 CPU 被限流（throttling）；
# 3. 不重启容器，就地调整它的资源；
# 4. 用 LimitRange 和 ResourceQuota 给一个命名空间（namespace）立规矩。
#
# 带着两个问题往下读：为什么同样是超过上限，有的容器被杀，有的只是变慢？一份没有写资源的清单（manifest），为什么会被拒绝？

# %% [markdown] lang="en"
# ## Objectives and questions
#
# After this lesson you can
#
# 1. tell a request from a limit, and read in the cgroup what is in force;
# 2. tell from symptoms whether a container ran out of memory or is throttled;
# 3. resize a container in place, without a restart;
# 4. rule a namespace with a LimitRange and a ResourceQuota.
#
# Read on with two questions. Why is one container past its limit killed and another only slow? Why may a manifest be refused that says nothing of resources?

# %% [markdown] lang="zh"
# ## 准备
#
# 确认集群（cluster）是课程自己的，并清空演示用的命名空间。

# %% [markdown] lang="en"
# ## Preflight
#
# Make sure that the cluster is the course's own, and empty the namespace of the demonstration.

# %% tags=["nbval-ignore-output"]
# %load_ext checker.notebook
lesson("05-resources")

# %% [markdown] lang="zh"
# ## 两个数，两个地方
#
# ```
#           request              limit
# CPU     |--- set aside ---|--- if free ---|  past it: throttled
# memory  |--- set aside ---|--- if free ---|  past it: OOMKilled
#           scheduler          kernel
# ```
#
# **请求**给调度器看：它只把 Pod 放到还留得出这么多的节点上，用不用都算数。**上限**由内核执行，写在容器的 **cgroup**（内核为一组进程记的账）里。CPU 可以让程序等一等，所以超了就限流；内存借出去收不回来，所以超了就杀，原因是 **OOMKilled**。
#
# 只写上限时，请求等于上限。

# %% [markdown] lang="en"
# ## Two numbers, in two places
#
# ```
#           request              limit
# CPU     |--- set aside ---|--- if free ---|  past it: throttled
# memory  |--- set aside ---|--- if free ---|  past it: OOMKilled
#           scheduler          kernel
# ```
#
# A **request** is for the scheduler. It places a Pod only where that much can still be set aside, used or not. A **limit** is enforced by the kernel, in the container's **cgroup**, the books it keeps for a group of processes. CPU can be made to wait, so past the limit it is throttled. Memory once given cannot be taken back, so past the limit a program is killed, with the reason **OOMKilled**.
#
# Where only a limit is written, the request equals it.

# %% [markdown] lang="zh"
# ## 第一轮：它能用
#
# 清单里的这几行是关键：
#
# ```yaml
# resources:
#   requests: {cpu: 10m, memory: 16Mi}
#   limits: {cpu: 500m, memory: 64Mi}
# ```
#
# `500m` 是半个 CPU，`Mi` 是 1048576 字节。
#
# **先猜再看**：两个副本一共让调度器留出多少 CPU？
#
# - `a`：1000m，上限是多少就留多少；
# - `b`：现在用多少就算多少；
# - `c`：20m，只看请求。

# %% [markdown] lang="en"
# ## First round: it works
#
# These lines of the manifest matter:
#
# ```yaml
# resources:
#   requests: {cpu: 10m, memory: 16Mi}
#   limits: {cpu: 500m, memory: 64Mi}
# ```
#
# `500m` is half a CPU, `Mi` is 1048576 bytes.
#
# **Predict first.** How much CPU does the scheduler set aside for the two replicas?
#
# - `a`: 1000m, for that is what they may use;
# - `b`: what they use at the moment;
# - `c`: 20m, for requests are what counts.

# %%
predict("q1", "?")

# %%
# %%shell
kubectl apply -f manifests/05-resources/web.yaml
kubectl rollout status deployment/my-nginx --timeout=50s | tail -n 1
kubectl get pods -l app=my-nginx -o jsonpath='{.items[*].spec.containers[0].resources.requests.cpu}{"\n"}'

# %%
# %%shell
ns=$(kubectl config view --minify -o jsonpath='{..namespace}')
kubectl describe nodes | grep -cE "^ +$ns +my-nginx-.* 10m \(.* 500m \("
books() { kubectl exec deploy/my-nginx -- sh -c "cd /sys/fs/cgroup; cat $* 2> /dev/null; true"; }
books memory.max memory/memory.limit_in_bytes
books cpu.max cpu/cpu.cfs_quota_us | cut -d ' ' -f 1

# %%
reveal("q1", "c")

# %% [markdown] lang="zh"
# `kubectl describe nodes` 里有 2 行是我们的，每行算的是 10m。后两个数来自内核的文件：67108864 字节是 64Mi；50000 是每 100000 微秒里最多跑 50000 微秒，也就是半个 CPU。没有文件夹的文件名属于 cgroup v2，另一套属于 v1；你的节点只有其中一套。
#
# 如果 Pod 停在 Pending，看 `kubectl describe pod` 的事件：请求比哪个节点剩下的都大，就会一直等。

# %% [markdown] lang="en"
# 2 lines of `kubectl describe nodes` are ours, and each counts 10m. The numbers after that are the kernel's: 67108864 bytes are 64Mi; 50000 are the microseconds it may run in each 100000, so half a CPU. Names without a folder are of cgroup v2, the others of v1; your node has one of the sets.
#
# If a Pod stays Pending instead, see the events in `kubectl describe pod`: with a request larger than what any node has left, it waits for ever.

# %% [markdown] lang="zh"
# ## 第二轮：故意弄坏
#
# 下面的失败是安排好的。`leaky` 每半秒多要 4 MiB 内存，上限 48Mi；`busy` 是一个从不休息的循环，上限 100m CPU。
#
# **先猜再看**：两个都会超过上限：
#
# - `a`：`leaky` 被杀，`busy` 变慢但一直活着；
# - `b`：两个都被杀，然后重启；
# - `c`：两个都变慢，谁也不会被杀。

# %% [markdown] lang="en"
# ## Second round: break it
#
# The failure below is planned. `leaky` takes 4 MiB more memory every half second, with a limit of 48Mi; `busy` is a loop that never rests, with a limit of 100m CPU.
#
# **Predict first.** Both go past their limits:
#
# - `a`: `leaky` is killed, `busy` is slowed down and lives on;
# - `b`: both are killed and restarted;
# - `c`: both are slowed down, neither is killed.

# %%
predict("q2", "?")

# %% tags=["nbval-ignore-output"]
with recording(memory=memory("deploy/leaky"), cpu=cpu("deploy/busy")) as hungry:
    %shell kubectl apply -f manifests/05-resources/leaky.yaml -f manifests/05-resources/busy.yaml
    %shell kubectl rollout status deployment/leaky --timeout=50s
    %shell kubectl wait pod -l app=leaky --for=jsonpath='{.status.containerStatuses[0].restartCount}'=1 --timeout=50s
    hungry.keep(4)

# %%
# %shell kubectl get pod -l app=leaky -o jsonpath='{range .items[0].status.containerStatuses[0].lastState.terminated}{.reason} {.exitCode}{"\n"}{end}'
# %shell kubectl get pod -l app=busy -o jsonpath='restarts: {.items[0].status.containerStatuses[0].restartCount}{"\n"}'
# %shell kubectl exec deploy/busy -- sh -c 'cat /sys/fs/cgroup/cpu.stat /sys/fs/cgroup/cpu/cpu.stat 2> /dev/null | grep -c "nr_throttled [1-9]"'
reveal("q2", "a")

# %% tags=["nbval-ignore-output"]
timeline(hungry, only="leaky busy", lanes="containers", zh="内存用到上限，CPU 用到上限", en="Memory at its limit, CPU at its limit")

# %% [markdown] lang="zh"
# 内存一级一级往上，碰到虚线那一刻容器结束：`OOMKilled`，退出码 137（128 + 9，SIGKILL）。新容器从头再漏一次。CPU 那条线到 0.1 就上不去了，再多要的时间都变成了等待（throttled）；容器那一段没有断过。
#
# 137 本身不说明是内存：宽限期（grace period）用完也是 SIGKILL，那时的原因是 Error。`CrashLoopBackOff` 只是两次启动之间的等待，原因要看 `lastState`。这里最多等 3 秒；Kubernetes 自己的默认值从 10 秒加到 5 分钟。

# %% [markdown] lang="en"
# Memory climbs step by step, and where it meets the dashed line the container ends: `OOMKilled`, exit code 137 (128 + 9, SIGKILL). The new container leaks anew. The line of the CPU comes to 0.1 and no further; what it wants beyond that becomes waiting (throttled), and the container's bar has no gap.
#
# 137 alone does not tell of memory: at the end of a grace period a SIGKILL comes too, and then the reason is Error. `CrashLoopBackOff` is only the wait between two starts; the cause stands in `lastState`. That wait is 3 seconds at most here; by Kubernetes' own default it grows from 10 seconds to 5 minutes.

# %% [markdown] lang="zh"
# ## 第三轮：只改一样
#
# `busy` 太慢了。我们把正在运行的这个 Pod 的 CPU 上限从 100m 改到 300m，用的是 Pod 的子资源 `resize`（Kubernetes 1.35 起正式可用）。
#
# **先猜再看**。
#
# - `a`：Deployment 换上一个新 Pod；
# - `b`：还是这个 Pod，容器重启一次；
# - `c`：还是这个容器，cgroup 里的数变了。

# %% [markdown] lang="en"
# ## Third round: change one thing
#
# `busy` is too slow. We change the CPU limit of the Pod that runs from 100m to 300m, through its subresource `resize` (stable since Kubernetes 1.35).
#
# **Predict first.**
#
# - `a`: the Deployment brings a new Pod;
# - `b`: it is the same Pod, and its container is restarted;
# - `c`: it is the same container, and the number in its cgroup changes.

# %%
predict("q3", "?")

# %% tags=["nbval-ignore-output"]
with recording(cpu=cpu("deploy/busy")) as resized:
    resized.keep(3)
    mark("kubectl patch --subresource resize")
    %shell kubectl patch "$(kubectl get pod -l app=busy -o name)" --subresource resize -p '{"spec":{"containers":[{"name":"loop","resources":{"limits":{"cpu":"300m"}}}]}}'
    resized.keep(7)

# %%
# %shell kubectl get pod -l app=busy -o jsonpath='restarts: {.items[0].status.containerStatuses[0].restartCount}{"\n"}'
# %shell kubectl exec deploy/busy -- sh -c 'cat /sys/fs/cgroup/cpu.max /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2> /dev/null | cut -d " " -f 1'
# %shell kubectl get deployment busy -o jsonpath='{.spec.template.spec.containers[0].resources.limits.cpu}{"\n"}'
reveal("q3", "c")

# %% tags=["nbval-ignore-output"]
timeline(resized, only="busy", lanes="containers", zh="CPU 上限从 100m 到 300m", en="The CPU limit from 100m to 300m")

# %% [markdown] lang="zh"
# 容器没有重启，cgroup 里已经是 30000。Deployment 的模板还写着 100m：下一个 Pod 又从那里开始，所以模板也要改。QoS 类不能这样改变；`resizePolicy` 为 RestartContainer 的资源，调整时容器会重启。
#
# 如果数没有变，看 Pod 的 condition `PodResizePending`：节点暂时留不出这么多。

# %% [markdown] lang="en"
# The container was not restarted, and its cgroup says 30000. The Deployment's template still says 100m, and the next Pod begins with that; so change the template too. The QoS class cannot change in this way, and a resource with the `resizePolicy` RestartContainer does restart the container.
#
# If the number stays as it was, see the Pod's condition `PodResizePending`: the node cannot set that much aside for now.

# %% [markdown] lang="zh"
# ## 一个命名空间的规矩
#
# `limits.yaml` 里有两个对象。**ResourceQuota** 管总数，也因此不收没有写资源的 Pod；**LimitRange** 在 Pod 创建的那一刻补上没写的值，拒绝超过 `max` 的容器。`plain.yaml` 什么都没写，`greedy.yaml` 要 512Mi。

# %% [markdown] lang="en"
# ## Rules for a namespace
#
# `limits.yaml` holds two objects. A **ResourceQuota** bounds totals, and so lets in no Pod that leaves its resources out; a **LimitRange** fills in what is left out at the moment a Pod is made, and refuses a container above `max`. `plain.yaml` says nothing, `greedy.yaml` wants 512Mi.

# %%
# %%shell
kubectl apply -f manifests/05-resources/limits.yaml -f manifests/05-resources/plain.yaml
kubectl get pod plain -o jsonpath='{.spec.containers[0].resources}{"\n"}{.status.qosClass}{"\n"}'

# %%
# %shell --fails kubectl apply -f manifests/05-resources/greedy.yaml

# %%
# %shell kubectl get pods -l 'app in (leaky, busy)' -o jsonpath='{.items[*].spec.containers[0].resources.limits.memory}{"\n"}'

# %% [markdown] lang="zh"
# `plain` 得到了默认值，所以它的 **QoS 类**是 Burstable。节点内存不够时，先驱逐（eviction）用得比请求多的 Pod：BestEffort（什么都没写）总在其中，Burstable 看用量；没有超出请求的排在最后，Guaranteed（每个容器的请求都等于上限）总是如此。
#
# 早先的 Pod 一点没变：规矩只在创建时看。Deployment 的 Pod 被拒绝时，`kubectl apply` 不报错；看 ReplicaSet 的事件。

# %% [markdown] lang="en"
# `plain` got the defaults, and so its **QoS class** is Burstable. When a node runs out of memory, it first evicts Pods that use more than they requested: BestEffort (nothing written) always does, Burstable may. Those that stay below come last, and Guaranteed (in every container the requests equal the limits) is always among them.
#
# The earlier Pods are as they were: the rules are read when a Pod is made. Where the Pods of a Deployment are refused, `kubectl apply` reports no error; see the events of the ReplicaSet.

# %% [markdown] lang="zh"
# ## 在生产中
#
# - 内存的请求和上限写成一样，最少意外；CPU 上限会带来限流，很多团队只写 CPU 请求。
# - 上限从测量来：让程序跑过最忙的一天，看用过的最大值，再留余地。
# - 写进内存卷（volume）的内容也算容器的内存（01 课）。
#
# 延伸阅读：[管理资源](https://kubernetes.io/zh-cn/docs/concepts/configuration/manage-resources-containers/)、[就地调整](https://kubernetes.io/zh-cn/docs/tasks/configure-pod-container/resize-container-resources/)、[LimitRange](https://kubernetes.io/zh-cn/docs/concepts/policy/limit-range/)、[QoS 类](https://kubernetes.io/zh-cn/docs/concepts/workloads/pods/pod-qos/)。

# %% [markdown] lang="en"
# ## In production
#
# - Equal request and limit of memory bring the fewest surprises; a CPU limit brings throttling, and many teams set only a CPU request.
# - Limits come from measurements: let the program have its busiest day, see the most it used, and leave room.
# - What is written to a memory volume counts as the container's memory (lesson 01).
#
# More: [managing resources](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/), [resizing in place](https://kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources/), [LimitRange](https://kubernetes.io/docs/concepts/policy/limit-range/), [QoS classes](https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/).

# %% [markdown] lang="zh"
# ## 当时和现在
#
# 2015 年（Kubernetes 1.0）的例子是这样的，这里只作历史：
#
# ```yaml
# apiVersion: v1
# kind: ReplicationController
# metadata: {name: my-nginx}
# spec:
#   replicas: 2
#   template:
#     metadata: {labels: {app: nginx}}
#     spec:
#       containers:
#         - name: nginx
#           image: nginx
#           ports: [{containerPort: 80}]
#           resources: {limits: {cpu: 500m, memory: 64Mi}}
# ```
#
# | 当时 | 现在 |
# | --- | --- |
# | 只写上限 | 请求也要写，不然等于上限：两个副本就占去 1000m |
# | “超过上限，程序就终止” | 内存超了才杀；CPU 超了是限流 |
# | 每个命名空间都有 LimitRange `limits` | 管理员建了才有 |
# | 改资源要换 Pod | `--subresource resize` 就地调整 |

# %% [markdown] lang="en"
# ## Then and now
#
# The example of 2015 (Kubernetes 1.0) was this; it stands here as history only:
#
# ```yaml
# apiVersion: v1
# kind: ReplicationController
# metadata: {name: my-nginx}
# spec:
#   replicas: 2
#   template:
#     metadata: {labels: {app: nginx}}
#     spec:
#       containers:
#         - name: nginx
#           image: nginx
#           ports: [{containerPort: 80}]
#           resources: {limits: {cpu: 500m, memory: 64Mi}}
# ```
#
# | then | now |
# | --- | --- |
# | limits only | write requests too, else they equal the limits: two replicas take 1000m |
# | "past its limit a program is ended" | for memory; for CPU it is throttled |
# | every namespace has a LimitRange `limits` | only where an administrator made one |
# | other resources mean another Pod | `--subresource resize`, in place |

# %% [markdown] lang="zh"
# ## 实验
#
# 现在轮到你，大约 25 分钟，在实验自己的命名空间里；文件存到 `work/05-resources/lab/`。固定的只有题目里的名字和数。`check(n)` 判定任务 n，`check()` 判定全部；`hint(n)` 给提示，`reset()` 重来。证据里的命令可以贴到一个单元格里运行。
#
# **任务 1**：两个带标签（label）`app=my-nginx` 的 Pod 就绪；容器的 cgroup 里，CPU 上限是 500m，内存上限是 64Mi；每个 Pod 请求的 CPU 不超过 50m。
#
# `# 1` 标出要改的地方。

# %% [markdown] lang="en"
# ## Lab
#
# Your turn now, about 25 minutes, in a namespace of the lab's own; files go to `work/05-resources/lab/`. Only the names and numbers in the tasks are fixed. `check(n)` judges task n, `check()` judges all; `hint(n)` helps, `reset()` starts over. Paste a command of the evidence into a cell to run it.
#
# **Task 1.** Two Pods with the label `app=my-nginx` are Ready; in the cgroup of their container the CPU limit is 500m and the memory limit 64Mi; each Pod requests at most 50m of CPU.
#
# `# 1` marks what is to be changed.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: my-nginx
spec:
  replicas: 1 # 1
  selector:
    matchLabels:
      app: my-nginx
  template:
    metadata:
      labels:
        app: my-nginx
    spec:
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 101
        seccompProfile:
          type: RuntimeDefault
        sysctls:
          - name: net.ipv4.ip_unprivileged_port_start
            value: "0"
      containers:
        - name: nginx
          image: nginx:1
          ports:
            - containerPort: 80
          resources: {} # 1
          volumeMounts:
            - name: cache
              mountPath: /var/cache/nginx
            - name: run
              mountPath: /run
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: cache
          emptyDir: {}
        - name: run
          emptyDir: {}

# %% tags=["solution"]
# %%manifest web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: my-nginx
spec:
  replicas: 2
  selector:
    matchLabels:
      app: my-nginx
  template:
    metadata:
      labels:
        app: my-nginx
    spec:
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 101
        seccompProfile:
          type: RuntimeDefault
        sysctls:
          - name: net.ipv4.ip_unprivileged_port_start
            value: "0"
      containers:
        - name: nginx
          image: nginx:1
          ports:
            - containerPort: 80
          resources:
            requests:
              cpu: 10m
              memory: 16Mi
            limits:
              cpu: 500m
              memory: 64Mi
          volumeMounts:
            - name: cache
              mountPath: /var/cache/nginx
            - name: run
              mountPath: /run
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: cache
          emptyDir: {}
        - name: run
          emptyDir: {}

# %% tags=["nbval-ignore-output"]
check(1)

# %% [markdown] lang="zh"
# **任务 2**：同一个程序跑两份：`app=honest` 每做完一批就归还内存，`app=leaky` 从不归还。给两个容器同样的内存上限：`leaky` 因此被杀（`OOMKilled`，137），`honest` 做完一批又一批，不重启。程序不要改。

# %% [markdown] lang="en"
# **Task 2.** One program runs twice: `app=honest` gives its memory back after each batch, `app=leaky` never does. Give both containers the same memory limit, by which `leaky` is killed (`OOMKilled`, 137) while `honest` goes from batch to batch without a restart. Leave the program as it is.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest twins.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: batches
data:
  batches.sh: |
    exec awk -v keep="$KEEP" 'BEGIN {
      while (keep == "no" || batch < 4) {
        batch++
        for (i = 1; i <= 40; i++) {
          place = keep == "no" ? i : batch "/" i
          held[place] = sprintf("%1048576s", i)
          if (i % 10 == 0) system("sleep 0.2")
        }
        print "batch " batch " done"
        fflush()
        if (keep == "no") delete held
        system("sleep 1")
      }
      system("sleep 86400")
    }'
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: leaky
spec:
  selector:
    matchLabels:
      app: leaky
  template:
    metadata:
      labels:
        app: leaky
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: batches
          image: busybox:1.37
          command: [sh, /program/batches.sh]
          env:
            - name: KEEP
              value: "yes"
          resources:
            requests:
              cpu: 5m
              memory: 16Mi # 2
          volumeMounts:
            - name: program
              mountPath: /program
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: program
          configMap:
            name: batches
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: honest
spec:
  selector:
    matchLabels:
      app: honest
  template:
    metadata:
      labels:
        app: honest
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: batches
          image: busybox:1.37
          command: [sh, /program/batches.sh]
          env:
            - name: KEEP
              value: "no"
          resources:
            requests:
              cpu: 5m
              memory: 16Mi # 2
          volumeMounts:
            - name: program
              mountPath: /program
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: program
          configMap:
            name: batches

# %% tags=["solution"]
# %%manifest twins.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: batches
data:
  batches.sh: |
    exec awk -v keep="$KEEP" 'BEGIN {
      while (keep == "no" || batch < 4) {
        batch++
        for (i = 1; i <= 40; i++) {
          place = keep == "no" ? i : batch "/" i
          held[place] = sprintf("%1048576s", i)
          if (i % 10 == 0) system("sleep 0.2")
        }
        print "batch " batch " done"
        fflush()
        if (keep == "no") delete held
        system("sleep 1")
      }
      system("sleep 86400")
    }'
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: leaky
spec:
  selector:
    matchLabels:
      app: leaky
  template:
    metadata:
      labels:
        app: leaky
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: batches
          image: busybox:1.37
          command: [sh, /program/batches.sh]
          env:
            - name: KEEP
              value: "yes"
          resources:
            requests:
              cpu: 5m
              memory: 16Mi
            limits:
              memory: 64Mi
          volumeMounts:
            - name: program
              mountPath: /program
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: program
          configMap:
            name: batches
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: honest
spec:
  selector:
    matchLabels:
      app: honest
  template:
    metadata:
      labels:
        app: honest
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: batches
          image: busybox:1.37
          command: [sh, /program/batches.sh]
          env:
            - name: KEEP
              value: "no"
          resources:
            requests:
              cpu: 5m
              memory: 16Mi
            limits:
              memory: 64Mi
          volumeMounts:
            - name: program
              mountPath: /program
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: program
          configMap:
            name: batches

# %% tags=["nbval-ignore-output"]
check(2)

# %% [markdown] lang="zh"
# **任务 3**：带标签 `app=busy` 的 Pod 里，循环最多用 100m 的 CPU：一次次被限流，从不重启。

# %% [markdown] lang="en"
# **Task 3.** In the Pod with the label `app=busy` the loop may use at most 100m of CPU; it is throttled again and again, and never restarted.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest busy.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: busy
spec:
  selector:
    matchLabels:
      app: busy
  template:
    metadata:
      labels:
        app: busy
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: loop
          image: busybox:1.37
          command: [sh, -c, "while :; do :; done"]
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              cpu: 300m # 3
              memory: 32Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]

# %% tags=["solution"]
# %%manifest busy.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: busy
spec:
  selector:
    matchLabels:
      app: busy
  template:
    metadata:
      labels:
        app: busy
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: loop
          image: busybox:1.37
          command: [sh, -c, "while :; do :; done"]
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              cpu: 100m
              memory: 32Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]

# %% tags=["nbval-ignore-output"]
check(3)

# %% [markdown] lang="zh"
# **任务 4**：这个任务在实验的第二个命名空间 `team-05-resources` 里（命令用 `%shell --team`）。那里的 ResourceQuota `team` 不收没有写资源的 Pod。让这样的 Pod 也能进来：它得到上限 cpu 100m、memory 64Mi 和请求 cpu 10m、memory 32Mi；一个容器要 128Mi 内存可以，要 256Mi 就被拒绝。

# %% [markdown] lang="en"
# **Task 4.** This one is in the lab's second namespace, `team-05-resources` (for commands: `%shell --team`). The ResourceQuota `team` there lets in no Pod that leaves its resources out. Let such a Pod in. It gets the limits cpu 100m and memory 64Mi, and the requests cpu 10m and memory 32Mi; a container may have a memory limit of 128Mi, and one of 256Mi is refused.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest team/limits.yaml
apiVersion: v1
kind: ResourceQuota
metadata:
  name: team
spec:
  hard:
    requests.cpu: 200m
    requests.memory: 512Mi
    limits.cpu: "1"
    limits.memory: 1Gi
---
apiVersion: v1
kind: LimitRange
metadata:
  name: limits
spec:
  limits:
    - type: Container # 4
      max:
        memory: 512Mi

# %% tags=["solution"]
# %%manifest team/limits.yaml
apiVersion: v1
kind: ResourceQuota
metadata:
  name: team
spec:
  hard:
    requests.cpu: 200m
    requests.memory: 512Mi
    limits.cpu: "1"
    limits.memory: 1Gi
---
apiVersion: v1
kind: LimitRange
metadata:
  name: limits
spec:
  limits:
    - type: Container
      default:
        cpu: 100m
        memory: 64Mi
      defaultRequest:
        cpu: 10m
        memory: 32Mi
      max:
        memory: 128Mi

# %% tags=["nbval-ignore-output"]
check(4)

# %% [markdown] lang="zh"
# **任务 5**：三个 Pod 就绪，标签和 QoS 类对应：`qos=guaranteed`、`qos=burstable`、`qos=besteffort`。下面三个的类和标签都对不上。

# %% [markdown] lang="en"
# **Task 5.** Three Pods are Ready, each of the QoS class its label names: `qos=guaranteed`, `qos=burstable`, `qos=besteffort`. None of the three below is of the class that its label names.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest qos.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: guaranteed
spec:
  selector:
    matchLabels:
      qos: guaranteed
  template:
    metadata:
      labels:
        qos: guaranteed
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: busybox:1.37
          command: [sleep, infinity]
          resources:
            requests:
              cpu: 10m
              memory: 16Mi # 5
            limits:
              cpu: 10m
              memory: 32Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: burstable
spec:
  selector:
    matchLabels:
      qos: burstable
  template:
    metadata:
      labels:
        qos: burstable
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: busybox:1.37
          command: [sleep, infinity]
          resources:
            requests:
              cpu: 10m
              memory: 16Mi
            limits:
              memory: 16Mi
              cpu: 10m # 5
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: besteffort
spec:
  selector:
    matchLabels:
      qos: besteffort
  template:
    metadata:
      labels:
        qos: besteffort
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: busybox:1.37
          command: [sleep, infinity]
          resources:
            requests:
              cpu: 10m
              memory: 16Mi # 5
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]

# %% tags=["solution"]
# %%manifest qos.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: guaranteed
spec:
  selector:
    matchLabels:
      qos: guaranteed
  template:
    metadata:
      labels:
        qos: guaranteed
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: busybox:1.37
          command: [sleep, infinity]
          resources:
            requests:
              cpu: 10m
              memory: 16Mi
            limits:
              cpu: 10m
              memory: 16Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: burstable
spec:
  selector:
    matchLabels:
      qos: burstable
  template:
    metadata:
      labels:
        qos: burstable
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: busybox:1.37
          command: [sleep, infinity]
          resources:
            requests:
              cpu: 10m
              memory: 16Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: besteffort
spec:
  selector:
    matchLabels:
      qos: besteffort
  template:
    metadata:
      labels:
        qos: besteffort
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: busybox:1.37
          command: [sleep, infinity]
          resources: {}
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]

# %% tags=["nbval-ignore-output"]
check(5)

# %% [markdown] lang="zh"
# **任务 6**：带标签 `app=grow` 的 Pod 以 32Mi 的内存上限启动。把它就地调整到 64Mi：Pod 还是那一个，容器没有重启，cgroup 里是新值。清单不用改。

# %% [markdown] lang="en"
# **Task 6.** The Pod with the label `app=grow` starts with a memory limit of 32Mi. Resize it in place to 64Mi: it is the same Pod, its container was not restarted, and its cgroup holds the new value. Leave the manifest as it is.

# %% tags=["long-cell", "nbval-ignore-output"]
# %%manifest grow.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: grow
spec:
  selector:
    matchLabels:
      app: grow
  template:
    metadata:
      labels:
        app: grow
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: busybox:1.37
          command: [sleep, infinity]
          resources:
            requests:
              cpu: 10m
              memory: 16Mi
            limits:
              memory: 32Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]

# %% tags=["exercise", "nbval-ignore-output"]
# %shell --lab kubectl get pods -l app=grow

# %% tags=["solution"]
# %%shell --lab
kubectl rollout status deployment/grow --timeout=50s
pod=$(kubectl get pods -l app=grow -o name)
kubectl patch "$pod" --subresource resize -p '{"spec":{"containers":[{"name":"app","resources":{"limits":{"memory":"64Mi"}}}]}}'

# %% tags=["nbval-ignore-output"]
check(6)

# %% [markdown] lang="zh"
# ## 回想
#
# 先自己回答，再展开。
#
# 1. 退出码是 137，原因是 Error：是内存的问题吗？
# 2. Pod 一直 Pending，事件里说 `Insufficient cpu`，节点却很空闲：怎么会？
# 3. 写 `memory: 64m` 会怎样？
# 4. 回顾 01 课：内存卷写满时，写的人得到什么？容器的内存上限比卷小又会怎样？
# 5. 回顾 00 课：检查的结论是“未能检查”，你丢了分吗？
#
# <details><summary>答案</summary>
#
# 1. 不一定：那是 SIGKILL，多半来自用完的宽限期或失败的探针；内存的原因是 OOMKilled。
# 2. 调度器只加请求，不看用量：请求已经把节点留满了。
# 3. 那是 0.064 字节，容器起不来；该写 `64Mi`。
# 4. `No space left on device`；上限先到，写的程序就被杀。
# 5. 没有；读原因，处理好再检查。
#
# </details>

# %% [markdown] lang="en"
# ## Recall
#
# Answer first, then unfold.
#
# 1. The exit code is 137 and the reason Error: is memory the trouble?
# 2. A Pod stays Pending with `Insufficient cpu`, while the node has little to do: how can that be?
# 3. What comes of `memory: 64m`?
# 4. From lesson 01: a memory volume is full: what does the writer get? And with a memory limit below the size of the volume?
# 5. From lesson 00: a check says "could not be checked": did you lose points?
#
# <details><summary>Answers</summary>
#
# 1. Not of itself: that is a SIGKILL, mostly from a grace period that was used up or a probe that failed; for memory the reason is OOMKilled.
# 2. The scheduler adds up requests and does not look at use; they have filled the node.
# 3. 0.064 bytes, and the container does not start; write `64Mi`.
# 4. `No space left on device`; where the limit comes first, the program that writes is killed.
# 5. No; read the reason, see to it, check again.
#
# </details>

# %% [markdown] lang="zh"
# ## 要点
#
# - 内存收不回来，所以超过上限就杀；CPU 可以等，所以超过上限只是变慢。
# - ResourceQuota 在，清单里又没写资源，就会被拒绝；LimitRange 替它补上。
# - 请求决定放在哪里，上限决定最多用多少；只写上限，请求就等于上限。
# - 正在运行的 Pod 用 `resize` 调整，Deployment 的模板另外改。
#
# 最后清理演示的对象，数一数还剩几个。实验留着，`reset()` 可以清掉。

# %% [markdown] lang="en"
# ## Key points
#
# - Memory cannot be taken back, so past the limit a program is killed; CPU can wait, so past the limit it is only slow.
# - With a ResourceQuota a manifest without resources is refused; a LimitRange fills them in.
# - Requests decide where a Pod runs, limits how much it may use; where only limits are written, requests equal them.
# - A Pod that runs is resized through `resize`; the Deployment's template is changed apart from that.
#
# Last, remove what the demonstration made, and count what is left. Your lab stays; `reset()` clears it.

# %%
# %%shell --timeout 120
kubectl delete -f manifests/05-resources --ignore-not-found --cascade=foreground --timeout=100s > /dev/null
kubectl get deployments,pods,limitranges -o name | wc -l
