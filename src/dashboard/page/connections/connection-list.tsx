import { useWindowVirtualizer } from '@tanstack/react-virtual';
import type { JSX } from 'react';
import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import { FlowMark, flowMeanings } from '../controls/flow-mark.tsx';
import { ConnectionLine } from './connection-line.tsx';
import type { ListLine } from './find-rows.ts';

const rowHeight = 56;
const headingHeight = 44;

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
        <span role="columnheader" className="w-8 shrink-0">
          <span className="sr-only">Picture</span>
        </span>
        <span role="columnheader" className="flex-1">
          Label, code and namespace
        </span>
        <span role="columnheader" className="w-28">
          Data flows
        </span>
        <span role="columnheader" className="w-32">
          Last used (UTC day)
        </span>
        <span role="columnheader" className="w-40">
          Warnings
        </span>
        <span role="columnheader" className="w-28">
          Health
        </span>
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

function Line({ line, index, top, height }: LineProps): JSX.Element | undefined {
  if (line === undefined) return undefined;
  const place = { height, transform: `translateY(${top}px)` };
  if (line.kind === 'heading') {
    return (
      <div
        role="row"
        aria-rowindex={index + 2}
        className="absolute inset-x-0 top-0 flex items-end border-b border-base-300 bg-base-200 px-4 pb-2"
        style={place}
      >
        <div role="cell">
          <h2 className="flex items-center gap-2.5 text-sm font-semibold">
            <FlowMark flowType={line.flowType} />
            <span className="text-xs font-normal text-muted tabular-nums">
              {line.count} · {flowMeanings[line.flowType].short}
            </span>
          </h2>
        </div>
      </div>
    );
  }
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="list-row-line absolute inset-x-0 top-0 flex items-center gap-3 border-b border-base-300 px-4"
      style={place}
    >
      <ConnectionLine row={line.row} />
    </div>
  );
}
