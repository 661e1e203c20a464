import { isObject } from './crd-schema.ts';
import { type Finding, joinPath } from './finding.ts';

/** RFC 1123, as the API server asks of every name of ours. */
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const qualifiedName = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const labelValue = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** What the API server asks of any object's metadata, as far as people write it. */
export function checkMetadata(metadata: unknown): readonly Finding[] {
  if (!isObject(metadata))
    return [{ path: 'metadata.name', message: 'Required value: name or generateName is required' }];
  const { name, generateName, namespace, labels, annotations } = metadata;
  const findings: Finding[] = [];
  if (name === undefined || name === '') {
    if (!generateName)
      findings.push({ path: 'metadata.name', message: 'Required value: name or generateName is required' });
  } else if (typeof name !== 'string' || name.length > 253 || !subdomain.test(name)) {
    findings.push({
      path: 'metadata.name',
      message: 'Invalid value: write lower case letters, digits, - and ., with a letter or digit at both ends',
    });
  }
  if (namespace !== undefined && (typeof namespace !== 'string' || !label.test(namespace))) {
    findings.push({
      path: 'metadata.namespace',
      message: 'Invalid value: write the name of a namespace: lower case letters, digits and -',
    });
  }
  return [
    ...findings,
    ...checkTexts(
      labels,
      'metadata.labels',
      (key) => qualifiedName.test(key),
      (text) => labelValue.test(text),
    ),
    ...checkTexts(
      annotations,
      'metadata.annotations',
      (key) => qualifiedName.test(key.toLowerCase()),
      () => true,
    ),
  ];
}

function checkTexts(
  texts: unknown,
  path: string,
  isKey: (key: string) => boolean,
  isValue: (value: string) => boolean,
): readonly Finding[] {
  if (texts === undefined || texts === null) return [];
  if (!isObject(texts)) return [{ path, message: 'Invalid value: write a map of texts' }];
  return Object.entries(texts).flatMap(([key, value]) => {
    if (typeof value !== 'string')
      return [{ path: joinPath(path, key), message: 'Invalid value: write a text, in quotes' }];
    if (!isKey(key)) return [{ path, message: `Invalid value: ${JSON.stringify(key)} is no key of this` }];
    return isValue(value) ? [] : [{ path: joinPath(path, key), message: 'Invalid value: not fit for a label' }];
  });
}
