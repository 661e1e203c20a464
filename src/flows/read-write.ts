import { type Moved, nothingMoved } from './moved.ts';
import { readFailure } from './read-failure.ts';

const created: Moved = { counts: { created: 1 }, errors: [] };
const updated: Moved = { counts: { updated: 1 }, errors: [] };

/**
 * What one write of a product did: 201 made it, any other success changed it.
 *
 * @param reply the body of an error, parsed; else anything.
 */
export function readWrite(status: number, reply: unknown, product?: string): Moved {
  if (status === 201) return created;
  if (status >= 200 && status < 300) return updated;
  return status < 200 ? nothingMoved : readFailure(status, reply, product);
}
