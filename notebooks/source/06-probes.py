# %% [markdown] lang="zh"
# # 健康检查：重启谁，不打扰谁
#
# 一天晚上，一家网店的数据库断了一分钟。Kubernetes 把所有 Pod 里的容器重启了一遍又一遍，数据库回来之后，网店又瘫了半个小时。每个 Pod 都配了探针，只是问错了问题。
#
# 这一课里，你会让三种探针各问各的问题。大约 55 分钟，其中等待大约 4 分钟。

# %% [markdown] lang="en"
# # Health checks: whom to restart, whom to leave alone
#
# One evening the database of a shop was away for a minute. Kubernetes restarted the containers of all Pods, again and again, and the shop stayed down for half an hour after the database was back. Every Pod had a probe, and it asked the wrong question.
#
# In this lesson three probes each ask their own. About 55 minutes, of which about 4 are waiting.

# %% [markdown] lang="zh"
# ## 目标和问题
#
# 学完之后，你能够：
#
# 1. 按问题选择启动探针（startup probe）、存活探针（liveness probe）或就绪探针（readiness probe）；
# 2. 从重启次数、Ready 和端点看出探针做了什么；
# 3. 给启动慢的程序时间，同时仍能很快发现它坏了；
# 4. 让坏版本停在上线途中，顾客毫无察觉。
#
# 带着两个问题往下读：READY 是 0/1 的 Pod，Kubernetes 拿它怎么办？存活探针绝不能问什么？

# %% [markdown] lang="en"
# ## Objectives and questions
#
# After this lesson you can
#
# 1. choose between startup, liveness and readiness probes by the question each one asks;
# 2. tell from restart count, Ready and endpoints what a probe did;
# 3. give a slow program time to start, and still find out quickly when it breaks;
# 4. stop a bad version in the middle of its rollout, unnoticed by customers.
#
# Read on with two questions. What does Kubernetes do with a Pod whose READY is 0/1? What must a liveness probe never ask?

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
lesson("06-probes")

# %% [markdown] lang="zh"
# ## 三个问题
#
# ```
#            startup            liveness         readiness
# asks       started by now?    still well?      able to serve now?
# begins     at once            after startup *  after startup *
# ends       at 1st success     never            never
#
# * without a startup probe: at once
# ```
#
# 探针（probe）由节点上的 kubelet 发出：`httpGet` 得到 200 到 399 算成功，`tcpSocket` 连得上就算，`exec` 看退出码是否为 0，还有 `grpc`。连续失败 `failureThreshold` 次才算失败，每次隔 `periodSeconds` 秒，默认是 3 次、10 秒。
#
# 写了**启动探针**，它成功之前另外两种都不开始；没写，它们一开始就问。**存活探针**问程序还好不好。**就绪探针**问它现在能不能接请求；答案写进 Pod 的 Ready，也写进 Service 的端点（endpoint）。三种探针失败之后各会怎样，下面就看得到。

# %% [markdown] lang="en"
# ## Three questions
#
# ```
#            startup            liveness         readiness
# asks       started by now?    still well?      able to serve now?
# begins     at once            after startup *  after startup *
# ends       at 1st success     never            never
#
# * without a startup probe: at once
# ```
#
# A probe is made by the kubelet of the node. `httpGet` succeeds with 200 to 399, `tcpSocket` when it can connect, `exec` with exit code 0; there is `grpc` too. Only `failureThreshold` failures in a row count, `periodSeconds` apart, by default 3 and 10.
#
# With a **startup probe** the others do not begin until it succeeds; without one they begin at once. The **liveness probe** asks whether the program is well. The **readiness probe** asks whether it can take requests now; the answer goes into the Pod's Ready and into the endpoints of its Services. What each failure leads to, you are about to see.

# %% [markdown] lang="zh"
# ## 第一轮：它能用
#
# 清单（manifest）里有两个探针，都问得很勤：
#
# ```yaml
# livenessProbe:
#   httpGet: {path: /index.html, port: http}
# readinessProbe:
#   httpGet: {path: /ready, port: http}
# ```
#
# 每次启动，容器都把两个页面重新写好；首页里是 Pod 的名字。

# %% [markdown] lang="en"
# ## First round: it works
#
# The manifest has two probes, both frequent:
#
# ```yaml
# livenessProbe:
#   httpGet: {path: /index.html, port: http}
# readinessProbe:
#   httpGet: {path: /ready, port: http}
# ```
#
# At each start the container writes both pages anew; the front page is the name of the Pod.

# %%
# %%shell
kubectl apply -f manifests/06-probes/my-nginx.yaml
kubectl rollout status deployment/my-nginx --timeout=50s | tail -n 1
kubectl exec deploy/my-nginx -- curl -sf --retry 30 --retry-all-errors --retry-delay 1 --max-time 3 -o /dev/null http://my-nginx
kubectl get endpointslices -l kubernetes.io/service-name=my-nginx -o jsonpath='{.items[0].endpoints[*].conditions.ready}{"\n"}'

# %% [markdown] lang="zh"
# **先猜再看**。我们在其中一个 Pod 里删掉 `/ready` 那一页，请求一直不停。这个 Pod：
#
# - `a`：会重启，没有就绪就是坏了；
# - `b`：照样收到一半的请求，其中一些失败；
# - `c`：不重启，继续运行，不久之后请求都由另一个 Pod 应答。

# %% [markdown] lang="en"
# **Predict first.** In one of the two Pods we delete the page `/ready`, under requests all the time. That Pod
#
# - `a`: is restarted, for not ready means broken;
# - `b`: still gets half of the requests, and some of them fail;
# - `c`: is not restarted and runs on, and soon the other answers all requests.

# %%
predict("q1", "?")

# %% tags=["nbval-ignore-output"]
with recording(requests=load("my-nginx", rate=5, each=True)) as probed:
    mark("rm ready")
    %shell kubectl exec $(kubectl get pod -l app=my-nginx -o name | head -n 1) -- rm /tmp/www/ready
    %shell kubectl wait $(kubectl get pod -l app=my-nginx -o name | head -n 1) --for=condition=Ready=false --timeout=30s
    probed.keep(4)

# %%
# %shell kubectl get pods -l app=my-nginx -o jsonpath='restarts: {.items[*].status.containerStatuses[0].restartCount}{"\n"}'
# %shell kubectl get endpointslices -l kubernetes.io/service-name=my-nginx -o jsonpath='{range .items[0].endpoints[*]}ready: {.conditions.ready}{"\n"}{end}' | sort
print("failed:", len(probed.failed("requests")))
reveal("q1", "c")

# %% tags=["nbval-ignore-output"]
timeline(probed, only="my-nginx", lanes="containers probes endpoints", zh="没有就绪", en="Not ready")

# %% [markdown] lang="zh"
# 看三处：重启次数都是 0，一个端点变成 `ready: false`，没有请求失败。图里那个 Pod 的容器一直在运行；从它的端点变为未就绪起，请求都由另一个应答。**就绪探针**失败是等待，不是故障。
#
# 如果仍有请求到了那个 Pod，看 Service 是不是写了 `publishNotReadyAddresses`。
#
# 现在删除这个 Pod，换上的新 Pod 有自己的页面，两个端点又都就绪；然后删掉存活探针要的那一页。

# %% [markdown] lang="en"
# Three things tell: both restart counts are 0, one endpoint became `ready: false`, no request failed. In the picture the container runs on, and from the moment its endpoint is not ready the other Pod answers all requests. A failed **readiness probe** means waiting, and no fault.
#
# If requests still reach that Pod, see whether its Service says `publishNotReadyAddresses`.
#
# Now we delete that Pod. A new one with a page of its own takes its place, and both endpoints are ready again; then we delete the page the liveness probe asks for.

# %%
# %%shell
kubectl delete $(kubectl get pod -l app=my-nginx -o name | head -n 1) --timeout=50s > /dev/null
kubectl wait pod -l app=my-nginx --for=condition=Ready --timeout=30s > /dev/null
kubectl get endpointslices -l kubernetes.io/service-name=my-nginx -o jsonpath='{.items[0].endpoints[*].conditions.ready}{"\n"}'

# %% tags=["nbval-ignore-output"]
with recording(requests=load("my-nginx", rate=5, each=True)) as restarted:
    mark("rm index.html")
    %shell kubectl exec $(kubectl get pod -l app=my-nginx -o name | head -n 1) -- rm /tmp/www/index.html
    %shell kubectl wait $(kubectl get pod -l app=my-nginx -o name | head -n 1) --for=jsonpath='{.status.containerStatuses[0].restartCount}'=1 --timeout=40s
    restarted.keep(3)

# %%
# %shell kubectl get pods -l app=my-nginx -o jsonpath='{range .items[*]}restarts: {.status.containerStatuses[0].restartCount}{"\n"}{end}' | sort
# %shell kubectl get events --field-selector reason=Killing -o custom-columns=MESSAGE:.message | grep liveness

# %% [markdown] lang="zh"
# 这一次容器重启了，而且只有它：**存活探针**失败，后果就是重启（启动探针也一样）。第三次失败之后，kubelet 停掉它，新容器把页面写好，自己就恢复了。在那几秒里，落到它身上的请求都失败，因为就绪探针问的是另一页（首页没有了，nginx 对 `/` 答 403；探针指名要那一页，得到 404）。
#
# 下图是这一段：探针失败、重启、端点的变化和每个 Pod 的应答，都在同一条时间轴上。

# %% [markdown] lang="en"
# This time the container was restarted, and it alone: a failed **liveness probe** ends in a restart (a failed startup probe too). After the third failure the kubelet stopped it, and the new container wrote its page and was well again. For these seconds requests that reached it failed, because the readiness probe asks for another page. (Without its front page nginx answers 403 for `/`; the probe, which names the page, gets 404.)
#
# The picture shows failed probes, the restart, the endpoints and the answers of each Pod on one time axis.

# %% tags=["nbval-ignore-output"]
timeline(restarted, only="my-nginx", lanes="containers probes endpoints", zh="存活探针失败", en="A liveness probe fails")

# %% [markdown] lang="zh"
# ## 第二轮：故意弄坏
#
# 下面的失败是安排好的。`slow-broken.yaml` 里的程序启动要 8 秒，存活探针每秒问一次，`failureThreshold` 是 3；没有就绪探针。

# %% [markdown] lang="en"
# ## Second round: break it
#
# The failure below is planned. The program of `slow-broken.yaml` takes 8 s to start, its liveness probe asks each second, with a `failureThreshold` of 3; there is no readiness probe.

# %% [markdown] lang="zh"
# **先猜再看**。这个 Pod：
#
# - `a`：一次又一次重启，永远起不来；
# - `b`：8 秒之后起来，Kubernetes 会等它启动完；
# - `c`：重启一次，第二次启动就快了。

# %% [markdown] lang="en"
# **Predict first.** This Pod
#
# - `a`: is restarted again and again, and never comes up;
# - `b`: comes up after 8 s, for Kubernetes waits for a program to start;
# - `c`: is restarted once, and starts faster the second time.

# %%
predict("q2", "?")

# %% tags=["nbval-ignore-output"]
with recording() as cut_off:
    %shell kubectl apply -f manifests/06-probes/slow-broken.yaml
    %shell kubectl rollout status deployment/slow-broken --timeout=50s
    %shell kubectl wait pod -l app=slow-broken --for=jsonpath='{.status.containerStatuses[0].restartCount}'=2 --timeout=50s

# %%
# %%shell
pod=$(kubectl get pod -l app=slow-broken -o jsonpath='{.items[0].metadata.name}')
kubectl get events --field-selector reason=Killing,involvedObject.name=$pod -o jsonpath='{.items[0].message}{"\n"}'
kubectl get pod $pod -o jsonpath='last exit code: {.status.containerStatuses[0].lastState.terminated.exitCode}{"\n"}'

# %%
reveal("q2", "a")

# %% tags=["nbval-ignore-output"]
timeline(cut_off, only="slow-broken", lanes="containers probes", zh="启动一再被打断", en="A start cut off again and again")

# %% [markdown] lang="zh"
# 每一次生命都停在启动途中：存活探针从一开始就问，不等启动。退出码 143 是这个脚本收到停止信号时给的，事件写着是存活探针。没有探针说“还没好”，所以 `rollout status` 早就报告成功了。
#
# 如果退出码是 137，它是被强行杀掉的（05 和 07 课）；是别的数，多半是程序自己结束的：看 `kubectl logs --previous`。

# %% [markdown] lang="en"
# Each life ends in the middle of the start, for the liveness probe asks from the beginning on. This script gives exit code 143 when it is told to stop, and the event names the liveness probe. No probe says "not yet", so `rollout status` reported success long before.
#
# If the exit code is 137, it was killed (lessons 05 and 07); if it is another, the program most likely ended by itself: see `kubectl logs --previous`.

# %% [markdown] lang="zh"
# ## 第三轮：只改一样
#
# `slow.yaml` 只多了一个启动探针，最多等 30 秒：
#
# ```yaml
# startupProbe: {httpGet: {path: /index.html, port: http}, periodSeconds: 1, failureThreshold: 30}
# ```

# %% [markdown] lang="en"
# ## Third round: change one thing
#
# `slow.yaml` has one thing more, a startup probe that waits up to 30 s:
#
# ```yaml
# startupProbe: {httpGet: {path: /index.html, port: http}, periodSeconds: 1, failureThreshold: 30}
# ```

# %%
# %%shell
kubectl apply -f manifests/06-probes/slow.yaml
kubectl rollout status deployment/slow --timeout=50s | tail -n 1
kubectl get pod -l app=slow -o jsonpath='restarts: {.items[0].status.containerStatuses[0].restartCount}, started: {.items[0].status.containerStatuses[0].started}{"\n"}'

# %% [markdown] lang="zh"
# **先猜再看**。它起来了，一次也没有重启。现在删掉它的首页，多久之后重启？
#
# - `a`：30 秒，启动探针给了它这么多时间；
# - `b`：3 秒左右，这时候只有存活探针说了算；
# - `c`：不会重启，启动成功以后就没人问了。

# %% [markdown] lang="en"
# **Predict first.** It is up without a single restart. Now we delete its front page. When is it restarted?
#
# - `a`: after 30 s, the time the startup probe gives;
# - `b`: after some 3 s, for now the liveness probe alone decides;
# - `c`: never, for after a successful start nobody asks any more.

# %%
predict("q3", "?")

# %%
# %%shell
kubectl exec deploy/slow -- rm /tmp/www/index.html
kubectl wait pod -l app=slow --for=jsonpath='{.status.containerStatuses[0].restartCount}'=1 --timeout=25s > /dev/null
kubectl get pod -l app=slow -o jsonpath='restarts: {.items[0].status.containerStatuses[0].restartCount}{"\n"}'

# %%
reveal("q3", "b")

# %% [markdown] lang="zh"
# 单元格最多等 25 秒，没有等到头：启动探针只管启动，成功一次就不再问了，存活探针接着按自己的快节奏问。重启之后，新容器又有 30 秒。
#
# 如果启动中就重启了，看 `periodSeconds` 乘 `failureThreshold` 是不是小于启动的时间。

# %% [markdown] lang="en"
# The cell would have given up after 25 s, and did not: a startup probe is for the start alone. After one success it asks no more, and the liveness probe goes on at its own quick pace. After the restart the new container has 30 s again.
#
# If it is restarted in the middle of its start, see whether `periodSeconds` times `failureThreshold` is less than the start takes.

# %% [markdown] lang="zh"
# ## 在生产中
#
# - 存活探针只问程序自己，绝不问数据库、别的服务：它们不在时，重启只会让整批 Pod 一起倒下。
# - 就绪探针也管上线（rollout）：`maxUnavailable` 为 0 时，新的 Pod 就绪一个，旧的才撤一个；新版本一直不就绪，旧的就一直应答，等你 `kubectl rollout undo`。
# - 两种探针可以问同一个便宜的页面，存活探针的 `failureThreshold` 要大一些。
# - `timeoutSeconds` 默认 1 秒，CPU 不够的程序会因此“失败”。
# - 探针发到 Pod 的 IP，只监听 127.0.0.1 的程序过不了。
# - `exec` 每次都起一个进程，`httpGet` 更省。
#
# 延伸阅读：[配置探针](https://kubernetes.io/zh-cn/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/)、[Pod 的生命周期](https://kubernetes.io/zh-cn/docs/concepts/workloads/pods/pod-lifecycle/#container-probes)。

# %% [markdown] lang="en"
# ## In production
#
# - A liveness probe asks about the program itself, never about its database or another service: while these are away, a restart only brings the whole fleet down.
# - A readiness probe steers rollouts too: with `maxUnavailable` 0 an old Pod goes only when a new one is Ready. While the new version never is, the old one serves and waits for your `kubectl rollout undo`.
# - Both probes may ask for the same cheap page, the liveness probe with a higher `failureThreshold`.
# - `timeoutSeconds` is 1 by default; a program short of CPU "fails" by that.
# - Probes go to the Pod's IP; a program that listens on 127.0.0.1 alone fails them.
# - `exec` starts a process each time; `httpGet` is cheaper.
#
# More: [probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/), [life of a Pod](https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes).

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
#           livenessProbe:
#             httpGet: {path: /index.html, port: 80}
#             initialDelaySeconds: 30
#             timeoutSeconds: 1
# ```
#
# | 当时 | 现在 |
# | --- | --- |
# | `initialDelaySeconds: 30`，猜一段时间 | 启动探针，起来了就开始问 |
# | 例子里只有存活探针 | 就绪探针也决定上线能否继续 |
# | Endpoints | EndpointSlice，写着 `ready`、`serving`、`terminating` |
# | `exec`、`httpGet`、`tcpSocket` | 还有 `grpc` |

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
#           livenessProbe:
#             httpGet: {path: /index.html, port: 80}
#             initialDelaySeconds: 30
#             timeoutSeconds: 1
# ```
#
# | then | now |
# | --- | --- |
# | `initialDelaySeconds: 30`, a guess | a startup probe; the others begin once it is up |
# | a liveness probe only | a readiness probe too; rollouts go on by it |
# | Endpoints | EndpointSlice, with `ready`, `serving`, `terminating` |
# | `exec`, `httpGet`, `tcpSocket` | `grpc` as well |

# %% [markdown] lang="zh"
# ## 实验
#
# 现在轮到你，大约 25 分钟，在实验自己的命名空间里；文件在 `work/06-probes/lab/`。程序和数据库已经给好，在 `app.yaml` 和 `db.yaml`，不用改。`check(n)` 判定任务 n，`check()` 判定全部；`hint(n)` 给提示，`reset()` 重来。证据里的命令原样粘贴到单元格里就能运行；提示里的 `kubectl …` 前面要加 `%shell --lab`。
#
# 程序监听 8080：`/healthz` 在程序没坏时回答 200；`/ready` 和 `/` 在它还能服务时回答 200。`/tmp/broken` 让每个页面都是错误 500，直到重启；`/tmp/busy` 让 `/ready` 和 `/` 回答 503，直到文件删掉。
#
# 1. Service `web` 背后两个或更多 Pod，其中一个里出现 `/tmp/broken`：15 秒内这个容器重启，别的都不重启。
# 2. 其中一个里出现 `/tmp/busy`：15 秒内它不再收到请求，也不重启；文件删掉后，15 秒内又收到请求。

# %% [markdown] lang="en"
# ## Lab
#
# Your turn now, about 25 minutes, in a namespace of the lab's own; files are in `work/06-probes/lab/`. Program and database are given, in `app.yaml` and `db.yaml`; leave them as they are. `check(n)` judges task n, `check()` judges all; `hint(n)` helps, `reset()` starts over. Paste a command of the evidence into a cell as it is; put `%shell --lab` before a `kubectl …` of a hint.
#
# The program listens on 8080: `/healthz` answers 200 while it is not broken, `/ready` and `/` while it can serve. `/tmp/broken` makes each page an error 500 until a restart; `/tmp/busy` makes `/ready` and `/` answer 503 until the file is gone.
#
# 1. Two or more Pods stand behind Service `web`, and `/tmp/broken` appears in one: within 15 s that container is restarted, and no other.
# 2. `/tmp/busy` appears in one: within 15 s it gets no more requests, and is not restarted; once the file is gone, it gets requests again within 15 s.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest web.yaml
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
      terminationGracePeriodSeconds: 2
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: busybox:1.37
          command: [sh, /app/start]
          ports:
            - name: http
              containerPort: 8080
          # 1
          # 2
          volumeMounts:
            - name: app
              mountPath: /app
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 48Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: app
          configMap:
            name: app
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
      targetPort: http

# %% tags=["solution"]
# %%manifest web.yaml
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
      terminationGracePeriodSeconds: 2
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: busybox:1.37
          command: [sh, /app/start]
          ports:
            - name: http
              containerPort: 8080
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 2
            timeoutSeconds: 3
          readinessProbe:
            httpGet:
              path: /ready
              port: http
            periodSeconds: 1
            failureThreshold: 2
            timeoutSeconds: 3
          volumeMounts:
            - name: app
              mountPath: /app
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 48Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: app
          configMap:
            name: app
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
      targetPort: http

# %% tags=["nbval-ignore-output"]
check(1)

# %% tags=["nbval-ignore-output"]
check(2)

# %% [markdown] lang="zh"
# **任务 3**。Service `slow` 背后的程序启动要 12 秒（`START_SECONDS` 不变）。换一个新的 Pod：它一次也不重启就起来，能应答了才就绪；起来之后坏了，15 秒内重启。

# %% [markdown] lang="en"
# **Task 3.** The program behind Service `slow` takes 12 s to start (`START_SECONDS` stays). A new Pod comes up without a restart and is Ready only when it answers; once up and broken, it is restarted within 15 s.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest slow.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: slow
spec:
  replicas: 1
  selector:
    matchLabels:
      app: slow
  template:
    metadata:
      labels:
        app: slow
    spec:
      terminationGracePeriodSeconds: 2
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: busybox:1.37
          command: [sh, /app/start]
          env:
            - name: START_SECONDS
              value: "12"
          ports:
            - name: http
              containerPort: 8080
          # 3
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 2
            timeoutSeconds: 3
          volumeMounts:
            - name: app
              mountPath: /app
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 48Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: app
          configMap:
            name: app
---
apiVersion: v1
kind: Service
metadata:
  name: slow
spec:
  selector:
    app: slow
  ports:
    - port: 80
      targetPort: http

# %% tags=["solution"]
# %%manifest slow.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: slow
spec:
  replicas: 1
  selector:
    matchLabels:
      app: slow
  template:
    metadata:
      labels:
        app: slow
    spec:
      terminationGracePeriodSeconds: 2
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: busybox:1.37
          command: [sh, /app/start]
          env:
            - name: START_SECONDS
              value: "12"
          ports:
            - name: http
              containerPort: 8080
          startupProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 1
            failureThreshold: 30
            timeoutSeconds: 3
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 2
            timeoutSeconds: 3
          volumeMounts:
            - name: app
              mountPath: /app
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 48Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: app
          configMap:
            name: app
---
apiVersion: v1
kind: Service
metadata:
  name: slow
spec:
  selector:
    app: slow
  ports:
    - port: 80
      targetPort: http

# %% tags=["nbval-ignore-output"]
check(3)

# %% [markdown] lang="zh"
# **任务 4**。Deployment `shop` 的上线卡住了。修好它；然后检查程序在请求之下上线一个坏版本（`VERSION` 以 `bad` 开头）：原来的 Pod 全部继续服务，没有请求失败，换回来也能走完。

# %% [markdown] lang="en"
# **Task 4.** The rollout of Deployment `shop` is stuck. Fix it; then, under requests, the checker rolls out a bad version (`VERSION` begins with `bad`). All Pods from before go on serving, no request fails, and the way back completes.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest shop.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 2
  strategy:
    type: Recreate # 4
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      terminationGracePeriodSeconds: 2
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: busybox:1.37
          command: [sh, /app/start]
          env:
            - name: VERSION
              value: v2
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet:
              path: /readyz # 4
              port: http
            periodSeconds: 1
            failureThreshold: 2
          volumeMounts:
            - name: app
              mountPath: /app
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 48Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: app
          configMap:
            name: app
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector:
    app: shop
  ports:
    - port: 80
      targetPort: http

# %% tags=["solution"]
# %%manifest shop.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 2
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      terminationGracePeriodSeconds: 2
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: busybox:1.37
          command: [sh, /app/start]
          env:
            - name: VERSION
              value: v2
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet:
              path: /ready
              port: http
            periodSeconds: 1
            failureThreshold: 2
            timeoutSeconds: 3
          volumeMounts:
            - name: app
              mountPath: /app
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 48Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: app
          configMap:
            name: app
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector:
    app: shop
  ports:
    - port: 80
      targetPort: http

# %% tags=["nbval-ignore-output"]
check(4)

# %% [markdown] lang="zh"
# **任务 5**。Service `cart` 背后两个或更多 Pod 要用 Deployment `db`。检查程序把 `db` 缩到 0，再恢复：20 秒内所有 Pod 未就绪，没有容器重启，存活探针的结果也不受数据库影响；数据库回来后，20 秒内全部就绪。

# %% [markdown] lang="en"
# **Task 5.** Two or more Pods behind Service `cart` need Deployment `db`. The checker scales `db` to 0 and back. Within 20 s all are not Ready; no container is restarted, and no liveness probe depends on the database. With it back, all are Ready within 20 s.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest cart.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
spec:
  replicas: 2
  selector:
    matchLabels:
      app: cart
  template:
    metadata:
      labels:
        app: cart
    spec:
      terminationGracePeriodSeconds: 2
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: busybox:1.37
          command: [sh, /app/start]
          env:
            - name: DB
              value: db
          ports:
            - name: http
              containerPort: 8080
          livenessProbe: # 5
            httpGet:
              path: /ready
              port: http
            periodSeconds: 2
            timeoutSeconds: 3
          volumeMounts:
            - name: app
              mountPath: /app
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 48Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: app
          configMap:
            name: app
---
apiVersion: v1
kind: Service
metadata:
  name: cart
spec:
  selector:
    app: cart
  ports:
    - port: 80
      targetPort: http

# %% tags=["solution"]
# %%manifest cart.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
spec:
  replicas: 2
  selector:
    matchLabels:
      app: cart
  template:
    metadata:
      labels:
        app: cart
    spec:
      terminationGracePeriodSeconds: 2
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: busybox:1.37
          command: [sh, /app/start]
          env:
            - name: DB
              value: db
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet:
              path: /ready
              port: http
            periodSeconds: 1
            failureThreshold: 2
            timeoutSeconds: 3
          volumeMounts:
            - name: app
              mountPath: /app
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 48Mi
          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: app
          configMap:
            name: app
---
apiVersion: v1
kind: Service
metadata:
  name: cart
spec:
  selector:
    app: cart
  ports:
    - port: 80
      targetPort: http

# %% tags=["nbval-ignore-output"]
check(5)

# %% [markdown] lang="zh"
# ## 回想
#
# 先自己回答，再展开。
#
# 1. READY 是 0/1，RESTARTS 是 0，一直这样：哪种探针在失败？
# 2. 存活探针一直成功，页面却都是错误：可能是哪种探针方式？
# 3. `maxUnavailable` 为 0，新版本永远不就绪：还有几个旧的 Pod？
# 4. 回顾 01 课：存活探针引起重启之后，`emptyDir` 里的文件还在吗？
# 5. 回顾 04 课：一个 Pod 里的另一个容器重启，应用容器会怎样？
#
# <details><summary>答案</summary>
#
# 1. 就绪探针。
# 2. `tcpSocket`：连得上就算成功。
# 3. 全部。
# 4. 在；只有容器换了。
# 5. 照常运行，重启次数各算各的。
#
# </details>

# %% [markdown] lang="en"
# ## Recall
#
# Answer first, then unfold.
#
# 1. READY is 0/1 and RESTARTS 0, and it stays so: which probe fails?
# 2. A liveness probe succeeds all the time while all pages are errors: which kind may it be?
# 3. `maxUnavailable` is 0 and the new version is never ready: how many old Pods are left?
# 4. From lesson 01: after a restart by a liveness probe, are the files of an `emptyDir` there?
# 5. From lesson 04: another container of the Pod is restarted: what becomes of the app's?
#
# <details><summary>Answers</summary>
#
# 1. The readiness probe.
# 2. `tcpSocket`: to connect is enough.
# 3. All of them.
# 4. Yes; only the container is another.
# 5. It runs on; each has a restart count of its own.
#
# </details>

# %% [markdown] lang="zh"
# ## 要点
#
# - 没有就绪的 Pod 是在等待：不给它请求就够了，重启帮不了它。
# - 存活探针绝不能问程序自己以外的东西；只问“重启能治好的”。
# - 启动慢用启动探针，存活探针照样可以快。
# - 上线走不走得下去，由就绪探针说了算。
#
# 最后清理演示的对象，数一数还剩几个。实验留着，`reset()` 可以清掉。

# %% [markdown] lang="en"
# ## Key points
#
# - A Pod that is not Ready waits: it is enough to send it no requests, and a restart would not help.
# - A liveness probe must never ask about anything but the program itself: only about what a restart cures.
# - For a slow start there is the startup probe; the liveness probe may stay quick.
# - Whether a rollout goes on is for the readiness probe to say.
#
# Last, remove what the demonstration made, and count what is left. Your lab stays; `reset()` clears it.

# %%
# %%shell --timeout 120
kubectl delete -f manifests/06-probes --cascade=foreground --timeout=100s > /dev/null
kubectl get deployments,pods,services -o name | wc -l
