/** Why a manifest would be refused. */
export interface Finding {
  /** As in `spec.rules[0].paths`; empty for the object itself. */
  readonly path: string;
  readonly message: string;
}

/** `spec` and `a.b` make `spec[a.b]`, `rules` and 0 make `rules[0]`. */
export function joinPath(path: string, step: string | number): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  if (!/^\w+$/.test(step)) return `${path}[${step}]`;
  return path === '' ? step : `${path}.${step}`;
}
