import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { controllerManagerUser, kubeconfigPath, paths } from './write-credentials.ts';

/**
 * The store's address: a socket in the working directory, which etcd and the API server share. No port to find, and
 * nobody else on the machine can reach it. The form wants a number at the end; it is part of the file's name.
 */
export const storeSocket = 'etcd:1';

export function buildEtcdFlags(directory: string): string[] {
  const client = `unix://${storeSocket}`;
  const peer = 'unix://etcd:2';
  return [
    '--name=local',
    `--data-dir=${join(directory, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=local=${peer}`,
    // The data is thrown away at the end, so it need not survive a power cut.
    '--unsafe-no-fsync',
    '--quota-backend-bytes=8589934592',
    '--log-level=warn',
  ];
}

export interface ApiServerSettings {
  readonly port: number;
  /** Enabled beside the default ones. */
  readonly admissionPlugins: readonly string[];
  /** Whether writes are recorded; see `readAuditLog`. */
  readonly audit: boolean;
  /** Put last, so they win. */
  readonly flags: readonly string[];
}

/** Flags that differ from the defaults only as far as one machine makes them differ. */
export function buildApiServerFlags(directory: string, settings: ApiServerSettings): string[] {
  const key = join(directory, paths.serviceAccountKey);
  const flags = [
    `--etcd-servers=unix://${storeSocket}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${settings.port}`,
    `--cert-dir=${join(directory, paths.certificates)}`,
    `--token-auth-file=${join(directory, paths.tokens)}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${key}`,
    `--service-account-key-file=${key}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    // The address of the `kubernetes` Service would be 127.0.0.1, which an EndpointSlice may not hold.
    '--endpoint-reconciler-type=none',
  ];
  if (settings.admissionPlugins.length > 0) {
    flags.push(`--enable-admission-plugins=${settings.admissionPlugins.join(',')}`);
  }
  if (settings.audit) flags.push(...buildAuditFlags(directory));
  return [...flags, ...settings.flags];
}

function buildAuditFlags(directory: string): string[] {
  const policy = {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived', 'ResponseStarted', 'Panic'],
    rules: [
      // Asking who one is, what one may do or for a token is a create that stores nothing.
      {
        level: 'None',
        resources: [
          { group: 'authorization.k8s.io' },
          { group: 'authentication.k8s.io' },
          { group: '', resources: ['serviceaccounts/token'] },
        ],
      },
      { level: 'Metadata', verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'] },
      { level: 'None' },
    ],
  };
  const path = join(directory, paths.auditPolicy);
  writeFileSync(path, JSON.stringify(policy));
  return [
    `--audit-policy-file=${path}`,
    `--audit-log-path=${join(directory, paths.auditLog)}`,
    // One file, and a line is in it before the request is over.
    '--audit-log-maxsize=0',
    '--audit-log-mode=blocking',
  ];
}

/** The controllers that an installation of ours relies on. */
const controllers: readonly string[] = [
  'garbage-collector-controller',
  'namespace-controller',
  'resourcequota-controller',
  'serviceaccount-controller',
  'serviceaccount-token-controller',
  'root-ca-certificate-publisher-controller',
  'clusterrole-aggregation-controller',
  'validatingadmissionpolicy-status-controller',
];

export function buildControllerManagerFlags(directory: string): string[] {
  return [
    `--kubeconfig=${kubeconfigPath(directory, controllerManagerUser.name)}`,
    `--controllers=${controllers.join(',')}`,
    '--use-service-account-credentials',
    `--service-account-private-key-file=${join(directory, paths.serviceAccountKey)}`,
    `--root-ca-file=${join(directory, paths.certificate)}`,
    '--leader-elect=false',
    '--secure-port=0',
  ];
}
