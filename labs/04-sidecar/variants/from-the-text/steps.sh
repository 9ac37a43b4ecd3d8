# In case the given files were applied before: another kind now, and a Job cannot be changed.
kubectl delete deployment my-nginx --ignore-not-found --cascade=foreground
kubectl delete job report --ignore-not-found --cascade=foreground
kubectl apply -f git.yaml -f web.yaml -f job.yaml
