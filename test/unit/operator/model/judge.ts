import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Connection, Verifier } from '../../../../src/api/generated/connection.ts';
import { type Part, parts, rotationAnnotations, secretAnnotations, secretKeys } from '../../../../src/api/names.ts';
import { readSecretText, type Secret } from '../../../../src/api/secret.ts';
import { findAccepted, isIssued, verifiersOf } from '../../../../src/credentials/accepted-verifiers.ts';
import { hashValue } from '../../../../src/credentials/hash-value.ts';
import type { RotationToken } from '../../../../src/credentials/mark.ts';
import { isHandled, overlapOf, partsOf } from '../../../../src/credentials/outstanding-requests.ts';
import { countOf } from '../../../../src/credentials/version.ts';
import { readSecret } from '../../../../src/operator/decide/read-secret.ts';
import { copy, type ServerChange } from './model-server.ts';
import { quickHash, type World } from './world.ts';

export const dataKeys: Readonly<Record<Part, string>> = {
  clientSecret: secretKeys.clientSecret,
  password: secretKeys.password,
};

/** Who wrote a value first; `given`: its owner gave it away. */
type Origin = 'operator' | 'person' | 'given';

/**
 * Looks at the world after every single change and says what must never be, whoever was interrupted where: the
 * invariants of the write protocol. It keeps its own books and asks the code under test only which verifiers
 * count and how a value is hashed.
 */
export class Judge {
  readonly violations: string[] = [];
  /** Who wrote each value that ever stood in the Secret. */
  readonly origins: Readonly<Record<Part, Map<string, Origin>>> = {
    clientSecret: new Map(),
    password: new Map(),
  };
  /** Edits of a value and deletions of the Secret by people. */
  touches = 0;
  /** From then on an edit made meanwhile cannot be told: the one exception. */
  keysLost = false;
  /** From then on nobody knows whether a label that a person wrote (put back, restored) came from the spec. */
  markLost = false;
  readonly #world: World;
  readonly #identities = new Map<string, string>();
  /** By uid, part and version: the value that the Secret held while the version was accepted. */
  readonly #usable = new Map<string, string>();
  /** By uid, part and version: entries that were taken out of the status. */
  readonly #left = new Set<string>();
  readonly #dead = new Set<string>();
  readonly #ends = new Map<string, number>();
  readonly #matches = new Map<string, boolean>();
  readonly #keys = new Map<string, KeyObject>();
  #handledEver: RotationToken[] = [];
  #before: Connection | undefined;

  constructor(world: World) {
    this.#world = world;
    world.server.onChange.push((change) => this.#onChange(change));
    for (const secret of world.server.secrets) this.#noteValues(secret, parts, 'given');
  }

  /** The Connection begins anew from this Secret: what its mark does not list may be acted on. */
  restart(handled: readonly RotationToken[]): void {
    this.#handledEver = [...handled];
  }

  look(): void {
    const connection = [...this.#world.server.connections][0];
    if (!connection) return;
    this.#checkIdentity(connection);
    this.#checkSilence(connection);
    for (const part of parts) this.#checkVerifiers(connection, part);
    this.#checkTokens(connection);
    this.#before = copy(connection);
  }

  /** Whether this very value is what the verifier was made for. */
  fits(connection: Connection, part: Part, verifier: Verifier, value: string): boolean {
    const key = this.#keyOf(verifier.key);
    if (!key) return false;
    const known = `${connection.metadata.uid} ${part} ${verifier.version} ${verifier.hash} ${value}`;
    let answer = this.#matches.get(known);
    if (answer === undefined) {
      const { clientId = '', username = '' } = connection.status ?? {};
      const subject = { uid: connection.metadata.uid, clientId, username };
      const keyed = hashValue(key, subject, part, verifier.version, value);
      answer = verifier.hash === (verifier.alg === 'bcrypt' ? quickHash(keyed) : keyed);
      this.#matches.set(known, answer);
    }
    return answer;
  }

  #onChange(change: ServerChange): void {
    if (change.kind === 'secret') this.#noteSecret(change);
    if (change.kind === 'connection' && change.type === 'deleted') this.#before = undefined;
    this.look();
  }

  #noteSecret({ by, type, object, previous }: ServerChange): void {
    const [now, before] = [object as Secret, previous as Secret | undefined];
    const isPerson = by === 'person' || by === 'collector';
    if (type === 'deleted') this.touches += isPerson ? 1 : 0;
    else {
      const changed = parts.filter((part) => this.#textOf(now, part) !== (before && this.#textOf(before, part)));
      if (isPerson && changed.length > 0) this.touches++;
      this.#noteValues(now, changed, isPerson ? this.#originOf(now) : 'operator');
      if (isPerson && changed.length > 0) this.#forgetUnfinished(now);
    }
    if (!isPerson && before && isForeign(before)) this.#complain(`a foreign Secret was ${type} by ${by}`);
  }

  /**
   * A person who puts the Secret back that was there before a rotation makes the world look as if the rotation had
   * never reached it: its version then gets another value, as after any other stop there.
   */
  #forgetUnfinished(secret: Secret): void {
    const { connection, ring } = this.#world;
    if (!readSecret(secret, connection.metadata.name, ring).isMarkRight) return;
    for (const part of parts) {
      const newest = verifiersOf(connection, part).at(-1);
      if (newest?.pending) this.#usable.delete(`${connection.metadata.uid} ${part} ${newest.version}`);
    }
  }

  #noteValues(secret: Secret, changed: readonly Part[], by: Origin): void {
    for (const part of changed) {
      const value = this.#textOf(secret, part);
      if (value !== undefined && !this.origins[part].has(value)) this.origins[part].set(value, by);
    }
  }

  /** Until a Connection is issued, whoever may write a Secret may give it away to it. */
  #originOf(secret: Secret): Origin {
    const isGiven = secret.metadata.annotations?.[secretAnnotations.adopt] !== undefined;
    return isGiven && !isIssued(this.#world.connection) ? 'given' : 'person';
  }

  #checkIdentity({ metadata, status }: Connection): void {
    if (status?.credentials?.uid !== metadata.uid) return;
    const names = `${status.clientId} ${status.username} ${status.code}`;
    const first = this.#identities.get(metadata.uid) ?? names;
    this.#identities.set(metadata.uid, first);
    if (first !== names) this.#complain(`the identity ${first} became ${names}`);
  }

  /** No value in a status or in an event. */
  #checkSilence({ status }: Connection): void {
    const said = JSON.stringify([status, this.#world.events]);
    if (/c(sec|pwd)_[0-9A-Za-z]{20}/.test(said)) this.#complain('a generated value is told');
    for (const value of parts.flatMap((part) => [...this.origins[part].keys()])) {
      if (value.length > 5 && said.includes(value)) this.#complain(`the value ${value} is told`);
    }
  }

  #checkVerifiers(connection: Connection, part: Part): void {
    const { uid } = connection.metadata;
    const entries = verifiersOf(connection, part);
    const accepted = new Set(findAccepted(connection, this.#world.server.now)[part]);
    if (entries.length > 4) this.#complain(`${entries.length} values of ${part} are accepted`);
    for (const [i, entry] of entries.entries()) {
      const name = `${uid} ${part} ${entry.version}`;
      if (this.#left.has(name)) this.#complain(`${part} version ${entry.version} came back`);
      this.#checkEnd(name, entry, i === entries.length - 1);
      this.#checkValues(connection, part, entry, accepted.has(entry));
    }
    const versions = new Set(entries.map(({ version }) => version));
    for (const { version, ...entry } of this.#before ? verifiersOf(this.#before, part) : []) {
      if (this.#before?.metadata.uid !== uid || versions.has(version)) continue;
      this.#left.add(`${uid} ${part} ${version}`);
      for (const value of this.origins[part].keys()) {
        const isOf = this.fits(this.#before, part, { version, ...entry }, value);
        if (isOf && !this.#isAccepted(connection, part, value)) this.#dead.add(`${uid} ${part} ${value}`);
      }
    }
  }

  /** An end that was once said may come sooner, never later. A newest value has one only while its Secret is made anew. */
  #checkEnd(name: string, entry: Verifier, isNewest: boolean): void {
    const end = entry.expires === undefined ? undefined : Date.parse(entry.expires);
    if (isNewest) {
      if (end !== undefined && entry.pending !== true) this.#complain(`${name} is the newest and has an end`);
      return;
    }
    const before = this.#ends.get(name) ?? Number.POSITIVE_INFINITY;
    if (end === undefined) this.#complain(`${name} is old and has no end`);
    else if (end > before) this.#complain(`the end of ${name} was put off`);
    else this.#ends.set(name, end);
  }

  #checkValues(connection: Connection, part: Part, entry: Verifier, isAccepted: boolean): void {
    const { uid } = connection.metadata;
    for (const [value, origin] of this.origins[part]) {
      if (!isAccepted || !this.fits(connection, part, entry, value)) continue;
      const cannotBeTold = this.keysLost && (entry.alg === 'bcrypt' || value.startsWith('c'));
      if (origin === 'person' && !cannotBeTold) this.#complain(`an edit became valid: ${value}`);
      if (this.#dead.has(`${uid} ${part} ${value}`) && !this.keysLost) this.#complain(`a dead ${part} is valid again`);
      if (this.#textOf(this.#world.secret, part) === value) this.#noteUsable(`${uid} ${part} ${entry.version}`, value);
    }
  }

  #noteUsable(version: string, value: string): void {
    const first = this.#usable.get(version) ?? value;
    this.#usable.set(version, first);
    if (first !== value && !this.keysLost) this.#complain(`two values worked as ${version}`);
  }

  /** A token acts once; and when it says so, nothing older goes on. */
  #checkTokens(connection: Connection): void {
    const before = this.#before?.metadata.uid === connection.metadata.uid ? this.#before.status?.rotation : undefined;
    const { handled = [], history = [] } = connection.status?.rotation ?? {};
    if (connection.status?.credentials?.uid !== connection.metadata.uid) return;
    const added = handled.filter((pair) => !isHandled(before?.handled ?? [], pair));
    const last = before?.history?.at(-1);
    const news = last ? history.slice(history.findLastIndex((entry) => isSameRecord(entry, last)) + 1) : history;
    const asked = news.filter(({ cause }) => cause === 'Requested' || cause === 'Revoked');
    if (asked.length > 0 && !added.some((pair) => !isHandled(this.#handledEver, pair)))
      this.#complain('a token acted twice');
    for (const pair of asked.length > 0 ? added : []) {
      const atOnce = pair.annotation === rotationAnnotations.revoke || overlapOf(connection) === 0;
      for (const part of atOnce ? partsOf(pair.annotation) : []) {
        if (verifiersOf(connection, part).length > 1) this.#complain(`${pair.annotation} left an old ${part} valid`);
      }
    }
    this.#handledEver.push(...added);
  }

  #isAccepted(connection: Connection, part: Part, value: string): boolean {
    return verifiersOf(connection, part).some((entry) => this.fits(connection, part, entry, value));
  }

  #keyOf(id: string): KeyObject | undefined {
    const bytes = this.#world.allKeys.get(id);
    const key = this.#keys.get(id) ?? (bytes && createSecretKey(bytes));
    if (key) this.#keys.set(id, key);
    return key;
  }

  #textOf(secret: Secret | undefined, part: Part): string | undefined {
    return secret && readSecretText(secret, dataKeys[part]);
  }

  #complain(violation: string): void {
    this.violations.push(violation);
  }
}

/** Whether a person put this Secret there for something else. */
export function isForeign(secret: Secret): boolean {
  return secret.data?.foreign !== undefined;
}

/** By count: a version that nobody received may have been replaced by another one, which is the same rotation. */
function isSameRecord(a: { version: string; part: string }, b: { version: string; part: string }): boolean {
  return countOf(a.version) === countOf(b.version) && a.part === b.part;
}
