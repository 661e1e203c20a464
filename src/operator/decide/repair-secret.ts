import { parts } from '../../api/names.ts';
import { buildRepair, needsNewObject } from './build-secret.ts';
import { buildWanted } from './build-wanted.ts';
import type { Decision, Tools, Write } from './decision.ts';
import { isScheduledFor } from './find-due.ts';
import type { Values } from './read-secret.ts';
import { settle } from './settle.ts';
import type { OurSecret, UpkeepInput } from './upkeep-input.ts';

/**
 * The values are right: brings everything else about the Secret (identity, templates, metadata, owner, mark) back to
 * what it should be, as far as it can be edited, and lets a pending verifier stand. At rest there is nothing to write.
 */
export async function repairSecret(input: UpkeepInput, held: OurSecret, tools: Tools): Promise<Decision> {
  const { observed } = input;
  const status = { ...input.status, credentials: withoutPending(input.status.credentials) };
  // Where the data cannot be edited a missing htpasswd line waits too: nothing need be hashed for it.
  const bcrypt = canEdit(held, observed) ? tools.bcrypt : { ...tools.bcrypt, hash: async () => '' };
  const wanted = await buildWanted(input, wholeValues(held), status, bcrypt);
  const repair = buildRepair(held.secret, wanted.secret);
  const writes: Write[] = repair ? [{ kind: 'replaceSecret', secret: repair }] : [];
  const hints = [
    ...(needsNewObject(held.secret, wanted.secret)
      ? [
          `Secret ${held.secret.metadata.name} was made immutable or another type: it is repaired with the next rotation.`,
        ]
      : []),
    ...clockHint(observed, tools.now),
  ];
  return settle(observed, { status, problem: input.problem ?? wanted.problem, writes, hints }, tools.now);
}

function canEdit({ secret }: OurSecret, { connection }: UpkeepInput['observed']): boolean {
  return secret.immutable !== true && (secret.type ?? 'Opaque') === (connection.spec.secret?.type ?? 'Opaque');
}

/** Says why a rotation that is due does not happen. */
function clockHint(observed: UpkeepInput['observed'], now: number): readonly string[] {
  if (!observed.clockOff || !parts.some((part) => isScheduledFor(observed, part, now))) return [];
  return ["The scheduled rotation waits: the operator's clock is more than a minute off the API server's."];
}

/** Both values of a Secret that was matched, which means that it has them. */
export function wholeValues({ content }: OurSecret): Values {
  const { clientSecret, password } = content.values;
  if (clientSecret === undefined || password === undefined) throw new Error('a Secret that matches has both values');
  return { clientSecret, password };
}

/** The credentials with the signs of an unfinished rotation taken away: newest values are no longer pending or ending. */
export function withoutPending(
  credentials: UpkeepInput['status']['credentials'],
): UpkeepInput['status']['credentials'] {
  if (!parts.some((part) => credentials[part]?.some((verifier) => verifier.pending === true))) return credentials;
  const settled = (part: (typeof parts)[number]) =>
    credentials[part]?.map((verifier) => {
      if (verifier.pending !== true) return verifier;
      const { pending: _pending, expires: _expires, ...rest } = verifier;
      return rest;
    }) ?? [];
  return { ...credentials, clientSecret: settled('clientSecret'), password: settled('password') };
}
