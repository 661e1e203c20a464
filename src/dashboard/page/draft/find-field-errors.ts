import { ApiFailure } from '../state/call-api.ts';

/** Fields that the form shows a sentence beside; `spec.secret` stands for everything below it. */
const shown = [
  'metadata.name',
  'metadata.namespace',
  'spec.label',
  'spec.code',
  'spec.flowType',
  'spec.tracked',
  'spec.image',
  'spec.roleRef',
  'spec.roleRef.name',
  'spec.groupRef',
  'spec.groupRef.name',
  'spec.rotation',
  'spec.rotation.interval',
  'spec.rotation.overlap',
];

/** What a refusal says, beside fields and, for the rest, above the form. */
export interface FieldErrors {
  readonly fields: ReadonlyMap<string, string>;
  readonly others: readonly string[];
}

export const noErrors: FieldErrors = { fields: new Map(), others: [] };

export function findFieldErrors(error: unknown): FieldErrors {
  if (!(error instanceof ApiFailure)) return { fields: new Map(), others: [String(error)] };
  const known = [...error.fields].filter(([field]) => isShown(field));
  const others = [...error.fields].filter(([field]) => !isShown(field));
  return {
    fields: new Map(known),
    // A refusal without fields, such as that of a policy, is one sentence.
    others: error.fields.size === 0 ? [error.message] : others.map(([field, sentence]) => `${field}: ${sentence}`),
  };
}

function isShown(field: string): boolean {
  return shown.includes(field) || field.startsWith('spec.secret');
}
