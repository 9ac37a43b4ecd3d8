# %% [markdown] lang="zh"
# # 存储：容器结束之后，什么还在
#
# 一家网店把购物车放在 Redis 里。某天夜里 Redis 的进程突然结束，Kubernetes 马上又把它启动起来，可是所有的购物车都空了。
#
# 这一课里，你会让 Redis 的数据比容器活得久，再让它比 Pod 活得久。大约 50 分钟，其中等待不到 3 分钟。

# %% [markdown] lang="en"
# # Storage: what is left when a container ends
#
# A shop keeps its carts in Redis. One night the process of Redis ends, Kubernetes starts it again at once, and all carts are empty.
#
# In this lesson you make the data of Redis outlive its container, then its Pod. About 50 minutes, of which less than 3 are waiting.

# %% [markdown] lang="zh"
# ## 目标和问题
#
# 学完之后，你能够：
#
# 1. 从 UID 和重启次数看出，是容器重启了，还是 Pod 换了一个；
# 2. 把卷（volume）挂载（mount）到程序真正写文件的地方；
# 3. 按寿命在容器的文件系统、`emptyDir` 和 PersistentVolumeClaim 之间选择；
# 4. 给内存（memory）里的卷定一个大小。
#
# 带着两个问题往下读：为什么一个 Pod 状态是 Running、也有卷，数据还是会丢？什么样的数据可以放在 `emptyDir` 里？

# %% [markdown] lang="en"
# ## Objectives and questions
#
# After this lesson you can
#
# 1. tell from UID and restart count whether a container was restarted or a Pod replaced;
# 2. mount a volume where a program really writes;
# 3. choose by lifetime between the file system of a container, an `emptyDir` and a PersistentVolumeClaim;
# 4. bound a volume in memory.
#
# Read on with two questions. Why can a Pod be Running, have a volume, and lose data all the same? Which data may an `emptyDir` hold?

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
lesson("01-storage")

# %% [markdown] lang="zh"
# ## 三种寿命，一层套一层
#
# ```
# claim      |=======================================================|
# Pod        |------------- UID A -------------|   |----- UID B -----|
# container  |---- 0 ----| |-------- 1 --------|   |------- 0 -------|
#                        ^                     ^
#                     process ends         Pod deleted
# ```
#
# **容器**随它的进程结束；kubelet 再启动一个，文件系统又从镜像开始。**Pod** 活到被删除或被驱逐（eviction）为止，容器重启不改变它，UID 也不变。**PersistentVolumeClaim**（简称 PVC，图中的 claim）是单独的对象，活到有人删除它为止。
#
# 卷是 Pod 交给容器的一个目录，挂载到某个路径上；`emptyDir` 这种卷和它的 Pod 寿命相同。

# %% [markdown] lang="en"
# ## Three lives, one inside the other
#
# ```
# claim      |=======================================================|
# Pod        |------------- UID A -------------|   |----- UID B -----|
# container  |---- 0 ----| |-------- 1 --------|   |------- 0 -------|
#                        ^                     ^
#                     process ends         Pod deleted
# ```
#
# A **container** ends with its process; the kubelet starts another, whose file system begins with the image again. A **Pod** lives until it is deleted or evicted; a restart of its container leaves it, and its UID, as they are. A **PersistentVolumeClaim** (PVC for short, the claim of the picture) is an object of its own and lives until someone deletes it.
#
# A volume is a directory that a Pod hands to its containers, mounted at a path; a volume of type `emptyDir` lives as long as its Pod.

# %% [markdown] lang="zh"
# ## 第一轮：它能用
#
# 清单（manifest）里的四行是关键：
#
# ```yaml
# args: [--appendonly, "yes"]
# volumeMounts: [{name: data, mountPath: /data}]
# volumes:
#   - {name: data, emptyDir: {}}
# ```
#
# Redis 把数据放在内存里。只追加文件（append-only file）把每次写入都记到 `/data`，启动时再读回来。

# %% [markdown] lang="en"
# ## First round: it works
#
# Four lines of the manifest matter:
#
# ```yaml
# args: [--appendonly, "yes"]
# volumeMounts: [{name: data, mountPath: /data}]
# volumes:
#   - {name: data, emptyDir: {}}
# ```
#
# Redis holds its data in memory. The append-only file records each write in `/data`, and is read back at the start.

# %%
# %%shell
kubectl apply -f manifests/01-storage/redis.yaml
kubectl rollout status deployment/redis --timeout=50s | tail -n 1
kubectl exec deploy/redis -- redis-cli SET city Hangzhou
kubectl exec deploy/redis -- redis-cli CONFIG GET dir

# %% [markdown] lang="zh"
# **先猜再看**。我们马上让 Redis 突然结束（`SHUTDOWN NOSAVE`：不保存就退出）。容器重启之后：
#
# - `a`：键还在，Pod 的 UID 不变；
# - `b`：键没有了，因为重启就是换了一个新的 Pod；
# - `c`：键还在，但 UID 变了，是新的 Pod 接过了数据。

# %% [markdown] lang="en"
# **Predict first.** We are about to end Redis abruptly (`SHUTDOWN NOSAVE` leaves without saving). After the restart of the container
#
# - `a`: the key is there, and the UID of the Pod is the same;
# - `b`: the key is gone, for a restart is a new Pod;
# - `c`: the key is there, and the UID is another: a new Pod took over the data.

# %%
predict("q1", "?")

# %%
# %%shell
uid() { kubectl get pod -l app=redis -o jsonpath='{.items[0].metadata.uid}'; }
before=$(uid)
kubectl exec deploy/redis -- redis-cli SHUTDOWN NOSAVE > /dev/null 2>&1 || true
kubectl wait pod -l app=redis --for=jsonpath='{.status.containerStatuses[0].restartCount}'=1 > /dev/null
[ "$(uid)" = "$before" ] && echo "same UID: true"

# %%
# %shell kubectl wait pod -l app=redis --for=condition=Ready > /dev/null
# %shell kubectl get pod -l app=redis -o jsonpath='restarts: {.items[0].status.containerStatuses[0].restartCount}{"\n"}'
# %shell kubectl exec deploy/redis -- redis-cli GET city
reveal("q1", "a")

# %% [markdown] lang="zh"
# 看两个字段：`metadata.uid` 没变，`restartCount` 变成了 1。所以结束的是容器，不是 Pod；`/data` 上的卷属于 Pod，新容器看到的和旧容器留下的一样。写 `|| true`，是因为 `kubectl exec` 就在被我们结束的容器里，它的退出码不作数。
#
# 如果 `GET` 打印的是空行，看 `CONFIG GET appendonly` 是不是 `yes`：没有只追加文件，突然结束会丢掉最后一次快照之后的写入。

# %% [markdown] lang="en"
# Two fields tell: `metadata.uid` is the same, `restartCount` became 1. So a container ended and no Pod; the volume at `/data` belongs to the Pod, and the new container finds it as the old one left it. The `|| true` is there because `kubectl exec` stands in the container that we end: its exit code says nothing.
#
# If `GET` prints an empty line instead, see whether `CONFIG GET appendonly` says `yes`: without the append-only file an abrupt end loses the writes since the last snapshot.

# %% [markdown] lang="zh"
# ## 第二轮：故意弄坏
#
# 下面的失败是安排好的。`redis-broken.yaml` 只改了一处：同一个卷挂载在 `/redis-master-data`，那是 2015 年一个镜像用的路径。Pod 照样会是 Running。

# %% [markdown] lang="en"
# ## Second round: break it
#
# The failure below is planned. `redis-broken.yaml` differs in one place: the same volume is mounted at `/redis-master-data`, the path of an image of 2015. The Pod will be Running all the same.

# %%
# %%shell
kubectl apply -f manifests/01-storage/redis-broken.yaml
kubectl rollout status deployment/redis-broken --timeout=50s | tail -n 1
kubectl exec deploy/redis-broken -- redis-cli SET city Hangzhou
kubectl get pod -l app=redis-broken -o jsonpath='{.items[0].status.phase}{"\n"}'

# %% [markdown] lang="zh"
# **先猜再看**。同样让容器重启一次：
#
# - `a`：键还在，因为 Pod 有卷，`emptyDir` 和 Pod 寿命相同；
# - `b`：容器起不来，因为 Redis 找不到它的目录；
# - `c`：键没有了，文件不在卷里。

# %% [markdown] lang="en"
# **Predict first.** The container is restarted in the same way:
#
# - `a`: the key is there, for the Pod has a volume, and an `emptyDir` lives as long as the Pod;
# - `b`: the container does not come up, for Redis does not find its directory;
# - `c`: the key is gone, the files were not in the volume.

# %%
predict("q2", "?")

# %%
# %%shell
kubectl exec deploy/redis-broken -- redis-cli SHUTDOWN NOSAVE > /dev/null 2>&1 || true
kubectl wait pod -l app=redis-broken --for=jsonpath='{.status.containerStatuses[0].restartCount}'=1 > /dev/null
kubectl wait pod -l app=redis-broken --for=condition=Ready > /dev/null
kubectl exec deploy/redis-broken -- redis-cli EXISTS city

# %% [markdown] lang="zh"
# `EXISTS` 回答 0：键没有了，而且没有一条报错。现在从症状找原因：卷在哪里，Redis 又写在哪里？

# %% [markdown] lang="en"
# `EXISTS` says 0: the key is gone, and nothing reported an error. Now from the symptom to the cause: where is the volume, and where does Redis write?

# %%
# %shell kubectl get pod -l app=redis-broken -o jsonpath='{.items[0].spec.containers[0].volumeMounts[0].mountPath}{"\n"}'
# %shell kubectl exec deploy/redis-broken -- redis-cli CONFIG GET dir
# %shell kubectl exec deploy/redis-broken -- sh -c 'ls -A /redis-master-data | wc -l'
reveal("q2", "c")

# %% [markdown] lang="zh"
# 卷挂载在一个路径，Redis 写在另一个路径，卷里的文件数是 0。Kubernetes 不知道程序写在哪里，不会提醒你：**有卷不等于数据在卷里**。
#
# 如果 `EXISTS` 回答 1，多半是容器还没有重启：看 `kubectl get pods` 的 RESTARTS 一列。

# %% [markdown] lang="en"
# The volume is mounted at one path, Redis writes to another, and the volume holds 0 files. Kubernetes does not know where a program writes and gives no warning: **to have a volume is not to have the data in it**.
#
# If `EXISTS` says 1, the container was probably not restarted yet: see the column RESTARTS of `kubectl get pods`.

# %% [markdown] lang="zh"
# ## 第三轮：只改一样
#
# `redis-claim.yaml` 和第一轮相比只换了卷的类型：`emptyDir` 换成 PVC。它的清单在 `manifests/01-storage/redis-claim.yaml` 的开头，任务 4 也用得上。集群默认的 StorageClass 会在有 Pod 使用它时建好真正的卷。

# %% [markdown] lang="en"
# ## Third round: change one thing
#
# Compared with the first round, `redis-claim.yaml` changes the type of the volume and nothing else: a PVC in place of the `emptyDir`. Its manifest is at the top of `manifests/01-storage/redis-claim.yaml`; task 4 has use for it. The default StorageClass of the cluster makes the real volume when a Pod needs it.

# %%
# %%shell
kubectl apply -f manifests/01-storage/redis-claim.yaml
kubectl rollout status deployment/redis-claim --timeout=50s | tail -n 1
kubectl exec deploy/redis-claim -- redis-cli SET city Hangzhou
kubectl get pvc redis-claim -o jsonpath='{.status.phase}{"\n"}'

# %% [markdown] lang="zh"
# **先猜再看**。这一次删除的是 Pod：第一轮的一个（`emptyDir`），这一轮的一个（PVC）。Deployment 会各补一个新的。键在哪里还有？
#
# - `a`：两处都有，Deployment 把数据也一起恢复；
# - `b`：只有 PVC 那一处；
# - `c`：两处都没有，换了 Pod 一切从头开始。

# %% [markdown] lang="en"
# **Predict first.** This time we delete Pods: the one of the first round (`emptyDir`) and the one of this round (PVC). The Deployments make new ones. Where is the key?
#
# - `a`: in both, for a Deployment brings the data back too;
# - `b`: in the one with the PVC only;
# - `c`: in neither, for with a new Pod all begins anew.

# %%
predict("q3", "?")

# %% tags=["nbval-ignore-output"]
with recording(emptyDir="kubectl exec deploy/redis -- redis-cli EXISTS city",
               PVC="kubectl exec deploy/redis-claim -- redis-cli EXISTS city") as replaced:
    mark("kubectl delete pod")
    %shell kubectl delete pod -l 'app in (redis, redis-claim)' --timeout=50s
    %shell kubectl wait pod -l 'app in (redis, redis-claim)' --for=condition=Ready

# %%
# %shell kubectl get pods -l 'app in (redis, redis-claim)' -o jsonpath='restarts: {.items[*].status.containerStatuses[0].restartCount}{"\n"}'
# %shell kubectl exec deploy/redis -- redis-cli EXISTS city
# %shell kubectl exec deploy/redis-claim -- redis-cli EXISTS city
reveal("q3", "b")

# %% [markdown] lang="zh"
# 两个新 Pod 的重启次数都是 0：这是更换，不是重启。`emptyDir` 随旧 Pod 结束；PVC 没有动，新 Pod 接着用同一个卷。更新 Deployment、节点腾空、驱逐，也都会换 Pod。
#
# 如果等新 Pod 等满了时限，看 `kubectl describe pvc redis-claim`：卷没有建好，Pod 就起不来。
#
# ## 画出来
#
# 下图是刚才更换 Pod 时的记录：PVC、Pod 和容器各占一行，一段就是一次寿命；圆点是每秒读一次键的结果。

# %% [markdown] lang="en"
# Both new Pods have a restart count of 0: a replacement, no restart. The `emptyDir` ended with the old Pod; the PVC was not touched, and the new Pod goes on with the same volume. An update of the Deployment, a drained node and an eviction replace Pods as well.
#
# If the wait for the new Pods times out, see `kubectl describe pvc redis-claim`: without its volume a Pod does not start.
#
# ## See it
#
# The picture was recorded while the Pods were replaced: a row for each PVC, Pod and container, a bar for each life; the dots are reads of the key, one a second.

# %% tags=["nbval-ignore-output"]
timeline(replaced, only="redis redis-claim", zh="更换两个 Pod", en="Two Pods replaced")

# %% [markdown] lang="zh"
# 两处都是旧 Pod 结束、新 Pod 开始，新容器启动之前没有应答。之后 `emptyDir` 一行的读取变成“没有了”，PVC 一行仍是“读到了”：PVC 那一段从头到尾没有断。

# %% [markdown] lang="en"
# On both sides the old Pod ends and a new one begins; until its container runs there is no answer. After that the read of `emptyDir` says "gone" and that of the PVC "found": the bar of the PVC runs through from end to end.

# %% [markdown] lang="zh"
# ## 在生产中
#
# - 磁盘上的 `sizeLimit` 不是配额：kubelet 过一会儿量一次，超了就驱逐整个 Pod。内存卷（`medium: Memory`）的 `sizeLimit` 是文件系统的大小，写满得到 `No space left on device`；写进去的内容算在容器的内存里。
# - PVC 是 ReadWriteOnce 时，写 `strategy: Recreate`；多个副本用 StatefulSet，每个副本一个 PVC。
# - PVC 不是备份：删掉它，数据通常也没了。
#
# 延伸阅读：[卷](https://kubernetes.io/zh-cn/docs/concepts/storage/volumes/#emptydir)、[持久卷](https://kubernetes.io/zh-cn/docs/concepts/storage/persistent-volumes/)、[Redis 的持久化](https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/)。

# %% [markdown] lang="en"
# ## In production
#
# - On disk a `sizeLimit` is no quota: the kubelet measures now and then, and evicts the whole Pod. In memory (`medium: Memory`) the `sizeLimit` is the size of the file system, a full one says `No space left on device`, and its content counts as the container's memory.
# - With a ReadWriteOnce PVC use `strategy: Recreate`; for several replicas a StatefulSet, with a PVC for each.
# - A PVC is no backup: its data usually goes with it.
#
# More: [volumes](https://kubernetes.io/docs/concepts/storage/volumes/#emptydir), [persistent volumes](https://kubernetes.io/docs/concepts/storage/persistent-volumes/), [persistence of Redis](https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/).

# %% [markdown] lang="zh"
# ## 当时和现在
#
# 2015 年（Kubernetes 1.0）的例子是这样的，这里只作历史：
#
# ```yaml
# apiVersion: v1
# kind: ReplicationController
# metadata: {name: redis}
# spec:
#   template:
#     metadata: {labels: {app: redis, tier: backend}}
#     spec:
#       volumes: [{name: data, emptyDir: {}}]
#       containers:
#         - name: redis
#           image: kubernetes/redis:v1
#           ports: [{containerPort: 6379}]
#           volumeMounts: [{name: data, mountPath: /redis-master-data}]
# ```
#
# | 当时 | 现在 |
# | --- | --- |
# | ReplicationController | Deployment 或 StatefulSet；`spec.selector` 必须写 |
# | `kubernetes/redis:v1` | `redis:8`；镜像是旧格式，现在的 containerd 已经拉取不了 |
# | “容器失效，数据还在” | 还要文件确实在卷里，每次写入也确实记进文件 |
# | GCE PD、EBS 写在 Pod 里 | PVC 和 StorageClass，背后是 CSI 驱动 |

# %% [markdown] lang="en"
# ## Then and now
#
# The example of 2015 (Kubernetes 1.0) was this; it stands here as history only:
#
# ```yaml
# apiVersion: v1
# kind: ReplicationController
# metadata: {name: redis}
# spec:
#   template:
#     metadata: {labels: {app: redis, tier: backend}}
#     spec:
#       volumes: [{name: data, emptyDir: {}}]
#       containers:
#         - name: redis
#           image: kubernetes/redis:v1
#           ports: [{containerPort: 6379}]
#           volumeMounts: [{name: data, mountPath: /redis-master-data}]
# ```
#
# | then | now |
# | --- | --- |
# | ReplicationController | Deployment or StatefulSet; `spec.selector` must be written |
# | `kubernetes/redis:v1` | `redis:8`; containerd no longer pulls images of the old format |
# | "a container fails, the data is still there" | if writes reach files, and the files are in the volume |
# | GCE PD and EBS named in the Pod | PVC and StorageClass, with CSI drivers behind them |

# %% [markdown] lang="zh"
# ## 实验
#
# 现在轮到你，大约 20 分钟，在实验自己的命名空间里；文件存到 `work/01-storage/lab/`。固定的只有任务里的名字。`check(n)` 判定任务 n 和它需要的任务，`check()` 判定全部；`hint(n)` 给提示，`reset()` 重来；检查会重启容器、删除 Pod。证据里的命令可以直接粘贴到单元格里运行。
#
# 1. 名为 `redis` 的 Service 在端口 6379 上回答 `PING`。
# 2. 通过这个 Service 写入的键，在 `SHUTDOWN NOSAVE` 引起的容器重启之后还在；Pod 还是同一个。
# 3. 检查程序删除那个 Pod；新的 Pod 应答，旧的键没有了。
#
# 清单里有四处空缺：选择器的值、`args`、`volumeMounts`、`volumes`。`# 1` 和 `# 2` 是任务号。

# %% [markdown] lang="en"
# ## Lab
#
# Your turn now, about 20 minutes, in a namespace of the lab's own; files go to `work/01-storage/lab/`. Only the names in the tasks are fixed. `check(n)` judges task n and the tasks it needs, `check()` judges all; `hint(n)` helps, `reset()` starts over; checks restart containers and delete Pods. The commands of the evidence can be pasted into a cell.
#
# 1. A Service named `redis` answers `PING` on port 6379.
# 2. A key written through it is there after the restart that `SHUTDOWN NOSAVE` causes, in the same Pod.
# 3. The checker deletes that Pod; a new one answers, and the old key is gone.
#
# The manifest has four gaps: the value of the selector, `args`, `volumeMounts`, `volumes`. `# 1` and `# 2` are task numbers.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest redis.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: redis
spec:
  replicas: 1
  strategy:
    type: Recreate
  selector:
    matchLabels:
      app: redis
  template:
    metadata:
      labels:
        app: redis
    spec:
      securityContext:
        runAsNonRoot: true
        runAsUser: 999
        runAsGroup: 999
        fsGroup: 999
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: redis
          image: redis:8
          args: [] # 2
          ports:
            - name: redis
              containerPort: 6379
          volumeMounts: [] # 2
          resources:
            requests:
              cpu: 10m
              memory: 64Mi
            limits:
              memory: 128Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes: [] # 2
---
apiVersion: v1
kind: Service
metadata:
  name: redis
spec:
  selector:
    app: TODO # 1
  ports:
    - port: 6379
      targetPort: redis

# %% tags=["solution"]
# %%manifest redis.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: redis
spec:
  replicas: 1
  strategy:
    type: Recreate
  selector:
    matchLabels:
      app: redis
  template:
    metadata:
      labels:
        app: redis
    spec:
      securityContext:
        runAsNonRoot: true
        runAsUser: 999
        runAsGroup: 999
        fsGroup: 999
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: redis
          image: redis:8
          args: [--appendonly, "yes"]
          ports:
            - name: redis
              containerPort: 6379
          volumeMounts:
            - name: data
              mountPath: /data
          resources:
            requests:
              cpu: 10m
              memory: 64Mi
            limits:
              memory: 128Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: data
          emptyDir: {}
---
apiVersion: v1
kind: Service
metadata:
  name: redis
spec:
  selector:
    app: redis
  ports:
    - port: 6379
      targetPort: redis

# %% tags=["nbval-ignore-output"]
check(1)

# %% tags=["nbval-ignore-output"]
check(2)

# %% tags=["nbval-ignore-output"]
check(3)

# %% [markdown] lang="zh"
# **任务 4**。名为 `redis-durable` 的 Service 在端口 6379 上应答。检查程序写入一个键并删除 Pod；新的 Pod 里键还在，数据在一个状态为 `Bound` 的 PVC 里。下面的清单能运行，但数据还在 `emptyDir` 里。

# %% [markdown] lang="en"
# **Task 4.** A Service named `redis-durable` answers on port 6379. The checker writes a key and deletes the Pod; in the new Pod the key is still there, kept by a PVC that is `Bound`. The manifest below runs, with its data still in an `emptyDir`.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest durable.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: redis-durable
spec:
  replicas: 1
  strategy:
    type: Recreate
  selector:
    matchLabels:
      app: redis-durable
  template:
    metadata:
      labels:
        app: redis-durable
    spec:
      securityContext:
        runAsNonRoot: true
        runAsUser: 999
        runAsGroup: 999
        fsGroup: 999
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: redis
          image: redis:8
          args: [--appendonly, "yes"]
          ports:
            - name: redis
              containerPort: 6379
          volumeMounts:
            - name: data
              mountPath: /data
          resources:
            requests:
              cpu: 10m
              memory: 64Mi
            limits:
              memory: 128Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: data
          emptyDir: {} # 4
---
apiVersion: v1
kind: Service
metadata:
  name: redis-durable
spec:
  selector:
    app: redis-durable
  ports:
    - port: 6379
      targetPort: redis

# %% tags=["solution"]
# %%manifest durable.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: redis-durable
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 64Mi
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: redis-durable
spec:
  replicas: 1
  strategy:
    type: Recreate
  selector:
    matchLabels:
      app: redis-durable
  template:
    metadata:
      labels:
        app: redis-durable
    spec:
      securityContext:
        runAsNonRoot: true
        runAsUser: 999
        runAsGroup: 999
        fsGroup: 999
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: redis
          image: redis:8
          args: [--appendonly, "yes"]
          ports:
            - name: redis
              containerPort: 6379
          volumeMounts:
            - name: data
              mountPath: /data
          resources:
            requests:
              cpu: 10m
              memory: 64Mi
            limits:
              memory: 128Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: data
          persistentVolumeClaim:
            claimName: redis-durable
---
apiVersion: v1
kind: Service
metadata:
  name: redis-durable
spec:
  selector:
    app: redis-durable
  ports:
    - port: 6379
      targetPort: redis

# %% tags=["nbval-ignore-output"]
check(4)

# %% [markdown] lang="zh"
# **任务 5**。带标签（label）`app=scratch` 的 Pod 在 `/scratch` 挂载一个内存里的卷，容器里有 `sh` 和 `dd`。写 12 MiB 能成功，写过 16 MiB 就报 `No space left on device`，容器不重启。

# %% [markdown] lang="en"
# **Task 5.** A Pod with the label `app=scratch` mounts a volume in memory at `/scratch`; its container has `sh` and `dd`. A write of 12 MiB fits, a write past 16 MiB gets `No space left on device`, and the container is not restarted.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest scratch.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: scratch
spec:
  selector:
    matchLabels:
      app: scratch
  template:
    metadata:
      labels:
        app: scratch
    spec:
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
          volumeMounts:
            - name: scratch
              mountPath: /scratch
          resources:
            requests:
              cpu: 10m
              memory: 16Mi
            limits:
              memory: 64Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: scratch
          emptyDir: {} # 5

# %% tags=["solution"]
# %%manifest scratch.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: scratch
spec:
  selector:
    matchLabels:
      app: scratch
  template:
    metadata:
      labels:
        app: scratch
    spec:
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
          volumeMounts:
            - name: scratch
              mountPath: /scratch
          resources:
            requests:
              cpu: 10m
              memory: 16Mi
            limits:
              memory: 64Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: scratch
          emptyDir:
            medium: Memory
            sizeLimit: 16Mi

# %% tags=["nbval-ignore-output"]
check(5)

# %% [markdown] lang="zh"
# ## 回想
#
# 先自己回答，再展开。
#
# 1. 重启次数是 3，UID 没变：前后有过几个 Pod、几个容器？
# 2. 有卷，数据却在重启后丢了：先比较哪两个路径？
# 3. 没有人动手删 Pod，`emptyDir` 还会因为什么结束？
# 4. 回顾 00 课：Pod 是 Running，请求为什么还可能没有应答？
# 5. 回顾 00 课：检查的结论是“未能检查”：你丢了分吗，接下来做什么？
#
# <details><summary>答案</summary>
#
# 1. 1 个 Pod，4 个容器。
# 2. 卷的 `mountPath`，和程序的写入目录。
# 3. 更新、节点腾空、驱逐。
# 4. 标签没对上，或者没有程序在监听。
# 5. 没有；读原因，处理好再检查。
#
# </details>

# %% [markdown] lang="en"
# ## Recall
#
# Answer first, then unfold.
#
# 1. The restart count is 3 and the UID is the same: how many Pods were there, and how many containers?
# 2. There is a volume, and data is lost at a restart: which two paths do you compare?
# 3. Nobody deletes the Pod by hand: what else ends its `emptyDir`?
# 4. From lesson 00: a Pod is Running: why may a request still get no answer?
# 5. From lesson 00: a check says "could not be checked": did you lose points, and what do you do?
#
# <details><summary>Answers</summary>
#
# 1. 1 Pod, 4 containers.
# 2. The `mountPath` of the volume, and the directory the program writes to.
# 3. An update, a drained node, an eviction.
# 4. Its labels do not match, or no program listens.
# 5. No; read the reason, see to it, check again.
#
# </details>

# %% [markdown] lang="zh"
# ## 要点
#
# - Pod 会是 Running、也有卷，数据却照样丢：程序写在别处，或者只偶尔写文件。
# - `emptyDir` 里放缓存、临时文件这类 Pod 没了也无妨的数据；要活得更久，就用 PVC。
# - UID 不变、重启次数增加，是容器重启；UID 变了，是换了 Pod。
#
# 最后清理演示的对象，数一数还剩几个。实验留着，`reset()` 可以清掉。

# %% [markdown] lang="en"
# ## Key points
#
# - A Pod is Running, has a volume, and loses data all the same when the program writes elsewhere, or writes files only now and then.
# - An `emptyDir` may hold what can be lost with the Pod, such as caches and temporary files; what must live longer needs a PVC.
# - Same UID and a higher restart count: the container was restarted. Another UID: the Pod was replaced.
#
# Last, remove what the demonstration made, and count what is left. Your lab stays; `reset()` clears it.

# %%
# %%shell --timeout 120
kubectl delete -f manifests/01-storage --cascade=foreground --timeout=100s > /dev/null
kubectl get deployments,pods,services,pvc -o name | wc -l
