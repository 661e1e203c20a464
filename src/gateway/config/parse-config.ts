import { CORE_SCHEMA, load, parseEvents, YAMLException } from 'js-yaml';
import { applyEnvironment, type Environment } from './apply-environment.ts';
import { checkDocument } from './check-document.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { findLines, type Lines } from './find-lines.ts';
import type { GatewayConfig } from './gateway-config.ts';
import { type ConfigDocument, readDocument } from './read-document.ts';
import { markReferences, unmarkDocument, unmarkReferences } from './yaml-references.ts';

/**
 * Reads a configuration file: YAML, then `${NAME}` from the environment, then the form of every field, then what it
 * says. Throws `ConfigError` with all that is wrong at the first step that finds something.
 *
 * @param file its name, for messages.
 */
export function parseConfig(file: string, text: string, environment: Environment): GatewayConfig {
  const { document: raw, lines } = parseYaml(file, text);
  const { document, missing } = applyEnvironment(raw, environment);
  const fail = (problems: readonly { readonly pointer: string; readonly sentence: string }[]): void => {
    if (problems.length === 0) return;
    throw new ConfigError(
      file,
      problems.map(({ pointer, sentence }) => buildProblem(lines, pointer, sentence)),
    );
  };
  fail(
    missing.map(({ pointer, name }) => ({
      pointer,
      sentence: `the environment has no variable ${JSON.stringify(name)}`,
    })),
  );
  fail(checkDocument(document));
  const { config, misfits } = readDocument(document as ConfigDocument);
  fail(misfits);
  return config;
}

function parseYaml(file: string, text: string): { readonly document: unknown; readonly lines: Lines } {
  const source = markReferences(text);
  if (isEmpty(source)) return { document: {}, lines: new Map() };
  try {
    const document = unmarkDocument(load(source, { schema: CORE_SCHEMA, maxAliases: 0 }));
    const lines = [...findLines(source, parseEvents(source, {}))];
    return { document, lines: new Map(lines.map(([pointer, line]) => [unmarkReferences(pointer), line])) };
  } catch (error) {
    // Its message quotes the file, which may hold secrets; the reason does not.
    const { reason, mark } = error instanceof YAMLException ? error : { reason: 'it cannot be read', mark: undefined };
    const line = mark && { line: mark.line + 1 };
    throw new ConfigError(file, [{ ...line, field: '', sentence: `not YAML as it is used here: ${reason}` }]);
  }
}

/** Nothing but blanks and comments: every field is absent. */
function isEmpty(source: string): boolean {
  return source.split('\n').every((line) => /^\s*(?:#.*)?$/.test(line));
}

/** The line of the field, or of the nearest one around it that is there. */
function buildProblem(lines: Lines, pointer: string, sentence: string): ConfigProblem {
  const steps = pointer.split('/').slice(1);
  const field = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')).join('.');
  for (let length = steps.length; length > 0; length--) {
    const line = lines.get(`/${steps.slice(0, length).join('/')}`);
    if (line !== undefined) return { line, field, sentence };
  }
  return { field, sentence };
}
