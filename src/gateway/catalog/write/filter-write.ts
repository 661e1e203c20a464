import type { ReplyFilter } from '../catalog-plan.ts';
import { type Asked, filterError } from '../read/filter-error.ts';

/** The reply to one write: a success says nothing, as in the PIM; an error says what it may. */
export function buildWriteFilter(asked: Asked): ReplyFilter {
  return (status, body) => {
    const isDone = status >= 200 && status < 300;
    return Promise.resolve(isDone ? { status, body: Buffer.alloc(0) } : filterError(status, body, asked));
  };
}
