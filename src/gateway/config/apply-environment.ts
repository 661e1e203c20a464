import { buildPointer } from './find-lines.ts';

/** Variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that a value names and the environment does not have. */
export interface MissingVariable {
  readonly pointer: string;
  readonly name: string;
}

const reference = /\$(\$\{)|\$\{([^}]*)\}/g;

/**
 * Puts the environment's values in place of each `${NAME}` in the texts of a parsed document; `$${` stays as `${`. What
 * is put in is not looked at again and never becomes YAML. Keys are left alone.
 */
export function applyEnvironment(
  document: unknown,
  environment: Environment,
): { readonly document: unknown; readonly missing: readonly MissingVariable[] } {
  const missing: MissingVariable[] = [];
  const read = (value: unknown, pointer: string): unknown => {
    if (typeof value === 'string') return readText(value, pointer);
    if (Array.isArray(value)) return value.map((item, index) => read(item, buildPointer(pointer, index)));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, read(item, buildPointer(pointer, key))]),
    );
  };
  const readText = (text: string, pointer: string): string =>
    text.replace(reference, (_, escaped: string | undefined, name = '') => {
      if (escaped !== undefined) return escaped;
      const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
      if (value === undefined) missing.push({ pointer, name });
      return value ?? '';
    });
  return { document: read(document, ''), missing };
}
