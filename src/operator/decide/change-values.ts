import type { Verifier } from '../../api/generated/connection.ts';
import { type Part, parts } from '../../api/names.ts';
import type { SecretDraft } from '../../api/secret.ts';
import { makeValue } from '../../credentials/generated-value.ts';
import { findOutstanding, readRequests } from '../../credentials/outstanding-requests.ts';
import { makeVersion } from '../../credentials/version.ts';
import { asNewObject, needsNewObject } from './build-secret.ts';
import { buildVerifier } from './build-verifier.ts';
import { buildWanted } from './build-wanted.ts';
import { readReissues } from './contest.ts';
import type { Decision, EventDraft, Tools, Write } from './decision.ts';
import type { Due } from './find-due.ts';
import { recordHandled } from './record-handled.ts';
import { withoutPending } from './repair-secret.ts';
import { type Cause, recordRotation, replaceVerifier } from './replace-verifier.ts';
import { settle } from './settle.ts';
import type { IssuedStatus, UpkeepInput } from './upkeep-input.ts';

/** How one part changes: `stays` keeps its value, `resumes` gives the pending version a value that somebody receives. */
type Change =
  | { readonly kind: 'stays'; readonly value: string }
  | { readonly kind: 'resumes' }
  | ({ readonly kind: 'replaced' } & Pick<Due, 'cause' | 'overlap'> & { readonly token: string | undefined });

/**
 * Gives parts new values: first the status (the new verifier in as pending, the request handled, the old one retired
 * or given its end), then the Secret, then the status without pending. Whoever dies in between leaves a pending
 * verifier whose value nobody knows; the next pass gives that version another value, which is the same rotation.
 */
export async function changeValues(input: UpkeepInput, due: ReadonlyMap<Part, Due>, tools: Tools): Promise<Decision> {
  const { observed } = input;
  const changes = chooseChanges(input, due);
  const values: Record<Part, string> = { clientSecret: '', password: '' };
  let status = recordRequests(input, tools.now, changes);
  for (const part of parts) {
    const change = changes[part];
    values[part] = change.kind === 'stays' ? change.value : makeValue(part, tools.random);
    if (change.kind !== 'stays') status = await applyChange(input, status, part, change, values[part], tools);
  }
  const settled: IssuedStatus = { ...status, credentials: withoutPending(status.credentials) };
  const wanted = await buildWanted(input, values, settled, tools.bcrypt);
  const writes = writeSecret(input, wanted.secret);
  const isNewObject = writes.length > 1;
  // Asked before anything is decided: a Secret that cannot be written must leave the accepted verifiers as they are.
  const rehearsal: Write[] = isNewObject ? [] : [{ kind: 'rehearseSecret', secret: wanted.secret }];
  // While an old object is deleted its values exist nowhere: both are then given anew if we die, as one rotation.
  const first = isNewObject ? { ...status, credentials: allPending(status.credentials) } : status;
  const events = changeEvents(changes, status, wanted.secret.metadata.name);
  const announced: Write = { kind: 'writeStatus', status: first, ...(events.length > 0 && { events }) };
  const problem = input.problem ?? wanted.problem;
  return settle(observed, { status: settled, problem, writes: [...rehearsal, announced, ...writes] }, tools.now);
}

function chooseChanges(
  { held, match, status }: UpkeepInput,
  due: ReadonlyMap<Part, Due>,
): Readonly<Record<Part, Change>> {
  const lost: Change = { kind: 'replaced', cause: held ? 'Tampered' : 'Reissued', overlap: 0, token: undefined };
  const isUndelivered = (part: Part): boolean => isUndeliveredPart(status, match, part);
  // Somebody touched a value of the Secret: neither is trusted any more, what is due aside.
  const isTouched = parts.some((part) => match[part] === 'other' && !isUndelivered(part) && !due.has(part));
  const choose = (part: Part): Change => {
    const asked = due.get(part);
    if (asked) return { kind: 'replaced', cause: asked.cause, overlap: asked.overlap, token: asked.request?.token };
    const value = held?.content.values[part];
    if (isUndelivered(part)) return { kind: 'resumes' };
    return isTouched || value === undefined ? lost : { kind: 'stays', value };
  };
  return { clientSecret: choose('clientSecret'), password: choose('password') };
}

/** The status with all outstanding requests handled and a reissue counted. */
function recordRequests(
  { observed, status }: UpkeepInput,
  now: number,
  changes: Readonly<Record<Part, Change>>,
): IssuedStatus {
  const { connection } = observed;
  const handled = recordHandled(status.rotation?.handled ?? [], findOutstanding(connection), readRequests(connection));
  const rotation = { ...status.rotation, ...(handled.length > 0 && { handled }) };
  const isReissue = parts.some((part) => isCausedByTouch(changes[part]));
  if (!isReissue) return { ...status, rotation };
  const reissues = { count: readReissues(status, now).count + 1, last: new Date(now).toISOString() };
  return { ...status, rotation, credentials: { ...status.credentials, reissues } };
}

async function applyChange(
  { observed, match }: UpkeepInput,
  status: IssuedStatus,
  part: Part,
  change: Exclude<Change, { kind: 'stays' }>,
  value: string,
  tools: Tools,
): Promise<IssuedStatus> {
  const newest = status.credentials[part]?.at(-1);
  // What never reached the Secret was nobody's: there is nothing to retire.
  const replaces = isUndeliveredPart(status, match, part);
  const version = change.kind === 'resumes' && newest ? newest.version : makeVersion(newest?.version, tools.random);
  const subject = { uid: observed.connection.metadata.uid, clientId: status.clientId, username: status.username };
  const made = await buildVerifier(
    observed.keys,
    subject,
    { part, version, value, issued: tools.now, adopted: false },
    tools.bcrypt,
  );
  const verifier: Verifier = { ...made, pending: true };
  const how = { overlap: change.kind === 'replaced' ? change.overlap : 0, replaces, now: tools.now };
  const credentials = dropAdopted(replaceVerifier(status.credentials, part, verifier, how), part);
  if (change.kind === 'resumes') return { ...status, credentials };
  const { cause, token } = change;
  const rotation = recordRotation(status.rotation ?? {}, part, { version, cause, token, now: tools.now });
  return { ...status, credentials, rotation };
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

/** Whether the newest value of the part never reached the Secret, because an operator died or another one went first. */
function isUndeliveredPart(status: IssuedStatus, match: UpkeepInput['match'], part: Part): boolean {
  return status.credentials[part]?.at(-1)?.pending === true && (match[part] === 'other' || match[part] === 'follow');
}

function allPending(credentials: IssuedStatus['credentials']): IssuedStatus['credentials'] {
  const mark = (part: Part) =>
    credentials[part]?.map((entry, i, all) => (i === all.length - 1 ? { ...entry, pending: true } : entry)) ?? [];
  return { ...credentials, clientSecret: mark('clientSecret'), password: mark('password') };
}

function isCausedByTouch(change: Change): boolean {
  return change.kind === 'replaced' && (change.cause === 'Reissued' || change.cause === 'Tampered');
}

const words: Readonly<Record<Part, string>> = { clientSecret: 'client secret', password: 'password' };

function changeEvents(
  changes: Readonly<Record<Part, Change>>,
  status: IssuedStatus,
  secret: string,
): readonly EventDraft[] {
  const touch = parts.map((part) => changes[part]).find(isCausedByTouch);
  const touched = touch?.kind === 'replaced' ? [touchEvent(touch.cause, secret)] : [];
  const rotated = parts.flatMap((part) => {
    const change = changes[part];
    if (change.kind !== 'replaced' || isCausedByTouch(change)) return [];
    return [rotationEvent(part, change, status.credentials[part]?.at(-1)?.version ?? '')];
  });
  return [...touched, ...rotated];
}

function touchEvent(cause: Cause, secret: string): EventDraft {
  return cause === 'Reissued'
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
    note: `The ${words[part]} was replaced by version ${version} (${cause.toLowerCase()}); ${old}.`,
  };
}
