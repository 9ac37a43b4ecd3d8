# The script is mended while the program runs, and nobody restarts it.
kubectl apply -f former.yaml
kubectl rollout status deployment/report --timeout=60s
sleep 2
kubectl apply -f ledger.yaml -f orders.yaml -f page.yaml -f report.yaml -f web.yaml
