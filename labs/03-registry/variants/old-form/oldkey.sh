user=$(kubectl get secret registry-login -o go-template='{{.data.username | base64decode}}')
password=$(kubectl get secret registry-login -o go-template='{{.data.password | base64decode}}')
auth=$(printf %s "$user:$password" | base64 | tr -d '\n')
kubectl delete secret oldkey
kubectl create secret generic oldkey --type=kubernetes.io/dockercfg \
  --from-literal=.dockercfg="{\"localhost:30500\":{\"auth\":\"$auth\"}}"
