import { Ajv, type ErrorObject } from 'ajv';
import { configSchema } from './config-schema.ts';
import { buildPointer } from './find-lines.ts';

/** A field of the document that does not fit the schema. */
export interface Misfit {
  /** JSON pointer. */
  readonly pointer: string;
  readonly sentence: string;
}

const ajv = new Ajv({ allErrors: true, verbose: true, discriminator: true, allowUnionTypes: true });
ajv.addKeyword({ keyword: 'write', schemaType: 'string' });
const validate = ajv.compile(configSchema);

/** Every field that is unknown, missing or of the wrong form, one misfit a field. */
export function checkDocument(document: unknown): readonly Misfit[] {
  if (validate(document)) return [];
  const misfits = new Map<string, Misfit>();
  for (const error of validate.errors ?? []) {
    const misfit = buildMisfit(error);
    if (misfit && !misfits.has(misfit.pointer)) misfits.set(misfit.pointer, misfit);
  }
  return [...misfits.values()];
}

function buildMisfit(error: ErrorObject): Misfit | undefined {
  const { instancePath: pointer, keyword, params, parentSchema } = error;
  switch (keyword) {
    case 'additionalProperties':
      return {
        pointer: buildPointer(pointer, params.additionalProperty),
        sentence: `is not known; the fields here are ${Object.keys(parentSchema?.properties ?? {}).join(', ')}`,
      };
    case 'required':
      return findMissing(pointer, params.missingProperty, parentSchema);
    case 'discriminator':
      // Without the field that tells the alternatives apart, `required` has said so already.
      return params.tagValue === undefined ? undefined : { pointer, sentence: String(findWrite(parentSchema)) };
    default:
      return { pointer, sentence: String(findWrite(parentSchema) ?? '') || 'does not fit' };
  }
}

/** The field that is missing and what to write into it; of an object that needs one field alone, that field. */
function findMissing(parent: string, name: string, schema: ErrorObject['parentSchema']): Misfit {
  const pointer = buildPointer(parent, name);
  const missing: ErrorObject['parentSchema'] = schema?.properties?.[name];
  const [inner, ...others] = missing?.properties === undefined ? [] : (missing.required ?? []);
  if (inner !== undefined && others.length === 0) return findMissing(pointer, inner, missing);
  return { pointer, sentence: `is missing; ${findWrite(missing) ?? schema?.write ?? 'write it'}` };
}

function findWrite(schema: unknown): unknown {
  return (schema as { readonly write?: unknown } | undefined)?.write;
}
