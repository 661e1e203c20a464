{{/* The image of every program. */}}
{{- define "connection.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end }}

{{/* Where the gateway keeps what has to survive a restart: the configuration file says it, or the values do. */}}
{{- define "connection.store" -}}
{{- if dig "flows" "store" "" .Values.gateway.config -}}
{{ .Values.gateway.config.flows.store }}
{{- else if .Values.gateway.storeSecret.name -}}
${STORE_URL}
{{- else -}}
{{ .Values.gateway.store }}
{{- end -}}
{{- end }}

{{/* Whether the store is a file: "true" or nothing. */}}
{{- define "connection.isFile" -}}
{{- if hasPrefix "sqlite:" (include "connection.store" .) -}}true{{- end -}}
{{- end }}

{{- define "connection.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
{{- end }}

{{- define "connection.containerSecurity" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "connection.probes" -}}
startupProbe:
  httpGet:
    path: /healthz
    port: admin
  periodSeconds: 2
  failureThreshold: 30
livenessProbe:
  httpGet:
    path: /healthz
    port: admin
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet:
    path: /readyz
    port: admin
  periodSeconds: 5
  timeoutSeconds: 5
{{- end }}

{{/* Where a pod may run, from the values of its program. */}}
{{- define "connection.placement" -}}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}
