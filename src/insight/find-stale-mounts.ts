/** The part of a pod spec that says where a Secret goes. Also that of a pod template. */
export interface PodSpec {
  readonly containers?: readonly PodContainer[];
  readonly ephemeralContainers?: readonly PodContainer[];
  readonly volumes?: readonly PodVolume[];
}

/** A container of a pod, as far as it may use a Secret. */
export interface PodContainer {
  readonly name: string;
  readonly env?: readonly {
    readonly name: string;
    readonly valueFrom?: { readonly secretKeyRef?: { readonly name?: string } };
  }[];
  readonly envFrom?: readonly { readonly secretRef?: { readonly name?: string } }[];
  readonly volumeMounts?: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly subPath?: string;
    readonly subPathExpr?: string;
  }[];
}

/** A volume of a pod that may hold a Secret. */
export interface PodVolume {
  readonly name: string;
  readonly secret?: { readonly secretName?: string };
  readonly projected?: { readonly sources?: readonly { readonly secret?: { readonly name?: string } }[] };
}

/** A pod, or what makes pods, with the name that people know it by. */
export interface SecretUser {
  /** As in `Deployment erp-connector`. */
  readonly name: string;
  readonly spec: PodSpec;
}

/** A place where a container has a Secret's values and never sees that they change. */
export interface StaleMount {
  /** Name of the `SecretUser`. */
  readonly user: string;
  readonly container: string;
  readonly kind: 'env' | 'subPath';
  /** Says where it is and what to do. */
  readonly sentence: string;
}

/**
 * Where pods use a Secret in a way that a rotation does not reach: environment variables are set once, a mount with
 * `subPath` keeps the file of the start. Whole mounts, projected ones too, follow within about two minutes and are left out,
 * and so are init containers, which have ended by then. In the order of the pods, containers and fields.
 */
export function findStaleMounts(users: readonly SecretUser[], secretName: string): readonly StaleMount[] {
  return users.flatMap(({ name, spec }) => {
    const volumes = (spec.volumes ?? [])
      .filter((volume) => holdsSecret(volume, secretName))
      .map((volume) => volume.name);
    return [...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])].flatMap((container) => [
      ...findVariables(container, secretName).map((where) => buildStaleMount(name, container.name, 'env', where)),
      ...findSubPaths(container, volumes).map((where) => buildStaleMount(name, container.name, 'subPath', where)),
    ]);
  });
}

function holdsSecret({ secret, projected }: PodVolume, secretName: string): boolean {
  return (
    secret?.secretName === secretName || (projected?.sources ?? []).some((part) => part.secret?.name === secretName)
  );
}

/** At most one for a container: whoever restarts it has all variables anew. */
function findVariables({ env = [], envFrom = [] }: PodContainer, secretName: string): readonly string[] {
  if (envFrom.some(({ secretRef }) => secretRef?.name === secretName)) return ['all its keys'];
  const names = env.filter(({ valueFrom }) => valueFrom?.secretKeyRef?.name === secretName).map(({ name }) => name);
  return names.length === 0 ? [] : [names.join(', ')];
}

function findSubPaths({ volumeMounts = [] }: PodContainer, volumes: readonly string[]): readonly string[] {
  return volumeMounts
    .filter(({ name, subPath, subPathExpr }) => volumes.includes(name) && Boolean(subPath || subPathExpr))
    .map(({ mountPath }) => mountPath);
}

function buildStaleMount(user: string, container: string, kind: StaleMount['kind'], where: string): StaleMount {
  const what = kind === 'env' ? `as environment variables (${where})` : `through subPath at ${where}`;
  const instead = kind === 'env' ? 'mount the Secret as files' : 'mount the whole Secret';
  return {
    user,
    container,
    kind,
    sentence:
      `${user}, container ${container}, has the Secret ${what} and keeps the old values after a rotation: ` +
      `restart it after each one, or ${instead}.`,
  };
}
