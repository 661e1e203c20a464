import { useWindowVirtualizer } from '@tanstack/react-virtual';
import type { JSX } from 'react';
import { memo, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { FlowType } from '../../../api/generated/connection.ts';
import { FlowMark, flowMeanings } from '../controls/flow-mark.tsx';
import { ConnectionLine } from './connection-line.tsx';
import type { ListLine } from './find-rows.ts';

const rowHeight = 56;
const headingHeight = 44;

/** On a desk; a phone has room for no heads. */
const columns: readonly { readonly words: string; readonly className: string; readonly isUnseen?: boolean }[] = [
  { words: 'Picture', className: 'w-8 shrink-0', isUnseen: true },
  { words: 'Label, code and namespace', className: 'flex-1' },
  { words: 'Data flows', className: 'w-28' },
  { words: 'Last used (UTC day)', className: 'w-32' },
  { words: 'Warnings', className: 'w-40' },
  { words: 'Health', className: 'w-28' },
];

/** Only what is in sight is in the document: ten thousand connections scroll as ten do. */
export function ConnectionList({ lines }: { readonly lines: readonly ListLine[] }): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    setOffset(list.current === null ? 0 : list.current.getBoundingClientRect().top + window.scrollY);
  }, []);
  // The same functions as long as the lines are: with others every place would be reckoned anew.
  const estimateSize = useCallback(
    (index: number) => (lines[index]?.kind === 'heading' ? headingHeight : rowHeight),
    [lines],
  );
  const getItemKey = useCallback((index: number) => keyOf(lines[index]), [lines]);
  const virtualizer = useWindowVirtualizer({
    count: lines.length,
    estimateSize,
    getItemKey,
    overscan: 4,
    scrollMargin: offset,
  });
  return (
    <div
      ref={list}
      role="table"
      aria-label="Connections"
      aria-rowcount={lines.length + 1}
      className="panel overflow-clip"
    >
      <div
        role="row"
        aria-rowindex={1}
        className="hidden h-9 items-center gap-3 border-b border-base-300 px-4 text-xs font-medium text-muted md:flex"
      >
        {columns.map(({ words, className, isUnseen }) => (
          <span key={words} role="columnheader" className={className}>
            <span className={isUnseen ? 'sr-only' : undefined}>{words}</span>
          </span>
        ))}
      </div>
      <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => (
          <Line
            key={item.key}
            line={lines[item.index]}
            index={item.index}
            top={item.start - virtualizer.options.scrollMargin}
            height={item.size}
          />
        ))}
      </div>
    </div>
  );
}

function keyOf(line: ListLine | undefined): string {
  if (line === undefined) return '';
  return line.kind === 'heading' ? line.flowType : line.row.key;
}

interface LineProps {
  readonly line: ListLine | undefined;
  readonly index: number;
  readonly top: number;
  readonly height: number;
}

/** Drawn anew only when it is another line, or stands elsewhere: most of those in sight stay while one scrolls. */
const Line = memo(function Line({ line, index, top, height }: LineProps): JSX.Element | undefined {
  if (line === undefined) return undefined;
  const looks = line.kind === 'heading' ? 'items-end bg-base-200 pb-2' : 'list-row-line items-center gap-3';
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`absolute inset-x-0 top-0 flex border-b border-base-300 px-4 contain-strict ${looks}`}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      {line.kind === 'heading' ? (
        <Heading flowType={line.flowType} count={line.count} />
      ) : (
        <ConnectionLine row={line.row} />
      )}
    </div>
  );
});

interface HeadingProps {
  readonly flowType: FlowType;
  readonly count: number;
}

function Heading({ flowType, count }: HeadingProps): JSX.Element {
  return (
    <div role="cell">
      <h2 className="flex items-center gap-2.5 text-sm font-semibold">
        <FlowMark flowType={flowType} />
        <span className="text-xs font-normal text-muted tabular-nums">
          {count} · {flowMeanings[flowType].short}
        </span>
      </h2>
    </div>
  );
}
