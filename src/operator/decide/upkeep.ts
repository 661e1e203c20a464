import { parts } from '../../api/names.ts';
import type { ObservedConnection } from '../observe/observed-connection.ts';
import { changeValues } from './change-values.ts';
import { findProblem, identityChecks, permissionChecks } from './check-connection.ts';
import { contestedProblem, nextReissueAt, readReissues } from './contest.ts';
import type { Decision, Tools } from './decision.ts';
import { foreignSentence } from './find-credentials.ts';
import { findDue } from './find-due.ts';
import { findUnfinished } from './find-unfinished.ts';
import { findHeld } from './held-secret.ts';
import { matchValues } from './match-values.ts';
import { refusalOf } from './refusal.ts';
import { checkTemplates } from './render-data.ts';
import { repairSecret } from './repair-secret.ts';
import { retireEnded } from './replace-verifier.ts';
import { restateVerifiers } from './restate-verifiers.ts';
import { settle } from './settle.ts';
import type { IssuedStatus, UpkeepInput } from './upkeep-input.ts';

/**
 * A Connection that has verifiers. What is wrong with role, group, code or template is told and changes nothing about
 * credentials. In this order: a Secret that is not ours is left alone; hashes under an old key are made anew; a value
 * that is due, gone or edited is replaced; anything else about the Secret is repaired.
 */
export async function decideUpkeep(observed: ObservedConnection, tools: Tools): Promise<Decision> {
  const status = readStatus(observed, tools.now);
  const secret = findHeld(observed);
  if (secret.kind === 'foreign') {
    const message = `${foreignSentence(secret.secret)}. What was issued before stays valid.`;
    return settle(observed, { status, problem: { reason: 'SecretConflict', message } }, tools.now);
  }
  const refusal = refusalOf(observed);
  if (refusal) return settle(observed, { status, problem: refusal }, tools.now);

  const held = secret.kind === 'ours' ? secret : undefined;
  const problem = findProblem(observed, [...identityChecks, checkTemplates, ...permissionChecks]);
  const input: UpkeepInput = { observed, status, held, match: await match(observed, status, held, tools), problem };
  const due = findDue(observed, tools.now);
  if (held && parts.every((part) => input.match[part] !== 'other')) {
    if (parts.some((part) => input.match[part] !== 'same')) return restateVerifiers(input, held, tools);
    if (due.size === 0) return repairSecret(input, held, tools);
  }
  if (due.size > 0 || isUnfinished(input)) return changeValues(input, due, tools);

  const reissueAt = nextReissueAt(readReissues(status, tools.now));
  if (reissueAt <= tools.now) return changeValues(input, due, tools);
  return settle(
    observed,
    { status, problem: contestedProblem(held?.secret, reissueAt), recheckAt: reissueAt },
    tools.now,
  );
}

function match(
  observed: ObservedConnection,
  { clientId, username }: IssuedStatus,
  held: UpkeepInput['held'],
  tools: Tools,
): Promise<UpkeepInput['match']> {
  if (!held) return Promise.resolve({ clientSecret: 'other', password: 'other' });
  const subject = { uid: observed.connection.metadata.uid, clientId, username };
  return matchValues(observed, held.content, subject, tools.bcrypt);
}

/** Whether all that does not match was about to be replaced anyway when an operator died. */
function isUnfinished(input: UpkeepInput): boolean {
  return parts.every((part) => input.match[part] !== 'other' || findUnfinished(input, part) !== undefined);
}

function readStatus({ connection }: ObservedConnection, now: number): IssuedStatus {
  const { clientId = '', username = '', credentials, ...rest } = connection.status ?? {};
  if (!credentials) throw new Error('an issued Connection has credentials in its status');
  const current = parts.reduce((all, part) => retireEnded(all, part, now), credentials);
  return { ...rest, clientId, username, credentials: current };
}
