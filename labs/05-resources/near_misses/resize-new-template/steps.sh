refused=0
kubectl apply -f busy.yaml -f grow.yaml -f qos.yaml -f twins.yaml -f web.yaml || refused=$?
kubectl rollout status deployment/grow --timeout=100s
exit $refused
