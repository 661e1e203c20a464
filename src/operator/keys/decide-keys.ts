import { keyAnnotations } from '../../api/names.ts';
import type { Secret } from '../../api/secret.ts';
import { keyTimeOf } from '../../credentials/key-id.ts';
import { type KeyKind, keyKinds, makeKey, readKeys } from '../../credentials/key-secret.ts';
import type { RandomSource } from '../../credentials/random-source.ts';

/** What a decision about the key Secret depends on. */
export interface ObservedKeys {
  readonly secret: Secret | undefined;
  /** Ids of verifier keys that a verifier or a mark still names; `undefined` while not all of them are known. */
  readonly named: ReadonlySet<string> | undefined;
  /** Milliseconds after which a new signing key is made. */
  readonly signingKeyInterval: number;
}

/** What the key Secret should hold; the same object as before when nothing has to change. */
export interface WantedKeys {
  readonly data: Readonly<Record<string, string>>;
  /** The tokens of `rotate-keys` and `revoke-keys` that were acted on, for the annotation `keys-handled`. */
  readonly handled: string | undefined;
  /** What was done, for a log line and an event; empty: nothing. */
  readonly done: readonly string[];
}

const day = 24 * 3_600_000;
/**
 * How long a superseded key is kept at least: a verifier key while work that began with it may still be under way, the
 * others for longer than any token that was made with them lives.
 */
const keptFor: Readonly<Record<KeyKind, number>> = { verifier: 60_000, signing: 7 * day, session: 30 * day };

/**
 * Adds what is missing or asked for, drops what nothing needs any more. Verifier keys go when nothing names them;
 * signing and session keys when every token made with them has expired, or at once on `revoke-keys`.
 */
export function decideKeys(
  { secret, named, signingKeyInterval }: ObservedKeys,
  now: number,
  random: RandomSource,
): WantedKeys {
  const data: Record<string, string> = { ...secret?.data };
  const done: string[] = [];
  const annotations = secret?.metadata.annotations ?? {};
  const asked = { rotate: annotations[keyAnnotations.rotate], revoke: annotations[keyAnnotations.revoke] };
  const handled = parseHandled(annotations[keyAnnotations.handled]);
  const isNew = (request: 'rotate' | 'revoke'): boolean =>
    asked[request] !== undefined && asked[request] !== '' && asked[request] !== handled[request];
  const isRevoked = secret !== undefined && isNew('revoke');
  const isRotated = isRevoked || (secret !== undefined && isNew('rotate'));

  for (const kind of keyKinds) {
    const before = [...readKeys(data)[kind].keys()];
    const isOld = kind === 'signing' && now - keyTimeOf(before.at(-1) ?? '') > signingKeyInterval;
    if (before.length === 0 || isRotated || isOld) {
      const [name, value] = makeKey(kind, laterThan(before, now), random);
      data[name] = value;
      done.push(`added ${name}`);
    }
    for (const id of findNeedless(kind, [...readKeys(data)[kind].keys()], { named, now, isRevoked })) {
      delete data[`${kind}-${id}`];
      done.push(`dropped ${kind}-${id}`);
    }
  }
  return { data, done, handled: isRotated ? JSON.stringify({ ...handled, ...defined(asked) }) : undefined };
}

function findNeedless(
  kind: KeyKind,
  ids: readonly string[],
  { named, now, isRevoked }: { named: ReadonlySet<string> | undefined; now: number; isRevoked: boolean },
): readonly string[] {
  const superseded = ids.slice(0, -1);
  if (isRevoked && kind !== 'verifier') return superseded;
  return superseded.filter((id, i) => {
    const since = keyTimeOf(ids[i + 1] ?? '');
    if (now - since <= keptFor[kind]) return false;
    return kind !== 'verifier' || (named !== undefined && !named.has(id));
  });
}

/** A moment after all of these keys were made, so that the new one is the newest however clocks differ. */
function laterThan(ids: readonly string[], now: number): number {
  const last = keyTimeOf(ids.at(-1) ?? '');
  return last >= now - 1000 ? last + 1000 : now;
}

function parseHandled(text: string | undefined): { readonly rotate?: string; readonly revoke?: string } {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function defined(asked: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(asked).flatMap(([key, value]) => (value ? [[key, value]] : [])));
}
