import type { PathRule } from '../api/generated/connection-role.ts';
import { type Method, methods } from './read-method.ts';

/** Several methods, a bit each. */
export type MethodSet = number;

/** The paths of a role's rules, merged by their segments. */
export interface RuleNode {
  readonly literals: Map<string, RuleNode>;
  /** What follows a `*`. */
  any?: RuleNode;
  /** Methods of rules that end here. */
  ends: MethodSet;
  /** Methods of rules that end in `**` here. */
  rest: MethodSet;
  /** The path of those rules up to here, for logs. */
  readonly path: string;
}

/** One method as a set. */
export function readMethodBit(method: Method): MethodSet {
  return 1 << methods.indexOf(method);
}

/** The methods that a rule names; GET includes HEAD, not the other way round. */
function readMethodSet(rule: PathRule): MethodSet {
  const named = rule.methods.includes('GET') ? [...rule.methods, 'HEAD' as const] : rule.methods;
  return named.reduce((set, method) => set | readMethodBit(method), 0);
}

/**
 * Made once for a role. `*` is one non-empty segment, `**` as the last one any rest that begins with a slash (`/a/**`
 * has `/a/` and `/a/b/c`, not `/a`), anything else the decoded text of one segment. A path that is none of this, which
 * admission refuses, matches nothing.
 */
export function buildRuleTree(rules: readonly PathRule[]): RuleNode {
  const root = buildNode('');
  for (const rule of rules) {
    const set = readMethodSet(rule);
    for (const path of rule.paths) addPath(root, path, set);
  }
  return root;
}

function buildNode(path: string): RuleNode {
  return { literals: new Map(), ends: 0, rest: 0, path };
}

function addPath(root: RuleNode, path: string, set: MethodSet): void {
  const segments = path.slice(1).split('/');
  const isRest = segments.at(-1) === '**';
  if (isRest) segments.pop();
  if (!path.startsWith('/') || segments.includes('**') || (segments.includes('') && path !== '/')) return;
  const node = segments.reduce(findOrAddChild, root);
  if (isRest) node.rest |= set;
  else node.ends |= set;
}

function findOrAddChild(node: RuleNode, segment: string): RuleNode {
  const known = segment === '*' ? node.any : node.literals.get(segment);
  const child = known ?? buildNode(`${node.path}/${segment}`);
  if (segment === '*') node.any = child;
  else node.literals.set(segment, child);
  return child;
}
