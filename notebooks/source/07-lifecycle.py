# %% [markdown] lang="zh"
# # 从删除到退出：Pod 怎样体面地结束
#
# 每次发布，网店都有几位顾客看到错误页：旧的 Pod 被删除时，手上还有没做完的事，门口还有没走到的人。
#
# 这一课里，你会看清删除之后的每一步，再让一次滚动重启一个请求也不丢。大约 55 分钟，其中等待约 4 分钟。

# %% [markdown] lang="en"
# # From deletion to exit: how a Pod ends well
#
# With each release a few customers of a shop see an error page. The old Pod was deleted with work in its hands, and with people still on their way to its door.
#
# In this lesson you see each step after a deletion, and then make a rolling restart lose no request. About 55 minutes, of which some 4 are waiting.

# %% [markdown] lang="zh"
# ## 目标和问题
#
# 学完之后，你能够：
#
# 1. 说出删除之后各步的顺序，并从记录里认出它们；
# 2. 从退出码和时间看出，程序是自己结束的，还是被杀死的；
# 3. 算出一个 Pod 需要多长的宽限期（grace period）；
# 4. 让滚动重启不丢请求。
#
# 带着两个问题往下读：钩子的时间算不算在宽限期里？为什么程序明明体面地退出了，请求还是会丢？

# %% [markdown] lang="en"
# ## Objectives and questions
#
# After this lesson you can
#
# 1. name the steps after a deletion in their order, and recognize them in a record;
# 2. tell from exit code and time whether a program ended by itself or was killed;
# 3. work out how long a grace period a Pod needs;
# 4. make a rolling restart lose no request.
#
# Read on with two questions. Does the time of a hook count in the grace period? Why may requests be lost although the program leaves in good order?

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
lesson("07-lifecycle")

# %% [markdown] lang="zh"
# ## 一次删除，两条路
#
# ```
# kubectl delete pod
#  |
#  |---- preStop hook ----|---- program finishes ----| exit
#  |                      ^ stop signal to PID 1
#  |                       end of the grace period --| SIGKILL (137)
#  |
#  |-- endpoint "terminating" --> proxies learn of it a moment later
# ```
#
# 上面一条路是容器：先运行**生命周期钩子**（lifecycle hook）preStop，它返回之后，停止信号（默认是 SIGTERM）发给 **PID 1**，也就是容器里的第一个进程。**宽限期**用完就是 SIGKILL，谁也接不住。
#
# 下面一条路是请求：**EndpointSlice** 里的端点（Service 背后的一个地址）标上 terminating，各节点上的 kube-proxy 和别的代理晚一点才知道。两条路同时出发，谁也不等谁。

# %% [markdown] lang="en"
# ## One deletion, two paths
#
# ```
# kubectl delete pod
#  |
#  |---- preStop hook ----|---- program finishes ----| exit
#  |                      ^ stop signal to PID 1
#  |                       end of the grace period --| SIGKILL (137)
#  |
#  |-- endpoint "terminating" --> proxies learn of it a moment later
# ```
#
# The upper path is the container's. Its **lifecycle hook** preStop runs first; when it has returned, the stop signal (SIGTERM by default) goes to **PID 1**, the first process of the container. At the end of the **grace period** comes SIGKILL, which nothing can catch.
#
# The lower path is that of the requests. In the **EndpointSlice** the endpoint (an address behind a Service) is marked terminating; kube-proxy on each node, and other proxies, learn of it a moment later. Both paths begin at the same time, and neither waits for the other.

# %% [markdown] lang="zh"
# ## 第一轮：它能用
#
# 这是 2015 年的例子，换成了现在的写法：两个 nginx，和一个 preStop 钩子。清单（manifest）里没有写宽限期。
#
# ```yaml
# lifecycle:
#   preStop:
#     exec:
#       command: [nginx, -c, /etc/course/nginx.conf, -s, quit]
# ```

# %% [markdown] lang="en"
# ## First round: it works
#
# This is the example of 2015 in today's form: two nginx, and a preStop hook. The manifest names no grace period.
#
# ```yaml
# lifecycle:
#   preStop:
#     exec:
#       command: [nginx, -c, /etc/course/nginx.conf, -s, quit]
# ```

# %%
# %%shell
kubectl apply -f manifests/07-lifecycle/my-nginx.yaml
kubectl rollout status deployment/my-nginx --timeout=50s | tail -n 1
kubectl get pods -l app=my-nginx -o jsonpath='grace periods: {.items[*].spec.terminationGracePeriodSeconds}{"\n"}'

# %% [markdown] lang="zh"
# 默认是 30 秒。2015 年的那篇文章说是 10 秒。
#
# **先猜再看**。现在删除其中一个 Pod。它：
#
# - `a`：很快结束，退出码 0，宽限期只是上限；
# - `b`：30 秒之后才结束，Kubernetes 总要等完宽限期；
# - `c`：很快结束，退出码 137，删除就是杀死。

# %% [markdown] lang="en"
# The default is 30 s. The article of 2015 said 10.
#
# **Predict first**. Now we delete one of the two Pods. It
#
# - `a`: ends soon, with exit code 0: the grace period is a limit and no more;
# - `b`: ends after 30 s, for Kubernetes always waits for the whole grace period;
# - `c`: ends soon, with exit code 137: to delete is to kill.

# %%
predict("q1", "?")

# %% tags=["nbval-ignore-output"]
with recording() as deleted:
    mark("kubectl delete pod")
    %shell kubectl delete $(kubectl get pod -l app=my-nginx -o name | head -n 1) --timeout=50s
    %shell kubectl wait pod -l app=my-nginx --for=condition=Ready --timeout=50s

# %% tags=["nbval-ignore-output"]
timeline(deleted, only="my-nginx", lanes="containers endpoints", zh="删除一个 Pod", en="One Pod deleted")

# %%
# %shell echo "Pods: $(kubectl get pods -l app=my-nginx -o name | wc -l)"
# %shell echo "FailedPreStopHook: $(kubectl get events --field-selector reason=FailedPreStopHook -o name | wc -l)"
reveal("q1", "a")

# %% [markdown] lang="zh"
# 图里旧容器的退出码是 0：钩子做完，nginx 自己离开，新的 Pod 补上，又是 2 个。没有 FailedPreStopHook 事件，也就是钩子没有失败。
#
# 如果有 FailedPreStopHook 事件，看镜像里有没有钩子要的程序；钩子失败了，信号照样会发。如果图里是 137，nginx 在 30 秒里没有做完：看还有没有没结束的请求。

# %% [markdown] lang="en"
# In the picture the old container has exit code 0: the hook worked, nginx left by itself, a new Pod came, and there are 2 again. There is no event FailedPreStopHook, so the hook did not fail.
#
# If there is an event FailedPreStopHook, see whether the image has the program that the hook wants; the signal is sent all the same. If the picture says 137, nginx was not done within 30 s: look for requests that had not ended.

# %% [markdown] lang="zh"
# ## 第二轮：故意弄坏
#
# 下面的失败是安排好的。`clerk.yaml` 里的程序收到 SIGTERM 后还要写 5 封信，每秒一封。钩子要 4 秒。宽限期是 6 秒。

# %% [markdown] lang="en"
# ## Second round: break it
#
# The failure below is planned. On SIGTERM the program of `clerk.yaml` has 5 letters left to write, one each second. Its hook takes 4 s. The grace period is 6 s.

# %%
# %%shell
kubectl apply -f manifests/07-lifecycle/clerk.yaml
kubectl wait pod clerk --for=condition=Ready --timeout=50s

# %% [markdown] lang="zh"
# **先猜再看**。我们删除它：
#
# - `a`：9 秒后结束，退出码 0，钩子的时间另外算；
# - `b`：6 秒后被杀死，退出码 137，信没有写完；
# - `c`：10 秒后被杀死，宽限期从信号开始走。

# %% [markdown] lang="en"
# **Predict first**. We delete it:
#
# - `a`: it ends after 9 s with exit code 0, for the hook has time of its own;
# - `b`: it is killed after 6 s, exit code 137, with letters left;
# - `c`: it is killed after 10 s, for the grace period begins with the signal.

# %%
predict("q2", "?")

# %%
with recording(program=moments("kubectl logs -f --timestamps clerk")) as cut:
    mark("kubectl delete pod")
    %shell kubectl delete pod clerk --wait=false
    %shell kubectl wait pod clerk --for=jsonpath='{.status.containerStatuses[0].state.terminated}' --timeout=40s -o jsonpath='exit code: {.status.containerStatuses[0].state.terminated.exitCode}{"\n"}'

# %%
seen = " ".join(map(str, cut.values("program")))
print("hook:", "hook ends" in seen, "signal:", "SIGTERM" in seen, "finished:", "bye" in seen)
reveal("q2", "b")

# %% tags=["nbval-ignore-output"]
timeline(cut, only="clerk", lanes="pods containers grace", zh="宽限期不够长", en="A grace period that is too short")

# %% [markdown] lang="zh"
# 按顺序：删除，钩子，信号，几封信，然后在宽限期的那一段用完时断掉。钩子用去 4 秒，程序只剩 2 秒。137 是 128 加 9：SIGKILL。
#
# **宽限期**从删除开始走，所以要大于钩子加收尾。`clerk-in-time.yaml` 只改了这个数，写成 15。
#
# 如果你的图里一封信也没有，信号没有到程序那里：PID 1 是谁？

# %% [markdown] lang="en"
# In order: deletion, hook, signal, some letters, and a cut where the bar of the grace period ends. The hook took 4 s, which left the program 2. 137 is 128 plus 9: SIGKILL.
#
# The **grace period** runs from the deletion on, so it must be more than hook and work together. `clerk-in-time.yaml` changes this number alone, to 15.
#
# If your picture has no letter at all, the signal did not reach the program: which one is PID 1?

# %%
# %%shell
kubectl apply -f manifests/07-lifecycle/clerk-in-time.yaml
kubectl wait pod clerk-in-time --for=condition=Ready --timeout=50s
kubectl delete pod clerk-in-time --wait=false
kubectl wait pod clerk-in-time --for=jsonpath='{.status.containerStatuses[0].state.terminated}' --timeout=40s -o jsonpath='exit code: {.status.containerStatuses[0].state.terminated.exitCode}{"\n"}'

# %% [markdown] lang="zh"
# ## 第三轮：只改一样
#
# nginx 的退出没有问题。那么请求呢？让它一边接请求，一边滚动重启两次。

# %% [markdown] lang="en"
# ## Third round: change one thing
#
# nginx leaves in good order. What about the requests? Let it restart twice, Pod after Pod, while requests come in.

# %% tags=["nbval-ignore-output"]
with recording(requests=load("my-nginx", rate=20)) as hasty:
    mark("kubectl rollout restart")
    %shell --timeout 100 for n in 1 2; do kubectl rollout restart deployment/my-nginx; kubectl rollout status deployment/my-nginx --timeout=45s | tail -n 1; done
    hasty.keep(2)
print("failed:", len(hasty.failed("requests")))

# %% [markdown] lang="zh"
# 多半丢了几个，丢几个要看运气；一个也没丢，就再运行一次。`patient.yaml` 只换了钩子：
#
# ```yaml
# lifecycle:
#   preStop:
#     sleep:
#       seconds: 5
# ```
#
# **先猜再看**。这一次，旧的 Pod 先什么也不做，等 5 秒。请求会：
#
# - `a`：丢得更多，旧的 Pod 拖得更久；
# - `b`：一样，丢不丢和钩子无关；
# - `c`：一个不丢，旧的 Pod 一直应答，直到没有人再来。

# %% [markdown] lang="en"
# Most likely some were lost, and how many is luck; if none was, run the cell again. `patient.yaml` changes the hook alone:
#
# ```yaml
# lifecycle:
#   preStop:
#     sleep:
#       seconds: 5
# ```
#
# **Predict first**. Now an old Pod first does nothing for 5 s. Of the requests
#
# - `a`: more are lost, for the old Pods take longer to go;
# - `b`: as many are lost, for this has nothing to do with the hook;
# - `c`: none is lost, for the old Pods answer until nobody comes any more.

# %%
predict("q3", "?")

# %%
# %%shell
kubectl apply -f manifests/07-lifecycle/patient.yaml
kubectl rollout status deployment/patient --timeout=50s | tail -n 1
kubectl exec deploy/my-nginx -- curl -s --retry 20 --retry-all-errors --retry-delay 1 --max-time 2 http://patient > /dev/null && echo "patient answers"

# %% tags=["nbval-ignore-output"]
with recording(requests=load("patient", rate=20)) as calm:
    mark("kubectl rollout restart")
    %shell --timeout 100 for n in 1 2; do kubectl rollout restart deployment/patient; kubectl rollout status deployment/patient --timeout=45s | tail -n 1; done
    calm.keep(7)
print("failed:", len(calm.failed("requests")))

# %%
reveal("q3", "c")

# %% [markdown] lang="zh"
# ## 画出来
#
# 上面是原来的钩子，下面是等 5 秒的钩子：请求、容器，和每个 Pod 在 EndpointSlice 里的状态。

# %% [markdown] lang="en"
# ## See it
#
# First the old hook, then the one that waits for 5 s: requests, containers, and the state of each Pod in the EndpointSlice.

# %% tags=["nbval-ignore-output"]
timeline(hasty, only="my-nginx", lanes="containers endpoints", zh="钩子让 nginx 马上退出", en="A hook that ends nginx at once")

# %% tags=["nbval-ignore-output"]
timeline(calm, only="patient", lanes="containers endpoints", zh="钩子等 5 秒", en="A hook that waits for 5 s")

# %% [markdown] lang="zh"
# 看端点变成 terminating 的时刻。上面一图里，钩子让 nginx 马上不再接新的连接，而代理还在把请求转给它；容器几乎同时结束，落在这里的请求可能失败。下面一图里 terminating 那一段有 5 秒长：容器还在运行，请求照样得到应答，连成一线。
#
# 如果下面也有失败的请求，看新的 Pod 有没有就绪探针（readiness probe）；机器很忙的时候，消息也可能走得比 5 秒还慢。

# %% [markdown] lang="en"
# Look at the moment when an endpoint becomes terminating. In the first picture the hook makes nginx take no more connections at once, while proxies still send it some; the container ends at almost the same time, and requests that fall there may fail. In the second the bar "terminating" is 5 s long: the container runs on, and the requests are answered.
#
# If requests fail in the second one too, see whether the new Pods have a readiness probe; on a busy machine news may also take longer than 5 s.

# %% [markdown] lang="zh"
# ## 在生产中
#
# - 宽限期 = 钩子 + 最慢的请求 + 余地。`sleep` 不能比宽限期长，API 会拒绝。
# - PID 1 只收到它设了处理函数的信号。`sh -c` 后面的程序往往收不到：写 `exec`，或者让 shell 用 `trap` 转达。
# - 自己退出、崩溃的容器不运行 preStop；`--grace-period=0 --force` 也别指望它。
# - 镜像可以规定停止信号：官方 nginx 是 SIGQUIT，会把手上的请求做完。
# - `kubectl drain` 会遵守 PodDisruptionBudget，`kubectl delete` 不会。
#
# 延伸阅读：[Pod 的终止](https://kubernetes.io/zh-cn/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination)、[钩子](https://kubernetes.io/zh-cn/docs/concepts/containers/container-lifecycle-hooks/)、[终止时的端点](https://kubernetes.io/zh-cn/docs/tutorials/services/pods-and-endpoint-termination-flow/)。

# %% [markdown] lang="en"
# ## In production
#
# - Grace period = hook + slowest request + some room. A `sleep` longer than the grace period is refused by the API.
# - PID 1 gets only signals it has a handler for. A program behind `sh -c` often gets none: write `exec`, or let the shell pass it on with `trap`.
# - A container that ends or crashes by itself runs no preStop; do not count on it with `--grace-period=0 --force` either.
# - An image may name the stop signal: the official nginx has SIGQUIT, and finishes its requests.
# - `kubectl drain` respects a PodDisruptionBudget, `kubectl delete` does not.
#
# More: [end of Pods](https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination), [hooks](https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/), [endpoints that terminate](https://kubernetes.io/docs/tutorials/services/pods-and-endpoint-termination-flow/).

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
#           lifecycle:
#             preStop:
#               exec: {command: ["/usr/sbin/nginx", "-s", "quit"]}
# ```
#
# | 当时 | 现在 |
# | --- | --- |
# | ReplicationController | Deployment；改了模板就滚动更新 |
# | “10 秒后”强行终止 | 默认 30 秒，从删除开始算，钩子也在里面 |
# | SIGTERM 让 nginx 立刻退出 | 官方镜像的停止信号是 SIGQUIT，本来就体面终止（graceful termination） |
# | 钩子让程序退出 | 钩子先等一会儿，让请求不再来；`sleep` 从 1.34 起稳定 |

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
#           lifecycle:
#             preStop:
#               exec: {command: ["/usr/sbin/nginx", "-s", "quit"]}
# ```
#
# | then | now |
# | --- | --- |
# | ReplicationController | Deployment; a changed template rolls out |
# | killed "after 10 seconds" | after 30 s by default, from the deletion on, hook included |
# | SIGTERM makes nginx leave at once | the stop signal of the official image is SIGQUIT: graceful termination from the start |
# | a hook that ends the program | a hook that waits until requests come no more; `sleep` is stable since 1.34 |

# %% [markdown] lang="zh"
# ## 实验
#
# 现在轮到你，大约 25 分钟，在实验自己的命名空间里；文件存到 `work/07-lifecycle/lab/`。固定的只有任务里的名字。`check(n)` 判定任务 n，`check()` 判定全部，`hint(n)` 给提示，`reset()` 重来。检查会删除 Pod、滚动重启；证据里的命令原样粘贴到单元格里就能运行；提示里的 `kubectl …` 前面要加 `%shell --lab`。
#
# **任务 1**。带标签（label）`app=ledger` 的 Pod 被删除时，preStop 钩子先在 `/marks/log` 里加一行：`hook`、一个空格和 Pod 的名字（`$HOSTNAME`）；程序收到 SIGTERM 后加上 `term` 的一行，它已经会做。`/marks` 是一个 PVC，所以下一个 Pod 里还读得到。

# %% [markdown] lang="en"
# ## Lab
#
# Your turn now, about 25 minutes, in a namespace of the lab's own; files go to `work/07-lifecycle/lab/`. Only the names in the tasks are fixed. `check(n)` judges task n, `check()` judges all, `hint(n)` helps, `reset()` starts over. Checks delete Pods and restart workloads; paste a command of the evidence into a cell as it is, and put `%shell --lab` before a `kubectl …` of a hint.
#
# **Task 1**. When the Pod with the label `app=ledger` is deleted, its preStop hook first adds a line to `/marks/log`: `hook`, a space and the name of the Pod (`$HOSTNAME`). On SIGTERM the program adds its line with `term`; it does so already. `/marks` is a PVC, so the next Pod can still read it.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest ledger.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: marks
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 16Mi
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ledger
spec:
  selector:
    matchLabels:
      app: ledger
  template:
    metadata:
      labels:
        app: ledger
    spec:
      terminationGracePeriodSeconds: 6
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        fsGroup: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: ledger
          image: busybox:1.37
          command:
            - sh
            - -c
            - |
              trap 'echo "term $HOSTNAME" >> /marks/log; sleep 1; exit 0' TERM
              while :; do sleep 3600 & wait $!; done
          volumeMounts:
            - name: marks
              mountPath: /marks
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
      volumes:
        - name: marks
          persistentVolumeClaim:
            claimName: marks

# %% tags=["solution"]
# %%manifest ledger.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: marks
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 16Mi
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ledger
spec:
  selector:
    matchLabels:
      app: ledger
  template:
    metadata:
      labels:
        app: ledger
    spec:
      terminationGracePeriodSeconds: 6
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        fsGroup: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: ledger
          image: busybox:1.37
          command:
            - sh
            - -c
            - |
              trap 'echo "term $HOSTNAME" >> /marks/log; sleep 1; exit 0' TERM
              while :; do sleep 3600 & wait $!; done
          lifecycle:
            preStop:
              exec:
                command: [sh, -c, 'echo "hook $HOSTNAME" >> /marks/log']
          volumeMounts:
            - name: marks
              mountPath: /marks
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
      volumes:
        - name: marks
          persistentVolumeClaim:
            claimName: marks

# %% tags=["nbval-ignore-output"]
check(1)

# %% [markdown] lang="zh"
# **任务 2**。Service `report` 上的 `GET /slow` 要 4 秒。检查程序在这样的请求处理到一半时删除 Pod：请求照样得到 200，容器的退出码是 0，宽限期没有用完。要改的是 `serve.sh`，眼下它用 `exec` 把自己换成了服务器。

# %% [markdown] lang="en"
# **Task 2**. `GET /slow` on Service `report` takes 4 s. The checker deletes the Pod with such requests half-way done: they get 200 all the same, the container ends with exit code 0, and its grace period is not used up. The place to change is `serve.sh`, which at present replaces itself by the server (`exec`).

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest report.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: report
data:
  serve.sh: |
    exec tcpsvd -E 0.0.0.0 8080 sh /app/answer.sh
  answer.sh: |
    read -r method path version
    while read -r line && [ "${line%?}" ]; do :; done
    [ "$path" != /slow ] || sleep 4
    body="$path from $HOSTNAME"
    printf 'HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s\n' \
      $((${#body} + 1)) "$body"
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: report
spec:
  selector:
    matchLabels:
      app: report
  template:
    metadata:
      labels:
        app: report
    spec:
      terminationGracePeriodSeconds: 12
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: report
          image: busybox:1.37
          command: [sh, /app/serve.sh]
          ports:
            - containerPort: 8080
          readinessProbe:
            tcpSocket:
              port: 8080
            periodSeconds: 1
          volumeMounts:
            - name: app
              mountPath: /app
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
      volumes:
        - name: app
          configMap:
            name: report
---
apiVersion: v1
kind: Service
metadata:
  name: report
spec:
  selector:
    app: report
  ports:
    - port: 80
      targetPort: 8080

# %% tags=["solution"]
# %%manifest report.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: report
data:
  serve.sh: |
    tcpsvd -E 0.0.0.0 8080 sh /app/answer.sh &
    server=$!
    drain() {
      kill $server
      while pgrep -f answer.sh > /dev/null; do sleep 0.2; done
      exit 0
    }
    trap drain TERM
    wait
  answer.sh: |
    read -r method path version
    while read -r line && [ "${line%?}" ]; do :; done
    [ "$path" != /slow ] || sleep 4
    body="$path from $HOSTNAME"
    printf 'HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s\n' \
      $((${#body} + 1)) "$body"
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: report
spec:
  selector:
    matchLabels:
      app: report
  template:
    metadata:
      labels:
        app: report
    spec:
      terminationGracePeriodSeconds: 12
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: report
          image: busybox:1.37
          command: [sh, /app/serve.sh]
          ports:
            - containerPort: 8080
          readinessProbe:
            tcpSocket:
              port: 8080
            periodSeconds: 1
          volumeMounts:
            - name: app
              mountPath: /app
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
      volumes:
        - name: app
          configMap:
            name: report
---
apiVersion: v1
kind: Service
metadata:
  name: report
spec:
  selector:
    app: report
  ports:
    - port: 80
      targetPort: 8080

# %% tags=["nbval-ignore-output"]
check(2)

# %% [markdown] lang="zh"
# **任务 3**。检查程序不停地向 Service `web` 请求 `GET /`，同时让它背后的工作负载滚动重启几轮。没有一个请求丢失。程序启动要 2 秒，收到 SIGTERM 马上退出。检查要一两分钟。

# %% [markdown] lang="en"
# **Task 3**. The checker sends `GET /` to Service `web` without pause and restarts the workload behind it, Pod after Pod, several rounds of it. No request is lost. The program takes 2 s to start, and leaves at once on SIGTERM. The check takes a minute or two.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest web.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  serve.sh: |
    sleep 2
    exec tcpsvd -E 0.0.0.0 8080 sh /app/answer.sh
  answer.sh: |
    read -r method path version
    while read -r line && [ "${line%?}" ]; do :; done
    body="$path from $HOSTNAME"
    printf 'HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s\n' \
      $((${#body} + 1)) "$body"
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      terminationGracePeriodSeconds: 10
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: web
          image: busybox:1.37
          command: [sh, /app/serve.sh]
          ports:
            - containerPort: 8080
          volumeMounts:
            - name: app
              mountPath: /app
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
      volumes:
        - name: app
          configMap:
            name: web
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
      targetPort: 8080

# %% tags=["solution"]
# %%manifest web.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  serve.sh: |
    sleep 2
    exec tcpsvd -E 0.0.0.0 8080 sh /app/answer.sh
  answer.sh: |
    read -r method path version
    while read -r line && [ "${line%?}" ]; do :; done
    body="$path from $HOSTNAME"
    printf 'HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s\n' \
      $((${#body} + 1)) "$body"
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      terminationGracePeriodSeconds: 10
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: web
          image: busybox:1.37
          command: [sh, /app/serve.sh]
          ports:
            - containerPort: 8080
          readinessProbe:
            tcpSocket:
              port: 8080
            periodSeconds: 1
          lifecycle:
            preStop:
              sleep:
                seconds: 5
          volumeMounts:
            - name: app
              mountPath: /app
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
      volumes:
        - name: app
          configMap:
            name: web
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
      targetPort: 8080

# %% tags=["nbval-ignore-output"]
check(3)

# %% [markdown] lang="zh"
# **任务 4**。Service `page` 背后的 `httpd` 是 PID 1，听不见 SIGTERM。让容器在删除后 5 秒之内结束，退出码不是 137；页面照样应答。

# %% [markdown] lang="en"
# **Task 4**. The `httpd` behind Service `page` is PID 1 and does not hear SIGTERM. Let the container end within 5 s of a deletion, and not with exit code 137; the page is served as before.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest page.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: page
data:
  index.html: |
    open
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: page
spec:
  selector:
    matchLabels:
      app: page
  template:
    metadata:
      labels:
        app: page
    spec:
      terminationGracePeriodSeconds: 10
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: page
          image: busybox:1.37
          command: [httpd, -f, -p, "8080", -h, /www]
          ports:
            - containerPort: 8080
          volumeMounts:
            - name: www
              mountPath: /www
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
      volumes:
        - name: www
          configMap:
            name: page
---
apiVersion: v1
kind: Service
metadata:
  name: page
spec:
  selector:
    app: page
  ports:
    - port: 80
      targetPort: 8080

# %% tags=["solution"]
# %%manifest page.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: page
data:
  index.html: |
    open
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: page
spec:
  selector:
    matchLabels:
      app: page
  template:
    metadata:
      labels:
        app: page
    spec:
      terminationGracePeriodSeconds: 10
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: page
          image: busybox:1.37
          command:
            - sh
            - -c
            - |
              httpd -f -p 8080 -h /www &
              trap "kill $!" TERM
              wait
          ports:
            - containerPort: 8080
          volumeMounts:
            - name: www
              mountPath: /www
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
      volumes:
        - name: www
          configMap:
            name: page
---
apiVersion: v1
kind: Service
metadata:
  name: page
spec:
  selector:
    app: page
  ports:
    - port: 80
      targetPort: 8080

# %% tags=["nbval-ignore-output"]
check(4)

# %% [markdown] lang="zh"
# **任务 5**。带标签 `app=orders` 的 Pod 收到 SIGTERM 后还要打包 40 个订单，每秒一个，数目写进终止消息（termination message，08 课）；在那之前钩子要 3 秒。让它做完，退出码 0，程序和钩子不变。检查要等约 45 秒。

# %% [markdown] lang="en"
# **Task 5**. On SIGTERM the Pod with the label `app=orders` has 40 orders to pack, one each second, and writes the count to its termination message (lesson 08); before that its hook takes 3 s. Let it finish, with exit code 0 and program and hook as they are. The check waits for about 45 s.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
spec:
  selector:
    matchLabels:
      app: orders
  template:
    metadata:
      labels:
        app: orders
    spec:
      terminationGracePeriodSeconds: 5
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: orders
          image: busybox:1.37
          command:
            - sh
            - -c
            - |
              pack() {
                for n in $(seq 40); do
                  sleep 1
                  echo "$n of 40" > /dev/termination-log
                done
                exit 0
              }
              trap pack TERM
              while :; do sleep 3600 & wait $!; done
          lifecycle:
            preStop:
              sleep:
                seconds: 3
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

# %% tags=["solution"]
# %%manifest orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
spec:
  selector:
    matchLabels:
      app: orders
  template:
    metadata:
      labels:
        app: orders
    spec:
      terminationGracePeriodSeconds: 60
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: orders
          image: busybox:1.37
          command:
            - sh
            - -c
            - |
              pack() {
                for n in $(seq 40); do
                  sleep 1
                  echo "$n of 40" > /dev/termination-log
                done
                exit 0
              }
              trap pack TERM
              while :; do sleep 3600 & wait $!; done
          lifecycle:
            preStop:
              sleep:
                seconds: 3
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

# %% tags=["nbval-ignore-output"]
check(5)

# %% [markdown] lang="zh"
# ## 回想
#
# 先自己回答，再展开。
#
# 1. 宽限期 20 秒，钩子 15 秒，收尾 10 秒：退出码是什么，几秒后结束？
# 2. 退出码 143 和 137，哪一个说明程序因 SIGTERM 结束？
# 3. 程序体面地退出，滚动更新时还是丢请求：先看哪两处？
# 4. 回顾 01 课：怎么看出是容器重启了，还是换了一个 Pod？
# 5. 回顾 06 课：没有就绪的 Pod 会重启吗？
#
# <details><summary>答案</summary>
#
# 1. 137，20 秒。
# 2. 143，也就是 128 加 15。137 是 SIGKILL：SIGTERM 来过，程序没有在宽限期内结束。
# 3. 旧的 Pod 摘下之后还应答多久；新的 Pod 有没有就绪探针。
# 4. UID 不变、重启次数增加，是重启。
# 5. 不会，只是暂时不接请求。
#
# </details>

# %% [markdown] lang="en"
# ## Recall
#
# Answer first, then unfold.
#
# 1. Grace period 20 s, hook 15 s, work 10 s: which exit code, after how many seconds?
# 2. Exit codes 143 and 137: which one says that SIGTERM ended the program?
# 3. The program leaves in good order, and updates lose requests all the same: where do you look first?
# 4. From lesson 01: how do you tell a restart from a new Pod?
# 5. From lesson 06: is a Pod that is not ready restarted?
#
# <details><summary>Answers</summary>
#
# 1. 137, after 20 s.
# 2. 143, which is 128 plus 15. 137 is SIGKILL: SIGTERM had come, and the program did not end within its grace period.
# 3. How long an old Pod answers after it is taken out; whether new Pods have a readiness probe.
# 4. The same UID and a higher restart count: a restart.
# 5. No, it takes no requests for a while.
#
# </details>

# %% [markdown] lang="zh"
# ## 要点
#
# - 顺序是：删除，preStop 钩子，停止信号，退出或 SIGKILL。宽限期的时钟从删除开始，钩子花的是同一笔时间。
# - 端点和信号同时出发。请求会丢，是因为程序走得比消息快；让旧的 Pod 先等几秒。
# - 退出码 0 是程序自己收尾，143 是被 SIGTERM 终止，137 是宽限期用完被杀死；PID 1 要自己处理 SIGTERM。
#
# 最后清理演示的对象，数一数还剩几个。实验留着，`reset()` 可以清掉。

# %% [markdown] lang="en"
# ## Key points
#
# - The order is deletion, preStop hook, stop signal, exit or SIGKILL. The clock of the grace period starts with the deletion, and a hook spends the same time.
# - Endpoint and signal set out together. Requests are lost because the program leaves faster than the news travels; let an old Pod wait for some seconds first.
# - Exit code 0 is a program's own end, 143 an end by SIGTERM, 137 a kill when the grace period is over; PID 1 has to handle SIGTERM itself.
#
# Last, remove what the demonstration made, and count what is left. Your lab stays; `reset()` clears it.

# %%
# %%shell --timeout 120
kubectl delete -f manifests/07-lifecycle --ignore-not-found --cascade=foreground --timeout=100s > /dev/null
kubectl get deployments,pods,services -o name | wc -l
