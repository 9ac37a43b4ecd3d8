kubectl delete secret oldkey
user=$(kubectl get secret registry-login -o go-template='{{.data.username | base64decode}}')
password=$(kubectl get secret registry-login -o go-template='{{.data.password | base64decode}}')
kubectl create secret docker-registry oldkey \
  --docker-server=localhost:30500 \
  --docker-username="$user" \
  --docker-password="$password"
kubectl delete pod baz
kubectl apply -f baz.yaml
kubectl wait pod baz --for=condition=Ready --timeout=60s
