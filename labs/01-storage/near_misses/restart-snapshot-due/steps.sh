# The first write after a quiet 20 s makes Redis take a snapshot at once.
kubectl apply -f redis.yaml -f durable.yaml -f scratch.yaml
kubectl rollout status deployment/redis --timeout=120s
sleep 21
