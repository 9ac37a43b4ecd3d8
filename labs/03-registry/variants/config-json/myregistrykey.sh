user=$(kubectl get secret registry-login -o go-template='{{.data.username | base64decode}}')
password=$(kubectl get secret registry-login -o go-template='{{.data.password | base64decode}}')
kubectl create secret generic myregistrykey --type=kubernetes.io/dockerconfigjson \
  --from-literal=.dockerconfigjson="{\"auths\":{\"https://localhost:30500\":{\"username\":\"$user\",\"password\":\"$password\"}}}"
