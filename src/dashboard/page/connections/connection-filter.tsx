import { Search, TriangleAlert } from 'lucide-react';
import type { JSX } from 'react';
import { useEffect, useRef } from 'react';
import { Segments } from '../controls/segments.tsx';
import { usePage } from '../state/page-context.tsx';
import { type FoundRows, flowTypes, type RowFilter } from './find-rows.ts';
import { NamespaceNaming } from './namespace-naming.tsx';

interface ConnectionFilterProps {
  readonly filter: RowFilter;
  readonly change: (part: Partial<RowFilter>) => void;
  readonly found: FoundRows;
}

/** Search, flow type, namespace, and what needs attention. The key `/` goes to the search. */
export function ConnectionFilter({ filter, change, found }: ConnectionFilterProps): JSX.Element {
  const { namespaces, isNamed } = usePage();
  const search = useSearchKey();
  const total = flowTypes.reduce((sum, flow) => sum + found.counts[flow], 0);
  const segments = [
    { value: 'all', words: 'All', count: total } as const,
    ...flowTypes.map((flow) => ({ value: flow, words: flow, count: found.counts[flow] })),
  ];
  return (
    <search className="mb-3 flex flex-wrap items-center gap-2">
      <label className="input input-sm min-w-48 flex-1 basis-full sm:basis-64">
        <Search size={15} aria-hidden className="text-muted" />
        <span className="sr-only">Search connections</span>
        <input
          ref={search}
          type="search"
          value={filter.search}
          placeholder="Search label, code, client id …"
          onChange={(event) => change({ search: event.target.value })}
        />
        <kbd className="kbd kbd-xs hidden md:inline-flex" aria-hidden>
          /
        </kbd>
      </label>
      <Segments label="Flow type" segments={segments} value={filter.flow} whenChosen={(flow) => change({ flow })} />
      <label className="select select-sm w-auto max-w-52">
        <span className="sr-only">Namespace</span>
        <select value={filter.namespace} onChange={(event) => change({ namespace: event.target.value })}>
          <option value="">All namespaces</option>
          {namespaces.map((namespace) => (
            <option key={namespace}>{namespace}</option>
          ))}
        </select>
      </label>
      {isNamed && <NamespaceNaming />}
      <button
        type="button"
        aria-pressed={filter.attention}
        className="btn btn-sm gap-1.5 aria-pressed:btn-neutral"
        onClick={() => change({ attention: !filter.attention })}
      >
        <TriangleAlert size={14} aria-hidden /> Needs attention
        <span className="text-xs tabular-nums opacity-80">{found.attentionCount}</span>
      </button>
      <p role="status" className="sr-only">
        {found.count} connections
      </p>
    </search>
  );
}

function useSearchKey(): React.RefObject<HTMLInputElement | null> {
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    function focusSearch(event: KeyboardEvent): void {
      const isTyping = event.target instanceof Element && event.target.closest('input, textarea, select') !== null;
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      search.current?.focus();
    }
    document.addEventListener('keydown', focusSearch);
    return () => document.removeEventListener('keydown', focusSearch);
  }, []);
  return search;
}
