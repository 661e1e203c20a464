import type { ConnectionStatus } from '../../api/generated/connection.ts';
import type { Part } from '../../api/names.ts';
import type { SecretDraft } from '../../api/secret.ts';
import { buildSecret, ownKeys } from './build-secret.ts';
import type { Tools } from './decision.ts';
import { findSpecMetadata } from './find-spec-metadata.ts';
import type { Problem } from './problem.ts';
import type { Values } from './read-secret.ts';
import { renderData } from './render-data.ts';
import type { UpkeepInput } from './upkeep-input.ts';

/** The Secret as it should be, and what is wrong with its templates. */
export interface Wanted {
  readonly secret: SecretDraft;
  readonly problem: Problem | undefined;
}

/** The Secret of an issued Connection for these values and this status, whose newest verifiers name the versions. */
export async function buildWanted(
  { observed, status, held }: UpkeepInput,
  values: Values,
  after: ConnectionStatus,
  bcrypt: Tools['bcrypt'],
): Promise<Wanted> {
  const identity = { clientId: status.clientId, username: status.username };
  const isSamePassword = held?.content.isMarkRight === true && held.content.values.password === values.password;
  const knownAuth = isSamePassword ? held.content.auth : undefined;
  const data = await renderData(observed, identity, values, { secret: held?.secret, knownAuth }, bcrypt);
  const version = (part: Part): string => after.credentials?.[part]?.at(-1)?.version ?? '';
  const secret = buildSecret(observed, {
    identity,
    values,
    auth: data.auth,
    rendered: data.rendered,
    kept: keptData(held, new Set([...ownKeys(observed), ...Object.keys(data.rendered)])),
    facts: {
      versions: { clientSecret: version('clientSecret'), password: version('password') },
      handled: after.rotation?.handled ?? [],
    },
    previous: held?.secret,
    previousMetadata: held === undefined ? [] : findSpecMetadata(held.secret, held.content),
  });
  return { secret, problem: data.problem };
}

/** Data that came with an adopted Secret and is nobody's but its owner's. */
function keptData(held: UpkeepInput['held'], ours: ReadonlySet<string>): Record<string, string> {
  const kept = new Set(held?.content.mark?.kept);
  return Object.fromEntries(Object.entries(held?.secret.data ?? {}).filter(([key]) => kept.has(key) && !ours.has(key)));
}
