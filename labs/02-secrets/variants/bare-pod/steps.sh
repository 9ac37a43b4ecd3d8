kubectl create secret generic mysecret --from-literal=username=value-1 --from-literal=password=value-2
kubectl create secret generic mysecret-v1 --from-file=password=token.txt
kubectl patch secret mysecret-v1 --type=merge --patch '{"immutable": true}'
kubectl apply -f pod.yaml
