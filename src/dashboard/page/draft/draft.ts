import type { Connection, ConnectionSpec, FlowType } from '../../../api/generated/connection.ts';
import { defaultGroup, defaultRole } from '../../../api/names.ts';

/** A key of `spec.secret.data` with its template. */
export interface DraftKey {
  /** Tells rows apart while they are edited. */
  readonly id: number;
  readonly key: string;
  readonly template: string;
}

/** The settings of a Connection as a form holds them: an empty text is absent. */
export interface Draft {
  readonly label: string;
  readonly flowType: FlowType;
  readonly tracked: boolean;
  readonly image: string;
  readonly role: string;
  readonly group: string;
  readonly interval: string;
  readonly overlap: string;
  readonly htpasswd: boolean;
  readonly keys: readonly DraftKey[];
}

export const emptyDraft: Draft = {
  label: '',
  flowType: 'Source',
  tracked: true,
  image: '',
  role: defaultRole,
  group: defaultGroup,
  interval: '',
  overlap: '',
  htpasswd: false,
  keys: [],
};

export function readDraft({ spec }: Connection): Draft {
  return {
    label: spec.label,
    flowType: spec.flowType,
    tracked: spec.tracked ?? false,
    image: spec.image ?? '',
    role: spec.roleRef?.name ?? defaultRole,
    group: spec.groupRef?.name ?? defaultGroup,
    interval: spec.rotation?.interval ?? '',
    overlap: spec.rotation?.overlap ?? '',
    htpasswd: spec.secret?.htpasswd ?? false,
    keys: Object.entries(spec.secret?.data ?? {}).map(([key, template], id) => ({ id, key, template })),
  };
}

function readKeys({ keys }: Draft): Readonly<Record<string, string>> {
  return Object.fromEntries(keys.filter(({ key }) => key !== '').map(({ key, template }) => [key, template]));
}

/** `tracked` with `Other` is refused, so it is no choice there. */
export function isTracked({ tracked, flowType }: Draft): boolean {
  return tracked && flowType !== 'Other';
}

/** The spec of a new Connection: what is as the default is left out, so that the manifest stays short. */
export function buildSpec(draft: Draft): ConnectionSpec {
  const data = readKeys(draft);
  const secret = {
    ...(Object.keys(data).length > 0 ? { data } : {}),
    ...(draft.htpasswd ? { htpasswd: true } : {}),
  };
  const rotation = {
    ...(draft.interval === '' ? {} : { interval: draft.interval }),
    ...(draft.overlap === '' ? {} : { overlap: draft.overlap }),
  };
  return {
    label: draft.label.trim(),
    flowType: draft.flowType,
    ...(isTracked(draft) ? { tracked: true } : {}),
    ...(draft.image === '' ? {} : { image: draft.image }),
    ...(draft.role === defaultRole || draft.role === '' ? {} : { roleRef: { name: draft.role } }),
    ...(draft.group === defaultGroup || draft.group === '' ? {} : { groupRef: { name: draft.group } }),
    ...(Object.keys(secret).length === 0 ? {} : { secret }),
    ...(Object.keys(rotation).length === 0 ? {} : { rotation }),
  };
}

/** What `mine` changed since `base`, put over `theirs`: what only they changed stays theirs. */
export function mergeDrafts(base: Draft, mine: Draft, theirs: Draft): Draft {
  const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const changed = Object.entries(mine).filter(([name, value]) => !isSame(value, base[name as keyof Draft]));
  return { ...theirs, ...Object.fromEntries(changed) };
}

/**
 * What differs between two drafts as a merge patch (RFC 7386) of the spec: `null` takes a field away. Empty when nothing
 * does, so that what the form does not know stays as it is.
 */
export function buildSpecPatch(before: Draft, after: Draft): Readonly<Record<string, unknown>> {
  const patch: Record<string, unknown> = {};
  if (after.label.trim() !== before.label) patch.label = after.label.trim();
  if (after.flowType !== before.flowType) patch.flowType = after.flowType;
  if (isTracked(after) !== isTracked(before)) patch.tracked = isTracked(after);
  if (after.image !== before.image) patch.image = after.image === '' ? null : after.image;
  if (after.role !== before.role) patch.roleRef = { name: after.role };
  if (after.group !== before.group) patch.groupRef = { name: after.group };
  const rotation = {
    ...(after.interval === before.interval ? {} : { interval: after.interval === '' ? null : after.interval }),
    ...(after.overlap === before.overlap ? {} : { overlap: after.overlap === '' ? null : after.overlap }),
  };
  if (Object.keys(rotation).length > 0) patch.rotation = rotation;
  const data = buildKeyPatch(readKeys(before), readKeys(after));
  const secret = {
    ...(after.htpasswd === before.htpasswd ? {} : { htpasswd: after.htpasswd }),
    ...(Object.keys(data).length === 0 ? {} : { data }),
  };
  if (Object.keys(secret).length > 0) patch.secret = secret;
  return patch;
}

function buildKeyPatch(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Readonly<Record<string, string | null>> {
  const changed = Object.entries(after).filter(([key, template]) => before[key] !== template);
  const gone = Object.keys(before).filter((key) => after[key] === undefined);
  return Object.fromEntries([...changed, ...gone.map((key) => [key, null] as const)]);
}
