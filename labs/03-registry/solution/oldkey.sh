login() { kubectl get secret registry-login -o go-template="{{.data.$1 | base64decode}}"; }
kubectl delete secret oldkey
kubectl create secret docker-registry oldkey --docker-server=localhost:30500 \
  --docker-username="$(login username)" \
  --docker-password="$(login password)"
