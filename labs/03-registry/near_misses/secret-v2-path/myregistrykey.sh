user=$(kubectl get secret registry-login -o go-template='{{.data.username | base64decode}}')
password=$(kubectl get secret registry-login -o go-template='{{.data.password | base64decode}}')
kubectl create secret docker-registry myregistrykey \
  --docker-server=http://localhost:30500/v2 \
  --docker-username="$user" \
  --docker-password="$password"
