kubectl apply -f oldkey.yaml -f baz.yaml
# baz fails to pull once; only then is its Secret put right.
kubectl wait pod baz --for=jsonpath='{.status.containerStatuses[0].state.waiting.message}' --timeout=60s
bash oldkey.sh
bash myregistrykey.sh
kubectl apply -f bar.yaml
kubectl wait pod -l app=bar --for=create --timeout=60s
kubectl patch serviceaccount puller -p '{"imagePullSecrets": [{"name": "myregistrykey"}]}'
kubectl apply -f foo.yaml
