kubectl create secret generic myregistrykey --type=kubernetes.io/dockerconfigjson \
  --from-literal=.dockerconfigjson="{\"auths\":{\"localhost:30500\":{}},\"credsStore\":\"desktop\"}"
