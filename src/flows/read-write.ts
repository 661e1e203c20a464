import { type Moved, nothingMoved } from './moved.ts';
import { readFailure } from './read-failure.ts';

/**
 * What one write of a product did: 201 made it, any other success changed it.
 *
 * @param reply the body of an error, parsed; else anything.
 */
export function readWrite(status: number, reply: unknown, product?: string): Moved {
  if (status === 201) return { counts: { created: 1 }, errors: [] };
  if (status >= 200 && status < 300) return { counts: { updated: 1 }, errors: [] };
  return status < 200 ? nothingMoved : readFailure(status, reply, product);
}
