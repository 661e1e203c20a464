/** Name of the admission policy, and of its binding, that the operator creates and no manifest names. */
export const keepPolicyName = 'connection-keep-in-use';

/** Annotation on a CRD or on the namespace of the key Secret: with value `allowed` it may be deleted. */
export const deletionAnnotation = 'connect.pim.dev/deletion';

/**
 * `spec` of the policy `connection-keep` of the manifests once more, as the operator creates it together with the key
 * Secret in `namespace`: CRDs and namespace are not deleted by mistake. `kubectl delete -k manifests` takes the policy of
 * the manifests away, and would take all the rest with it when it is run once more; this one stays. A test holds the two
 * equal.
 */
export function buildKeepPolicySpec(namespace: string): Readonly<Record<string, unknown>> {
  const kept = [
    { apiGroups: [''], resources: ['namespaces'], resourceNames: [namespace] },
    { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], resourceNames: definitions },
  ];
  const resourceRules = kept.map((rule) => ({ ...rule, apiVersions: ['*'], operations: ['DELETE'], scope: '*' }));
  return { failurePolicy: 'Fail', matchConstraints: { resourceRules }, validations: [validation] };
}

const definitions = [
  'connections.connect.pim.dev',
  'connectionroles.connect.pim.dev',
  'connectiongroups.connect.pim.dev',
];

const validation = {
  expression: `oldObject.metadata.?annotations[?'${deletionAnnotation}'].orValue('') == 'allowed'`,
  reason: 'Forbidden',
  messageExpression: [
    "(oldObject.kind == 'Namespace' ? 'kept, because the key Secret dies with it and every credential after it'",
    ": 'kept, because every ' + oldObject.spec.names.kind + ' dies with it')",
    "+ ': if you mean it, first run kubectl annotate ' + (oldObject.kind == 'Namespace' ? 'namespace' : 'crd') + ' '",
    `+ oldObject.metadata.name + ' ${deletionAnnotation}=allowed'`,
  ].join(' '),
};
