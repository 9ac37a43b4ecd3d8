user=$(kubectl get secret registry-login -o go-template='{{.data.username | base64decode}}')
password=$(kubectl get secret registry-login -o go-template='{{.data.password | base64decode}}')
kubectl create secret docker-registry myregistrykey --namespace=janedoe \
  --docker-server=localhost:30500 \
  --docker-username="$user" \
  --docker-password="$password"
