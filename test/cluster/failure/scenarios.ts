import type { ConnectionSpec } from '../../../src/api/generated/connection.ts';
import { type Part, parts, rotationAnnotations, secretAnnotations, secretKeys } from '../../../src/api/names.ts';
import type { Cluster } from '../../../tools/control-plane/open-cluster.ts';
import { buildConnection } from '../manifests/build-connection.ts';
import { connectionsAt, readWorld, secretsAt, succeed } from './read-world.ts';

/** Where something happens to one Connection. */
export interface Place {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly name: string;
}

/** Something that makes the operator write, and what has to be true afterwards however often it was interrupted. */
export interface Scenario {
  /** A DNS label; beginning of the Connections' names. */
  readonly name: string;
  /** Writes that it takes when nothing goes wrong, events aside. */
  readonly writes: number;
  readonly spec?: Partial<ConnectionSpec>;
  /** Whether a Connection is issued before it happens. */
  readonly isIssuedBefore: boolean;
  /** Done while no operator runs. */
  readonly act: (place: Place) => Promise<void>;
  /** Parts that have a new value afterwards. */
  readonly rotates: readonly Part[];
  /** Whether the old values of these parts still work afterwards. */
  readonly overlaps?: boolean;
  /** Parts whose values exist nowhere for a moment: whoever is stopped in it costs them, and they are given anew. */
  readonly mayLose?: readonly Part[];
  /** How often the key Secret is lost meanwhile, which is told by an event each time. */
  readonly losses?: number;
  /** The event that says that a person did something to the Secret; at most once. */
  readonly event?: 'CredentialsReissued' | 'CredentialsTampered';
}

const templated: Partial<ConnectionSpec> = {
  secret: { htpasswd: true, data: { DSN: 'https://{{clientId}}:{{clientSecret}}@pim.example/{{username}}' } },
};
const { rotate, rotateClientSecret, rotatePassword, revoke } = rotationAnnotations;

/** Everything that takes more than one write. */
export const scenarios: readonly Scenario[] = [
  { name: 'issue', writes: 2, isIssuedBefore: false, spec: templated, act: create, rotates: [] },
  { name: 'adopt', writes: 2, isIssuedBefore: false, act: adopt, rotates: [] },
  { name: 'restore', writes: 2, isIssuedBefore: true, act: restore, rotates: [] },
  {
    name: 'rotate-one',
    writes: 3,
    isIssuedBefore: true,
    act: annotate({ [rotateClientSecret]: 'a' }),
    rotates: ['clientSecret'],
  },
  {
    name: 'rotate-both',
    writes: 3,
    isIssuedBefore: true,
    spec: templated,
    act: annotate({ [rotate]: 'a' }),
    rotates: parts,
  },
  {
    name: 'rotate-twice-asked',
    writes: 3,
    isIssuedBefore: true,
    act: annotate({ [rotate]: 'a', [rotatePassword]: 'b', [rotateClientSecret]: 'a' }),
    rotates: parts,
  },
  {
    name: 'rotate-with-overlap',
    writes: 3,
    isIssuedBefore: true,
    spec: { rotation: { overlap: '1h' } },
    act: annotate({ [rotate]: 'a' }),
    rotates: parts,
    overlaps: true,
  },
  {
    name: 'rotate-by-schedule',
    writes: 3,
    isIssuedBefore: true,
    spec: { rotation: { interval: '1h', overlap: '30m' } },
    act: (place) => age(place, 2 * 3_600_000),
    rotates: parts,
    overlaps: true,
  },
  {
    name: 'rotate-immutable',
    writes: 4,
    isIssuedBefore: true,
    act: async (place) => {
      await patchSecret(place, { immutable: true });
      await annotate({ [rotatePassword]: 'a' })(place);
    },
    rotates: ['password'],
    mayLose: ['clientSecret'],
  },
  {
    name: 'revoke',
    writes: 3,
    isIssuedBefore: true,
    spec: { rotation: { overlap: '1h' } },
    act: annotate({ [revoke]: 'a' }),
    rotates: parts,
  },
  {
    name: 'reissue',
    writes: 3,
    isIssuedBefore: true,
    spec: { rotation: { overlap: '1h' } },
    act: ({ cluster, namespace, name }) =>
      succeed(cluster, { method: 'DELETE', path: secretsAt(namespace, `${name}-credentials`) }),
    rotates: parts,
    event: 'CredentialsReissued',
  },
  {
    name: 'tamper',
    writes: 3,
    isIssuedBefore: true,
    act: (place) => patchSecret(place, { data: { [secretKeys.password]: encode('a password of my own') } }),
    rotates: parts,
    event: 'CredentialsTampered',
  },
];

/** The Connection that a scenario begins with. */
export async function createFor({ cluster, namespace, name }: Place, spec: Scenario['spec']): Promise<void> {
  await succeed(cluster, { method: 'POST', path: connectionsAt(namespace), body: buildConnection(name, spec) });
}

function create(place: Place): Promise<void> {
  return createFor(place, templated);
}

async function adopt(place: Place): Promise<void> {
  const { cluster, namespace, name } = place;
  const metadata = { name: `${name}-credentials`, annotations: { [secretAnnotations.adopt]: name } };
  const data = { [secretKeys.password]: encode('chosen by a person'), other: encode('stays') };
  await succeed(cluster, {
    method: 'POST',
    path: secretsAt(namespace),
    body: { apiVersion: 'v1', kind: 'Secret', metadata, data },
  });
  await createFor(place, undefined);
}

/** The Connection without its status and its Secret without its owner, as out of a backup. */
async function restore(place: Place): Promise<void> {
  const { cluster, namespace, name } = place;
  await patchSecret(place, { metadata: { ownerReferences: null } });
  await succeed(cluster, { method: 'DELETE', path: connectionsAt(namespace, name) });
  await createFor(place, undefined);
}

/** Moves the last rotation into the past. */
export async function age({ cluster, namespace, name }: Place, milliseconds: number): Promise<void> {
  const { connection } = await readWorld(cluster, namespace, name);
  const earlier = (part: Part) =>
    connection.status?.credentials?.[part]?.map((verifier) => ({
      ...verifier,
      issued: new Date(Date.parse(verifier.issued) - milliseconds).toISOString(),
    }));
  const credentials = { clientSecret: earlier('clientSecret'), password: earlier('password') };
  const path = `${connectionsAt(namespace, name)}/status`;
  await succeed(cluster, { method: 'PATCH', path, body: { status: { credentials } } });
}

function annotate(annotations: Readonly<Record<string, string>>): Scenario['act'] {
  return ({ cluster, namespace, name }) =>
    succeed(cluster, { method: 'PATCH', path: connectionsAt(namespace, name), body: { metadata: { annotations } } });
}

function patchSecret({ cluster, namespace, name }: Place, body: object): Promise<void> {
  return succeed(cluster, { method: 'PATCH', path: secretsAt(namespace, `${name}-credentials`), body });
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64');
}
