# In case the given files were applied before: other kinds and types now.
kubectl delete deployment reader --ignore-not-found --cascade=foreground
kubectl delete secret mysecret mysecret-v1 --ignore-not-found
kubectl apply -f mysecret.yaml -f access.yaml -f reader.yaml
