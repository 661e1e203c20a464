import { RE2JS } from '@bufbuild/re2';
import { Environment, type ParseResult } from '@marcbachmann/cel-js';

/** A CEL expression, ready for any variables. Throws when it cannot be evaluated, as CEL does. */
export type Expression = (variables: Readonly<Record<string, unknown>>) => unknown;

/** An address as Kubernetes' CEL library reads it. */
class KubeUrl {
  readonly host: string;

  constructor(text: string) {
    this.host = new URL(text).host;
  }
}

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
})
  .registerType('KubeUrl', KubeUrl)
  .registerFunction('isURL(string): bool', (text: string) => URL.canParse(text))
  .registerFunction('url(string): KubeUrl', (text: string) => new KubeUrl(text))
  .registerFunction('KubeUrl.getHost(): string', (url: KubeUrl) => url.host)
  .registerFunction('list.indexOf(dyn): int', (list: unknown[], item: unknown) => BigInt(list.indexOf(item)))
  .registerFunction('list.max(): dyn', (list: bigint[]) => list.reduce((most, next) => (next > most ? next : most)))
  .registerFunction('string.matchesRe2(string): bool', (text: string, pattern: string) =>
    findPattern(pattern).test(text),
  );

const patterns = new Map<string, RE2JS>();

function findPattern(pattern: string): RE2JS {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const made = new RE2JS(pattern);
  patterns.set(pattern, made);
  return made;
}

const expressions = new Map<string, ParseResult>();

/**
 * Parses an expression of a CRD or an admission policy. `matches` is RE2 as in Kubernetes, not JavaScript's. The
 * functions of Kubernetes' library are those that our rules use; a test evaluates every rule.
 */
export function parseExpression(text: string): Expression {
  let parsed = expressions.get(text);
  if (parsed === undefined) {
    parsed = environment.parse(text.replaceAll('.matches(', '.matchesRe2('));
    expressions.set(text, parsed);
  }
  const evaluate = parsed;
  return (variables) => evaluate(variables);
}
