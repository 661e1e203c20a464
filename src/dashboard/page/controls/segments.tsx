import type { JSX } from 'react';

export interface Segment<Value extends string> {
  readonly value: Value;
  readonly words: string;
  /** Shown small beside the words. */
  readonly count?: number;
}

interface SegmentsProps<Value extends string> {
  /** What is chosen here, for those who do not see it. */
  readonly label: string;
  readonly segments: readonly Segment<Value>[];
  readonly value: Value;
  readonly whenChosen: (value: Value) => void;
}

/** One of a few, all of them in sight. */
export function Segments<Value extends string>({
  label,
  segments,
  value,
  whenChosen,
}: SegmentsProps<Value>): JSX.Element {
  return (
    <fieldset className="inline-flex max-w-full overflow-x-auto rounded-field border border-base-300 bg-base-100 p-0.5">
      <legend className="sr-only">{label}</legend>
      {segments.map((segment) => (
        <button
          key={segment.value}
          type="button"
          aria-pressed={segment.value === value}
          onClick={() => whenChosen(segment.value)}
          className="segment"
        >
          {segment.words}
          {segment.count !== undefined && (
            <span className="ml-1.5 text-xs text-muted tabular-nums">{segment.count}</span>
          )}
        </button>
      ))}
    </fieldset>
  );
}
