# Pods without a controller, two LimitRanges, the resize as a replace of the whole object.
refused=0
kubectl apply -f busy.yaml -f grow.yaml -f qos.yaml -f twins.yaml -f web.yaml || refused=$?
kubectl wait pod/grow --for=condition=Ready --timeout=100s
pod=$(kubectl get pods -l app=grow -o name)
kubectl get "$pod" -o yaml | sed "s/memory: 32Mi/memory: 64Mi/" | kubectl replace --subresource resize -f -
exit $refused
