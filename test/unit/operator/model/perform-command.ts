import { labels, type Part, rotationAnnotations, secretAnnotations } from '../../../../src/api/names.ts';
import type { Secret } from '../../../../src/api/secret.ts';
import { isIssued } from '../../../../src/credentials/accepted-verifiers.ts';
import { makeValue } from '../../../../src/credentials/generated-value.ts';
import { parseMark, type RotationToken } from '../../../../src/credentials/mark.ts';
import type { Annotation, Command, SecretEdit } from './commands.ts';
import { dataKeys, type Judge } from './judge.ts';
import { minute, type World } from './world.ts';

/** Secrets as operators wrote them, for people who put old ones back. */
export function keepOldSecrets(world: World): Secret[] {
  const old: Secret[] = [];
  world.server.onChange.push(({ by, kind, object }) => {
    if (kind === 'secret' && by.startsWith('operator')) old.push(object as Secret);
  });
  return old;
}

/** Lets one command happen. */
export async function performCommand(
  world: World,
  judge: Judge,
  old: readonly Secret[],
  command: Command,
): Promise<void> {
  const operator = 'who' in command ? (world.operators[command.who] ?? world.first) : world.first;
  switch (command.do) {
    case 'step':
      for (let i = 0; i < command.times; i++) await operator.step();
      break;
    case 'write':
      await operator.finishWrites(command.times);
      break;
    case 'pass':
      operator.deliver();
      await operator.finish();
      break;
    case 'crash':
      operator.restart();
      break;
    case 'loseAnswer':
      operator.loseAnswer();
      break;
    case 'learnKeys':
      operator.ring = world.ring;
      break;
    case 'deliver':
      operator.deliver(command.most);
      break;
    case 'clock':
      world.server.now += command.minutes * minute;
      break;
    case 'skew':
      operator.skew = command.minutes * minute;
      break;
    case 'rotateKeys':
      world.rotateKeys();
      world.first.ring = world.ring;
      break;
    case 'dropKeys':
      world.dropKeys();
      break;
    case 'loseKeys':
      world.loseKeys();
      judge.keysLost = true;
      for (const each of world.operators) each.ring = world.ring;
      break;
    default:
      performByPerson(world, judge, old, command);
  }
  judge.look();
}

type PersonCommand = Exclude<Command, { readonly who: number } | { readonly do: 'clock' | `${string}Keys` }>;

function performByPerson(world: World, judge: Judge, old: readonly Secret[], command: PersonCommand): void {
  const { secret } = world;
  switch (command.do) {
    case 'editValue':
      if (secret && secret.immutable !== true) editValue(world, command.part, command.to);
      break;
    case 'editSecret':
      if (command.what === 'mark') judge.markLost = true;
      if (secret) editSecret(world, command.what);
      break;
    case 'putOldBack': {
      const back = old.at(-1 - (command.age % Math.max(1, old.length)));
      if (!back || secret?.immutable === true) break;
      if (!isIssued(world.connection)) judge.restart(handledIn(back));
      if (secret)
        world.editSecret((edited) => Object.assign(edited, { data: back.data, metadata: metaOf(edited, back) }));
      else world.server.createSecret('person', back);
      break;
    }
    case 'deleteSecret':
      if (secret) world.server.deleteSecret('person', world.secretKey);
      break;
    case 'foreignSecret': {
      if (secret) world.server.deleteSecret('person', world.secretKey);
      const metadata = { namespace: 'shop', name: 'erp-credentials', labels: {}, annotations: {}, ownerReferences: [] };
      world.server.createSecret('person', { apiVersion: 'v1', kind: 'Secret', metadata, data: { foreign: 'eA==' } });
      break;
    }
    case 'removeForeign':
      if (secret?.data?.foreign) world.server.deleteSecret('person', world.secretKey);
      break;
    case 'makeImmutable':
      if (secret && secret.data?.foreign === undefined)
        world.editSecret((edited) => Object.assign(edited, { immutable: true }));
      break;
    case 'annotate':
      annotate(world, command.annotation, command.token);
      break;
    case 'rotation':
      world.server.editConnection(world.key, ({ spec }) => Object.assign(spec, { rotation: command.spec }));
      break;
    case 'data':
      world.server.editConnection(world.key, ({ spec }) => {
        spec.secret = { ...spec.secret, data: command.template === undefined ? {} : { DSN: command.template } };
      });
      break;
    case 'toggle':
      toggle(world, command.what);
      break;
    case 'restore': {
      const back = old.at(-1 - (command.age % Math.max(1, old.length)));
      judge.restart(back ? handledIn(back) : []);
      world.restoreBackup(back);
    }
  }
}

function editValue(world: World, part: Part, to: 'text' | 'forged' | 'gone' | 'other part'): void {
  const key = dataKeys[part];
  const encode = (text: string): string => Buffer.from(text).toString('base64');
  world.editSecret((secret) => {
    const data = { ...secret.data };
    const other = data[dataKeys[part === 'password' ? 'clientSecret' : 'password']];
    if (to === 'gone') delete data[key];
    else if (to === 'other part') data[key] = other ?? encode('hunter2-other');
    else data[key] = encode(to === 'text' ? `hunter2-${world.server.now}` : makeValue(part, world.random));
    secret.data = data;
  });
}

function editSecret(world: World, what: SecretEdit): void {
  world.editSecret((secret) => {
    const { metadata } = secret;
    const { [secretAnnotations.issued]: mark, ...annotations } = metadata.annotations ?? {};
    const { [labels.connection]: _label, ...others } = metadata.labels ?? {};
    const change = (key: string): void => {
      if (secret.immutable !== true) secret.data = { ...secret.data, [key]: Buffer.from('edited').toString('base64') };
    };
    if (what === 'client id') change('client-id');
    else if (what === 'template key') change('DSN');
    else if (what === 'extra key') change('extra');
    else if (what === 'our label') metadata.labels = others;
    else if (what === 'owner') metadata.ownerReferences = [];
    else if (what === 'mark') metadata.annotations = annotations;
    else if (mark !== undefined)
      metadata.annotations = { ...annotations, [secretAnnotations.issued]: mark.replace('1-', '2-') };
  });
}

function handledIn({ metadata }: Secret): readonly RotationToken[] {
  return parseMark(metadata.annotations?.[secretAnnotations.issued])?.handled ?? [];
}

function metaOf(edited: Secret['metadata'] | object, back: Secret): object {
  const { metadata } = edited as Secret;
  return { ...metadata, labels: back.metadata.labels, annotations: back.metadata.annotations };
}

function annotate(world: World, name: Annotation, token: string | undefined): void {
  world.server.editConnection(world.key, ({ metadata }) => {
    const { [rotationAnnotations[name]]: _before, ...others } = metadata.annotations ?? {};
    metadata.annotations = token === undefined ? others : { ...others, [rotationAnnotations[name]]: token };
  });
}

function toggle(world: World, what: 'suspend' | 'htpasswd' | 'label' | 'role' | 'quota'): void {
  if (what === 'quota') world.server.refusesSecrets = !world.server.refusesSecrets;
  else if (what === 'role') world.hasRole = !world.hasRole;
  else
    world.server.editConnection(world.key, ({ spec }) => {
      if (what === 'suspend') spec.suspend = spec.suspend !== true;
      else if (what === 'htpasswd') spec.secret = { ...spec.secret, htpasswd: spec.secret?.htpasswd !== true };
      else spec.secret = { ...spec.secret, labels: spec.secret?.labels?.team ? {} : { team: 'x' } };
    });
}
