# As somebody on call would: what runs is changed in place.
kubectl apply -f .
word() {
    kubectl get secret registry-login -o go-template="{{.data.$1 | base64decode}}"
}
kubectl delete secret registry-key
kubectl create secret docker-registry registry-key --docker-server=localhost:30500 \
    --docker-username="$(word username)" --docker-password="$(word password)"
kubectl delete pod -l app=invoice --now
kubectl set resources deployment search --limits=memory=96Mi --requests=memory=32Mi
kubectl patch deployment redis --type=json --patch='[
    {"op": "replace", "path": "/spec/template/spec/containers/0/volumeMounts/0/mountPath", "value": "/data"}
]'
kubectl patch cronjob stock --patch='
spec: {jobTemplate: {spec: {template: {spec: {containers: [
    {name: import, terminationMessagePolicy: FallbackToLogsOnError,
     command: [sh, -c, "sh /app/import.sh > /tmp/log && cat /tmp/log || { grep number /tmp/log; exit 1; }"]}
]}}}}}'
kubectl patch deployment front --patch='
spec:
  template:
    spec:
      initContainers:
        - name: content
          restartPolicy: Always
          command: [git-monitor]
          env:
            - {name: GIT_REPO, value: "http://git:8080/site.git"}
            - {name: GIT_ROOT, value: /www}
          startupProbe: {exec: {command: [test, -e, /www/current]}, periodSeconds: 1, failureThreshold: 60}
      containers:
        - name: front
          lifecycle: {preStop: {sleep: {seconds: 6}}}
          livenessProbe: {httpGet: {path: /cgi-bin/live, port: http}}
          readinessProbe: {httpGet: {path: /cgi-bin/ready, port: http}, periodSeconds: 2, timeoutSeconds: 2}
          volumeMounts:
            - {$patch: delete, mountPath: /run/payment/key}
            - {name: payment, mountPath: /run/payment}'
