# The valid login is another in each workspace, so no file can hold it.
word() {
    kubectl get secret registry-login -o go-template="{{.data.$1 | base64decode}}"
}
kubectl create secret docker-registry pull --docker-server=localhost:30500 \
    --docker-username="$(word username)" --docker-password="$(word password)" \
    --dry-run=client -o yaml | kubectl apply -f -
kubectl apply -f .
