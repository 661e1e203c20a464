import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { CrdSchema } from './crd-schema.ts';
import { type Finding, joinPath } from './finding.ts';

const ajv = new Ajv({ allErrors: true, useDefaults: true, strict: false, validateFormats: false });
const compiled = new WeakMap<CrdSchema, ValidateFunction>();

/**
 * What the schema itself says, in the API server's words. Puts the defaults into `manifest`, as the API server does
 * before anything else.
 */
export function checkSchema(manifest: object, schema: CrdSchema): readonly Finding[] {
  let validate = compiled.get(schema);
  if (validate === undefined) {
    validate = ajv.compile(schema);
    compiled.set(schema, validate);
  }
  if (validate(manifest)) return [];
  return (validate.errors ?? []).map(readError);
}

function readError(error: ErrorObject): Finding {
  const steps = error.instancePath.split('/').slice(1).map(readStep);
  const path = steps.reduce<string>(joinPath, '');
  const { limit, missingProperty, allowedValues, type } = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'required':
      return { path: joinPath(path, String(missingProperty)), message: 'Required value' };
    case 'enum': {
      const values = Array.isArray(allowedValues) ? allowedValues.map((value) => JSON.stringify(value)).join(', ') : '';
      return { path, message: `Unsupported value: supported values: ${values}` };
    }
    case 'type':
      return { path, message: `Invalid value: ${path} in body must be of type ${type}` };
    case 'maxLength':
      return { path, message: `Too long: may not be more than ${limit} characters` };
    case 'maxItems':
    case 'maxProperties':
      return { path, message: `Too many: must have at most ${limit} items` };
    case 'minItems':
      return { path, message: `Invalid value: ${path} in body should have at least ${limit} items` };
    default:
      return { path, message: `Invalid value: ${error.message ?? error.keyword}` };
  }
}

/** RFC 6901; a list's index comes as digits. */
function readStep(step: string): string | number {
  const text = step.replaceAll('~1', '/').replaceAll('~0', '~');
  return /^\d+$/.test(text) ? Number(text) : text;
}
