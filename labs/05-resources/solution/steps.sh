# Everything is applied; then the running Pod is resized, which no manifest can say.
refused=0
kubectl apply -f busy.yaml -f grow.yaml -f qos.yaml -f twins.yaml -f web.yaml || refused=$?
kubectl rollout status deployment/grow --timeout=100s
pod=$(kubectl get pods -l app=grow -o name)
kubectl patch "$pod" --subresource resize -p '{"spec":{"containers":[{"name":"app","resources":{"limits":{"memory":"64Mi"}}}]}}'
exit $refused
