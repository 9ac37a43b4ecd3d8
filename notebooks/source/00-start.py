# %% [markdown] lang="zh"
# # 开始：第一个 Pod，第一次检查
#
# 课程里的一切都在一个真正的 Kubernetes 集群（cluster）上运行，它就在你的机器上，只属于这门课。这一课认识手边的工具，运行第一个 Pod，再学会读检查的结论。大约 25 分钟，其中等待不到 1 分钟。

# %% [markdown] lang="en"
# # Start: the first Pod, the first check
#
# Everything in this course runs on a real Kubernetes cluster. It is on your machine and belongs to the course alone. In this lesson you meet the tools at hand, run a first Pod, and learn to read what a check says. About 25 minutes, of which less than 1 is waiting.

# %% [markdown] lang="zh"
# ## 目标和问题
#
# 学完之后，你能够：
#
# 1. 说出这里运行着什么，你的命令发往哪里；
# 2. 运行一个 Pod，从状态、日志和应答看它好不好；
# 3. 读懂检查的三种结论和它给出的证据。
#
# 带着两个问题往下读：状态是 Running 的 Pod，就一定会应答吗？检查说“未通过”和“未能检查”，差别在哪里？

# %% [markdown] lang="en"
# ## Objectives and questions
#
# After this lesson you can
#
# 1. say what is running here, and where your commands go;
# 2. run a Pod, and tell from status, log and answer whether it is well;
# 3. read the three verdicts of a check and the evidence it gives.
#
# Read on with two questions. Does a Pod that is Running always answer? What is the difference between "failed" and "could not be checked"?

# %% [markdown] lang="zh"
# ## 这里运行着什么
#
# ```
#  JupyterLab            kubectl, check()            kind cluster
#  +----------+   YAML   +-------------+   API   +------------------+
#  | notebook | -------> |             | ------> | demo-00-start    |
#  |   you    | <------- |             | <------ | lab-00-start     |
#  +----------+  answer  +-------------+  state  +------------------+
# ```
#
# **kind** 把一个 Kubernetes 节点装进容器里运行，这就是课程的集群。**kubectl** 把清单（manifest）发给集群，也向它提问。**检查程序**（`check()`）从外面观察你的 Pod，再给出结论。
#
# 每一课有两个命名空间（namespace）：`demo` 给课文里的命令用，每次从头开始；`lab` 是你的实验，只有你说重来才重来。

# %% [markdown] lang="en"
# ## What is running here
#
# ```
#  JupyterLab            kubectl, check()            kind cluster
#  +----------+   YAML   +-------------+   API   +------------------+
#  | notebook | -------> |             | ------> | demo-00-start    |
#  |   you    | <------- |             | <------ | lab-00-start     |
#  +----------+  answer  +-------------+  state  +------------------+
# ```
#
# **kind** runs a Kubernetes node inside a container; that is the course's cluster. **kubectl** sends manifests to the cluster and asks it questions. The **checker** (`check()`) watches your Pods from outside, then gives a verdict.
#
# Each lesson has two namespaces: `demo` is for the commands of the text and starts afresh each time; `lab` is yours, and starts over only when you say so.

# %% tags=["nbval-ignore-output"]
# %load_ext checker.notebook
lesson("00-start")

# %% [markdown] lang="zh"
# `%shell` 运行一行命令，`%%shell` 运行整个单元格。命令失败，单元格就失败；超过时限（通常 60 秒），命令会被停下。命令在演示的命名空间里运行；写成 `%shell --lab`，就在你的实验命名空间里运行。

# %% [markdown] lang="en"
# `%shell` runs one line, `%%shell` the whole cell. If a command fails, so does the cell; a command that goes past its limit (60 seconds as a rule) is stopped. Commands run in the namespace of the demonstration; with `%shell --lab` they run in the namespace of your lab.

# %% tags=["nbval-ignore-output"]
# %shell kubectl config current-context
# %shell kubectl get nodes

# %%
# %shell kubectl config view --minify -o jsonpath='{.contexts[0].context.namespace}{"\n"}'

# %%
# %shell kubectl get nodes -o jsonpath='{.items[*].status.conditions[?(@.type=="Ready")].status}{"\n"}'
# %shell kubectl get pods -o name | wc -l

# %% [markdown] lang="zh"
# 依次是：命令发往哪个集群，它有哪些节点；命令默认在哪个命名空间；节点是否就绪，演示里有几个 Pod。
#
# ## 第一轮：它能用
#
# `hello.yaml` 里有一个 Pod，它在端口 8080 上给出一页网页；还有一个 Service，它按标签（label）`app: hello` 找到这个 Pod，给它一个不变的名字。

# %% [markdown] lang="en"
# These lines say to which cluster your commands go, and its nodes; the namespace they act in; whether the node is Ready, and how many Pods the demonstration has.
#
# ## First round: it works
#
# `hello.yaml` holds a Pod that serves one page on port 8080, and a Service that finds it by the label `app: hello` and gives it a name that stays.

# %%
# %%shell
kubectl apply -f manifests/00-start/hello.yaml
kubectl wait pod/hello --for=condition=Ready --timeout=50s
kubectl get pod hello -o jsonpath='{.status.phase}{"\n"}'

# %%
# %%shell
kubectl exec hello -- wget -q -O - http://localhost:8080/
kubectl get endpointslices -l kubernetes.io/service-name=hello -o jsonpath='{.items[0].ports[0].port}{"\n"}'
kubectl get pod hello -o jsonpath='{.status.containerStatuses[0].restartCount}{"\n"}'

# %% [markdown] lang="zh"
# 三个事实：网页里有 Pod 的名字；Service 找到了一个地址，端口是 8080；重启次数是 0。
#
# 如果 `kubectl wait` 等满了时限，看 `kubectl describe pod hello` 最后的事件。
#
# ## 第二轮：故意弄坏
#
# 下面的失败是安排好的：`crash.yaml` 里的程序马上就以退出码 3 结束。
#
# **先猜再看**。过几秒，这个 Pod 会怎样？
#
# - `a`：Pod 还在，容器被一次次重新启动；
# - `b`：它消失了，因为程序已经结束；
# - `c`：Kubernetes 一次次做出新的 Pod。

# %% [markdown] lang="en"
# Three facts: the page holds the Pod's name; the Service found an address, with port 8080; the restart count is 0.
#
# If `kubectl wait` times out, see the events at the end of `kubectl describe pod hello`.
#
# ## Second round: break it
#
# The failure below is planned: the program of `crash.yaml` ends at once, with exit code 3.
#
# **Predict first.** What is this Pod like after a few seconds?
#
# - `a`: the Pod is there, and its container is started again and again;
# - `b`: it is gone, for its program has ended;
# - `c`: Kubernetes makes new Pods again and again.

# %%
predict("q1", "?")

# %%
# %%shell
kubectl apply -f manifests/00-start/crash.yaml
kubectl wait pod/crash --for=jsonpath='{.status.containerStatuses[0].restartCount}'=2 --timeout=50s
kubectl wait pod/crash --for=jsonpath='{.status.containerStatuses[0].state.waiting.reason}'=CrashLoopBackOff --timeout=50s
kubectl logs crash --previous
kubectl get pod crash -o jsonpath='{.status.containerStatuses[0].lastState.terminated.exitCode}{"\n"}'

# %% tags=["nbval-ignore-output"]
# %shell kubectl get pods

# %%
# %shell kubectl get pods -l app=crash -o name | wc -l
reveal("q1", "a")

# %% [markdown] lang="zh"
# 一个 Pod，至少两次重启：kubelet 在同一个 Pod 里再启动容器，间隔越来越长。状态会在 Running、Error 和 CrashLoopBackOff 之间变。状态说的是**发生了什么**；`kubectl logs --previous` 是上一个容器的最后几句话，说的是**为什么**。
#
# 课程的集群把间隔限制在 3 秒；默认最长是 5 分钟。

# %% [markdown] lang="en"
# One Pod, two restarts or more: the kubelet starts the container again in the same Pod, at growing intervals. The status changes between Running, Error and CrashLoopBackOff. The status says **what** happened; `kubectl logs --previous`, the last words of the container before, says **why**.
#
# The course's cluster keeps the interval to 3 seconds; by default it grows to 5 minutes.

# %% [markdown] lang="zh"
# ## 画出来
#
# 演示开始以来的记录：Pod 和容器各占一行，一段就是一次寿命。`crash` 的 Pod 只有一段，它的容器却有好几段。

# %% [markdown] lang="en"
# ## See it
#
# This was recorded since the demonstration began: a row for each Pod and each container, a bar for each life. The Pod of `crash` is one bar; its container is several.

# %% tags=["nbval-ignore-output"]
timeline()

# %% [markdown] lang="zh"
# ## 检查怎样回答
#
# | 结论 | 意思 | 接下来 |
# | --- | --- | --- |
# | 通过 | 检查程序看到了所要求的事 | 做下一个任务 |
# | 未通过 | 它看了，不是这样 | 读证据，改，再检查 |
# | 未能检查 | 它没能看，例如集群没有应答 | 不扣分；读原因，处理好再检查 |
#
# 证据有三项：**期望**什么，**看到**什么，用哪条 **kubectl** 命令可以自己看。先读“看到”，再把那条命令粘贴到一个单元格里运行（`%shell --lab` 让它在实验的命名空间里运行）。检查只认集群里发生的事：文件怎么写、对象叫什么，只要任务没有规定，都由你决定。

# %% [markdown] lang="en"
# ## How a check answers
#
# | verdict | meaning | next |
# | --- | --- | --- |
# | passed | the checker saw what is asked for | the next task |
# | failed | it looked, and it is not so | read the evidence, change, check again |
# | could not be checked | it could not look; the cluster gave no answer, say | costs nothing; read the reason, see to it, check again |
#
# Evidence has three parts: what was **expected**, what was **found**, and the **kubectl** command that shows it to you. Read what was found, then paste that command into a cell and run it (`%shell --lab` makes it run in the namespace of the lab). A check counts what happens in the cluster: how a file is written and what an object is called is yours to choose, unless the task says so.

# %% [markdown] lang="zh"
# ## 实验
#
# 大约 10 分钟，在 `lab` 命名空间里；文件存到 `work/00-start/lab/`。`check(n)` 判定，`hint(n)` 给提示，`reset()` 重来。
#
# 清单可以直接在单元格里改；也可以在左边的文件浏览器里打开这个文件，改好、保存，再运行 `%manifest welcome.yaml`。YAML 写错了，会在发送之前指出是哪一行、哪一列。
#
# **任务 1**。通过名为 `welcome` 的 Service、端口 80，`GET /` 得到状态码 200。
#
# 清单里有两处要改：Pod 的标签，以及脚本的最后一行，它还没有启动网页服务器。运行中的 Pod，大多数字段不能改，所以先删掉旧的。

# %% [markdown] lang="en"
# ## Lab
#
# About 10 minutes, in the namespace `lab`; files go to `work/00-start/lab/`. `check(n)` judges, `hint(n)` helps, `reset()` starts over.
#
# Edit a manifest in its cell; or open the file from the file browser on the left, edit and save it, then run `%manifest welcome.yaml`. A mistake in the YAML is shown with its line and column before anything is sent.
#
# **Task 1.** Through a Service named `welcome`, on port 80, `GET /` gets status 200.
#
# Two places of the manifest need a change: the Pod's label, and the last line of the script, which does not start a web server yet. Most of a running Pod cannot be changed, so the old one is deleted first.

# %% tags=["nbval-ignore-output"]
# %shell --lab kubectl delete pod welcome --ignore-not-found

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest welcome.yaml
apiVersion: v1
kind: Pod
metadata:
  name: welcome
  labels:
    app: TODO
spec:
  terminationGracePeriodSeconds: 1
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: web
      image: busybox:1.37
      command: [sh, -c]
      args:
        - |
          mkdir -p /tmp/www
          echo "welcome to $HOSTNAME" > /tmp/www/index.html
          exec sleep infinity
      ports:
        - name: http
          containerPort: 8080
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
---
apiVersion: v1
kind: Service
metadata:
  name: welcome
spec:
  selector:
    app: welcome
  ports:
    - port: 80
      targetPort: http

# %% tags=["solution"]
# %%manifest welcome.yaml
apiVersion: v1
kind: Pod
metadata:
  name: welcome
  labels:
    app: welcome
spec:
  terminationGracePeriodSeconds: 1
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: web
      image: busybox:1.37
      command: [sh, -c]
      args:
        - |
          mkdir -p /tmp/www
          echo "welcome to $HOSTNAME" > /tmp/www/index.html
          exec httpd -f -p 8080 -h /tmp/www
      ports:
        - name: http
          containerPort: 8080
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
---
apiVersion: v1
kind: Service
metadata:
  name: welcome
spec:
  selector:
    app: welcome
  ports:
    - port: 80
      targetPort: http

# %% tags=["nbval-ignore-output"]
check(1)

# %% [markdown] lang="zh"
# **任务 2**。`greeter.yaml` 里的 Pod 起不来。找到故障，修好它：通过 Service `greeter`、端口 80，`GET /` 得到状态码 200，网页里有应答它的那个 Pod 的名字。
#
# 它已经在你的命名空间里，先问它怎么了，再改清单。

# %% [markdown] lang="en"
# **Task 2.** The Pod of `greeter.yaml` does not come up. Find the fault and fix it: through the Service `greeter`, on port 80, `GET /` gets status 200 and a page that holds the name of the Pod that answers.
#
# It is in your namespace already. Ask it what is wrong, then change the manifest.

# %% tags=["nbval-ignore-output"]
# %shell --lab kubectl get pods
# %shell --lab kubectl describe pod greeter | tail -n 8

# %% tags=["nbval-ignore-output"]
# %shell --lab kubectl delete pod greeter --ignore-not-found

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest greeter.yaml
apiVersion: v1
kind: Pod
metadata:
  name: greeter
  labels:
    app: greeter
spec:
  terminationGracePeriodSeconds: 1
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: web
      image: busybox:1.37
      command: [sh, -c]
      args:
        - |
          mkdir -p /tmp/www
          echo "greetings from $HOSTNAME" > /tmp/www/index.html
          exec httpd -f -p 8080 -h /tmp/page
      ports:
        - name: http
          containerPort: 8080
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
---
apiVersion: v1
kind: Service
metadata:
  name: greeter
spec:
  selector:
    app: greeter
  ports:
    - port: 80
      targetPort: http

# %% tags=["solution"]
# %%manifest greeter.yaml
apiVersion: v1
kind: Pod
metadata:
  name: greeter
  labels:
    app: greeter
spec:
  terminationGracePeriodSeconds: 1
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: web
      image: busybox:1.37
      command: [sh, -c]
      args:
        - |
          mkdir -p /tmp/www
          echo "greetings from $HOSTNAME" > /tmp/www/index.html
          exec httpd -f -p 8080 -h /tmp/www
      ports:
        - name: http
          containerPort: 8080
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
---
apiVersion: v1
kind: Service
metadata:
  name: greeter
spec:
  selector:
    app: greeter
  ports:
    - port: 80
      targetPort: http

# %% tags=["nbval-ignore-output"]
check(2)

# %% [markdown] lang="zh"
# ## 回想
#
# 先自己回答，再展开。
#
# 1. 重启次数是 5：前后有过几个 Pod、几个容器？
# 2. 状态告诉你发生了什么，哪条命令告诉你为什么？
# 3. Service 靠什么找到 Pod？
#
# <details><summary>答案</summary>
#
# 1. 1 个 Pod，6 个容器。
# 2. `kubectl logs --previous`；程序没能启动时，看 `kubectl describe` 的事件。
# 3. 靠标签。
#
# </details>

# %% [markdown] lang="en"
# ## Recall
#
# Answer first, then unfold.
#
# 1. The restart count is 5: how many Pods were there, and how many containers?
# 2. The status says what happened; which command says why?
# 3. By what does a Service find its Pods?
#
# <details><summary>Answers</summary>
#
# 1. 1 Pod, 6 containers.
# 2. `kubectl logs --previous`; where the program could not be started, the events of `kubectl describe`.
# 3. By their labels.
#
# </details>

# %% [markdown] lang="zh"
# ## 要点
#
# - Running 只说明进程在。它会不会应答，要问了才知道：Service 要找到 Pod，程序要在监听。
# - “未通过”是看过了，不是这样；“未能检查”是没能看，不扣分。
#
# 最后清理演示的对象，数一数还剩几个。

# %% [markdown] lang="en"
# ## Key points
#
# - Running says only that a process is there. Whether it answers you learn by asking: the Service must find the Pod, and a program must listen.
# - "Failed" means that the checker looked, and it is not so; "could not be checked" means that it could not look, and costs nothing.
#
# Last, remove what the demonstration made, and count what is left.

# %%
# %%shell
kubectl delete -f manifests/00-start --timeout=50s > /dev/null
kubectl get pods,services -o name | wc -l
