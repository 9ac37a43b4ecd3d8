kubectl apply -f git.yaml
kubectl rollout status deployment/git --timeout=60s
kubectl apply -f web.yaml -f job.yaml
