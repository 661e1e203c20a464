import type { Verifier } from '../../api/generated/connection.ts';
import { type Part, parts } from '../../api/names.ts';
import type { SecretDraft } from '../../api/secret.ts';
import { makeValue } from '../../credentials/generated-value.ts';
import { findOutstanding, overlapOf, readRequests } from '../../credentials/outstanding-requests.ts';
import { makeVersion, renewVersion } from '../../credentials/version.ts';
import { partWords } from '../../insight/part-words.ts';
import { asNewObject, needsNewObject } from './build-secret.ts';
import { buildVerifier } from './build-verifier.ts';
import { buildWanted } from './build-wanted.ts';
import { readReissues } from './contest.ts';
import type { Decision, EventDraft, Tools, Write } from './decision.ts';
import type { Due } from './find-due.ts';
import { findUnfinished } from './find-unfinished.ts';
import { recordHandled } from './record-handled.ts';
import { withoutPending } from './repair-secret.ts';
import { type Cause, recordRotation, renameRotation, replaceUndelivered, replaceVerifier } from './replace-verifier.ts';
import { settle } from './settle.ts';
import type { IssuedStatus, UpkeepInput } from './upkeep-input.ts';

/** How one part changes: `stays` keeps its value, `resumes` gives the pending version a value that somebody receives. */
type Change =
  | { readonly kind: 'stays'; readonly value: string }
  | { readonly kind: 'resumes'; readonly value: string }
  | ({ readonly kind: 'replaced'; readonly value: string; readonly token: string | undefined } & Pick<
      Due,
      'cause' | 'overlap'
    >);

/** While a Secret is deleted and created anew, the values that stay have an end far away, for the next one to see. */
const carriedFor = 30 * 24 * 3_600_000;

/**
 * Gives parts new values: first the status (the new verifier in as pending, the request handled, the old one retired
 * or given its end), then the Secret, then the status without pending. Whoever dies in between leaves a pending
 * verifier whose value nobody knows; the next pass gives that version another value, which is the same rotation.
 */
export async function changeValues(input: UpkeepInput, due: ReadonlyMap<Part, Due>, tools: Tools): Promise<Decision> {
  const { observed } = input;
  const isTouched = parts.some((part) => input.match[part] === 'other' && findUnfinished(input, part) === undefined);
  const choose = (part: Part): Change => chooseChange(input, part, due.get(part), isTouched, tools);
  const changes = { clientSecret: choose('clientSecret'), password: choose('password') };
  const values = { clientSecret: changes.clientSecret.value, password: changes.password.value };
  let status = recordRequests(input, tools.now, isTouched);
  for (const part of parts) {
    const change = changes[part];
    if (change.kind !== 'stays') status = await applyChange(input, status, part, change, tools);
  }
  const settled: IssuedStatus = { ...status, credentials: withoutPending(status.credentials) };
  const wanted = await buildWanted(input, values, settled, tools.bcrypt);
  const writes = writeSecret(input, wanted.secret);
  const isNewObject = writes.length > 1;
  // Asked before anything is decided: a Secret that cannot be written must leave the accepted verifiers as they are.
  const rehearsed = isNewObject ? asNewObject(wanted.secret) : wanted.secret;
  const rehearsal: Write = { kind: 'rehearseSecret', secret: rehearsed, succeeds: isNewObject };
  const first = isNewObject ? { ...status, credentials: carryOver(status.credentials, changes, tools.now) } : status;
  const rotated = rotationEvents(changes, status, isTouched);
  const events = isTouched ? [touchEvent(input, wanted.secret.metadata.name), ...rotated] : rotated;
  const announced: Write = { kind: 'writeStatus', status: first, ...(events.length > 0 && { events }) };
  const problem = input.problem ?? wanted.problem;
  return settle(observed, { status: settled, problem, writes: [rehearsal, announced, ...writes] }, tools.now);
}

function chooseChange(input: UpkeepInput, part: Part, due: Due | undefined, isTouched: boolean, tools: Tools): Change {
  const { observed, held, match } = input;
  const delivered = held?.content.values[part];
  const fresh = (): string => makeValue(part, tools.random);
  // Somebody touched a value of the Secret: neither is trusted any more, and no overlap saves the old ones.
  if (due) {
    const overlap = isTouched ? 0 : due.overlap;
    return { kind: 'replaced', value: fresh(), cause: due.cause, overlap, token: due.request?.token };
  }
  if (isTouched) {
    return { kind: 'replaced', value: fresh(), cause: held ? 'Tampered' : 'Reissued', overlap: 0, token: undefined };
  }
  const unfinished = findUnfinished(input, part);
  if (unfinished === 'undelivered') {
    const isFollowed = match[part] === 'follow' && delivered !== undefined;
    return { kind: 'resumes', value: isFollowed ? delivered : fresh() };
  }
  if (unfinished === undefined && delivered !== undefined) return { kind: 'stays', value: delivered };
  // Its Secret was deleted by an operator that died before it created it anew: no person meant the old value to stop.
  const overlap = overlapOf(observed.connection);
  return { kind: 'replaced', value: fresh(), cause: 'Reissued', overlap, token: undefined };
}

/** The status with all outstanding requests handled and a reissue counted. */
function recordRequests({ observed, status }: UpkeepInput, now: number, isTouched: boolean): IssuedStatus {
  const { connection } = observed;
  const handled = recordHandled(status.rotation?.handled ?? [], findOutstanding(connection), readRequests(connection));
  const rotation = { ...status.rotation, ...(handled.length > 0 && { handled }) };
  if (!isTouched) return { ...status, rotation };
  const reissues = { count: readReissues(status, now).count + 1, last: new Date(now).toISOString() };
  return { ...status, rotation, credentials: { ...status.credentials, reissues } };
}

async function applyChange(
  input: UpkeepInput,
  status: IssuedStatus,
  part: Part,
  change: Exclude<Change, { kind: 'stays' }>,
  tools: Tools,
): Promise<IssuedStatus> {
  const { observed, held } = input;
  const { value } = change;
  const before = status.credentials[part]?.at(-1)?.version ?? '';
  const isResumed = change.kind === 'resumes';
  // Where there is no Secret nobody can tell whether there was one of that version, so it does not name another value.
  const resumed = held ? before : renewVersion(before, tools.random);
  const version = isResumed ? resumed : makeVersion(before, tools.random);
  const subject = { uid: observed.connection.metadata.uid, clientId: status.clientId, username: status.username };
  const made = await buildVerifier(
    observed.keys,
    subject,
    { part, version, value, issued: tools.now, adopted: false },
    tools.bcrypt,
  );
  const verifier: Verifier = { ...made, pending: true };
  const current = dropAdopted(status.credentials, part);
  const history = status.rotation ?? {};
  if (isResumed) {
    const rotation = renameRotation(history, part, before, version);
    return { ...status, credentials: replaceUndelivered(current, part, verifier), rotation };
  }
  const { cause, token, overlap } = change;
  const undelivered = findUnfinished(input, part) === 'undelivered';
  const credentials = replaceVerifier(current, part, verifier, { overlap, undelivered, now: tools.now });
  return { ...status, credentials, rotation: recordRotation(history, part, { version, cause, token, now: tools.now }) };
}

function dropAdopted(credentials: IssuedStatus['credentials'], part: Part): IssuedStatus['credentials'] {
  const { adopted, ...rest } = credentials;
  const left = adopted?.filter((item) => item !== part) ?? [];
  return left.length > 0 ? { ...rest, adopted: left } : rest;
}

/** The writes that bring the Secret about; one that cannot be edited in place is deleted and created anew. */
function writeSecret({ held }: UpkeepInput, wanted: SecretDraft): readonly Write[] {
  if (!held) return [{ kind: 'createSecret', secret: wanted }];
  if (!needsNewObject(held.secret, wanted)) return [{ kind: 'replaceSecret', secret: wanted }];
  return [
    { kind: 'deleteSecret', secret: held.secret },
    { kind: 'createSecret', secret: asNewObject(wanted) },
  ];
}

/**
 * While the old object is deleted, values that stay exist nowhere. Whoever finds the Secret gone has to give them anew,
 * and to know that no person took it away.
 */
function carryOver(
  credentials: IssuedStatus['credentials'],
  changes: Readonly<Record<Part, Change>>,
  now: number,
): IssuedStatus['credentials'] {
  const carried = { expires: new Date(now + carriedFor).toISOString(), pending: true };
  const carry = (part: Part): readonly Verifier[] => {
    const entries = credentials[part] ?? [];
    if (changes[part].kind !== 'stays') return entries;
    return entries.map((entry, i) => (i === entries.length - 1 ? { ...entry, ...carried } : entry));
  };
  return { ...credentials, clientSecret: carry('clientSecret'), password: carry('password') };
}

const touchCauses: ReadonlySet<Cause> = new Set(['Reissued', 'Tampered']);

/** One for each part that was replaced; what was replaced because somebody touched the Secret is told once for both. */
function rotationEvents(
  changes: Readonly<Record<Part, Change>>,
  status: IssuedStatus,
  isTouched: boolean,
): readonly EventDraft[] {
  return parts.flatMap((part) => {
    const change = changes[part];
    const isTold = isTouched && change.kind === 'replaced' && touchCauses.has(change.cause);
    if (change.kind !== 'replaced' || isTold) return [];
    return [rotationEvent(part, change, status.credentials[part]?.at(-1)?.version ?? '')];
  });
}

function touchEvent({ held }: UpkeepInput, secret: string): EventDraft {
  return held === undefined
    ? {
        type: 'Warning',
        reason: 'CredentialsReissued',
        note: `Secret ${secret} was gone: a new secret and password were issued, the old ones are refused.`,
      }
    : {
        type: 'Warning',
        reason: 'CredentialsTampered',
        note: `A value in Secret ${secret} was edited: a new secret and password were issued, edits never become valid.`,
      };
}

function rotationEvent(part: Part, { cause, overlap }: Pick<Due, 'cause' | 'overlap'>, version: string): EventDraft {
  const old = overlap === 0 ? 'the old one is refused' : `the old one works for ${Math.round(overlap / 1000)} s more`;
  const reason = cause === 'Revoked' ? 'CredentialsRevoked' : 'CredentialsRotated';
  return {
    type: 'Normal',
    reason,
    note: `The ${partWords[part]} was replaced by version ${version} (${cause.toLowerCase()}); ${old}.`,
  };
}
