import { useSearchParams } from 'wouter';
import type { RowFilter } from './find-rows.ts';
import { flowTypes } from './find-rows.ts';

/** The filter stands in the address, so that it can be sent to somebody and survives the way back. */
export function useFilter(): readonly [RowFilter, (change: Partial<RowFilter>) => void] {
  const [parameters, setParameters] = useSearchParams();
  const filter: RowFilter = {
    search: parameters.get('q') ?? '',
    flow: flowTypes.find((flow) => flow === parameters.get('flow')) ?? 'all',
    namespace: parameters.get('in') ?? '',
    attention: parameters.get('attention') === 'true',
  };
  function change(part: Partial<RowFilter>): void {
    const next = { ...filter, ...part };
    setParameters(
      (before) => {
        const after = new URLSearchParams(before);
        set(after, 'q', next.search);
        set(after, 'flow', next.flow === 'all' ? '' : next.flow);
        set(after, 'in', next.namespace);
        set(after, 'attention', next.attention ? 'true' : '');
        return after;
      },
      { replace: true },
    );
  }
  return [filter, change];
}

function set(parameters: URLSearchParams, name: string, value: string): void {
  if (value === '') parameters.delete(name);
  else parameters.set(name, value);
}
