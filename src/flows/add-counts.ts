import type { FlowCounts } from '../api/flow-report.ts';

/** What is counted, in the order in which it is shown and stored. */
export const flowEvents = ['created', 'updated', 'sent', 'business', 'technical'] as const;

export const noCounts: FlowCounts = { created: 0, updated: 0, sent: 0, business: 0, technical: 0 };

/** The sum; what is absent is 0. */
export function addCounts(one: Partial<FlowCounts>, other: Partial<FlowCounts>): FlowCounts {
  return {
    created: (one.created ?? 0) + (other.created ?? 0),
    updated: (one.updated ?? 0) + (other.updated ?? 0),
    sent: (one.sent ?? 0) + (other.sent ?? 0),
    business: (one.business ?? 0) + (other.business ?? 0),
    technical: (one.technical ?? 0) + (other.technical ?? 0),
  };
}
