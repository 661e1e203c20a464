import { Refusal } from './refusal.ts';

/** Methods that are served, in the order of the `Allow` header. OPTIONS passes only where a rule names it. */
export const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** A method that is served. */
export type Method = (typeof methods)[number];

/** Value of `Allow` on a 405: what can pass without a rule that names it. */
export const allowedMethods = 'GET, HEAD, POST, PUT, PATCH, DELETE';

const known: ReadonlySet<string> = new Set(methods);

/** Reads a method, by case (RFC 9110 section 9.1). CONNECT is 400, every other unknown one 405. */
export function readMethod(text: string): Method | Refusal {
  if (isMethod(text)) return text;
  if (text === 'CONNECT') return new Refusal(400, 'CONNECT is not served.');
  return new Refusal(405, `Method Not Allowed (Allow: ${allowedMethods})`, allowedMethods);
}

function isMethod(text: string): text is Method {
  return known.has(text);
}

/** The method whose rows and rules apply: HEAD is judged as GET. */
export function readJudgedMethod(method: Method): Exclude<Method, 'HEAD'> {
  return method === 'HEAD' ? 'GET' : method;
}
