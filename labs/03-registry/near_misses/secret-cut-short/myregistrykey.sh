user=$(kubectl get secret registry-login -o go-template='{{.data.username | base64decode}}')
password=$(kubectl get secret registry-login -o go-template='{{.data.password | base64decode}}')
auth=$(printf %s "$user:$password" | base64 | tr -d '\n')
kubectl create secret generic myregistrykey --type=kubernetes.io/dockerconfigjson \
  --from-literal=.dockerconfigjson="{\"auths\":{\"localhost:30500\":{\"auth\":\"$auth\""
