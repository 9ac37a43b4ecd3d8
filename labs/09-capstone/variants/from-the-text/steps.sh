# payment: the Secret belongs to bookkeeping, so that one which is there is not touched.
kubectl get secret payment > /dev/null ||
    kubectl create secret generic payment --from-literal=key=key-of-march

# invoice: the valid login, in the form in which the kubelet wants it.
username=$(kubectl get secret registry-login -o jsonpath='{.data.username}' | base64 -d)
password=$(kubectl get secret registry-login -o jsonpath='{.data.password}' | base64 -d)
kubectl create secret docker-registry registry-pull \
    --docker-server=localhost:30500 \
    --docker-username="$username" --docker-password="$password" \
    --dry-run=client -o yaml | kubectl apply -f -

kubectl apply -f git.yaml -f search.yaml -f stock.yaml -f invoice.yaml

# The login of last year is of no use to anybody.
kubectl delete secret registry-key --ignore-not-found

# The fronts first: the new ones wait when Redis is replaced below.
kubectl apply -f front.yaml
kubectl rollout status deployment front --timeout=300s

# redis: what the running one has lies in its own file system and would go with
# the Pod. Stop the writes, copy the data into the volume, then replace it.
if kubectl get deployment redis > /dev/null 2>&1; then
    if [ "$(kubectl get deployment redis -o jsonpath='{.status.readyReplicas}')" = 1 ]; then
        kubectl exec deployment/redis -- sh -ec '
            cd /redis-master-data
            if ! [ -e appendonlydir ]; then
                redis-cli CLIENT PAUSE 60000 WRITE
                rm -rf copy
                cp -R /data/appendonlydir copy
                mv copy appendonlydir
            fi
        '
    fi
    kubectl delete deployment redis --cascade=foreground --timeout=120s
fi
kubectl apply -f redis.yaml
kubectl rollout status statefulset redis --timeout=180s

kubectl rollout status deployment search --timeout=180s
kubectl rollout status deployment invoice --timeout=180s
