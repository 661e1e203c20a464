/**
 * The configuration file as JSON Schema. `write` says what to write instead of a value that does not fit. What a text
 * must be beyond its form (an address, a duration) is checked where it is read.
 */
const word = '^[A-Za-z0-9]([-A-Za-z0-9._]{0,61}[A-Za-z0-9])?$';
const headerName = "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$";
const printable = '^[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?$';

const text = (write: string): object => ({ type: 'string', write });
const secret = (write: string): object => ({ type: 'string', minLength: 1, maxLength: 512, pattern: printable, write });
const oneOf = (...values: readonly string[]): object => ({ enum: values, write: `write ${values.join(' or ')}` });
const duration = (example: string): object => text(`write a duration such as ${example}`);
/** Also as digits in a text: what the environment gives is always a text. */
const write = 'write a whole number from 0 on; 0 is no limit';
const count = {
  anyOf: [
    { type: 'integer', minimum: 0, maximum: 1_000_000, write },
    { type: 'string', pattern: '^[0-9]{1,6}$', write },
  ],
};
const fields = (properties: Readonly<Record<string, object>>, required: readonly string[] = []): object => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
  write: `write fields such as ${Object.keys(properties)[0]}: …`,
});

const authTypes = {
  none: fields({ type: { const: 'none' } }, ['type']),
  header: fields(
    {
      type: { const: 'header' },
      name: { type: 'string', pattern: headerName, write: 'write the name of a header' },
      value: { type: 'string', minLength: 1, maxLength: 8192, pattern: printable, write: 'write printable ASCII' },
    },
    ['type', 'name', 'value'],
  ),
  akeneo: fields(
    {
      type: { const: 'akeneo' },
      clientId: secret("write the client id of the gateway's own connection in the PIM"),
      clientSecret: secret('write the secret that belongs to clientId'),
      username: secret('write the username that belongs to clientId'),
      password: secret('write the password that belongs to username'),
    },
    ['type', 'clientId', 'clientSecret', 'username', 'password'],
  ),
};

export const configSchema: object = fields(
  {
    name: { type: 'string', pattern: word, write: 'write up to 63 letters, digits, "-", "." or "_"' },
    listen: text('write an address and a port, such as 0.0.0.0:8080'),
    tls: fields({ cert: text('write the name of a PEM file'), key: text('write the name of a PEM file') }, [
      'cert',
      'key',
    ]),
    admin: text('write an address and a port, such as 0.0.0.0:9090'),
    connections: fields({
      namespaces: {
        type: 'array',
        items: {
          type: 'string',
          pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$',
          write: 'write the name of a namespace',
        },
        uniqueItems: true,
        write: 'write a list of different namespaces; [] is all',
      },
      selector: text('write a label selector such as "team=shop"; "" is all'),
    }),
    publicUrl: text('write an address such as https://api.example.com'),
    trustedProxies: {
      type: 'array',
      items: text('write an address or a range such as 10.0.0.0/8'),
      write: 'write a list of addresses and ranges such as [10.0.0.0/8]',
    },
    keySecret: text('write namespace/name'),
    upstream: fields(
      {
        url: text('write scheme and host of the API, such as http://pim.internal'),
        auth: {
          type: 'object',
          required: ['type'],
          discriminator: { propertyName: 'type' },
          oneOf: Object.values(authTypes),
          write: 'write a type: none, header or akeneo',
        },
        dropHeaders: {
          type: 'array',
          items: { type: 'string', pattern: headerName, write: 'write the name of a header' },
          write: 'write a list of header names; [] is none',
        },
      },
      ['url'],
    ),
    tokens: fields({ access: duration('1h'), refresh: duration('336h') }),
    limits: fields({ concurrent: count, perSecond: count }),
    credentialPairing: oneOf('warn', 'namespace', 'enforce'),
    authz: fields({ from: oneOf('auto', 'original', 'forwarded', 'path') }),
    unconfirmedEndpoints: oneOf('deny', 'overallAccess'),
    maxStaleness: duration('5m'),
    onStale: oneOf('keep', 'refuse'),
    flows: fields({
      store: text('write sqlite:FILE or postgres://user:password@host/database'),
      flush: duration('5s'),
      retention: duration('240h'),
    }),
  },
  ['upstream'],
);
