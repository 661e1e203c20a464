import type { ObjectMeta } from '../api/object-meta.ts';

/** A tool that applies an object again and again, so that a change by hand does not last. */
export interface GitOwner {
  readonly tool: 'Argo CD' | 'Flux' | 'Helm';
  /** Application, Kustomization, HelmRelease or release, as `namespace/name` where the namespace is known. */
  readonly name: string;
  /** What a person should do instead of changing it here. */
  readonly sentence: string;
}

/** As whom Argo CD writes. */
export const argoManager = 'argocd-controller';

/**
 * Who keeps this object, by the marks that those tools leave on what they apply. `undefined`: nobody known. A Helm
 * release that Flux installed is Flux's.
 */
export function findGitOwner(
  metadata: Pick<ObjectMeta, 'labels' | 'annotations' | 'managedFields'>,
): GitOwner | undefined {
  return findArgo(metadata) ?? findFlux(metadata) ?? findHelm(metadata);
}

type Marks = Parameters<typeof findGitOwner>[0];

/** The tracking id is `application:group/kind:namespace/name`; with tracking by label, the label is common to others. */
function findArgo({ labels = {}, annotations = {}, managedFields = [] }: Marks): GitOwner | undefined {
  const tracked = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0];
  const isApplied = managedFields.some(({ manager }) => manager === argoManager);
  const byLabel =
    labels['argocd.argoproj.io/instance'] ?? (isApplied ? labels['app.kubernetes.io/instance'] : undefined);
  const name = tracked || byLabel;
  if (!name) return undefined;
  return {
    tool: 'Argo CD',
    name,
    sentence: `Argo CD application ${name} owns this: with self-heal it undoes what is changed here. Change it in Git.`,
  };
}

function findFlux({ labels = {} }: Marks): GitOwner | undefined {
  for (const [prefix, kind] of [
    ['kustomize.toolkit.fluxcd.io', 'Kustomization'],
    ['helm.toolkit.fluxcd.io', 'HelmRelease'],
  ] as const) {
    const own = labels[`${prefix}/name`];
    if (!own) continue;
    const namespace = labels[`${prefix}/namespace`];
    const name = namespace ? `${namespace}/${own}` : own;
    return {
      tool: 'Flux',
      name,
      sentence: `Flux ${kind} ${name} owns this: it undoes what is changed here. Change it in Git.`,
    };
  }
  return undefined;
}

function findHelm({ labels = {}, annotations = {} }: Marks): GitOwner | undefined {
  const release = annotations['meta.helm.sh/release-name'];
  if (!release || labels['app.kubernetes.io/managed-by'] !== 'Helm') return undefined;
  const namespace = annotations['meta.helm.sh/release-namespace'];
  const name = namespace ? `${namespace}/${release}` : release;
  return {
    tool: 'Helm',
    name,
    sentence: `Helm release ${name} owns this: the next upgrade may undo what is changed here. Change its values.`,
  };
}
