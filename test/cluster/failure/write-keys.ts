import type { Secret } from '../../../src/api/secret.ts';
import { type Keys, readKeys } from '../../../src/credentials/key-secret.ts';
import { secretsAt, succeed } from './read-world.ts';
import type { Stage } from './stage.ts';

function pathOf({ keySecret }: Stage): string {
  return secretsAt(keySecret.namespace, keySecret.name);
}

export function readKeySecret(stage: Stage): Promise<Secret> {
  return succeed<Secret>(stage.cluster, { path: pathOf(stage) });
}

/** Ids of all keys by kind, oldest first. */
export async function readKeyIds(stage: Stage): Promise<Readonly<Record<keyof Keys, readonly string[]>>> {
  const { verifier, signing, session } = readKeys((await readKeySecret(stage)).data);
  return { verifier: [...verifier.keys()], signing: [...signing.keys()], session: [...session.keys()] };
}

/** Sets annotations of the key Secret, as a person does. */
export async function annotateKeys(stage: Stage, annotations: Readonly<Record<string, string>>): Promise<void> {
  await succeed(stage.cluster, { method: 'PATCH', path: pathOf(stage), body: { metadata: { annotations } } });
}

/** The key Secret is lost. */
export async function deleteKeys(stage: Stage): Promise<void> {
  await succeed(stage.cluster, { method: 'DELETE', path: pathOf(stage) });
}
