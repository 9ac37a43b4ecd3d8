kubectl apply -f mysecret-crlf.yaml -f access.yaml -f mysecret-v1.yaml -f reader.yaml
kubectl rollout status deployment/reader --timeout=60s
kubectl apply -f mysecret.yaml
