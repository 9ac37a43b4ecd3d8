# Other controllers, the ReplicationController of the seed among them; amounts written in other ways.
refused=0
kubectl apply -f busy.yaml -f grow.yaml -f qos.yaml -f twins.yaml -f web.yaml || refused=$?
kubectl rollout status statefulset/grow --timeout=100s
pod=$(kubectl get pods -l app=grow -o name)
kubectl patch "$pod" --subresource resize -p '{"spec":{"containers":[{"name":"app","resources":{"limits":{"memory":"64Mi"}}}]}}'
exit $refused
