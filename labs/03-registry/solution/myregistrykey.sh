login() { kubectl get secret registry-login -o go-template="{{.data.$1 | base64decode}}"; }
kubectl delete secret myregistrykey --ignore-not-found
kubectl create secret docker-registry myregistrykey --docker-server=localhost:30500 \
  --docker-username="$(login username)" \
  --docker-password="$(login password)"
