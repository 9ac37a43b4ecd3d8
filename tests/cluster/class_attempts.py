"""What a learner of a class may try, and what the cluster must answer. Data, and one way to do it.

`{me}` is the learner's id, `{other}` another's, `{node}` the node; every line is tried with the
learner's own kubeconfig, in his namespace of lab 02 where none is named.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from checker.environment.tools import tools_path

FORBIDDEN = "is forbidden: User"
SECURITY = 'violates PodSecurity "baseline'
MORE_RIGHTS = "attempting to grant RBAC permissions not currently held"


@dataclass(frozen=True)
class Attempt:
    """`words` for kubectl, with `given` on standard input; `answer` must stand in what it says."""

    about: str
    words: str
    answer: str = FORBIDDEN
    given: str = ""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    code: int
    said: str


def kubectl(kubeconfig: Path, words: list[str], given: str = "", seconds: float = 60.0) -> Answer:
    """Run kubectl with this kubeconfig and no other."""
    done = subprocess.run(
        [str(tools_path() / "kubectl"), *words],
        env={"PATH": os.defpath, "HOME": "/nowhere", "KUBECONFIG": str(kubeconfig)},
        input=given,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    return Answer(done.returncode, (done.stdout + done.stderr).strip())


def attempt(kubeconfig: Path, tried: Attempt, **names: str) -> Answer:
    """Try it as the learner whose kubeconfig it is."""
    given = tried.given
    for name, value in names.items():
        given = given.replace("{" + name + "}", value)
    return kubectl(kubeconfig, tried.words.format(**names).split(), given)


def pod(spec: str, container: str = "") -> str:
    """A Pod that asks for something special."""
    return (
        "{apiVersion: v1, kind: Pod, metadata: {name: try}, spec: {" + spec + "containers: "
        "[{name: a, image: 'busybox:1.37', command: [sleep, '9']" + container + "}]}}"
    )


def service(spec: str) -> str:
    """A Service that asks for something special."""
    return (
        "{apiVersion: v1, kind: Service, metadata: {name: try}, spec: {ports: [{port: 80"
        + spec
        + "}}"
    )


def bind(kind: str, role: str, namespace: str = "") -> str:
    """A binding of a ClusterRole to oneself."""
    return (
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: "
        + kind
        + ", metadata: {name: try}, roleRef: {apiGroup: rbac.authorization.k8s.io, "
        "kind: ClusterRole, name: "
        + role
        + "}, subjects: [{kind: ServiceAccount, name: 'learner-{me}', namespace: podlab-class}]}"
    )


ROLE = (
    "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: try}, rules: "
    "[{apiGroups: [''], resources: [resourcequotas], verbs: [delete]}]}"
)
SLICE = (
    "{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: try}, "
    "addressType: IPv4, endpoints: [{addresses: [10.96.0.1]}], ports: [{port: 443}]}"
)
LEASE = (
    "{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: check-lab-02-secrets-"
    "{other}, namespace: podlab-system}, spec: {holderIdentity: me}}"
)
VOLUME = (
    "{apiVersion: v1, kind: PersistentVolume, metadata: {name: try}, spec: {capacity: "
    "{storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /etc}}}"
)
CREATE = "create -f -"
OTHER = "-n lab-02-secrets-{other}"
SYSTEM, REGISTRY, HOME = "-n podlab-system", "-n podlab-registry", "-n podlab-class"
OWN_NAMESPACE = "namespace lab-02-secrets-{me}"
BOSS = f"--as=kubernetes-admin --as-group=system:masters get pods {OTHER}"
AS_OTHER = f"--as=system:serviceaccount:podlab-class:learner-{{other}} get pods {OTHER}"

ATTEMPTS = (
    # Another learner's namespaces.
    Attempt("another's Pods", f"get pods {OTHER}"),
    Attempt("another's Secrets", f"get secrets {OTHER}"),
    Attempt("another's ConfigMap", f"get configmap kube-root-ca.crt {OTHER}"),
    Attempt("another's events", f"get events {OTHER}"),
    Attempt("another's demo", "get all -n demo-02-secrets-{other}"),
    Attempt("watch another's Pods", f"get pods --watch {OTHER}"),
    Attempt("write to another", f"create configmap try {OTHER}"),
    Attempt("delete what another has", f"delete deployments --all {OTHER}"),
    Attempt("change another's Secret", f"annotate secret mysecret {OTHER} a=b"),
    Attempt("exec in another's Pod", f"exec deploy/reader {OTHER} -- id"),
    Attempt("another's logs", f"logs deploy/reader {OTHER}"),
    Attempt("forward another's port", f"port-forward deploy/reader 0:80 {OTHER}"),
    Attempt(
        "another's Pod through the API server",
        "get --raw /api/v1/namespaces/lab-02-secrets-{other}/pods/x/proxy/",
        "forbidden: User",
    ),
    Attempt("another's Pods as the other", AS_OTHER),
    Attempt("another's Pods as administrator", BOSS),
    Attempt(
        "another's user of the registry", "get secret registry-login -n lab-03-registry-{other}"
    ),
    # Namespaces, one's own among them.
    Attempt("a list of all namespaces", "get namespaces"),
    Attempt("another's namespace", "get namespace lab-02-secrets-{other}"),
    Attempt("Pods of all namespaces", "get pods -A"),
    Attempt("Secrets of all namespaces", "get secrets -A"),
    Attempt(
        "another Pod Security for one's own namespace",
        f"label --overwrite {OWN_NAMESPACE} pod-security.kubernetes.io/enforce=privileged",
    ),
    Attempt("another class mark", f"label {OWN_NAMESPACE} podlab/class-"),
    Attempt("the journal of checks", f"annotate {OWN_NAMESPACE} podlab/undo=[]"),
    Attempt("delete one's own namespace", f"delete {OWN_NAMESPACE}"),
    Attempt("a namespace more", "create namespace try"),
    # The grader's things.
    Attempt("the Leases of checks", f"get leases {SYSTEM}"),
    Attempt("a Lease that keeps the grader off another", CREATE, FORBIDDEN, LEASE),
    Attempt("delete Leases", f"delete leases --all {SYSTEM}"),
    Attempt("Secrets beside the probe Pod", f"get secrets {SYSTEM}"),
    Attempt("settings of the class", f"get configmap class {SYSTEM}"),
    Attempt("exec in the probe Pod", f"exec probe {SYSTEM} -- id"),
    Attempt("delete the probe Pod", f"delete pod probe {SYSTEM}"),
    Attempt("a Pod beside the probe", f"create {SYSTEM} -f -", FORBIDDEN, pod("")),
    # Tokens.
    Attempt("all learners' accounts", f"get serviceaccounts {HOME}"),
    Attempt("a token of another", f"create token learner-{{other}} {HOME}"),
    Attempt("a longer token of one's own", f"create token learner-{{me}} {HOME}"),
    Attempt("a token of the probe Pod's account", f"create token probe {SYSTEM}"),
    # The registry's credentials.
    Attempt("the registry's Pods", f"get pods {REGISTRY}"),
    Attempt("the registry's Secrets", f"get secrets {REGISTRY}"),
    Attempt("the registry's htpasswd", f"exec deploy/registry {REGISTRY} -- cat /auth/htpasswd"),
    Attempt("the registry's port", f"port-forward deploy/registry 0:5000 {REGISTRY}"),
    Attempt("the registry away", f"delete deployment registry {REGISTRY}"),
    # One's own limits and rights.
    Attempt(
        "a larger quota",
        'patch resourcequota podlab -p {"spec":{"hard":{"pods":"99"}}}'.replace("{", "{{").replace(
            "}", "}}"
        ),
    ),
    Attempt("no quota", "delete resourcequota podlab"),
    Attempt("no quotas at all", "delete resourcequotas --all"),
    Attempt("a Role that gives more", CREATE, MORE_RIGHTS, ROLE),
    Attempt(
        "cluster-admin in one's own namespace",
        CREATE,
        MORE_RIGHTS,
        bind("RoleBinding", "cluster-admin"),
    ),
    Attempt("edit in one's own namespace", CREATE, MORE_RIGHTS, bind("RoleBinding", "edit")),
    Attempt(
        "cluster-admin everywhere", CREATE, FORBIDDEN, bind("ClusterRoleBinding", "cluster-admin")
    ),
    Attempt("view everywhere", CREATE, FORBIDDEN, bind("ClusterRoleBinding", "view")),
    Attempt("a wider role for learners", "delete clusterrole podlab-learner"),
    Attempt(
        "no policy for the class", "delete validatingadmissionpolicybinding podlab-class-services"
    ),
    Attempt("a certificate of one's own", "get certificatesigningrequests"),
    # Pods that reach the node.
    Attempt("a privileged Pod", CREATE, SECURITY, pod("", ", securityContext: {privileged: true}")),
    Attempt("a hostPath", CREATE, SECURITY, pod("volumes: [{name: h, hostPath: {path: /}}], ")),
    Attempt("the node's network", CREATE, SECURITY, pod("hostNetwork: true, ")),
    Attempt("the node's processes", CREATE, SECURITY, pod("hostPID: true, ")),
    Attempt(
        "a port of the node",
        CREATE,
        SECURITY,
        pod("", ", ports: [{containerPort: 80, hostPort: 8099}]"),
    ),
    Attempt(
        "a capability",
        CREATE,
        SECURITY,
        pod("", ", securityContext: {capabilities: {add: [SYS_ADMIN]}}"),
    ),
    Attempt(
        "a Pod that pushes others out",
        CREATE,
        "not more important than the cluster's own",
        pod("priorityClassName: system-node-critical, "),
    ),
    Attempt("a debugger on the node", "debug node/{node} --image=busybox:1.37"),
    Attempt("the nodes", "get nodes"),
    Attempt(
        "the kubelet through the API server",
        "get --raw /api/v1/nodes/{node}/proxy/pods",
        "forbidden: User",
    ),
    Attempt("a volume of the node", CREATE, FORBIDDEN, VOLUME),
    # Services that reach others.
    Attempt(
        "an external IP", CREATE, "have no external IPs", service("}], externalIPs: [10.96.0.10]")
    ),
    Attempt("a load balancer", CREATE, "exceeded quota", service("}], type: LoadBalancer")),
    Attempt(
        "the registry's port of the node",
        CREATE,
        "provided port is already allocated",
        service(", nodePort: 30500}], type: NodePort"),
    ),
    Attempt("an endpoint at any address", CREATE, FORBIDDEN, SLICE),
)
