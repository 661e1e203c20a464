/** Whether a value that came out of the API is of the type that our code takes it for. */
type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const number: Check = (value) => typeof value === 'number';
const listOf =
  (item: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(item);
const mapOf =
  (item: Check): Check =>
  (value) =>
    isObject(value) && Object.values(value).every(item);
/** Fields that are absent are nobody's business here, except those in `needed`. */
const objectOf =
  (fields: Readonly<Record<string, Check>>, ...needed: readonly string[]): Check =>
  (value) =>
    isObject(value) &&
    needed.every((name) => value[name] !== undefined) &&
    Object.entries(fields).every(([name, check]) => value[name] === undefined || check(value[name]));

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const reference = objectOf({ name: text });
const secret = objectOf({
  name: text,
  type: text,
  labels: mapOf(text),
  annotations: mapOf(text),
  data: mapOf(text),
  htpasswd: flag,
});
const verifiers = listOf(
  objectOf(
    { version: text, key: text, alg: text, hash: text, issued: text, expires: text, ended: text, pending: flag },
    ...['version', 'key', 'alg', 'hash', 'issued'],
  ),
);
const credentials = objectOf({
  uid: text,
  issuedAt: text,
  adopted: listOf(text),
  clientSecret: verifiers,
  password: verifiers,
  retired: objectOf({ clientSecret: verifiers, password: verifiers }),
  reissues: objectOf({ count: number, last: text }),
});
const part = objectOf({ lastHandledRequest: text, lastRotated: text, nextRotation: text });
const rotation = objectOf({
  clientSecret: part,
  password: part,
  lastRotated: text,
  handled: listOf(objectOf({ annotation: text, token: text }, 'annotation', 'token')),
  history: listOf(objectOf({ time: text, part: text, version: text, cause: text })),
});

const shapes: Readonly<Record<string, Check>> = {
  Connection: objectOf(
    {
      spec: objectOf({
        label: text,
        code: text,
        suspend: flag,
        roleRef: reference,
        groupRef: reference,
        secret,
        rotation: objectOf({ interval: text, overlap: text }),
      }),
      status: objectOf({
        code: text,
        clientId: text,
        username: text,
        binding: reference,
        conditions: listOf(objectOf({ type: text, status: text, reason: text, message: text })),
        credentials,
        rotation,
      }),
    },
    'spec',
  ),
  ConnectionRole: objectOf({ spec: objectOf({ namespaces: listOf(text) }) }, 'spec'),
  ConnectionGroup: objectOf({ spec: objectOf({ namespaces: listOf(text) }) }, 'spec'),
};

/**
 * Whether an object of one of our kinds has the types that its CRD promises; true for other kinds. What was stored
 * before a CRD was tightened comes out of the API as it went in. Rules (lengths, patterns) are not checked.
 */
export function checkShape(object: { readonly kind?: unknown }): boolean {
  return shapes[String(object.kind)]?.(object) ?? true;
}
