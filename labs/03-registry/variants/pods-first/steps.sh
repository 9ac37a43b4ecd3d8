kubectl apply -f oldkey.yaml -f baz.yaml -f foo.yaml -f bar.yaml
tried=--for=jsonpath='{.status.containerStatuses[0].state.waiting.message}'
kubectl wait pod baz foo "$tried" --timeout=60s
kubectl wait pod -l app=bar "$tried" --timeout=60s
bash oldkey.sh
bash myregistrykey.sh
