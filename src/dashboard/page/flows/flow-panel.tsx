import type { JSX } from 'react';
import { useState } from 'react';
import type { FlowHour } from '../../../api/flow-report.ts';
import { Panel } from '../controls/panel.tsx';
import { FlowChart } from './flow-chart.tsx';
import type { FlowSeries, FlowTopic } from './flow-series.ts';
import { type FlowSlot, sumToday, sumWeek } from './flow-window.ts';

/** What a chart looks back on. */
export type FlowSpan = 'week' | 'today';

interface FlowPanelProps {
  readonly topic: FlowTopic;
  readonly hours: readonly FlowHour[];
  readonly span: FlowSpan;
  readonly now: number;
}

const dayName = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric' });
const dayAndMonth = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const hourName = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const whole = new Intl.NumberFormat('en');

/** One chart with its sums: over seven days and today, both in the viewer's time zone. */
export function FlowPanel({ topic, hours, span, now }: FlowPanelProps): JSX.Element {
  const { title, words, series } = topic;
  const [pointed, setPointed] = useState<number>();
  const days = sumWeek(hours, now);
  const slots = span === 'week' ? days : sumToday(hours, now);
  const format = span === 'week' ? dayName : hourName;
  const sums = series.map((one) => ({ ...one, week: sum(days, one), today: days.at(-1)?.[one.key] ?? 0 }));
  const label = `${title}: ${sums.map((one) => `${one.words} ${whole.format(one.week)} in 7 days, ${whole.format(one.today)} today`).join('; ')}`;
  const slot = pointed === undefined ? undefined : slots[pointed];
  return (
    <Panel title={title} words={words}>
      <dl className="mb-2 flex flex-wrap gap-x-8 gap-y-2">
        {sums.map((one) => (
          <div key={one.key}>
            <dt className="flex items-center gap-1.5 text-xs text-muted">
              <span className={`size-2.5 rounded-xs ${swatches[one.color]}`} aria-hidden />
              {one.words}
            </dt>
            <dd>
              <span className="text-xl font-semibold tabular-nums">{whole.format(one.week)}</span>
              <span className="ml-1.5 text-xs text-muted">7 days</span>
              <span className="ml-3 text-sm font-medium tabular-nums">{whole.format(one.today)}</span>
              <span className="ml-1 text-xs text-muted">today</span>
            </dd>
          </div>
        ))}
      </dl>
      <FlowChart
        slots={slots}
        series={series}
        name={({ start }) => format.format(start)}
        label={label}
        whenPointed={setPointed}
      />
      <details className="relative mt-1 text-sm">
        <summary className="cursor-pointer text-xs text-muted">Numbers</summary>
        <p className="pointer-events-none absolute top-0 right-0 text-xs text-muted" aria-hidden>
          {slot !== undefined &&
            `${nameSlot(slot, span)}: ${series.map(({ key, words: own }) => `${own.toLowerCase()} ${whole.format(slot[key])}`).join(', ')}`}
        </p>
        <div className="overflow-x-auto">
          <table className="table table-xs mt-2">
            <thead>
              <tr>
                <th scope="col">{span === 'week' ? 'Day' : 'Hour'}</th>
                {series.map(({ key, words: own }) => (
                  <th key={key} scope="col" className="text-right">
                    {own}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {slots.map((one) => (
                <tr key={one.start}>
                  <th scope="row" className="font-normal">
                    {nameSlot(one, span)}
                  </th>
                  {series.map(({ key }) => (
                    <td key={key} className="text-right tabular-nums">
                      {whole.format(one[key])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </Panel>
  );
}

/** Written out, so that the style sheet has them. */
const swatches: Readonly<Record<string, string>> = {
  '--color-series-a': 'bg-series-a',
  '--color-series-b': 'bg-series-b',
  '--color-series-c': 'bg-series-c',
  '--color-series-d': 'bg-series-d',
  '--color-series-e': 'bg-series-e',
};

function sum(slots: readonly FlowSlot[], { key }: FlowSeries): number {
  return slots.reduce((total, slot) => total + slot[key], 0);
}

function nameSlot({ start }: FlowSlot, span: FlowSpan): string {
  return span === 'week'
    ? dayAndMonth.format(start)
    : `${hourName.format(start)} to ${hourName.format(start + 3_600_000)}`;
}
