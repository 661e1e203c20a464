/** Requests of one Connection since its gateway started, by what was decided. */
export interface RequestCounts {
  readonly namespace: string;
  readonly name: string;
  readonly allowed: number;
  /** Refused by limits (429). */
  readonly limited: number;
  /** Refused for any other reason. */
  readonly refused: number;
}

const line = /^connection_gateway_requests_total\{([^}]*)\} (\d+(?:\.\d+)?(?:e[+-]?\d+)?)/;
const label = /([a-z_]+)="((?:[^"\\]|\\.)*)"/g;

/** Reads them of a gateway's metrics (text format of Prometheus), by `namespace/name`. */
export function readRequestCounts(metrics: string): ReadonlyMap<string, RequestCounts> {
  const counts = new Map<string, RequestCounts>();
  for (const text of metrics.split('\n')) {
    const [, labels, amount] = line.exec(text) ?? [];
    if (labels === undefined) continue;
    const {
      namespace,
      connection: name,
      decision,
    } = Object.fromEntries([...labels.matchAll(label)].map(([, key = '', value = '']) => [key, value]));
    if (!namespace || !name) continue;
    const key = `${namespace}/${name}`;
    const before = counts.get(key) ?? { namespace, name, allowed: 0, limited: 0, refused: 0 };
    const part = decision === 'allowed' || decision === 'limited' ? decision : 'refused';
    counts.set(key, { ...before, [part]: before[part] + Number(amount) });
  }
  return counts;
}

/** The sum over several gateways. */
export function addCounts(all: readonly ReadonlyMap<string, RequestCounts>[]): ReadonlyMap<string, RequestCounts> {
  const sums = new Map<string, RequestCounts>();
  for (const [key, next] of all.flatMap((counts) => [...counts])) {
    const before = sums.get(key);
    sums.set(
      key,
      before === undefined
        ? next
        : {
            ...next,
            allowed: before.allowed + next.allowed,
            limited: before.limited + next.limited,
            refused: before.refused + next.refused,
          },
    );
  }
  return sums;
}
