# baz and its broken Secret are given; where they are not there yet, they come as given.
kubectl get pod baz > /dev/null 2>&1 || kubectl apply -f oldkey.yaml -f baz.yaml

# Go's %q of a plain string is a JSON string.
login() { kubectl get secret registry-login -o go-template="{{.data.$1 | base64decode | printf \"%q\"}}"; }
plain() { kubectl get secret registry-login -o go-template="{{.data.$1 | base64decode}}"; }
work=$(mktemp -d)
user=$(login username)
password=$(login password)

# 1: username and password, no "auth"; the server's name as a URL with the API's path
kubectl delete secret myregistrykey --ignore-not-found
printf '{"auths": {"http://localhost:30500/v2/": {"password": %s, "username": %s}}}\n' \
  "$password" "$user" > "$work/config.json"
kubectl create secret generic myregistrykey --type=kubernetes.io/dockerconfigjson \
  --from-file=.dockerconfigjson="$work/config.json"
rm "$work/config.json"

# 4: the type cannot be changed, so the Secret is made anew, in the old form it had in 2015
auth=$(printf '%s:%s' "$(plain username)" "$(plain password)" | base64 | tr -d '\n')
printf '{"localhost:30500": {"auth": "%s", "email": "jdoe@example.com"}}' "$auth" > "$work/dockercfg"
kubectl delete secret oldkey --ignore-not-found
kubectl create secret generic oldkey --type=kubernetes.io/dockercfg --from-file=.dockercfg="$work/dockercfg"
rm -r "$work"

# 2 and 3
kubectl delete deployment bar --ignore-not-found --cascade=foreground
kubectl apply -f pods.yaml
kubectl wait --for=condition=Ready pod/foo pod/bar-1 --timeout=120s
