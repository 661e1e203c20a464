import { type FlowError, type Moved, nothingMoved } from './moved.ts';

/** Longest text that is kept of a message, and of anything else, in characters. */
const longestMessage = 1_000;
const longestName = 255;
/** Errors of one reply or line that are read; there may be one for each value. */
const mostErrors = 1_000;

/**
 * What the PIM calls technical: a property that it does not know, a value of another type than it takes. That an entity
 * which is named does not exist is the data's fault ("expects a valid family code …"), so it is business.
 */
const technical = /^Property ".*?" (?:does not exist|is expected|expects (?!a valid ))/s;

/**
 * What an error on a product route counts as. Only 400 (technical: the body cannot be read) and 422 count; who may not
 * call, calls too often or asks for what is not there has made no error with a product.
 *
 * @param reply the body or line, parsed; anything that is no object: only the status is known.
 * @param product name of the product, where it is known from elsewhere.
 */
export function readFailure(status: number, reply: unknown, product?: string): Moved {
  if (status === 400) return { counts: { technical: 1 }, errors: [] };
  if (status !== 422) return nothingMoved;
  const fields = isObject(reply) ? reply : {};
  const named = readText(fields.identifier) ?? readText(fields.uuid) ?? product;
  const violations = Array.isArray(fields.errors) ? fields.errors.slice(0, mostErrors).filter(isObject) : [];
  if (violations.length > 0) {
    const errors = violations.map((violation) => buildError(violation, fields, named));
    return { counts: { business: errors.length }, errors };
  }
  const message = typeof fields.message === 'string' ? fields.message : '';
  if (technical.test(message)) return { counts: { technical: 1 }, errors: [] };
  return { counts: { business: 1 }, errors: [buildError({}, fields, named)] };
}

function buildError(violation: Fields, reply: Fields, product: string | undefined): FlowError {
  const message = [violation.message, reply.message].find((text) => typeof text === 'string' && text !== '');
  const [property, attribute, locale, channel] = [
    readText(violation.property),
    readText(violation.attribute),
    readText(violation.locale),
    readText(violation.scope),
  ];
  return {
    message: typeof message === 'string' ? cut(message, longestMessage) : 'The upstream gave no message.',
    ...(product !== undefined && { product: cut(product, longestName) }),
    ...(property !== undefined && { property }),
    ...(attribute !== undefined && { attribute }),
    ...(locale !== undefined && { locale }),
    ...(channel !== undefined && { channel }),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? cut(value, longestName) : undefined;
}

/** Never between the halves of a surrogate pair, and without characters that a database refuses. */
function cut(text: string, longest: number): string {
  return text.slice(0, longest).toWellFormed().replaceAll('\0', '');
}
