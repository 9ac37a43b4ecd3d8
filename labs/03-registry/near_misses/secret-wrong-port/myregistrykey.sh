user=$(kubectl get secret registry-login -o go-template='{{.data.username | base64decode}}')
password=$(kubectl get secret registry-login -o go-template='{{.data.password | base64decode}}')
kubectl create secret docker-registry myregistrykey \
  --docker-server=localhost:5000 \
  --docker-username="$user" \
  --docker-password="$password"
