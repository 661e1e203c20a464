import { createHmac, type KeyObject } from 'node:crypto';
import type { Part } from '../api/names.ts';
import { equalHashes } from './hash-value.ts';
import type { KeyRing } from './key-ring.ts';

/** A rotation request: annotation key and its opaque value. */
export interface RotationToken {
  readonly annotation: string;
  readonly token: string;
}

/** What the operator wrote into a Secret, as far as the mark binds it. */
export interface MarkedContent {
  readonly namespace: string;
  /** Name of the Secret. */
  readonly secret: string;
  /** Name of the Connection that the Secret belongs to. */
  readonly connection: string;
  readonly clientId: string;
  readonly username: string;
  readonly clientSecret: string;
  readonly password: string;
  /** The htpasswd line; absent when there is none. */
  readonly auth: string | undefined;
}

/** What the mark itself says; all of it is under the MAC. */
export interface MarkFacts {
  /** Version of each value in the Secret. */
  readonly versions: Readonly<Record<Part, string>>;
  /** Requests that were handled when the Secret was written: a restored backup does not fire them again. */
  readonly handled: readonly RotationToken[];
  /** Keys of an adopted Secret that are not ours and stay. */
  readonly kept: readonly string[];
  /** Keys of labels and annotations that came from the spec, so that they can be taken away with it. */
  readonly metadata: readonly string[];
}

/** The mark as it stands in the annotation `connect.pim.dev/issued`. */
export interface Mark extends MarkFacts {
  /** Id of the verifier key that the MAC was made with. */
  readonly key: string;
  readonly mac: string;
}

/** The annotation's text for this content, made with the ring's newest key. Same arguments, same text. */
export function buildMark(ring: KeyRing, content: MarkedContent, facts: MarkFacts): string {
  const key = ring.get(ring.newest);
  if (!key) throw new Error('the newest key of a ring is in it');
  const { versions, handled, kept, metadata } = facts;
  const mac = macOf(key, content, facts);
  return JSON.stringify({ key: ring.newest, versions, handled, kept, metadata, mac } satisfies Mark);
}

/** The mark in an annotation's text, believed or not; `undefined` when absent or of another shape. */
export function parseMark(text: string | undefined): Mark | undefined {
  if (text === undefined) return undefined;
  try {
    const mark = JSON.parse(text);
    return isMark(mark) ? mark : undefined;
  } catch {
    return undefined;
  }
}

/** Whether this mark was made by an operator with one of these keys for exactly this content. */
export function isMarkRight(ring: KeyRing, mark: Mark, content: MarkedContent): boolean {
  const key = ring.get(mark.key);
  return key !== undefined && equalHashes(mark.mac, macOf(key, content, mark));
}

function macOf(key: KeyObject, content: MarkedContent, facts: MarkFacts): string {
  const bound = [
    'connect.pim.dev/mark/v1',
    content.namespace,
    content.secret,
    content.connection,
    content.clientId,
    content.username,
    content.clientSecret,
    content.password,
    content.auth ?? null,
    facts.versions.clientSecret,
    facts.versions.password,
    facts.handled.map(({ annotation, token }) => [annotation, token]),
    facts.kept,
    facts.metadata,
  ];
  return createHmac('sha256', key).update(JSON.stringify(bound), 'utf8').digest('base64url');
}

function isMark(value: unknown): value is Mark {
  if (typeof value !== 'object' || value === null) return false;
  const { key, mac, versions, handled, kept, metadata } = value as Partial<Record<keyof Mark, unknown>>;
  return (
    typeof key === 'string' &&
    typeof mac === 'string' &&
    isRecordOfText(versions) &&
    typeof versions.clientSecret === 'string' &&
    typeof versions.password === 'string' &&
    Array.isArray(handled) &&
    handled.every((pair) => isRecordOfText(pair) && 'annotation' in pair && 'token' in pair) &&
    isListOfText(kept) &&
    isListOfText(metadata)
  );
}

function isRecordOfText(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.values(value).every((item) => typeof item === 'string');
}

function isListOfText(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
