# Second containers beside the first, a child that burns, a resize in two steps.
refused=0
kubectl apply -f busy.yaml -f grow.yaml -f qos.yaml -f twins.yaml -f web.yaml || refused=$?
kubectl rollout status deployment/grow --timeout=100s
pod=$(kubectl get pods -l app=grow -o name)
kubectl patch "$pod" --subresource resize -p '{"spec":{"containers":[{"name":"app","resources":{"requests":{"memory":"32Mi"},"limits":{"memory":"48Mi"}}}]}}'
kubectl wait "$pod" --for=jsonpath='{.status.containerStatuses[0].resources.limits.memory}'=48Mi --timeout=60s
kubectl patch "$pod" --subresource resize -p '{"spec":{"containers":[{"name":"app","resources":{"limits":{"memory":"64Mi"}}}]}}'
exit $refused
