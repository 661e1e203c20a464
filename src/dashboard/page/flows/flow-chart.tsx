import type { JSX } from 'react';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import type { FlowSeries } from './flow-series.ts';
import type { FlowSlot } from './flow-window.ts';

interface FlowChartProps {
  readonly slots: readonly FlowSlot[];
  readonly series: readonly FlowSeries[];
  /** What a slot is called below its bar. */
  readonly name: (slot: FlowSlot) => string;
  /** For who does not see it: what the chart shows and its sums. */
  readonly label: string;
  /** The slot under the pointer. */
  readonly whenPointed: (index: number | undefined) => void;
}

const height = 168;
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Bars by uPlot; one or two a slot. Drawn anew when the theme changes, since a canvas knows no style sheet. */
export function FlowChart({ slots, series, name, label, whenPointed }: FlowChartProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const theme = useThemeCount();
  const names = slots.map(name);
  const data: uPlot.AlignedData = [
    slots.map((_, index) => index),
    ...series.map(({ key }) => slots.map((slot) => slot[key])),
  ];
  const latest = useRef({ data, names, whenPointed });
  latest.current = { data, names, whenPointed };

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme draws anew
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const plot = new uPlot(
      buildOptions(element, series, {
        nameOf: (index) => latest.current.names[index] ?? '',
        pointAt: (index) => latest.current.whenPointed(index),
      }),
      latest.current.data,
      element,
    );
    chart.current = plot;
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [series, theme, slots.length]);
  const shape = JSON.stringify(data);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only other numbers are drawn
  useEffect(() => chart.current?.setData(latest.current.data), [shape]);

  return <div ref={place} role="img" aria-label={label} className="flow-chart" />;
}

interface ChartText {
  readonly nameOf: (index: number) => string;
  readonly pointAt: (index: number | undefined) => void;
}

function buildOptions(element: HTMLElement, series: readonly FlowSeries[], text: ChartText): uPlot.Options {
  const style = getComputedStyle(element);
  const read = (variable: string): string => style.getPropertyValue(variable).trim();
  const axis = {
    stroke: read('--color-muted'),
    font: `11px ${style.fontFamily}`,
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height,
    padding: [8, 4, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: (_plot, min, max) => [min - 0.5, max + 0.5] },
      y: { range: (_plot, _min, max) => [0, Math.max(max * 1.1, 4)] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        grid: { show: false },
        incrs: [1, 2, 3, 4, 6],
        space: 44,
        values: (_plot, splits) => splits.map((split) => (Number.isInteger(split) ? text.nameOf(split) : '')),
      },
      {
        ...axis,
        size: 44,
        grid: { stroke: read('--color-base-300'), width: 1 },
        incrs: [
          1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000, 25_000, 50_000, 100_000, 1_000_000,
        ],
        values: (_plot, splits) => splits.map((split) => compact.format(split)),
      },
    ],
    series: [
      {},
      ...series.map(({ words, color }, index) => ({
        label: words,
        fill: read(color),
        width: 0,
        points: { show: false },
        paths: buildBars(series.length, index),
      })),
    ],
    hooks: { setCursor: [(plot) => text.pointAt(plot.cursor.idx ?? undefined)] },
  };
}

/** Two counts stand side by side, to the left and to the right of the middle of their slot. */
function buildBars(count: number, index: number): uPlot.Series.PathBuilder {
  const align = count === 1 ? 0 : index === 0 ? -1 : 1;
  const bars = uPlot.paths.bars?.({ size: [0.62 / count, 30], align, radius: 0.12, gap: 1 });
  if (bars === undefined) throw new Error('uPlot was built without bars');
  return bars;
}

/** Counts the changes of the theme: by the switch, and by the device. */
function useThemeCount(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const add = (): void => setCount((before) => before + 1);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', add);
    window.addEventListener('themechange', add);
    return () => {
      dark.removeEventListener('change', add);
      window.removeEventListener('themechange', add);
    };
  }, []);
  return count;
}
