import { secretKeys } from '../../api/names.ts';
import { readSecretText, type Secret } from '../../api/secret.ts';
import { codeOf } from '../../credentials/code.ts';
import type { Identity } from '../../credentials/identity.ts';
import type { ObservedConnection } from '../observe/observed-connection.ts';
import { tokenUriOf } from './build-secret.ts';
import type { Tools } from './decision.ts';
import type { Problem } from './problem.ts';
import type { Values } from './read-secret.ts';
import { renderTemplates, type TemplateValues } from './render-templates.ts';

/** The keys that the spec asks for besides the generated ones, and what is wrong with them. */
export interface RenderedData {
  readonly rendered: Readonly<Record<string, string>>;
  readonly auth: string | undefined;
  readonly problem: Problem | undefined;
}

/** bcrypt reads no more than this; a longer password would be cut. */
const bcryptBytes = 72;

/**
 * Renders templates and the htpasswd line for these values. Where that fails, what `previous` holds under those keys
 * stays, so that a broken template never takes a working key away. `known` is the htpasswd line that was made for this
 * very password, which spares a slow hash.
 */
export async function renderData(
  observed: ObservedConnection,
  identity: Identity,
  values: Values,
  previous: { readonly secret: Secret | undefined; readonly knownAuth: string | undefined },
  bcrypt: Tools['bcrypt'],
): Promise<RenderedData> {
  const { secret: asked = {} } = observed.connection.spec;
  const templates = asked.data ?? {};
  const result = renderTemplates(templates, templateValues(observed, identity, values));
  const rendered = result.ok ? result.data : keepOld(Object.keys(templates), previous.secret);
  const problem: Problem | undefined = result.ok ? undefined : { reason: 'InvalidTemplate', message: result.message };
  if (asked.htpasswd !== true) return { rendered, auth: undefined, problem };
  if (previous.knownAuth !== undefined) return { rendered, auth: previous.knownAuth, problem };
  if (Buffer.byteLength(values.password) > bcryptBytes) {
    const message = `spec.secret.htpasswd: the password is longer than ${bcryptBytes} bytes, which htpasswd cannot hold; rotate it.`;
    return { rendered, auth: undefined, problem: problem ?? { reason: 'InvalidTemplate', message } };
  }
  return { rendered, auth: `${identity.username}:${await bcrypt.hash(values.password)}`, problem };
}

/** What is wrong with the templates whatever the values are: found before anything is issued. */
export function checkTemplates(observed: ObservedConnection): Problem | undefined {
  const placeholder = { clientId: '', username: '', clientSecret: '', password: '' };
  const values = templateValues(observed, placeholder, placeholder);
  const result = renderTemplates(observed.connection.spec.secret?.data ?? {}, values);
  return result.ok ? undefined : { reason: 'InvalidTemplate', message: result.message };
}

function templateValues(observed: ObservedConnection, identity: Identity, values: Values): TemplateValues {
  const { connection, gatewayUrl } = observed;
  return {
    clientId: identity.clientId,
    clientSecret: values.clientSecret,
    username: identity.username,
    password: values.password,
    code: codeOf(observed.connection),
    name: connection.metadata.name,
    namespace: connection.metadata.namespace,
    uri: gatewayUrl,
    tokenUri: gatewayUrl === undefined ? undefined : tokenUriOf(gatewayUrl),
  };
}

function keepOld(keys: readonly string[], previous: Secret | undefined): Record<string, string> {
  const ours = new Set<string>(Object.values(secretKeys));
  const kept = keys.flatMap((key) => {
    const isThere = Object.hasOwn(previous?.data ?? {}, key) && !ours.has(key);
    const text = previous && isThere ? readSecretText(previous, key) : undefined;
    return text === undefined ? [] : [[key, text] as const];
  });
  return Object.fromEntries(kept);
}
