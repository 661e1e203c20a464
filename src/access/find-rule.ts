import { type MethodSet, type RuleNode, readMethodBit } from './build-rule-tree.ts';
import { checkScriptName } from './check-script-name.ts';
import type { Method } from './read-method.ts';
import type { Target } from './read-target.ts';

/**
 * The path of a rule that names this request (`/orders/*`), the most literal one, or `undefined`. Costs at most one visit
 * of each node, however the rules overlap.
 */
export function findRule(tree: RuleNode, method: Method, target: Target): string | undefined {
  return findIn(tree, readMethodBit(method), target.segments, 0);
}

function findIn(node: RuleNode, method: MethodSet, segments: readonly string[], at: number): string | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.ends & method ? node.path : undefined;
  const literal = node.literals.get(segment);
  const byName = literal && findIn(literal, method, segments, at + 1);
  if (byName !== undefined) return byName;
  const byAny =
    node.any && segment !== '' && !checkScriptName(segment) ? findIn(node.any, method, segments, at + 1) : undefined;
  if (byAny !== undefined) return byAny;
  return node.rest & method && !segments.slice(at).some(checkScriptName) ? `${node.path}/**` : undefined;
}
