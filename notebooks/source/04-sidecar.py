# %% [markdown] lang="zh"
# # 边车容器（sidecar container）：和主程序同行的帮手
#
# 一家网店的页面放在 Git 仓库里，一个帮手（helper）程序把它取来给 nginx。某天夜里节点维护，Pod 换了一个，Git 服务器又恰好离线：新的 Pod 状态是就绪，访客看到的却是 404。
#
# 这一课里，你会让帮手先于 nginx 准备好，让它停下时网站照常，也让带着帮手的 Job 能够完成。大约 55 分钟，其中等待不到 4 分钟。

# %% [markdown] lang="en"
# # Sidecars: a helper at the side of a program
#
# The page of a shop lives in a Git repository, and a helper program fetches it for nginx. One night a node is repaired, the Pod is replaced, and the Git server is down: the new Pod is Ready, and visitors get 404.
#
# In this lesson you get the helper ready before nginx, keep the site up when the helper stops, and let a Job with a helper complete. About 55 minutes, of which less than 4 are waiting.

# %% [markdown] lang="zh"
# ## 目标和问题
#
# 学完之后，你能够：
#
# 1. 说出同一个 Pod 里的容器共用哪些文件，并通过一个卷（volume）只共用该共用的；
# 2. 把帮手写成原生的边车容器，让主程序在它准备好之后才启动；
# 3. 从 READY 和 RESTARTS 看出帮手停下时谁受影响；
# 4. 让带着帮手的 Job 完成。
#
# 带着两个问题往下读：Pod 为什么会就绪，却没有页面可给？nginx 没有停，网站为什么还会断？

# %% [markdown] lang="en"
# ## Objectives and questions
#
# After this lesson you can
#
# 1. say which files the containers of one Pod share, and share no more than they need;
# 2. write a helper as a native sidecar, so that the main program starts once the helper is ready;
# 3. tell from READY and RESTARTS who is affected when a helper stops;
# 4. let a Job with a helper complete.
#
# Read on with two questions. Why can a Pod be Ready and have no page to give? Why can a site be down although nginx never stopped?

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
lesson("04-sidecar")

# %% [markdown] lang="zh"
# ## 两个文件系统，一个卷
#
# ```
#               Pod
#              +--------------------------------------------------+
#  http://git  |  git-monitor                  nginx              |
#  site.git -----> own files                   own files  -----------> visitor
#              |   /git ---- volume www-data ---- /srv/www (ro)   |
#              +--------------------------------------------------+
# ```
#
# 同一个 Pod 的容器在同一个节点上运行，共用一个网络地址；文件系统却各有各的，来自各自的镜像。两边都挂载（mount）的卷是唯一共用的文件夹，路径可以不同。
#
# `git-monitor` 每隔几秒看一次仓库，把新的版本放进它自己的 `/git` 下的一个新文件夹，再把链接 `current` 一步转过去；nginx 只读地经过这个链接取页面。

# %% [markdown] lang="en"
# ## Two file systems, one volume
#
# ```
#               Pod
#              +--------------------------------------------------+
#  http://git  |  git-monitor                  nginx              |
#  site.git -----> own files                   own files  -----------> visitor
#              |   /git ---- volume www-data ---- /srv/www (ro)   |
#              +--------------------------------------------------+
# ```
#
# The containers of a Pod share a node and a network address. Each has a file system of its own, from its image. They share a folder only where both mount one volume; the paths may differ.
#
# Every few seconds `git-monitor` looks at the repository, puts a new version into a new folder under its own `/git`, and turns the link `current` to it in one step; nginx takes its pages by that link, and may only read.

# %% [markdown] lang="zh"
# ## 第一轮：它能用
#
# 清单（manifest）里的四行是关键：
#
# ```yaml
# - {name: git-monitor, volumeMounts: [{name: www-data, mountPath: /git}]}
# - {name: nginx, volumeMounts: [{name: www-data, mountPath: /srv/www, readOnly: true}]}
# volumes:
#   - {name: www-data, emptyDir: {}}
# ```
#
# 另外两个 Pod：`git` 是 Git 服务器，`visitor` 里有 curl。

# %% [markdown] lang="en"
# ## First round: it works
#
# Four lines of the manifest matter:
#
# ```yaml
# - {name: git-monitor, volumeMounts: [{name: www-data, mountPath: /git}]}
# - {name: nginx, volumeMounts: [{name: www-data, mountPath: /srv/www, readOnly: true}]}
# volumes:
#   - {name: www-data, emptyDir: {}}
# ```
#
# Two more Pods: `git` is the Git server, `visitor` has curl.

# %%
# %%shell
kubectl apply -f manifests/04-sidecar/git.yaml -f manifests/04-sidecar/visitor.yaml > /dev/null
kubectl rollout status deployment/git --timeout=50s | tail -n 1
kubectl apply -f manifests/04-sidecar/two-containers.yaml > /dev/null
kubectl wait pod --all --for=condition=Ready --timeout=50s > /dev/null
kubectl exec visitor -- curl -sf --retry 20 --retry-delay 1 --retry-all-errors http://my-nginx/

# %% [markdown] lang="zh"
# **先猜再看**。容器 `git-monitor` 写两个文件：`/tmp/one` 和 `/git/two`。容器 `nginx` 能读到哪个？
#
# - `a`：两个都能，同一个 Pod 的容器共用文件；
# - `b`：只有第二个，路径是 `/srv/www/two`；
# - `c`：都不能，容器之间只共用网络。

# %% [markdown] lang="en"
# **Predict first.** Container `git-monitor` writes two files, `/tmp/one` and `/git/two`. Which can container `nginx` read?
#
# - `a`: both, for the containers of a Pod share their files;
# - `b`: the second one only, and its path is `/srv/www/two`;
# - `c`: neither, for containers share the network and nothing else.

# %%
predict("q1", "?")

# %%
# %shell kubectl exec deploy/my-nginx -c git-monitor -- sh -c 'echo one > /tmp/one; echo two > /git/two'
# %shell --fails kubectl exec deploy/my-nginx -c nginx -- cat /tmp/one 2> /dev/null
# %shell kubectl exec deploy/my-nginx -c nginx -- cat /srv/www/two
# %shell --fails kubectl exec deploy/my-nginx -c nginx -- touch /srv/www/three 2>&1 | grep touch
reveal("q1", "b")

# %% [markdown] lang="zh"
# `/tmp/one` 在帮手自己的文件系统里，nginx 看不到；`/git/two` 在卷里，另一边叫 `/srv/www/two`。`readOnly` 是挂载的属性：同一个卷，帮手能写，nginx 得到 `Read-only file system`。
#
# 如果 `touch` 没有失败，看 `volumeMounts` 里的 `readOnly`。
#
# 现在推送一个提交，等它出现。

# %% [markdown] lang="en"
# `/tmp/one` is in the helper's own file system; `/git/two` is in the volume, called `/srv/www/two` on the other side. `readOnly` belongs to the mount: the helper may write, nginx gets `Read-only file system`.
#
# If `touch` does not fail, see `readOnly` among the `volumeMounts`.
#
# Now push a commit and wait for it to appear.

# %%
# %%shell
echo 'Our shop: open on Sundays' | kubectl exec -i deploy/git -- git-put http://localhost:8080/site.git index.html > /dev/null
kubectl exec deploy/my-nginx -c nginx -- timeout 30 sh -c 'until grep -q Sundays /srv/www/current/index.html; do sleep 1; done'
kubectl exec visitor -- curl -s http://my-nginx/
[ "$(kubectl exec deploy/git -- git -C /srv/git/site.git rev-parse main)" = "$(kubectl exec deploy/my-nginx -c nginx -- readlink /srv/www/current)" ] && echo "link is the commit: true"
kubectl get pod -l app=my-nginx -o jsonpath='restarts: {.items[0].status.containerStatuses[*].restartCount}{"\n"}'

# %% [markdown] lang="zh"
# 页面换了，两个容器的重启次数都是 0：取来和显示是两个程序，谁也不打扰谁。
#
# ## 第二轮：故意弄坏
#
# 下面的失败是安排好的。我们把仓库移开（服务器还在，只是回答“没有这个仓库”），再删除 Pod。Deployment 马上补一个新的。

# %% [markdown] lang="en"
# The page is new, and both restart counts are 0: to fetch and to show are two programs, and neither disturbs the other.
#
# ## Second round: break it
#
# The failure below is planned. We move the repository away (the server stays, and says that there is no such repository), then delete the Pod. The Deployment makes a new one at once.

# %% [markdown] lang="zh"
# **先猜再看**。仓库不在的时候，访客从 Service `my-nginx` 得到什么？
#
# - `a`：上一版页面，新的 Pod 接过了旧 Pod 的卷；
# - `b`：没有应答，Pod 等到有了页面才就绪；
# - `c`：404，来自一个就绪的 Pod。

# %% [markdown] lang="en"
# **Predict first.** While the repository is away, what does a visitor get from Service `my-nginx`?
#
# - `a`: the last page, for the new Pod took over the volume of the old one;
# - `b`: no answer, for the Pod is not Ready until it has a page;
# - `c`: 404, from a Pod that is Ready.

# %%
predict("q2", "?")

# %%
# %%shell
kubectl exec deploy/git -- mv /srv/git/site.git /srv/git/away.git
kubectl delete pod -l app=my-nginx > /dev/null
kubectl rollout status deployment/my-nginx --timeout=50s | tail -n 1
kubectl get pod -l app=my-nginx -o jsonpath='ready: {.items[*].status.containerStatuses[*].ready}{"\n"}'
kubectl exec visitor -- curl -s --retry 30 --retry-all-errors --retry-delay 1 --max-time 3 -o /dev/null -w '%{http_code}\n' http://my-nginx/

# %%
# %shell kubectl exec deploy/my-nginx -c nginx -- sh -c 'ls /srv/www | wc -l'
# %shell kubectl logs deploy/my-nginx -c git-monitor | grep -o 'cannot fetch main' | sort -u
reveal("q2", "c")

# %% [markdown] lang="zh"
# 卷里有 0 个版本，两个容器却都就绪。普通的容器一起启动，谁也不等谁；没有就绪探针（readiness probe）的容器一启动就算就绪，Service 于是把访客交给它。帮手没有做错：它在日志里说取不到，并且接着试。
#
# 如果看到 `000`，是 nginx 还没有监听：再运行一次那一行。

# %% [markdown] lang="en"
# The volume holds 0 versions, and yet both containers are ready. Ordinary containers start together and wait for nobody; one without a readiness probe is ready once it has started, and the Service sends visitors to it. The helper did nothing wrong: it cannot fetch, says so in its log, and tries again.
#
# If you see `000`, nginx was not listening yet: run that line once more.

# %% [markdown] lang="zh"
# ## 第三轮：只改一样
#
# `sidecar.yaml` 只改了帮手：它移到 `initContainers`，多了两个字段，就成了原生的边车容器（Kubernetes 1.29 起默认可用）：
#
# ```yaml
# initContainers:
#   - {name: git-monitor, restartPolicy: Always, startupProbe: {exec: {command: [test, -e, /git/current/index.html]}}}
# ```
#
# 初始化容器（init container）按次序启动。普通的要等它**结束**才轮到下一个；边车容器只等它**已启动**，也就是启动探针（startup probe）成功，然后它一直运行。
#
# 我们在仓库不在的时候应用它，并记录三件事：仓库回来，推送一个提交，`my-sidecar` 的帮手结束两次（`kill 1`）。

# %% [markdown] lang="en"
# ## Third round: change one thing
#
# `sidecar.yaml` changes the helper and nothing else. It moves to `initContainers` and gets two fields, which make it a native sidecar (on by default since Kubernetes 1.29):
#
# ```yaml
# initContainers:
#   - {name: git-monitor, restartPolicy: Always, startupProbe: {exec: {command: [test, -e, /git/current/index.html]}}}
# ```
#
# Init containers start one after the other. An ordinary one must **end** before the next begins; a sidecar must only have **started**, which means that its startup probe has succeeded, and then runs on.
#
# We apply it while the repository is away, and record three things: the repository comes back, a commit is pushed, the helper of `my-sidecar` is ended twice (`kill 1`).

# %% [markdown] lang="zh"
# **先猜再看**。帮手的进程结束之后，Pod `my-sidecar` 会怎样？
#
# - `a`：只有帮手重启，nginx 不停，可是在帮手重新就绪之前，访客得不到应答；
# - `b`：只有帮手重启，nginx 不停，访客什么也看不出来；
# - `c`：整个 Pod 换成新的。

# %% [markdown] lang="en"
# **Predict first.** What becomes of Pod `my-sidecar` when the helper's process ends?
#
# - `a`: the helper alone is restarted, nginx goes on, yet visitors get no answer until the helper is ready again;
# - `b`: the helper alone is restarted, nginx goes on, and visitors notice nothing;
# - `c`: the whole Pod is replaced.

# %%
predict("q3", "?")

# %% tags=["nbval-ignore-output", "long-cell"]
page = "kubectl exec visitor -- curl -s -m 1 http://{}/ | grep -oE '404|Sundays|Mondays' | head -n 1"
with recording(commit=moments("kubectl logs -f --timestamps deploy/my-sidecar -c git-monitor", like="published (\\w{7})"),
               two=values(page.format("my-nginx")), sidecar=values(page.format("my-sidecar"))) as seen:
    mark("kubectl apply")
    %shell kubectl apply -f manifests/04-sidecar/sidecar.yaml > /dev/null
    seen.keep(5)
    mark("repository back")
    %shell kubectl exec deploy/git -- mv /srv/git/away.git /srv/git/site.git
    seen.until(two="Sundays", sidecar="Sundays", seconds=50)
    mark("git push")
    %shell echo 'Our shop: closed on Mondays' | kubectl exec -i deploy/git -- git-put http://localhost:8080/site.git index.html > /dev/null
    seen.until(two="Mondays", sidecar="Mondays", seconds=50)
    mark("kill 1")
    %shell kubectl exec deploy/my-sidecar -c git-monitor -- sh -c 'kill 1' || true
    %shell kubectl wait pod -l app=my-sidecar --for=jsonpath='{.status.initContainerStatuses[0].restartCount}'=1 --timeout=50s > /dev/null
    %shell kubectl wait pod -l app=my-sidecar --for=condition=Ready --timeout=50s
    mark("kill 1")
    %shell kubectl exec deploy/my-sidecar -c git-monitor -- sh -c 'kill 1' || true
    %shell kubectl wait pod -l app=my-sidecar --for=jsonpath='{.status.initContainerStatuses[0].restartCount}'=2 --timeout=50s
    seen.until(sidecar="Mondays", seconds=50)

# %%
print("my-nginx:", *dict.fromkeys(filter(None, seen.values("two"))))
print("my-sidecar:", *dict.fromkeys(filter(None, seen.values("sidecar"))))
# %shell kubectl get pod -l app=my-sidecar -o jsonpath='git-monitor: {.items[0].status.initContainerStatuses[0].restartCount}{"\n"}'
# %shell kubectl get pod -l app=my-sidecar -o jsonpath='nginx: {.items[0].status.containerStatuses[0].restartCount}{"\n"}'
reveal("q3", "a")

# %% [markdown] lang="zh"
# 两个 Service 给出的第一个回答不同：`my-nginx` 是 404，`my-sidecar` 已经是页面。帮手重启了 2 次，nginx 是 0 次。
#
# ## 画出来
#
# 下图是刚才的记录：每个容器一行，Service 里的每个 Pod 一行，菱形（`commit`）是帮手发布的提交；最后两行是访客每秒看到的页面，`two` 是 `my-nginx`，`sidecar` 是 `my-sidecar`。

# %% [markdown] lang="en"
# The two Services differ in their first answer: 404 from `my-nginx`, already the page from `my-sidecar`. The helper was restarted 2 times, nginx 0 times.
#
# ## See it
#
# The picture shows the recording: a row for each container, one for each Pod in its Service, diamonds (`commit`) for the commits that the helper published; the last two rows are the page a visitor saw each second, `two` from `my-nginx`, `sidecar` from `my-sidecar`.

# %% tags=["nbval-ignore-output"]
timeline(seen, only="my-nginx my-sidecar", lanes="containers endpoints", zh="仓库回来，推送，帮手重启", en="Repository back, a push, helper restarted")

# %% [markdown] lang="zh"
# 在 `my-sidecar` 里，nginx 那一段从帮手发布之后才开始。推送之后，先是帮手取到，再是页面换掉：延迟不超过 `GIT_PERIOD` 加一点。
#
# 最后看 `kill 1`：nginx 那一段没有断，访客却有一会儿没有应答。**边车容器没有就绪，它的 Pod 就没有就绪**，Service 不再把请求交给它；普通的帮手也是这样。第二次停得更久：kubelet 在重启之间要等待，这个集群最多 3 秒，Kubernetes 默认从 10 秒加倍到 5 分钟。办法是至少 2 个副本。

# %% [markdown] lang="en"
# In `my-sidecar` the bar of nginx begins after the helper has published. After the push, the helper fetches first, then the page changes; the lag is `GIT_PERIOD` and a little more at most.
#
# Last, `kill 1`: the bar of nginx goes on, and yet a visitor got no answer for a while. **While a sidecar is not ready, its Pod is not Ready**, and the Service keeps requests from it; the same holds for an ordinary helper. The second time took longer: the kubelet waits between restarts, for 3 seconds at most in this cluster, by default for 10 seconds before the second restart, then twice as long each time, up to 5 minutes. The cure is to have at least 2 replicas.

# %% [markdown] lang="zh"
# ## 在生产中
#
# - 边车容器不挡 Job：主要的容器结束之后，kubelet 让它停下，Job 完成。普通的帮手会让 Job 一直不完成。
# - 停止的次序相反：先是普通的容器，然后是边车容器，最先启动的最后停。
# - 帮手自己要接着试。git-sync 默认第一次失败就退出（`--max-failures` 为 0）。
# - 不要用 `subPath` 挂载会换的链接：它只在容器启动时解析一次。
#
# 延伸阅读：[边车容器](https://kubernetes.io/zh-cn/docs/concepts/workloads/pods/sidecar-containers/)、[初始化容器](https://kubernetes.io/zh-cn/docs/concepts/workloads/pods/init-containers/)、[git-sync](https://github.com/kubernetes/git-sync)。

# %% [markdown] lang="en"
# ## In production
#
# - A sidecar does not hold up a Job: after the main container has ended, the kubelet stops it, and the Job completes. With an ordinary helper a Job never does.
# - They stop in reverse order: first ordinary containers, then sidecars, the first started as the last.
# - A helper has to try again by itself. git-sync ends at the first failure by default (`--max-failures` is 0).
# - Do not mount a link that changes with `subPath`: it is resolved once, when the container starts.
#
# More: [sidecar containers](https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/), [init containers](https://kubernetes.io/docs/concepts/workloads/pods/init-containers/), [git-sync](https://github.com/kubernetes/git-sync).

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
#   template:
#     metadata: {labels: {app: nginx}}
#     spec:
#       volumes: [{name: www-data, emptyDir: {}}]
#       containers:
#         - name: nginx
#           image: nginx
#           volumeMounts: [{mountPath: /srv/www, name: www-data, readOnly: true}]
#         - name: git-monitor
#           image: myrepo/git-monitor
#           env: [{name: GIT_REPO, value: "http://github.com/some/repo.git"}]
#           volumeMounts: [{mountPath: /data, name: www-data}]
# ```
#
# | 当时 | 现在 |
# | --- | --- |
# | 两个普通的容器，没有次序 | 原生的边车容器和启动探针（1.33 起为正式功能） |
# | nginx 从 `/srv/www` 取页面 | 镜像默认是 `/usr/share/nginx/html`，要写配置 |
# | `myrepo/git-monitor`，从来没有过 | git-sync；本课用自己的 `git-monitor` |
# | `gitRepo` 类型的卷 | 默认已关闭，因为有安全漏洞；用帮手取 |

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
#   template:
#     metadata: {labels: {app: nginx}}
#     spec:
#       volumes: [{name: www-data, emptyDir: {}}]
#       containers:
#         - name: nginx
#           image: nginx
#           volumeMounts: [{mountPath: /srv/www, name: www-data, readOnly: true}]
#         - name: git-monitor
#           image: myrepo/git-monitor
#           env: [{name: GIT_REPO, value: "http://github.com/some/repo.git"}]
#           volumeMounts: [{mountPath: /data, name: www-data}]
# ```
#
# | then | now |
# | --- | --- |
# | two ordinary containers in no order | a native sidecar with a startup probe (stable since 1.33) |
# | nginx serves `/srv/www` | the image serves `/usr/share/nginx/html`; else configure it |
# | `myrepo/git-monitor`, which never was | git-sync; this lesson has a `git-monitor` of its own |
# | volumes of type `gitRepo` | off by default for a security hole; let a helper fetch |

# %% [markdown] lang="zh"
# ## 实验
#
# 现在轮到你，大约 25 分钟，在实验自己的命名空间里；文件存到 `work/04-sidecar/lab/`。Git 服务器和第一轮的一样，已经在运行。固定的只有题目里的名字；证据里的命令可以粘贴到单元格里运行。
#
# 1. 名为 `my-nginx` 的 Service 在端口 80 上给出仓库 `http://git/site.git` 的 `index.html`；容器 `git-monitor` 取，容器 `nginx` 只读地挂载共用的卷。
# 2. 检查程序推送的提交 15 秒之内出现，`nginx` 不重启。
# 3. `git-monitor` 是原生的边车容器，`nginx` 等到有了页面才启动：仓库不在时换上的 Pod，第一个回答就是最新的页面。
# 4. 检查程序两次让一个 `git-monitor` 结束，又让仓库离线几秒：每个请求都得到页面，`git-monitor` 不因为仓库离线而退出。
#
# `# 1` 到 `# 4` 是任务的编号。

# %% [markdown] lang="en"
# ## Lab
#
# Your turn now, about 25 minutes, in a namespace of the lab's own; files go to `work/04-sidecar/lab/`. The Git server of the first round runs there already. Only the names in the tasks are fixed; paste a command of the evidence into a cell to run it.
#
# 1. A Service named `my-nginx` gives on port 80 the `index.html` of the repository `http://git/site.git`; container `git-monitor` fetches it, container `nginx` mounts the shared volume read-only.
# 2. A commit that the checker pushes appears within 15 seconds, and `nginx` is not restarted.
# 3. `git-monitor` is a native sidecar, and `nginx` starts only when there is a page: the first answer of a Pod that came while the repository was away is the newest page.
# 4. The checker ends one `git-monitor` twice and takes the repository away for some seconds: each request gets the page, and `git-monitor` does not end for want of the repository.
#
# `# 1` to `# 4` are task numbers.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest web.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: my-nginx
data:
  default.conf: |
    server {
      listen 8080;
      root /usr/share/nginx/html; # 1
    }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: my-nginx
spec:
  replicas: 1 # 4
  selector:
    matchLabels:
      app: nginx
  template:
    metadata:
      labels:
        app: nginx
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 5
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: nginx
          image: nginx:1
          ports:
            - name: http
              containerPort: 8080
          volumeMounts:
            - name: www-data
              mountPath: /srv/www # 1
            - name: conf
              mountPath: /etc/nginx/conf.d
            - name: tmp
              mountPath: /run
            - name: tmp
              mountPath: /var/cache/nginx
          resources:
            requests:
              cpu: 10m
              memory: 16Mi
            limits:
              memory: 64Mi
          securityContext:
            runAsUser: 101
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
        - name: git-monitor # 3
          image: docker.io/podlab/git:2
          command: [git-monitor]
          env:
            - name: GIT_REPO
              value: http://git/site.git
            - name: GIT_PERIOD
              value: "300" # 2
          volumeMounts:
            - name: www-data
              mountPath: /data # 1
          resources:
            requests:
              cpu: 10m
              memory: 16Mi
            limits:
              memory: 64Mi
          securityContext:
            runAsUser: 65533
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: www-data
          emptyDir: {}
        - name: conf
          configMap:
            name: my-nginx
        - name: tmp
          emptyDir: {}
---
apiVersion: v1
kind: Service
metadata:
  name: my-nginx
spec:
  selector:
    app: nginx
  ports:
    - port: 80
      targetPort: http

# %% tags=["solution"]
# %%manifest web.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: my-nginx
data:
  default.conf: |
    server {
      listen 8080;
      root /srv/www/current;
    }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: my-nginx
spec:
  replicas: 2
  selector:
    matchLabels:
      app: nginx
  template:
    metadata:
      labels:
        app: nginx
    spec:
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 5
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      initContainers:
        - name: git-monitor
          image: docker.io/podlab/git:2
          restartPolicy: Always
          command: [git-monitor]
          env:
            - name: GIT_REPO
              value: http://git/site.git
            - name: GIT_PERIOD
              value: "2"
          startupProbe:
            exec:
              command: [test, -e, /git/current/index.html]
            periodSeconds: 1
            failureThreshold: 60
          volumeMounts:
            - name: www-data
              mountPath: /git
          resources:
            requests:
              cpu: 10m
              memory: 16Mi
            limits:
              memory: 64Mi
          securityContext:
            runAsUser: 65533
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      containers:
        - name: nginx
          image: nginx:1
          ports:
            - name: http
              containerPort: 8080
          volumeMounts:
            - name: www-data
              mountPath: /srv/www
              readOnly: true
            - name: conf
              mountPath: /etc/nginx/conf.d
            - name: tmp
              mountPath: /run
            - name: tmp
              mountPath: /var/cache/nginx
          resources:
            requests:
              cpu: 10m
              memory: 16Mi
            limits:
              memory: 64Mi
          securityContext:
            runAsUser: 101
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: www-data
          emptyDir: {}
        - name: conf
          configMap:
            name: my-nginx
        - name: tmp
          emptyDir: {}
---
apiVersion: v1
kind: Service
metadata:
  name: my-nginx
spec:
  selector:
    app: nginx
  ports:
    - port: 80
      targetPort: http

# %% tags=["nbval-ignore-output"]
check(2)

# %% [markdown] lang="zh"
# `check(2)` 判定任务 2 和它需要的任务 1；接着是 `check(3)`、`check(4)`，`hint(3)` 给提示。
#
# **任务 5**。名为 `report` 的 Job 完成，容器 `git-monitor` 作为原生的边车容器在旁边运行，自己从不结束。Job 的 Pod 模板建好之后不能改，所以每次先删除 Job。

# %% [markdown] lang="en"
# `check(2)` judges task 2 and task 1, which it needs; go on with `check(3)` and `check(4)`, and ask `hint(3)` for help.
#
# **Task 5.** A Job named `report` completes, while container `git-monitor` runs along as a native sidecar and never ends by itself. The Pod template of a Job cannot be changed once it is made, so each try begins by deleting the Job.

# %% tags=["nbval-ignore-output"]
# %shell --lab kubectl delete job report --ignore-not-found

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest job.yaml
apiVersion: batch/v1
kind: Job
metadata:
  name: report
spec:
  template:
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 5
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: report
          image: busybox:1.37
          command: [sh, -c]
          args:
            - |
              until [ -e /site/current/index.html ]; do sleep 1; done
              wc -w < /site/current/index.html
          volumeMounts:
            - name: www-data
              mountPath: /site
              readOnly: true
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 16Mi
          securityContext:
            runAsUser: 1000
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
        - name: git-monitor # 5
          image: docker.io/podlab/git:2
          command: [git-monitor]
          env:
            - name: GIT_REPO
              value: http://git/site.git
          volumeMounts:
            - name: www-data
              mountPath: /git
          resources:
            requests:
              cpu: 5m
              memory: 16Mi
            limits:
              memory: 64Mi
          securityContext:
            runAsUser: 65533
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: www-data
          emptyDir: {}

# %% tags=["solution"]
# %%manifest job.yaml
apiVersion: batch/v1
kind: Job
metadata:
  name: report
spec:
  template:
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 5
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      initContainers:
        - name: git-monitor
          image: docker.io/podlab/git:2
          restartPolicy: Always
          command: [git-monitor]
          env:
            - name: GIT_REPO
              value: http://git/site.git
          volumeMounts:
            - name: www-data
              mountPath: /git
          resources:
            requests:
              cpu: 5m
              memory: 16Mi
            limits:
              memory: 64Mi
          securityContext:
            runAsUser: 65533
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      containers:
        - name: report
          image: busybox:1.37
          command: [sh, -c]
          args:
            - |
              until [ -e /site/current/index.html ]; do sleep 1; done
              wc -w < /site/current/index.html
          volumeMounts:
            - name: www-data
              mountPath: /site
              readOnly: true
          resources:
            requests:
              cpu: 5m
              memory: 8Mi
            limits:
              memory: 16Mi
          securityContext:
            runAsUser: 1000
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]
      volumes:
        - name: www-data
          emptyDir: {}

# %% tags=["nbval-ignore-output"]
check()

# %% [markdown] lang="zh"
# ## 回想
#
# 先自己回答，再展开。
#
# 1. 两个容器都挂载卷 `www-data`，路径不同：一边写，另一边看得到吗？
# 2. Pod 的状态停在 `Init:0/1`：有哪两种可能？
# 3. 只有 1 个副本，帮手重启，nginx 没停：访客为什么没有应答？
# 4. 回顾 01 课：帮手所在的容器重启之后，`emptyDir` 里的页面还在吗？Pod 换了之后呢？
# 5. 回顾 00 课：Service 靠什么找到它的 Pod？
#
# <details><summary>答案</summary>
#
# 1. 看得到，是同一个卷，各有各的路径。
# 2. 普通的初始化容器还没有结束，或者边车容器的启动探针还没有成功。
# 3. Pod 没有就绪，Service 背后就没有别的 Pod 了。
# 4. 还在；换了 Pod 就没有了。
# 5. 标签（label）。
#
# </details>

# %% [markdown] lang="en"
# ## Recall
#
# Answer first, then unfold.
#
# 1. Both containers mount volume `www-data`, at different paths: does one see what the other writes?
# 2. A Pod stays at `Init:0/1`: which two causes can it have?
# 3. There is 1 replica, its helper restarts, nginx does not stop: why does a visitor get no answer?
# 4. From lesson 01: is the page in the `emptyDir` still there when the helper's container was restarted? And when the Pod was replaced?
# 5. From lesson 00: by what does a Service find its Pods?
#
# <details><summary>Answers</summary>
#
# 1. Yes; it is one volume with a path on each side.
# 2. An ordinary init container has not ended, or the startup probe of a sidecar has not succeeded.
# 3. The Pod is not Ready, and the Service has no other one.
# 4. It is; with another Pod it is gone.
# 5. By their labels.
#
# </details>

# %% [markdown] lang="zh"
# ## 要点
#
# - 没有就绪探针时，就绪只说明容器启动了。让 nginx 等边车容器的启动探针，第一个回答就是页面。
# - 帮手没有就绪，Pod 就没有就绪，nginx 没停，网站也会断：至少两个副本。
# - 容器之间只共用挂载的卷；读的一方挂载成只读。
#
# 最后清理演示的对象，数一数还剩几个。实验留着，`reset()` 可以清掉。

# %% [markdown] lang="en"
# ## Key points
#
# - Without a readiness probe, Ready says no more than that the containers have started. Let nginx wait for the startup probe of a sidecar, and the first answer is the page.
# - While a helper is not ready its Pod is not, and a site can be down although nginx never stopped: have two replicas at least.
# - Containers share the volumes they mount and nothing else on disk; mount them read-only where they are read.
#
# Last, remove what the demonstration made, and count what is left. Your lab stays; `reset()` clears it.

# %%
# %%shell --timeout 120
kubectl delete -f manifests/04-sidecar --cascade=foreground --timeout=100s > /dev/null
kubectl get deployments,pods,services -o name | wc -l
