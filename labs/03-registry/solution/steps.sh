kubectl apply -f oldkey.yaml -f baz.yaml
# baz fails to pull once; only then is its Secret put right.
kubectl wait pod baz --for=jsonpath='{.status.containerStatuses[0].state.waiting.message}' --timeout=60s
bash oldkey.sh
bash myregistrykey.sh
kubectl apply -f bar.yaml
kubectl apply -f foo.yaml
