kubectl apply -f app.yaml -f db.yaml -f web.yaml -f slow.yaml -f shop.yaml -f cart.yaml
kubectl rollout status deployment shop --timeout=120s
kubectl rollout pause deployment shop
