# Pod baz and its Secret are given. The learner applies the rest.
kubectl apply -f oldkey.yaml -f baz.yaml
