import type { Verifier } from '../../api/generated/connection.ts';
import { type Part, parts } from '../../api/names.ts';
import { buildRepair } from './build-secret.ts';
import { buildVerifier } from './build-verifier.ts';
import { buildWanted } from './build-wanted.ts';
import type { Decision, EventDraft, Tools, Write } from './decision.ts';
import { wholeValues, withoutPending } from './repair-secret.ts';
import { settle } from './settle.ts';
import type { OurSecret, UpkeepInput } from './upkeep-input.ts';

/**
 * The Secret's values count and the verifiers do not say so: their key is gone or no longer the newest, or a former
 * leader's Secret came through. They are hashed again; version and value stay, so that no token dies. First the status,
 * then the Secret's mark, so that dying in between is resumed as a stale mark.
 */
export async function restateVerifiers(input: UpkeepInput, held: OurSecret, tools: Tools): Promise<Decision> {
  const { observed, match } = input;
  const values = wholeValues(held);
  let credentials = withoutPending(input.status.credentials);
  for (const part of parts) {
    const newest = credentials[part]?.at(-1);
    if (match[part] === 'same' || !newest) continue;
    const restated = await restate(input, part, newest, values[part], tools);
    const older = (credentials[part] ?? []).slice(0, -1).filter(({ key }) => observed.keys.get(key) !== undefined);
    credentials = { ...credentials, [part]: [...older, restated] };
  }
  const status = { ...input.status, credentials };
  const wanted = await buildWanted(input, values, status, tools.bcrypt);
  const repair = buildRepair(held.secret, wanted.secret);
  const outcome = settle(
    observed,
    { status, problem: input.problem ?? wanted.problem, events: keyEvents(input) },
    tools.now,
  );
  const mark: readonly Write[] = repair ? [{ kind: 'replaceSecret', secret: repair }] : [];
  return { ...outcome, writes: [...outcome.writes, ...mark] };
}

async function restate(
  { observed, status }: UpkeepInput,
  part: Part,
  newest: Verifier,
  value: string,
  tools: Tools,
): Promise<Verifier> {
  const subject = { uid: observed.connection.metadata.uid, clientId: status.clientId, username: status.username };
  const adopted = newest.alg === 'bcrypt';
  const input = { part, version: newest.version, value, issued: Date.parse(newest.issued), adopted };
  return buildVerifier(observed.keys, subject, input, tools.bcrypt);
}

function keyEvents({ observed, match, status }: UpkeepInput): readonly EventDraft[] {
  const isLost = parts.some((part) => {
    const key = status.credentials[part]?.at(-1)?.key;
    return match[part] === 'rehash' && key !== undefined && observed.keys.get(key) === undefined;
  });
  if (!isLost) return [];
  const note =
    'The key of the verifiers is gone from the key Secret: what the Secret holds was hashed again, values stay. ' +
    'Values in their overlap have ended.';
  return [{ type: 'Warning', reason: 'CredentialsRehashed', note }];
}
