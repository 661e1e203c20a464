import type { ConnectionStatus, RetiredVerifier, RotationCause, Verifier } from '../../api/generated/connection.ts';
import type { Part } from '../../api/names.ts';
import { isOver } from '../../credentials/accepted-verifiers.ts';

/** Why a value was replaced, as `status.rotation.history` says it. */
export type Cause = RotationCause;

/** At most this many values of a part are accepted; the oldest ends first, whatever ends the others have. */
const mostAccepted = 4;
const mostRetired = 2;
const mostHistory = 10;
const retiredFor = 30 * 24 * 3_600_000;

/** What stands in `status.credentials` before and after; the rest of the status is not its business. */
type Credentials = NonNullable<ConnectionStatus['credentials']>;
type Rotation = NonNullable<ConnectionStatus['rotation']>;

/** Puts a verifier in the place of the newest one, whose value nobody ever received: older ones keep their ends. */
export function replaceUndelivered(credentials: Credentials, part: Part, verifier: Verifier): Credentials {
  return { ...credentials, [part]: [...(credentials[part] ?? []).slice(0, -1), verifier] };
}

/**
 * Puts a new newest verifier in. What was newest works on for `overlap` milliseconds, or is forgotten when it was
 * `undelivered`; with an overlap of 0 every older value of the part ends at once, whatever end it had.
 */
export function replaceVerifier(
  credentials: Credentials,
  part: Part,
  verifier: Verifier,
  how: { readonly overlap: number; readonly undelivered: boolean; readonly now: number },
): Credentials {
  const before = credentials[part] ?? [];
  const ended = new Date(how.now + how.overlap).toISOString();
  const old = how.undelivered
    ? before.slice(0, -1)
    : before.map((entry, i) => (i === before.length - 1 ? endAt(entry, ended) : entry));
  if (how.overlap === 0) return retire({ ...credentials, [part]: [verifier] }, part, old, how.now);
  const kept = old.slice(-(mostAccepted - 1));
  const dropped = old.slice(0, old.length - kept.length);
  return retire({ ...credentials, [part]: [...kept, verifier] }, part, dropped, how.now);
}

/**
 * Moves what ended before `now` from the accepted to the retired ones, and forgets what ended 30 days before: the key that
 * it names may go then. The newest verifier never ends by itself.
 */
export function retireEnded(all: Credentials, part: Part, now: number): Credentials {
  const credentials = forgetOld(all, part, now);
  const entries = credentials[part] ?? [];
  const isEnded = (entry: Verifier, i: number): boolean => i < entries.length - 1 && isOver(entry, now);
  const ended = entries.filter(isEnded);
  if (ended.length === 0) return credentials;
  return retire({ ...credentials, [part]: entries.filter((entry, i) => !isEnded(entry, i)) }, part, ended, now);
}

/** The history with another version for one that was replaced before anybody received it: still one rotation. */
export function renameRotation(rotation: Rotation, part: Part, from: string, to: string): Rotation {
  const { history } = rotation;
  if (!history) return rotation;
  const rename = (entry: (typeof history)[number]) =>
    entry.part === part && entry.version === from ? { ...entry, version: to } : entry;
  return { ...rotation, history: history.map(rename) };
}

/** Records a replacement in `status.rotation`: when it was, and the last ten in the history. */
export function recordRotation(
  rotation: Rotation,
  part: Part,
  what: { readonly version: string; readonly cause: Cause; readonly token: string | undefined; readonly now: number },
): Rotation {
  const time = new Date(what.now).toISOString();
  return {
    ...rotation,
    [part]: {
      ...rotation[part],
      ...(what.token !== undefined && { lastHandledRequest: what.token }),
      lastRotated: time,
    },
    lastRotated: time,
    history: [...(rotation.history ?? []), { time, part, version: what.version, cause: what.cause }].slice(
      -mostHistory,
    ),
  };
}

function retire(credentials: Credentials, part: Part, ended: readonly Verifier[], now: number): Credentials {
  if (ended.length === 0) return credentials;
  const fresh = ended.map((entry) => {
    const { expires, pending: _pending, ...rest } = entry;
    return { ...rest, ended: soonest(expires, new Date(now).toISOString()) };
  });
  const known: readonly RetiredVerifier[] = [...(credentials.retired?.[part] ?? []), ...fresh];
  const recent = known.filter((entry) => forgottenAt(entry) > now).slice(-mostRetired);
  return { ...credentials, retired: { ...credentials.retired, [part]: recent } };
}

/** When a retired verifier is recognised no longer, in milliseconds since the epoch. */
export function forgottenAt({ ended, issued }: RetiredVerifier): number {
  return Date.parse(ended ?? issued) + retiredFor;
}

function forgetOld(credentials: Credentials, part: Part, now: number): Credentials {
  const { retired } = credentials;
  const known = retired?.[part] ?? [];
  const recent = known.filter((entry) => forgottenAt(entry) > now);
  if (recent.length === known.length) return credentials;
  return { ...credentials, retired: { ...retired, [part]: recent } };
}

function endAt({ pending: _pending, ...entry }: Verifier, ended: string): Verifier {
  return { ...entry, expires: soonest(entry.expires, ended) };
}

function soonest(a: string | undefined, b: string): string {
  return a !== undefined && Date.parse(a) < Date.parse(b) ? a : b;
}
