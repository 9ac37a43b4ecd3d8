# In case the given files were applied before: other kinds now.
kubectl delete deployment my-nginx leaky honest busy guaranteed burstable besteffort grow \
  --ignore-not-found --cascade=foreground
kubectl apply -f web.yaml -f twins.yaml -f busy.yaml -f qos.yaml -f grow.yaml

# 6
kubectl wait pod/grow --for=condition=Ready --timeout=120s
kubectl patch pod grow --subresource resize --type json --patch \
  '[{"op": "replace", "path": "/spec/containers/0/resources/limits/memory", "value": "65536Ki"}]'
kubectl wait pod/grow --timeout=60s \
  --for=jsonpath='{.status.containerStatuses[0].resources.limits.memory}'=64Mi || true
