# %% [markdown] lang="zh"
# # 私有镜像仓库（registry）：谁带着密码去拉取
#
# 周五晚上，商店的新版本推送到了公司的私有镜像仓库。你在自己的电脑上拉得到，集群（cluster）里的 Pod 却一直停在 `ImagePullBackOff`。
#
# 这一课里，你会让 kubelet 带着正确的凭据去拉取，并从一行 401 里找出它为什么没有带。大约 50 分钟，其中等待约 1 分钟。

# %% [markdown] lang="en"
# # Private registry: who carries the password
#
# On a Friday evening the shop's new version is pushed to the company's private registry. Your own computer pulls it; the Pods in the cluster stay at `ImagePullBackOff`.
#
# In this lesson you have the kubelet come with the right credential, and find out from a line with 401 why it did not. About 50 minutes, of which about 1 is waiting.

# %% [markdown] lang="zh"
# ## 目标和问题
#
# 学完之后，你能够：
#
# 1. 用一条命令建出 kubelet 用得上的 Secret，并说出它为什么用得上；
# 2. 从事件和 Pod 的字段分清：没有凭据、凭据属于别的镜像仓库、镜像不存在；
# 3. 不换 Pod，只修 Secret，让等待中的 Pod 运行起来；
# 4. 让 ServiceAccount 把凭据带给新的 Pod。
#
# 带着两个问题往下读：镜像已经在节点上了，为什么 Pod 还是得到 401？修好了 Secret，还要不要重建 Pod？

# %% [markdown] lang="en"
# ## Objectives and questions
#
# After this lesson you can
#
# 1. make with one command a Secret that serves the kubelet, and say why it does;
# 2. tell from events and fields of a Pod whether there was no credential, one for another registry, or no such image;
# 3. fix the Secret alone, and have the waiting Pod come up;
# 4. let a ServiceAccount bring the credential to new Pods.
#
# Read on with two questions. Why does a Pod get 401 for an image that is on the node already? Is a Pod to be made anew once its Secret is fixed?

# %% [markdown] lang="zh"
# ## 准备
#
# 确认集群是课程自己的，清空演示用的命名空间（namespace）。课程还启动一个真正的镜像仓库，并给你一个用户。

# %% [markdown] lang="en"
# ## Preflight
#
# Make sure that the cluster is the course's own, and empty the namespace of the demonstration. The course also starts a real registry and gives you a user of it.

# %% tags=["nbval-ignore-output"]
# %load_ext checker.notebook
lesson("03-registry")

# %% [markdown] lang="zh"
# ## 谁去拉取，谁带着凭据
#
# ```
#  you ---> Secret (type, host, user:password)
#              ^ named by the Pod, or by its ServiceAccount
#              |
#  Pod ---> kubelet ------ user:password ------> registry
#              ^                                    |
#              +--------- 401, or the image --------+
# ```
#
# 拉取镜像的不是你，也不是容器，是节点上的 **kubelet**。它不知道你在自己电脑上的登录（login）。它只看 Pod 的 `imagePullSecrets` 引用的 Secret：要和 Pod 在同一个命名空间，类型要对，里面的主机和端口要和镜像名的第一段对得上。对不上，它就不带**凭据**（credential）去，私有的镜像仓库回答 **401**。

# %% [markdown] lang="en"
# ## Who pulls, and who carries the credential
#
# ```
#  you ---> Secret (type, host, user:password)
#              ^ named by the Pod, or by its ServiceAccount
#              |
#  Pod ---> kubelet ------ user:password ------> registry
#              ^                                    |
#              +--------- 401, or the image --------+
# ```
#
# Neither you nor the container pulls the image: the **kubelet** on the node does. It knows nothing of the login on your own computer. It looks at the Secrets that the Pod's `imagePullSecrets` name: in the Pod's own namespace, of the right type, for the host and port with which the image's name begins. Where none fits it comes without a **credential**, and a private registry answers **401**.

# %% [markdown] lang="zh"
# ## 第一轮：它能用
#
# 课程给你的用户在 Secret `registry-login` 里。先看它有哪些键，再用它们建出 kubelet 用得上的 Secret。密码只从一条命令传给另一条，不写进文件，也不打印出来。

# %% [markdown] lang="en"
# ## First round: it works
#
# The user the course gave you is in the Secret `registry-login`. See its keys first, then make of them a Secret for the kubelet. The password goes from one command to the other, into no file and onto no screen.

# %%
# %shell kubectl get secret registry-login -o go-template='{{.type}}: {{range $key, $_ := .data}}{{$key}} {{end}}{{"\n"}}'

# %%
# %%shell
login() { kubectl get secret registry-login -o go-template="{{.data.$1 | base64decode}}"; }
kubectl create secret docker-registry myregistrykey \
  --docker-server=localhost:30500 \
  --docker-username="$(login username)" --docker-password="$(login password)"
kubectl get secret myregistrykey -o go-template='{{.type}}: {{range $key, $_ := .data}}{{$key}}{{end}}{{"\n"}}'

# %% [markdown] lang="zh"
# `foo.yaml` 里有两行和镜像仓库有关：
#
# ```yaml
# imagePullSecrets: [{name: myregistrykey}]
# image: localhost:30500/janedoe/awesomeapp:v1
# ```
#
# `localhost` 在这里是节点自己：镜像仓库的 Service 在每个节点上开了端口 30500。
#
# **先猜再看**。`foo` 运行之后，谁用过密码？
#
# - `a`：kubelet，在容器出现之前；
# - `b`：容器，它启动时读 Secret；
# - `c`：`kubectl`，在应用清单（manifest）的时候。

# %% [markdown] lang="en"
# Two lines of `foo.yaml` have to do with the registry:
#
# ```yaml
# imagePullSecrets: [{name: myregistrykey}]
# image: localhost:30500/janedoe/awesomeapp:v1
# ```
#
# `localhost` is the node itself here: the registry's Service opens port 30500 on every node.
#
# **Predict first.** Once `foo` runs, who has used the password?
#
# - `a`: the kubelet, before there was a container;
# - `b`: the container, which reads the Secret at its start;
# - `c`: `kubectl`, when it applied the manifest.

# %%
predict("q1", "?")

# %%
# %%shell
kubectl apply -f manifests/03-registry/foo.yaml
kubectl wait pod foo --for=condition=Ready --timeout=50s
kubectl exec foo -- /bin/busybox wget -qO- localhost:8080
kubectl get pod foo -o jsonpath='{.status.containerStatuses[0].imageID}{"\n"}' | cut -d @ -f 1

# %%
# %shell kubectl wait events --field-selector involvedObject.name=foo,reason=Pulled --for=create --timeout=50s > /dev/null
# %shell kubectl get events --field-selector involvedObject.name=foo,reason=Pulled -o jsonpath='{.items[0].source.component}{"\n"}'
# %shell kubectl get pod foo -o jsonpath='mounts: {.spec.containers[0].volumeMounts}{"\n"}env: {.spec.containers[0].env}{"\n"}'
reveal("q1", "a")

# %% [markdown] lang="zh"
# `Pulled` 这个事件来自 kubelet；容器既没有挂载（mount）Secret，也没有这样的环境变量。所以程序不知道密码，`kubectl` 只是把清单交给了 API 服务器。
#
# 如果等满了时限，看 `kubectl describe pod foo` 的最后几行。

# %% [markdown] lang="en"
# The event `Pulled` comes from the kubelet; the container mounts no Secret and has no such variable. So the program does not know the password, and `kubectl` only handed the manifest to the API server.
#
# If the wait uses up its time instead, read the last lines of `kubectl describe pod foo`.

# %% [markdown] lang="zh"
# ## 第二轮：故意弄坏
#
# 下面的失败是安排好的。两个 Pod，镜像和 `foo` 的一样，已经在节点上：`no-secret` 没有写 Secret；`wrong-port` 的 Secret 里用户名和密码都对，主机写的是 `localhost:5000`，也就是镜像仓库在它的 Pod 里监听的端口。
#
# **先猜再看**。哪一个会运行？
#
# - `a`：两个都会，镜像已经在节点上，不用再问镜像仓库；
# - `b`：只有 `wrong-port`，它的用户名和密码是对的；
# - `c`：一个也不会。

# %% [markdown] lang="en"
# ## Second round: break it
#
# The failure below is planned. Two Pods want the same image as `foo`, which is on the node by now: `no-secret` names no Secret; the Secret of `wrong-port` has the right user and password, for the host `localhost:5000`, the port on which the registry listens in its own Pod.
#
# **Predict first.** Which one will run?
#
# - `a`: both, for the image is on the node and nobody needs to ask the registry;
# - `b`: `wrong-port` alone, for its user and password are right;
# - `c`: neither.

# %%
predict("q2", "?")

# %%
# %%shell
login() { kubectl get secret registry-login -o go-template="{{.data.$1 | base64decode}}"; }
kubectl create secret docker-registry wrongkey \
  --docker-server=localhost:5000 \
  --docker-username="$(login username)" --docker-password="$(login password)"
kubectl apply -f manifests/03-registry/broken.yaml

# %%
# %%shell
for pod in no-secret wrong-port; do
  kubectl wait pod $pod --for=jsonpath='{.status.containerStatuses[0].state.waiting.message}' --timeout=50s > /dev/null
  kubectl get pod $pod -o jsonpath='{.status.containerStatuses[0].state.waiting.message}' | grep -o '401 Unauthorized'
done

# %% [markdown] lang="zh"
# 症状一样，都是 401，原因却是两个：看 Pod 引用了哪个 Secret，再看那个 Secret 是给哪个镜像仓库的。

# %% [markdown] lang="en"
# One symptom, 401, and two causes: see whom the Pod names, then for which registry that Secret is.

# %%
# %shell kubectl get pod no-secret wrong-port -o jsonpath='{range .items[*]}{.metadata.name}: {.spec.imagePullSecrets[*].name}{"\n"}{end}'
# %shell kubectl get secret wrongkey -o go-template='{{index .data ".dockerconfigjson" | base64decode}}' | grep -o 'localhost:[0-9]*'
reveal("q2", "c")

# %% [markdown] lang="zh"
# 从 Kubernetes 1.35 起，kubelet 记得一个镜像是用哪份凭据拉取的：别的 Pod 要先证明自己也能拉取，镜像在节点上也不例外。以前，同一个节点上谁都能用它。
#
# 如果你看到的不是 401：`not found` 是仓库名或 tag 写错了，凭据没有问题；`InvalidImageName` 是镜像名前面多了 `http://`；事件 `FailedToRetrieveImagePullSecret` 是 Secret 的名字或命名空间不对。

# %% [markdown] lang="en"
# Since Kubernetes 1.35 a kubelet remembers with which credential an image was pulled; another Pod first has to prove that it could pull it too, also when the image is on the node. Before that, every Pod of the node could use it.
#
# If you see something other than 401: `not found` means a wrong repository or tag, with a credential that is right; `InvalidImageName` means a `http://` before the name; the event `FailedToRetrieveImagePullSecret` means a Secret of another name or in another namespace.

# %% [markdown] lang="zh"
# ## 第三轮：只改一样
#
# Pod `later` 要的是新的 tag `v2`，它引用的 Secret `laterkey` 还不存在。等 kubelet 开始退避（back-off），我们只补上这个 Secret；内容从 `myregistrykey` 复制。
#
# **先猜再看**。Secret 补上之后：
#
# - `a`：什么也不会发生，要删除 Pod 再建一次；
# - `b`：原来的 Pod 自己运行起来；
# - `c`：kubelet 换上一个新的 Pod。

# %% [markdown] lang="en"
# ## Third round: change one thing
#
# Pod `later` wants the new tag `v2`, and the Secret it names, `laterkey`, is not there yet. When the kubelet has begun to back off, we add this Secret and nothing else; its content is copied from `myregistrykey`.
#
# **Predict first.** Once the Secret is there
#
# - `a`: nothing happens, and the Pod has to be deleted and made anew;
# - `b`: the same Pod comes up by itself;
# - `c`: the kubelet puts a new Pod in its place.

# %%
predict("q3", "?")

# %% tags=["nbval-ignore-output", "long-cell"]
with recording() as pulled:
    mark("kubectl apply")
    %shell kubectl apply -f manifests/03-registry/later.yaml
    %shell kubectl wait pod later --for=jsonpath='{.status.containerStatuses[0].state.waiting.reason}'=ImagePullBackOff --timeout=50s
    mark("kubectl create secret")
    %shell kubectl get secret myregistrykey -o go-template='{{index .data ".dockerconfigjson" | base64decode}}' | kubectl create secret docker-registry laterkey --from-file=.dockerconfigjson=/dev/stdin
    %shell kubectl wait pod later --for=condition=Ready --timeout=50s

# %%
# %%shell
pod=$(kubectl get pod later -o jsonpath='{.metadata.creationTimestamp}')
secret=$(kubectl get secret laterkey -o jsonpath='{.metadata.creationTimestamp}')
[[ "$pod" < "$secret" ]] && echo "Pod older than its Secret: true"
kubectl get pod later -o jsonpath='restarts: {.status.containerStatuses[0].restartCount}{"\n"}'

# %%
reveal("q3", "b")

# %% [markdown] lang="zh"
# Pod 比它的 Secret 更早，一次也没有重启：它没有换。kubelet 每次尝试都重新读 Secret，所以修好 Secret 就够了。两次尝试之间它等 10 秒、20 秒、40 秒……最多 5 分钟，失败得久的 Pod 就要等得久。
#
# ## 画出来
#
# 下图是刚才的记录：`later` 的容器，下面是它的拉取。

# %% [markdown] lang="en"
# The Pod is older than its Secret and was never restarted: it is the same one. The kubelet reads the Secret anew for each try, so to fix the Secret is enough. Between tries it waits 10 s, 20 s, 40 s and so on, up to 5 minutes; a Pod that has failed for long waits for long.
#
# ## See it
#
# The picture was recorded a moment ago: the container of `later`, and below it its pulls.

# %% tags=["nbval-ignore-output"]
timeline(pulled, only="later", lanes="containers pulls", zh="先有 Pod，后有 Secret", en="First the Pod, then its Secret")

# %% [markdown] lang="zh"
# 第一次拉取马上失败，容器停在 `ErrImagePull`，然后是 `ImagePullBackOff`。虚线是补上 Secret 的时刻；那一刻什么也没有发生，退避结束之后的下一次尝试才成功，容器开始运行。

# %% [markdown] lang="en"
# The first pull fails at once; the container waits with `ErrImagePull`, then `ImagePullBackOff`. The dashed line is the moment when the Secret was added. Nothing happens there: the next try, after the back-off, succeeds, and the container runs.

# %% [markdown] lang="zh"
# ## 写一次就够
#
# 不想在每个 Pod 里都写一遍，就写在 ServiceAccount 里。每个 Pod 都属于一个 ServiceAccount；清单里没有写，就是命名空间里的 `default`。

# %% [markdown] lang="en"
# ## Name it once
#
# Where you do not want to name it in each Pod, let a ServiceAccount name it. Every Pod belongs to one; where its manifest says nothing, that is the namespace's `default`.

# %%
# %%shell
kubectl patch serviceaccount default -p '{"imagePullSecrets": [{"name": "myregistrykey"}]}'
kubectl apply -f manifests/03-registry/bar.yaml
kubectl wait pod bar --for=condition=Ready --timeout=50s
kubectl get pod bar no-secret -o jsonpath='{range .items[*]}{.metadata.name}: {.spec.imagePullSecrets[*].name}{"\n"}{end}'

# %% [markdown] lang="zh"
# `bar.yaml` 里没有 Secret 的名字，运行着的 `bar` 里却有：Pod 新建时，API 服务器从 ServiceAccount 抄进来。`no-secret` 更早，所以还是空的。
#
# ## 在生产中
#
# - 镜像仓库要用 TLS，因为每次拉取，凭据都经过网络；只有对 `localhost`，containerd 才用 HTTP。
# - htpasswd 不分仓库：一个用户能拉取、也能推送所有镜像。正式的镜像仓库给集群一个只读账号。
# - 能读这个 Secret 的人就有了密码。云上的 kubelet 可以用凭据提供程序（credential provider）换取短期凭据，不需要 Secret。
#
# 延伸阅读：[镜像](https://kubernetes.io/zh-cn/docs/concepts/containers/images/)、[从私有仓库拉取](https://kubernetes.io/zh-cn/docs/tasks/configure-pod-container/pull-image-private-registry/)、[凭据提供程序](https://kubernetes.io/zh-cn/docs/tasks/administer-cluster/kubelet-credential-provider/)。

# %% [markdown] lang="en"
# `bar.yaml` holds no Secret's name, and the `bar` that runs does: when a Pod is made, the API server copies it from the ServiceAccount. `no-secret` is older, and still without.
#
# ## In production
#
# - A registry needs TLS, for the credential crosses the network with each pull; containerd speaks HTTP to `localhost` alone.
# - htpasswd knows no repositories: a user may pull and push every image. A registry for production gives a cluster an account that can only read.
# - Who may read the Secret has the password. In a cloud, a kubelet's credential provider gets short-lived credentials without a Secret.
#
# Read on: [Images](https://kubernetes.io/docs/concepts/containers/images/), [Pull from a private registry](https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/), [Credential providers](https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/).

# %% [markdown] lang="zh"
# ## 当时和现在
#
# 2015 年（Kubernetes 1.0）的例子是这样的，只供了解历史：
#
# ```yaml
# apiVersion: v1
# kind: Secret
# metadata: {name: myregistrykey}
# data:
#   .dockercfg: eyAiaHR0cHM6Ly9pbmRleC5kb2NrZXIuaW8vdjEvIjogeyAi...
# type: kubernetes.io/dockercfg
# ```
#
# | 那时 | 现在 |
# | --- | --- |
# | `docker login` 写出 `~/.dockercfg` | 写出 `~/.docker/config.json`，镜像仓库在 `auths` 之下；用了凭据存储时里面没有密码 |
# | 类型 `kubernetes.io/dockercfg` | `kubernetes.io/dockerconfigjson`；旧类型还能用 |
# | 手工做 base64，文章里的那一段少了末尾 | `kubectl create secret docker-registry` |
# | `auth` 解开是一个密码 | `auth` 是 `user:password` 的 base64 |
# | 镜像在节点上，谁都能用 | 从 1.35 起，每个 Pod 都要有凭据 |

# %% [markdown] lang="en"
# ## Then and now
#
# The example of 2015 (Kubernetes 1.0) was this; it stands here as history only:
#
# ```yaml
# apiVersion: v1
# kind: Secret
# metadata: {name: myregistrykey}
# data:
#   .dockercfg: eyAiaHR0cHM6Ly9pbmRleC5kb2NrZXIuaW8vdjEvIjogeyAi...
# type: kubernetes.io/dockercfg
# ```
#
# | then | now |
# | --- | --- |
# | `docker login` wrote `~/.dockercfg` | it writes `~/.docker/config.json`, with registries below `auths`, and no password where a credential store keeps it |
# | type `kubernetes.io/dockercfg` | `kubernetes.io/dockerconfigjson`; the old type still works |
# | base64 by hand; in the article its end is missing | `kubectl create secret docker-registry` |
# | `auth` decodes to a password | `auth` is `user:password` in base64 |
# | an image on the node is everyone's | since 1.35 each Pod needs the credential |

# %% [markdown] lang="zh"
# ## 实验
#
# 现在轮到你，大约 20 分钟，在实验自己的命名空间里；文件存到 `work/03-registry/lab/`。固定的只有任务里的名字。`check(n)` 判定任务 n 和它需要的任务；`hint(n)` 给提示，`reset()` 重来；每次检查都给镜像推送一个新的 tag。证据里的命令可以直接粘贴到单元格里运行。
#
# **任务 1**。实验的命名空间里也有 Secret `registry-login`，是另一个用户。用它建一个 Secret `myregistrykey`，类型 `kubernetes.io/dockerconfigjson`，用于 `localhost:30500`。检查程序从中取出凭据，登录镜像仓库。

# %% [markdown] lang="en"
# ## Lab
#
# Your turn now, about 20 minutes, in a namespace of the lab's own; files go to `work/03-registry/lab/`. Only the names in the tasks are fixed. `check(n)` judges task n and the tasks it needs; `hint(n)` helps, `reset()` starts over; each check pushes a new image tag. The commands of the evidence can be pasted into a cell.
#
# **Task 1.** The lab's namespace has a Secret `registry-login` as well, with another user. Make from it a Secret `myregistrykey` of type `kubernetes.io/dockerconfigjson` for `localhost:30500`. The checker takes the credential out of it and logs in.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%shell --lab
login() { kubectl get secret registry-login -o go-template="{{.data.$1 | base64decode}}"; }
kubectl delete secret myregistrykey --ignore-not-found
kubectl create secret docker-registry myregistrykey \
  --docker-server=TODO \
  --docker-username=TODO --docker-password=TODO

# %% tags=["solution"]
# %%shell --lab
login() { kubectl get secret registry-login -o go-template="{{.data.$1 | base64decode}}"; }
kubectl delete secret myregistrykey --ignore-not-found
kubectl create secret docker-registry myregistrykey --docker-server=localhost:30500 \
  --docker-username="$(login username)" \
  --docker-password="$(login password)"

# %% tags=["nbval-ignore-output"]
check(1)

# %% [markdown] lang="zh"
# **任务 2**。名为 `foo` 的 Pod 运行 `localhost:30500/janedoe/awesomeapp:v1`。检查程序推送一个新的 tag：用同样的 Secret 拉得到它，没有 Secret 就是 401。Pod 建好之后不能改 `imagePullSecrets`：要再试一次，先运行 `%shell --lab kubectl delete pod foo`。

# %% [markdown] lang="en"
# **Task 2.** A Pod named `foo` runs `localhost:30500/janedoe/awesomeapp:v1`. The checker pushes a new tag: with the same Secrets it can be pulled, without any it is 401. A Pod that is there cannot change its `imagePullSecrets`; before another try run `%shell --lab kubectl delete pod foo`.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest foo.yaml
apiVersion: v1
kind: Pod
metadata:
  name: foo
spec:
  terminationGracePeriodSeconds: 2
  securityContext:
    runAsNonRoot: true
    seccompProfile:
      type: RuntimeDefault
  imagePullSecrets: [] # 2
  containers:
    - name: foo
      image: localhost:30500/janedoe/awesomeapp:v1
      ports:
        - name: http
          containerPort: 8080
      readinessProbe:
        httpGet:
          path: /
          port: http
        periodSeconds: 1
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
# %%manifest foo.yaml
apiVersion: v1
kind: Pod
metadata:
  name: foo
spec:
  terminationGracePeriodSeconds: 2
  securityContext:
    runAsNonRoot: true
    seccompProfile:
      type: RuntimeDefault
  imagePullSecrets:
    - name: myregistrykey
  containers:
    - name: foo
      image: localhost:30500/janedoe/awesomeapp:v1
      ports:
        - name: http
          containerPort: 8080
      readinessProbe:
        httpGet:
          path: /
          port: http
        periodSeconds: 1
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
# **任务 3**。带标签（label）`app=bar` 的 Pod 运行同一个镜像，它的清单里没有 Secret 的名字，它的 ServiceAccount 有。检查程序用这个 ServiceAccount 再建一个 Pod，用新的 tag，不写 Secret：它也能运行。

# %% [markdown] lang="en"
# **Task 3.** A Pod with the label `app=bar` runs the same image. Its manifest names no Secret, its ServiceAccount does. The checker makes another Pod under this ServiceAccount, with a new tag and no Secret, and that one runs too.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest bar.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: puller
imagePullSecrets: [] # 3
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: bar
spec:
  replicas: 1
  selector:
    matchLabels:
      app: bar
  template:
    metadata:
      labels:
        app: bar
    spec:
      serviceAccountName: default # 3
      terminationGracePeriodSeconds: 2
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: bar
          image: localhost:30500/janedoe/awesomeapp:v1
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet:
              path: /
              port: http
            periodSeconds: 1
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
# %%manifest bar.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: puller
imagePullSecrets:
  - name: myregistrykey
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: bar
spec:
  replicas: 1
  selector:
    matchLabels:
      app: bar
  template:
    metadata:
      labels:
        app: bar
    spec:
      serviceAccountName: puller
      terminationGracePeriodSeconds: 2
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: bar
          image: localhost:30500/janedoe/awesomeapp:v1
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet:
              path: /
              port: http
            periodSeconds: 1
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
# **任务 4**。Pod `baz` 和它的 Secret `oldkey` 是给你的，照着上面那个 2015 年的例子抄来，抄错了几处，连类型也丢了，`baz` 拉不到镜像。修好 `oldkey`，不要动 Pod；原来的 `baz` 会自己运行起来。失败得久了，要等几分钟（检查程序最多等 330 秒）。先看看给你的是什么，再把你的命令接着写在这个单元格里。

# %% [markdown] lang="en"
# **Task 4.** Pod `baz` and its Secret `oldkey` are given, copied from the example of 2015 above with several mistakes, its type lost among them, and `baz` cannot pull its image. Fix `oldkey` and leave the Pod alone; the same `baz` then comes up by itself. After many failures that takes minutes (the checker waits up to 330 s). See first what you were given, then add your commands to the cell.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%shell --lab
kubectl get pod baz -o jsonpath='{.spec.imagePullSecrets[*].name}{"\n"}'
kubectl get secret oldkey -o go-template='{{.type}}: {{range $key, $text := .data}}{{$key}} {{$text | base64decode}}{{end}}{{"\n"}}'

# %% tags=["solution"]
# %%shell --lab
login() { kubectl get secret registry-login -o go-template="{{.data.$1 | base64decode}}"; }
kubectl delete secret oldkey
kubectl create secret docker-registry oldkey --docker-server=localhost:30500 \
  --docker-username="$(login username)" \
  --docker-password="$(login password)"

# %% tags=["nbval-ignore-output"]
check(4)

# %% [markdown] lang="zh"
# ## 回想
#
# 先自己回答，再展开。
#
# 1. 谁拉取镜像？它从哪里得到密码？
# 2. 两个 Pod 都得到 401，一个没有 `imagePullSecrets`，一个有：接下来各看什么？
# 3. ServiceAccount 改好了，Pod 还是没有凭据：为什么？
# 4. 回顾 02 课：Secret 里的 base64 保护了密码吗？
# 5. 回顾 01 课：怎么看出 Pod 是同一个，没有换过？
#
# <details><summary>答案</summary>
#
# 1. 节点上的 kubelet；从 Pod 引用的 Secret，在 Pod 的命名空间里。
# 2. 前一个：Pod 和它的 ServiceAccount。后一个：Secret 在不在，类型、主机和密码对不对。
# 3. Pod 更早；只有新建时才抄进去。
# 4. 没有，那不是加密。
# 5. UID 不变。
#
# </details>

# %% [markdown] lang="en"
# ## Recall
#
# Answer first, then unfold.
#
# 1. Who pulls an image, and where does it get the password from?
# 2. Two Pods got 401, one without `imagePullSecrets` and one with: what do you look at next for each?
# 3. A ServiceAccount was put right, and the Pod still has no credential: why?
# 4. From lesson 02: does base64 protect the password in a Secret?
# 5. From lesson 01: how do you see that a Pod is the same one, and was not replaced?
#
# <details><summary>Answers</summary>
#
# 1. The kubelet of the node; from the Secret that the Pod names, in the Pod's namespace.
# 2. For the first: the Pod and its ServiceAccount. For the second: whether the Secret is there, and its type, host and password.
# 3. The Pod is older; it is copied only when a Pod is made.
# 4. No, it is no encryption.
# 5. Its UID is the same.
#
# </details>

# %% [markdown] lang="zh"
# ## 要点
#
# - 401 说的是凭据，不是镜像：没有引用、名字或命名空间不对、类型不对、主机或端口不对、密码不对。
# - 镜像在节点上也不等于能用：从 1.35 起，每个 Pod 都要证明自己能拉取。
# - 修好 Secret 就够了，同一个 Pod 会自己再试；不能改的是 Pod 引用了谁。
#
# 最后清理演示的对象，看看还剩什么。实验留着，`reset()` 可以清掉。

# %% [markdown] lang="en"
# ## Key points
#
# - 401 speaks of the credential and not of the image: none named, a wrong name or namespace, a wrong type, a wrong host or port, a wrong password.
# - An image on the node is no image you may use: since 1.35 each Pod has to prove that it could pull it.
# - To fix the Secret is enough, the same Pod tries again by itself; what cannot change is whom the Pod names.
#
# Last, remove what the demonstration made, and see what is left. Your lab stays; `reset()` clears it.

# %%
# %%shell --timeout 120
kubectl delete pod foo no-secret wrong-port later bar --timeout=100s > /dev/null
kubectl delete secret myregistrykey wrongkey laterkey > /dev/null
kubectl get pods,secrets -o name
