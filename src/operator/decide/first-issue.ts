import type { AdoptedItem, ConnectionStatus } from '../../api/generated/connection.ts';
import { type Part, parts } from '../../api/names.ts';
import { codeOf } from '../../credentials/code.ts';
import { hasGeneratedForm, makeValue } from '../../credentials/generated-value.ts';
import { type Identity, makeClientId, makeUsername } from '../../credentials/identity.ts';
import { makeVersion } from '../../credentials/version.ts';
import type { ObservedConnection } from '../observe/observed-connection.ts';
import { buildRepair, buildSecret, ownKeys } from './build-secret.ts';
import { buildVerifier } from './build-verifier.ts';
import { checkLimit, findProblem, identityChecks, permissionChecks } from './check-connection.ts';
import type { Decision, EventDraft, Tools, Write } from './decision.ts';
import { type FoundCredentials, findCredentials, recordedAtFirst } from './find-credentials.ts';
import type { Problem } from './problem.ts';
import type { Values } from './read-secret.ts';
import { refusalOf } from './refusal.ts';
import { checkTemplates, renderData } from './render-data.ts';
import { settle } from './settle.ts';

/** Everything that a first issue waits for, in the order in which it is told. */
const checks = [...identityChecks, checkTemplates, checkLimit, ...permissionChecks];

/**
 * A Connection without verifiers: the Secret is written, then the status. Values that are there with a right mark are
 * taken over, so dying in between costs nothing.
 */
export async function decideFirstIssue(observed: ObservedConnection, tools: Tools): Promise<Decision> {
  const problem = findProblem(observed, checks) ?? refusalOf(observed);
  if (problem) return block(observed, problem, tools);
  const found = findCredentials(observed);
  if (found.kind === 'refused') return block(observed, found.problem, tools);
  const identity = chooseIdentity(observed, found, tools);
  if (!identity) return block(observed, noUsername(observed), tools);
  return issue(observed, found, identity, tools);
}

async function issue(
  observed: ObservedConnection,
  found: Exclude<FoundCredentials, { kind: 'refused' }>,
  identity: Identity,
  tools: Tools,
): Promise<Decision> {
  const { connection, keys } = observed;
  const given = found.kind === 'none' ? undefined : found.content;
  const values = eachPart((part) => given?.values[part] ?? makeValue(part, tools.random));
  const marked = found.kind === 'marked' ? found.content.mark : undefined;
  const versions = eachPart((part) => marked?.versions[part] ?? makeVersion(undefined, tools.random));
  const adopted = findAdopted(found);
  const previous = found.kind === 'none' ? undefined : found.secret;
  const knownAuth = marked ? given?.auth : undefined;
  const data = await renderData(observed, identity, values, { secret: previous, knownAuth }, tools.bcrypt);
  if (data.problem) return block(observed, data.problem, tools);

  const handled = recordedAtFirst(observed, found);
  const wanted = buildSecret(observed, {
    identity,
    values,
    auth: data.auth,
    rendered: data.rendered,
    kept: keptData(observed, found),
    facts: { versions, handled },
    previous,
    previousMetadata: given?.mark?.metadata ?? [],
  });
  const subject = { uid: connection.metadata.uid, ...identity };
  const verifier = (part: Part) =>
    buildVerifier(
      keys,
      subject,
      { part, version: versions[part], value: values[part], issued: tools.now, adopted: adopted.includes(part) },
      tools.bcrypt,
    );
  const status: ConnectionStatus = {
    ...withoutCredentials(connection.status),
    code: codeOf(observed.connection),
    ...identity,
    binding: { name: wanted.metadata.name },
    credentials: {
      uid: connection.metadata.uid,
      issuedAt: new Date(tools.now).toISOString(),
      ...(adopted.length > 0 && { adopted }),
      clientSecret: [await verifier('clientSecret')],
      password: [await verifier('password')],
    },
    ...(handled.length > 0 && { rotation: { handled } }),
  };
  const writes: Write[] = [];
  const repair = previous && buildRepair(previous, wanted);
  if (!previous) writes.push({ kind: 'createSecret', secret: wanted });
  else if (repair) writes.push({ kind: 'replaceSecret', secret: repair });
  const events = [issueEvent(found, wanted.metadata.name)];
  return settle(observed, { status, problem: undefined, writes, events }, tools.now);
}

/** Nothing is issued: the status says why, and what was issued under another uid is dropped from it. */
function block(observed: ObservedConnection, problem: Problem, tools: Tools): Decision {
  return settle(observed, { status: withoutCredentials(observed.connection.status), problem }, tools.now);
}

/** What another object of this name left in a restored status means nothing; only the last day of use is kept. */
function withoutCredentials(status: ConnectionStatus | undefined): ConnectionStatus {
  const { conditions, lastUsedDate } = status ?? {};
  return { ...(conditions && { conditions }), ...(lastUsedDate !== undefined && { lastUsedDate }) };
}

function chooseIdentity(observed: ObservedConnection, found: FoundCredentials, tools: Tools): Identity | undefined {
  const given = 'content' in found ? found.content.identity : {};
  const code = codeOf(observed.connection);
  const wasHeld = (name: string): boolean => observed.identities.wasHeld(name);
  const username = given.username ?? makeUsername(code, tools.random, wasHeld);
  if (username === undefined) return undefined;
  return { clientId: given.clientId ?? makeClientId(code, tools.random), username };
}

function noUsername(observed: ObservedConnection): Problem {
  const message = `Every username ${codeOf(observed.connection)}_0000 to _9999 is taken: set another spec.code.`;
  return { reason: 'IdentityConflict', message };
}

/** What came from people rather than from us: all of an adopted Secret, and values without our form in a marked one. */
function findAdopted(found: FoundCredentials): AdoptedItem[] {
  if (found.kind !== 'adopted' && found.kind !== 'marked') return [];
  const { identity, values } = found.content;
  if (found.kind === 'adopted') {
    return (['clientId', 'username', 'clientSecret', 'password'] as const).filter(
      (item) => ({ ...identity, ...values })[item] !== undefined,
    );
  }
  return parts.filter((part) => !hasGeneratedForm(part, values[part] ?? ''));
}

/** The keys of an adopted Secret that are nobody's but its owner's. */
function keptData(observed: ObservedConnection, found: FoundCredentials): Record<string, string> {
  if (found.kind !== 'adopted' && found.kind !== 'marked') return {};
  const ours = new Set([...ownKeys(observed), ...Object.keys(observed.connection.spec.secret?.data ?? {})]);
  const stays = (key: string): boolean => found.kind === 'adopted' || (found.content.mark?.kept.includes(key) ?? false);
  return Object.fromEntries(Object.entries(found.secret.data ?? {}).filter(([key]) => !ours.has(key) && stays(key)));
}

function issueEvent(found: FoundCredentials, secretName: string): EventDraft {
  switch (found.kind) {
    case 'marked':
      return {
        type: 'Normal',
        reason: 'CredentialsTakenOver',
        note: `The credentials in Secret ${secretName} were taken over.`,
      };
    case 'adopted':
      return {
        type: 'Normal',
        reason: 'CredentialsAdopted',
        note: `The values of Secret ${secretName} were adopted; rotate them soon.`,
      };
    default:
      return { type: 'Normal', reason: 'Issued', note: `Credentials were written to Secret ${secretName}.` };
  }
}

function eachPart(make: (part: Part) => string): Values {
  return { clientSecret: make('clientSecret'), password: make('password') };
}
