# %% [markdown] lang="zh"
# # Secret：把密码交给程序
#
# 支付服务的密码换了，新密码也写进了 Secret，文件里看得到。第二天早上，一半的 Pod 还在用旧密码，另一半每次登录都被拒绝，因为新密码末尾多了一个看不见的换行。
#
# 这一课里，你会让程序拿到正确的字节，别的程序读不到，轮换（rotation）时也跟得上。大约 45 分钟，其中等待不到 2 分钟。

# %% [markdown] lang="en"
# # Secrets: a password for a program
#
# The password of a payment service was changed, and the new one stands in its Secret for all to see. Next morning half of the Pods still use the old one, and the other half is turned away, for the new one ends in a line end that nobody sees.
#
# In this lesson you give a program the right bytes, readable by it and by few others, and kept up to date by a rotation. About 45 minutes, of which less than 2 are waiting.

# %% [markdown] lang="zh"
# ## 目标和问题
#
# 学完之后，你能够：
#
# 1. 数出 Secret 的一个值有几个字节，找到多余的换行；
# 2. 把 Secret 挂载（mount）成只有程序自己读得到的文件；
# 3. 说出轮换之后哪一处的值会变，哪些不会；
# 4. 让 Secret 不可变，不给程序读 Secret 的权限。
#
# 带着两个问题往下读：Secret 改了，为什么程序还在用旧密码？base64 保护了什么？

# %% [markdown] lang="en"
# ## Objectives and questions
#
# After this lesson you can
#
# 1. count the bytes of a value in a Secret, and find a stray line end;
# 2. mount a Secret as files that the program reads and few others can;
# 3. tell which copies follow a rotation and which do not;
# 4. make a Secret immutable, and take the right to read Secrets from a program.
#
# Read on with two questions. The Secret was changed: why does a program go on with the old password? And what does base64 protect?

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
lesson("02-secrets")

# %% [markdown] lang="zh"
# ## 一个值，三条路
#
# ```
# Secret (API server)
#    |
# kubelet -- directory --> /var/run/secrets/super/password
#    |------ subPath ----> /etc/super/password
#    |------ env --------> PASSWORD
# ```
#
# **Secret** 是 API 服务器里的一个对象，每个键对应一串字节。base64 只是这些字节在 YAML 里的写法，谁都能解码，它不是加密。
#
# 程序得到值的路有三条。第一条：把整个 Secret 挂载成一个目录，每个键一个文件。这种卷（volume）在内存（memory）里（tmpfs），只读，由 **kubelet** 写入。第二条：用 `subPath` 只挂载其中一个文件。第三条：**环境变量**，在进程启动时交给它。

# %% [markdown] lang="en"
# ## One value, three ways
#
# ```
# Secret (API server)
#    |
# kubelet -- directory --> /var/run/secrets/super/password
#    |------ subPath ----> /etc/super/password
#    |------ env --------> PASSWORD
# ```
#
# A **Secret** is an object of the API server; each of its keys stands for a row of bytes. Base64 is how these bytes are written in YAML. Anyone can decode it; it is no encryption.
#
# There are three ways for a value to reach a program. One: the whole Secret is mounted as a directory, a file for each key. Such a volume is in memory (tmpfs) and read-only; the **kubelet** writes it. Two: one file of it is mounted with `subPath`. Three: an **environment variable**, handed to the process when it starts.

# %% [markdown] lang="zh"
# ## 第一轮：它能用
#
# 2015 年的例子里有这样一个值：`password: dmFsdWUtMg0K`。
#
# **先猜再看**。解码之后，它有几个字节？
#
# - `a`：7 个，就是 `value-2`；
# - `b`：9 个，`value-2` 后面还有两个看不见的；
# - `c`：不知道密钥就没法解码，base64 是加密。

# %% [markdown] lang="en"
# ## First round: it works
#
# In the example of 2015 there is this value: `password: dmFsdWUtMg0K`.
#
# **Predict first.** How many bytes has it, decoded?
#
# - `a`: 7, which is `value-2`;
# - `b`: 9, as two unseen ones follow `value-2`;
# - `c`: without the key nobody can tell, for base64 is encryption.

# %%
predict("q1", "?")

# %%
# %%shell
echo dmFsdWUtMg0K | base64 -d | od -c
echo dmFsdWUtMg0K | base64 -d | wc -c
printf %s value-2 | base64

# %% [markdown] lang="zh"
# `\r \n` 是 Windows 的换行：有人在那里先写成文件，再编码。登录时这两个字节也算密码。今天在 `stringData` 里直接写原文，让 API 服务器去编码：
#
# ```yaml
# stringData:
#   username: value-1
#   password: value-2
# ```

# %% [markdown] lang="en"
# `\r \n` is the line end of Windows: someone wrote a file there and encoded that. At a login these two bytes count as part of the password. Today one writes the text itself in `stringData` and lets the API server encode it:
#
# ```yaml
# stringData:
#   username: value-1
#   password: value-2
# ```

# %%
reveal("q1", "b")
# %shell kubectl apply -f manifests/02-secrets/redis.yaml
# %shell kubectl rollout status deployment/redis --timeout=50s | tail -n 1
# %shell kubectl exec deploy/redis -- wc -c /var/run/secrets/super/password

# %% [markdown] lang="zh"
# `redis.yaml` 是当年的例子，用今天的写法：数据在一个卷里，密码在另一个卷里。清单（manifest）里和密码有关的几行：
#
# ```yaml
# securityContext: {runAsUser: 999, fsGroup: 999}
# volumes:
#   - name: supersecret
#     secret: {secretName: mysecret, defaultMode: 0440}
# ```

# %% [markdown] lang="en"
# `redis.yaml` is the example of those days as one writes it today: the data in one volume, the password in another. Of its manifest, this matters here:
#
# ```yaml
# securityContext: {runAsUser: 999, fsGroup: 999}
# volumes:
#   - name: supersecret
#     secret: {secretName: mysecret, defaultMode: 0440}
# ```

# %%
# %%shell
kubectl exec deploy/redis -- id -u
kubectl exec deploy/redis -- stat -L -c '%a %u:%g' /var/run/secrets/super/password
kubectl exec deploy/redis -- grep secrets/super /proc/mounts | cut -d ' ' -f 3,4 | cut -d , -f 1

# %% [markdown] lang="zh"
# 文件归 root（0），组是 999：`fsGroup` 让 kubelet 把文件交给这个组，并给组加上读权限（写 0400，看到的也是 440），用户 999 才读得到。权限 440，别人读不了；默认的 644 谁都能读。`defaultMode` 是八进制：少写开头的 0，十进制的 400 就成了 620。
#
# 如果 `wc` 报 `Permission denied`，比较 `id` 的组和文件的组。

# %% [markdown] lang="en"
# The file belongs to root (0), its group is 999: with `fsGroup` the kubelet gives the files to that group and lets it read (0400 becomes 440 too), and so user 999 may read them. Mode 440 shuts others out; the default, 644, lets everyone read. `defaultMode` is octal: without its leading 0, decimal 400 is mode 620.
#
# If `wc` says `Permission denied` instead, compare the groups of `id` with the group of the file.

# %% [markdown] lang="zh"
# ## 第二轮：故意弄坏
#
# 下面的失败是安排好的。`reader.yaml` 让同一个容器从三条路拿到同一个密码，然后我们换密码：`value-2` 换成 `value-3`。
#
# ```yaml
# env:
#   - {name: PASSWORD, valueFrom: {secretKeyRef: {name: mysecret, key: password}}}
# volumeMounts:
#   - {name: supersecret, mountPath: /var/run/secrets/super}
#   - {name: supersecret, mountPath: /etc/super/password, subPath: password}
# ```

# %% [markdown] lang="en"
# ## Second round: break it
#
# The failure below is planned. In `reader.yaml` one container gets the same password in all three ways; then we change the password from `value-2` to `value-3`.
#
# ```yaml
# env:
#   - {name: PASSWORD, valueFrom: {secretKeyRef: {name: mysecret, key: password}}}
# volumeMounts:
#   - {name: supersecret, mountPath: /var/run/secrets/super}
#   - {name: supersecret, mountPath: /etc/super/password, subPath: password}
# ```

# %%
# %%shell
kubectl apply -f manifests/02-secrets/reader.yaml
kubectl rollout status deployment/reader --timeout=50s | tail -n 1
kubectl exec deploy/reader -- cat /var/run/secrets/super/password | grep value
kubectl exec deploy/reader -- cat /etc/super/password | grep value
kubectl exec deploy/reader -- printenv PASSWORD

# %% [markdown] lang="zh"
# **先猜再看**。Secret 改了，Pod 不动。一分钟之后，谁是 `value-3`？
#
# - `a`：三处都是，它们都来自同一个 Secret；
# - `b`：两个文件是，环境变量不是；
# - `c`：只有目录里的那个文件是；
# - `d`：三处都不是，要等 Pod 换掉。

# %% [markdown] lang="en"
# **Predict first.** The Secret is changed and the Pod is left alone. A minute later, which say `value-3`?
#
# - `a`: all three, as they come from the same Secret;
# - `b`: both files, and not the environment variable;
# - `c`: the file in the directory and no other;
# - `d`: none, until the Pod is replaced.

# %%
predict("q2", "?")

# %% tags=["long-cell", "nbval-ignore-output"]
with recording(file=values("kubectl exec deploy/reader -- cat /var/run/secrets/super/password", zh="目录里的文件", en="file in the directory"),
               subPath=values("kubectl exec deploy/reader -- cat /etc/super/password", zh="subPath 的文件", en="file with subPath"),
               env=values("kubectl exec deploy/reader -- printenv PASSWORD", zh="环境变量", en="environment")) as rotated:
    mark("kubectl apply")
    %shell kubectl apply -f manifests/02-secrets/rotated.yaml
    rotated.until(file="value-3", seconds=100)
    rotated.keep(5)

# %%
# %%shell
kubectl exec deploy/reader -- cat /var/run/secrets/super/password | grep value
kubectl exec deploy/reader -- cat /etc/super/password | grep value
kubectl exec deploy/reader -- printenv PASSWORD
kubectl get pod -l app=reader -o jsonpath='restarts: {.items[0].status.containerStatuses[0].restartCount}{"\n"}'

# %% [markdown] lang="zh"
# 三个值，只有一个是新的，没有一条报错，也没有重启。下图是刚才的记录：一段就是一个值，虚线是改 Secret 的时刻。

# %% [markdown] lang="en"
# Three values, and one of them is new; nothing was reported, nothing restarted. The picture was recorded meanwhile: a bar for each value, and a dashed line where the Secret was changed.

# %% tags=["nbval-ignore-output"]
reveal("q2", "c")
timeline(rotated, only="reader", lanes="containers", zh="轮换之后的三个副本", en="Three copies after the rotation")

# %% [markdown] lang="zh"
# 目录里的文件几秒后变成 `value-3`：kubelet 每次同步时把卷里的 `..data` 链接换到新的目录，两个文件同时变。课程的集群 5 秒同步一次，Kubernetes 默认每分钟一次，再加上缓存的延迟。另外两处停在启动时的值，要到下一个容器才会变。

# %% [markdown] lang="en"
# The file in the directory became `value-3` seconds later: at each sync the kubelet turns the link `..data` in the volume to a new directory, so that all files change at once. The course's cluster syncs every 5 seconds, Kubernetes by default every minute, and a cache adds to that. The other two copies stay at what they were at the start, until the next container.

# %%
# %%shell
kubectl rollout restart deployment/reader
kubectl rollout status deployment/reader --timeout=50s | tail -n 1
until [ "$(kubectl get pods -l app=reader -o name | wc -l)" = 1 ]; do sleep 1; done
kubectl exec deploy/reader -- printenv PASSWORD

# %% [markdown] lang="zh"
# 所以选目录，并让程序在每次登录前读一次文件；用环境变量，就在轮换之后重新发布。如果目录里的文件过了两分钟还是旧的，看 `kubectl describe pod` 的 Mounts：写着 `path=` 的就是 `subPath`。

# %% [markdown] lang="en"
# So choose the directory, and let the program read the file before each login; with an environment variable, roll out after each rotation. If the file in the directory is still old after two minutes, see Mounts in `kubectl describe pod`: a line with `path=` is a `subPath`.

# %% [markdown] lang="zh"
# ## 第三轮：只改一样
#
# `mysecret-v1.yaml` 和前面的 Secret 相比只多一行：`immutable: true`。
#
# **先猜再看**。现在改它的密码：
#
# - `a`：API 服务器拒绝；
# - `b`：改得了，只是 kubelet 不再更新文件；
# - `c`：先把 `immutable` 改回 `false`，就改得了。

# %% [markdown] lang="en"
# ## Third round: change one thing
#
# Compared with the Secret above, `mysecret-v1.yaml` has one line more: `immutable: true`.
#
# **Predict first.** Its password is to be changed:
#
# - `a`: the API server refuses;
# - `b`: that works, but the kubelet no longer updates the files;
# - `c`: it works once `immutable` is set back to `false`.

# %%
predict("q3", "?")

# %%
# %shell kubectl apply -f manifests/02-secrets/mysecret-v1.yaml
# %shell --fails kubectl patch secret mysecret-v1 --type=merge --patch '{"stringData": {"password": "value-3"}}'
# %shell --fails kubectl patch secret mysecret-v1 --type=merge --patch '{"immutable": false}'
reveal("q3", "a")

# %% [markdown] lang="zh"
# 不可变不能撤销：只能删掉重建。新密码放进新的 Secret（`mysecret-v2`），再让 Deployment 引用它；回滚会连旧密码一起带回来。如果命令成功了，看 `immutable` 是不是写在最外层。
#
# 最后看权限。程序读挂载的文件，用不着 API：

# %% [markdown] lang="en"
# Immutable means for good: it can be deleted and made again, nothing else. A new password goes into a new Secret (`mysecret-v2`), named by a rollout; a rollback brings back the old password as well. If the command succeeds, see whether `immutable` stands at the top level.
#
# Last, the rights. To read mounted files a program needs nothing of the API:

# %%
# %%shell
space=$(kubectl config view --minify -o jsonpath='{..namespace}')
kubectl auth can-i get secrets --as=system:serviceaccount:$space:default || true
kubectl get secret mysecret -o jsonpath='{.data.password}' | base64 -d | wc -c

# %% [markdown] lang="zh"
# 第一行是那个 ServiceAccount 的答案：`no`。第二行是你自己的权限：你读得到，base64 拦不住。
#
# ## 在生产中
#
# - API 服务器默认把 Secret 原样存进 etcd；要加密，配置 EncryptionConfiguration，首选 KMS v2。
# - 能在一个命名空间里创建 Pod 的人，就能挂载那里的每一个 Secret。
# - 密码不写进清单的 `env[].value`、ConfigMap 或注解，也不进 Git。
# - 更好的是不用长期密码：ServiceAccount 的短期令牌，或外部的密码库（Secrets Store CSI driver）。
#
# 延伸阅读：[Secret](https://kubernetes.io/zh-cn/docs/concepts/configuration/secret/)、[静态加密](https://kubernetes.io/zh-cn/docs/tasks/administer-cluster/encrypt-data/)、[Secret 良好实践](https://kubernetes.io/zh-cn/docs/concepts/security/secrets-good-practices/)。

# %% [markdown] lang="en"
# The first line is the answer for that ServiceAccount: `no`. The second is about your own rights: you can read it, and base64 is in nobody's way.
#
# ## In production
#
# - By default the API server stores Secrets in etcd as they are; for encryption set up an EncryptionConfiguration, best with KMS v2.
# - Whoever may create Pods in a namespace can mount each Secret there.
# - A password belongs neither in `env[].value` nor in a ConfigMap, an annotation or Git.
# - Better still is no lasting password at all: short-lived tokens of a ServiceAccount, or a vault outside (Secrets Store CSI driver).
#
# More: [Secrets](https://kubernetes.io/docs/concepts/configuration/secret/), [encryption at rest](https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/), [good practices](https://kubernetes.io/docs/concepts/security/secrets-good-practices/).

# %% [markdown] lang="zh"
# ## 当时和现在
#
# 2015 年（Kubernetes 1.0）的例子，只作历史；它的 Secret 在 `manifests/02-secrets/mysecret-2015.yaml`：
#
# ```yaml
# apiVersion: v1
# kind: ReplicationController
# metadata: {name: redis}
# spec:
#   template:
#     metadata: {labels: {app: redis, tier: backend}}
#     spec:
#       volumes:
#         - {name: data, emptyDir: {}}
#         - {name: supersecret, secret: {secretName: mysecret}}
#       containers:
#         - name: redis
#           image: kubernetes/redis:v1
#           ports: [{containerPort: 6379}]
#           volumeMounts:
#             - {name: data, mountPath: /redis-master-data}
#             - {name: supersecret, mountPath: /var/run/secrets/super}
# ```
#
# | 当时 | 现在 |
# | --- | --- |
# | `data` 里手写 base64，带着 CR LF | `stringData` 里写原文 |
# | “环境变量不理想” | 对，而且它不随轮换改变；etcd 默认也不加密 |
# | 没有权限、没有用户 | `runAsUser`、`fsGroup`、`defaultMode: 0440` |
# | 每个 ServiceAccount 有一个长期令牌 Secret | 1.24 起不再自动创建，Pod 里是短期令牌 |

# %% [markdown] lang="en"
# ## Then and now
#
# The example of 2015 (Kubernetes 1.0), as history only; its Secret is in `manifests/02-secrets/mysecret-2015.yaml`:
#
# ```yaml
# apiVersion: v1
# kind: ReplicationController
# metadata: {name: redis}
# spec:
#   template:
#     metadata: {labels: {app: redis, tier: backend}}
#     spec:
#       volumes:
#         - {name: data, emptyDir: {}}
#         - {name: supersecret, secret: {secretName: mysecret}}
#       containers:
#         - name: redis
#           image: kubernetes/redis:v1
#           ports: [{containerPort: 6379}]
#           volumeMounts:
#             - {name: data, mountPath: /redis-master-data}
#             - {name: supersecret, mountPath: /var/run/secrets/super}
# ```
#
# | then | now |
# | --- | --- |
# | base64 by hand in `data`, with CR LF inside | the text itself in `stringData` |
# | "environment variables are not ideal" | true, and no rotation reaches them; nor is etcd encrypted by default |
# | no mode, no user | `runAsUser`, `fsGroup`, `defaultMode: 0440` |
# | a Secret with a lasting token for each ServiceAccount | no longer made since 1.24; Pods get short-lived tokens |

# %% [markdown] lang="zh"
# ## 实验
#
# 现在轮到你，大约 20 分钟，在实验自己的命名空间里；文件存到 `work/02-secrets/lab/`。名字、路径和标签（label）以任务为准，别的随你。`check(n)` 判定任务 n 和它需要的任务，`check()` 判定全部；`hint(n)` 给提示，`reset()` 重来；检查会改变 Secret，再改回来。证据里的命令贴进一个单元格就能运行。
#
# **任务 1**。Secret `mysecret` 的键 `username` 和 `password` 解码之后正好是 `value-1` 和 `value-2`，末尾没有换行。下面是 2015 年的值。

# %% [markdown] lang="en"
# ## Lab
#
# Your turn now, about 20 minutes, in a namespace of the lab's own; files go to `work/02-secrets/lab/`. Names, paths and labels are as the tasks say; the rest is yours. `check(n)` judges task n and the tasks it needs, `check()` judges all; `hint(n)` helps, `reset()` starts over; checks change the Secret and put it back. Paste a command of the evidence into a cell to run it.
#
# **Task 1.** The keys `username` and `password` of Secret `mysecret` decode to exactly `value-1` and `value-2`, with no line end. Below are the values of 2015.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest mysecret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: mysecret
type: Opaque
data:
  username: dmFsdWUtMQ0K # 1
  password: dmFsdWUtMg0K # 1

# %% tags=["solution"]
# %%manifest mysecret.yaml
apiVersion: v1
kind: Secret
metadata:
  name: mysecret
type: Opaque
stringData:
  username: value-1
  password: value-2

# %% tags=["nbval-ignore-output"]
check(1)

# %% [markdown] lang="zh"
# **任务 2**。一个带标签 `app=reader` 的 Pod，容器不以 root 运行，读得到 `/var/run/secrets/super/username` 和 `/var/run/secrets/super/password`，内容和 Secret 一样；文件在只读的 tmpfs 上，权限 0400 或 0440。容器里有 `cat`、`stat` 和 `id`。
#
# **任务 3**。同一个容器还有环境变量 `PASSWORD`，取自 Secret 的 `password`。检查时会改变 Secret：两个文件要跟着变，容器不重启，`PASSWORD` 仍是旧值。
#
# 注释 `# 2`、`# 3`、`# 5` 标出各个任务要改的地方。

# %% [markdown] lang="en"
# **Task 2.** In one Pod with the label `app=reader`, a container that does not run as root reads `/var/run/secrets/super/username` and `/var/run/secrets/super/password` as the Secret holds them; the files are on a read-only tmpfs, with mode 0400 or 0440. The container has `cat`, `stat` and `id`.
#
# **Task 3.** The same container also has the environment variable `PASSWORD`, taken from the `password` of the Secret. The check changes the Secret: both files must follow without a restart, and `PASSWORD` stays old.
#
# The comments `# 2`, `# 3` and `# 5` mark what to change for each task.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest reader.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: reader
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reader
spec:
  selector:
    matchLabels:
      app: reader
  template:
    metadata:
      labels:
        app: reader
      annotations:
        example.com/login: value-1:value-2 # 5
    spec:
      serviceAccountName: reader
      terminationGracePeriodSeconds: 1
      securityContext: # 2
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: busybox:1.37
          command:
            - sh
            - -c
            - while sleep 5; do wc -c username password; done
          workingDir: /var/run/secrets/super
          env: [] # 3
          volumeMounts: [] # 2
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
      volumes: [] # 2

# %% tags=["solution"]
# %%manifest reader.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: reader
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reader
spec:
  selector:
    matchLabels:
      app: reader
  template:
    metadata:
      labels:
        app: reader
    spec:
      serviceAccountName: reader
      terminationGracePeriodSeconds: 1
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        fsGroup: 1000
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: app
          image: busybox:1.37
          command:
            - sh
            - -c
            - while sleep 5; do wc -c username password; done
          workingDir: /var/run/secrets/super
          env:
            - name: PASSWORD
              valueFrom:
                secretKeyRef:
                  name: mysecret
                  key: password
          volumeMounts:
            - name: supersecret
              mountPath: /var/run/secrets/super
              readOnly: true
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
        - name: supersecret
          secret:
            secretName: mysecret
            defaultMode: 0440

# %% tags=["nbval-ignore-output"]
check(2)

# %% tags=["nbval-ignore-output"]
check(3)

# %% [markdown] lang="zh"
# **任务 4**。Secret `mysecret-v1` 至少有一个键；改它的数据，API 服务器回答 Invalid，改它的标签则可以。

# %% [markdown] lang="en"
# **Task 4.** Secret `mysecret-v1` has at least one key; a change of its data is answered Invalid, and one of its labels accepted.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest mysecret-v1.yaml
apiVersion: v1
kind: Secret
metadata:
  name: mysecret-v1
type: Opaque
stringData:
  password: value-2
# 4

# %% tags=["solution"]
# %%manifest mysecret-v1.yaml
apiVersion: v1
kind: Secret
metadata:
  name: mysecret-v1
type: Opaque
stringData:
  password: value-2
immutable: true

# %% tags=["nbval-ignore-output"]
check(4)

# %% [markdown] lang="zh"
# **任务 5**。任务 2 的 Pod 所用的 ServiceAccount 不能通过 API 读任何 Secret；两个值不以原文或 base64 出现在 Pod、Pod 模板、ConfigMap 和它们的注解里。下面的 Role 给得太多；程序只需要读 ConfigMap。

# %% [markdown] lang="en"
# **Task 5.** The ServiceAccount of the Pod of task 2 can read no Secret through the API; neither value stands, as it is or in base64, in a Pod, a Pod template, a ConfigMap, or an annotation of these. The Role below gives too much; the program needs to read ConfigMaps and nothing else.

# %% tags=["exercise", "long-cell", "nbval-ignore-output"]
# %%manifest access.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: ["*"] # 5
    verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: reader
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: reader
subjects:
  - kind: ServiceAccount
    name: reader

# %% tags=["solution"]
# %%manifest access.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: [configmaps]
    verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: reader
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: reader
subjects:
  - kind: ServiceAccount
    name: reader

# %% tags=["nbval-ignore-output"]
check(5)

# %% [markdown] lang="zh"
# ## 回想
#
# 先自己回答，再展开。
#
# 1. 密码“明明是对的”，登录却失败：先数什么？
# 2. 文件是新的，程序还在用旧密码：有哪两种可能？
# 3. 权限 0400，用户 1000 读不了：缺了什么？
# 4. 回顾 01 课：容器重启之后，Secret 的目录里是什么？
# 5. 回顾 00 课：Pod 停在 ContainerCreating，去哪里看原因？
#
# <details><summary>答案</summary>
#
# 1. 字节数，末尾可能有换行。
# 2. 程序只在启动时读一次；或者它读的是环境变量。
# 3. 文件归 root，要有 `fsGroup`。
# 4. 当前的值：卷属于 Pod，由 kubelet 保持最新。
# 5. Pod 的事件：Secret 不存在时是 FailedMount。
#
# </details>

# %% [markdown] lang="en"
# ## Recall
#
# Answer first, then unfold.
#
# 1. "The password is right", and the login fails: what do you count first?
# 2. The file is new, and the program goes on with the old password: which two causes are likely?
# 3. Mode 0400, and user 1000 may not read: what is missing?
# 4. From lesson 01: a container was restarted: what is in the directory of the Secret?
# 5. From lesson 00: a Pod stays in ContainerCreating: where does the reason stand?
#
# <details><summary>Answers</summary>
#
# 1. The bytes; there may be a line end.
# 2. It reads the file at the start and never again, or it uses an environment variable.
# 3. The file belongs to root; an `fsGroup`.
# 4. The current values: the volume is the Pod's, and the kubelet keeps it up to date.
# 5. In the Pod's events; FailedMount where there is no such Secret.
#
# </details>

# %% [markdown] lang="zh"
# ## 要点
#
# - 程序还在用旧密码，因为它手里的值不随 Secret 改变：环境变量、`subPath`，或者启动时读进来的值。目录里的文件会变。
# - base64 什么也不保护。保护 Secret 的是权限：谁能读它，谁能创建 Pod，etcd 是否加密。
#
# 最后清理演示的对象，数一数还剩几个。实验留着，`reset()` 可以清掉。

# %% [markdown] lang="en"
# ## Key points
#
# - A program goes on with the old password because its copy does not follow the Secret: an environment variable, a `subPath`, or what it read at its start. The files in the directory do follow.
# - Base64 protects nothing. Rights protect a Secret: who may read it, who may create Pods, and whether etcd is encrypted.
#
# Last, remove what the demonstration made, and count what is left. Your lab stays; `reset()` clears it.

# %%
# %%shell --timeout 120
kubectl delete -f manifests/02-secrets --ignore-not-found --cascade=foreground --timeout=100s > /dev/null
kubectl get deployments,pods,secrets -o name | wc -l
