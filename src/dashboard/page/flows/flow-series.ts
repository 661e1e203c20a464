import type { FlowCounts } from '../../../api/flow-report.ts';
import type { FlowType } from '../../../api/generated/connection.ts';

/** A count with its words and its colour, a variable of the style sheet. */
export interface FlowSeries {
  readonly key: keyof FlowCounts;
  readonly words: string;
  readonly color: string;
}

/** A chart of one or two counts. */
export interface FlowTopic {
  readonly title: string;
  readonly words: string;
  readonly series: readonly FlowSeries[];
  /** Which connections it is about. */
  readonly flowType: FlowType;
}

export const flowTopics: readonly FlowTopic[] = [
  {
    title: 'Products coming in',
    words: 'Created and updated by source connections',
    flowType: 'Source',
    series: [
      { key: 'created', words: 'Created', color: '--color-series-a' },
      { key: 'updated', words: 'Updated', color: '--color-series-b' },
    ],
  },
  {
    title: 'Products going out',
    words: 'Sent to destination connections',
    flowType: 'Destination',
    series: [{ key: 'sent', words: 'Sent', color: '--color-series-c' }],
  },
  {
    title: 'Errors on source connections',
    words: 'Business: the data was not accepted. Technical: the request was malformed',
    flowType: 'Source',
    series: [
      { key: 'business', words: 'Business', color: '--color-series-d' },
      { key: 'technical', words: 'Technical', color: '--color-series-e' },
    ],
  },
];
